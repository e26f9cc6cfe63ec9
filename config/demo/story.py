"""One young person's story: each method puts one step of it on the stage's schedule.

`ago` is days before the demo is loaded, `clock` a time of day in London, `who` a user name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from access.actor import Actor
from access.categories import Category
from access.reading import sight
from casework.actions import intervention
from casework.enums import Attendance, Mode, PartPlayed
from casework.models import KindOfIntervention
from config.demo.calendar import LATEST
from config.demo.joining import Joining
from config.demo.planning import Planning
from tasking.actions import alert, task
from tasking.enums import TaskKind

_kinds: dict[str, KindOfIntervention] = {}


def kind_of(code: str) -> KindOfIntervention:
    """A kind of intervention by its code."""
    if code not in _kinds:
        _kinds[code] = KindOfIntervention.objects.get(code=code)
    return _kinds[code]


@dataclass
class Story(Joining, Planning):
    """Somebody whose story is told: besides, what is done and what happens."""

    def log(
        self,
        ago: int,
        clock: str,
        who: str,
        categories: Iterable[Category],
        kind: str,
        note: str,
        *,
        minutes: int = 60,
        place: str = "",
        attendance: str = Attendance.CAME,
        mode: str = Mode.FACE_TO_FACE,
        next_step: str = "",
        later: int = 0,
        **more: Any,
    ) -> None:
        """A contact, logged soon after it (`later` days, when the worker was slow)."""
        calendar = self.stage.calendar
        begins = calendar.at(ago, clock)
        logged = begins + timedelta(minutes=minutes + 25, days=later)
        wanted = frozenset(categories)
        self.stage.plan(
            min(logged, calendar.now - LATEST / 2),
            who,
            lambda by: intervention.log(
                person=self.person,
                categories=wanted,
                kind=kind_of(kind),
                at=begins,
                minutes=minutes,
                attendance=attendance,
                mode=mode,
                place=place,
                note=note,
                next_step=next_step,
                by=by,
                **more,
            ),
        )

    def event(
        self,
        ago: int,
        clock: str,
        who: str,
        categories: Iterable[Category],
        kind: str,
        what: str,
        source: str,
        *,
        part: str = PartPlayed.NONE,
        happened: int | None = None,
    ) -> None:
        """Something that happened (`happened` days ago, that day unless said), and its source."""
        wanted = frozenset(categories)
        on = self.stage.calendar.day(ago if happened is None else happened)
        self.step(
            ago,
            clock,
            who,
            lambda by: intervention.record_event(
                person=self.person,
                categories=wanted,
                kind=kind,
                on=on,
                what=what,
                source=source,
                part=part,
                by=by,
            ),
        )

    def task(
        self,
        ago: int,
        clock: str,
        who: str,
        name: str,
        owner: str,
        what: str,
        due: int,
        *,
        kind: str = TaskKind.TASKING,
        also: Iterable[Category] = (),
    ) -> None:
        """A task for somebody, due so many days ago (a negative number: to come)."""

        def assign(by: Actor) -> None:
            self.tasks[name] = task.assign(
                person=self.person,
                what=what,
                owner_id=self.stage.user_id(owner),
                owner_agency_id=self.stage.agency_of(owner).pk,
                due_on=self.stage.calendar.day(due),
                kind=kind,
                also=also,
                by=by,
            )

        self.step(ago, clock, who, assign)

    def answer(
        self, ago: int, clock: str, who: str, name: str, state: str, words: str = ""
    ) -> None:
        """The owner of a task says how it stands."""
        self.step(
            ago,
            clock,
            who,
            lambda by: task.answer(task=self.tasks[name], state=state, words=words, by=by),
        )

    def tell(
        self, ago: int, clock: str, who: str, name: str, message: str, callback: str = ""
    ) -> None:
        """Somebody who meets them tells the lead now."""

        def tell(by: Actor) -> None:
            self.alerts[name] = alert.tell_lead(
                person=self.person, message=message, callback=callback, by=by
            )

        self.step(ago, clock, who, tell)

    def seen(self, ago: int, clock: str, who: str, name: str) -> None:
        """Somebody has read an alert and answers it."""

        def see(by: Actor) -> None:
            sight(by, self.person_id).shows(Category.SAFETY)
            alert.see(alert=self.alerts[name], by=by)

        self.stage.plan(self.stage.calendar.at(ago, clock), who, see, route="see_alert")
