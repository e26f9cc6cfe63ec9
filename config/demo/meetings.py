"""The tasking meetings of the demo: an agenda that stories write themselves onto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from access.actor import Actor
from config.demo.stage import Stage
from config.demo.story import Story
from tasking.actions import meeting, task
from tasking.enums import TaskKind
from tasking.models import AgendaItem, Meeting


@dataclass(frozen=True, slots=True)
class Job:
    """A task that comes out of a meeting: who does what by when (days ago)."""

    name: str
    owner: str
    what: str
    due: int
    kind: str = TaskKind.TASKING


@dataclass(frozen=True, slots=True)
class Item:
    """Somebody on the agenda, why, and what is decided."""

    story: Story
    why: str
    decision: str
    jobs: Sequence[Job] = ()


@dataclass
class Agendas:
    """All meetings, by the days ago on which they are held."""

    stage: Stage
    slug: str
    chair: str
    present: tuple[str, ...]
    clock: str = "09:15"
    days: dict[int, list[Item]] = field(default_factory=dict)

    def hold(self, ago: int) -> None:
        """There is a meeting on that day, whoever is on its agenda."""
        self.days.setdefault(ago, [])

    def add(self, ago: int, story: Story, why: str, decision: str, *jobs: Job) -> None:
        """Put somebody on that day's agenda."""
        self.days.setdefault(ago, []).append(Item(story, why, decision, jobs))

    def plan(self) -> None:
        """Put every meeting on the schedule."""
        for ago, items in self.days.items():
            self._plan(ago, items)

    def _plan(self, ago: int, items: list[Item]) -> None:
        calendar, hour = self.stage.calendar, self.clock[:2]
        held: list[Meeting] = []
        rows: dict[int, AgendaItem] = {}

        def open_it(by: Actor) -> None:
            held.append(
                meeting.open_meeting(
                    present=[self.stage.hats[who].pk for who in self.present], by=by
                )
            )
            for place, item in enumerate(items):
                rows[place] = meeting.add_person(
                    meeting=held[0], person=item.story.person, why=item.why, by=by
                )

        def talk(by: Actor) -> None:
            for place, item in enumerate(items):
                meeting.decide(item=rows[place], decision=item.decision, by=by)
                for job in item.jobs:
                    item.story.tasks[job.name] = task.assign(
                        person=item.story.person,
                        what=job.what,
                        owner_id=self.stage.user_id(job.owner),
                        owner_agency_id=self.stage.agency_of(job.owner).pk,
                        due_on=calendar.day(job.due),
                        kind=job.kind,
                        meeting=held[0],
                        by=by,
                    )

        def close_it(by: Actor) -> None:
            meeting.close(meeting=held[0], by=by)

        for clock, step in ((":15", open_it), (":35", talk), (":55", close_it)):
            self.stage.plan(
                calendar.at(ago, f"{hour}{clock}"), self.chair, step, route="tasking_today"
            )
