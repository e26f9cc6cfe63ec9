"""One young person's story: each method puts one step of it on the stage's schedule.

`ago` is days before the demo is loaded, `clock` a time of day in London, `who` a user name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from access.actor import Actor, Public
from access.categories import Category
from access.reading import sight
from casework.actions import goal, intervention, lead, opening, plan, safety_plan
from casework.enums import Attendance, Mode, PartPlayed, RatingMoment
from casework.models import Case, Goal, KindOfIntervention, Plan
from config.demo.calendar import LATEST
from config.demo.stage import Stage
from people.actions import young_person
from people.models import YoungPerson
from referrals.actions import referral
from referrals.models import Referral
from sharing.models import Involvement
from tasking.actions import alert, task
from tasking.enums import TaskKind
from tasking.models import Alert, Task

_kinds: dict[str, KindOfIntervention] = {}


def kind_of(code: str) -> KindOfIntervention:
    """A kind of intervention by its code."""
    if code not in _kinds:
        _kinds[code] = KindOfIntervention.objects.get(code=code)
    return _kinds[code]


@dataclass
class Story:
    """Somebody whose story is told, and what it has brought forth so far."""

    stage: Stage
    referral: Referral = field(init=False)
    case: Case = field(init=False)
    goals: dict[str, Goal] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    team: dict[str, Involvement] = field(default_factory=dict)

    @property
    def person(self) -> YoungPerson:
        """The young person, from their referral on."""
        return self.referral.person

    @property
    def person_id(self) -> UUID:
        """Their key."""
        return self.referral.person_id

    def plan_of(self) -> Plan:
        """The plan of the open case."""
        return Plan.rows.get(case=self.case)

    def step(self, ago: int, clock: str, who: str | Actor, what: Callable[[Actor], object]) -> None:
        """Any other step."""
        self.stage.plan(self.stage.calendar.at(ago, clock), who, what)

    # --- The way in ----------------------------------------------------------------------
    def refer(
        self,
        ago: int,
        clock: str,
        who: str | Public,
        to: str,
        *,
        reference: str = "",
        **said: Any,
    ) -> None:
        """Somebody refers them to an agency; `reference` instead of a random one."""

        def make(by: Actor) -> None:
            self.referral = referral.make(
                sent_to=self.stage.agencies[to], request=referral.Request(**said), by=by
            )
            if reference:
                # The one reference that is written by hand, so that guides can name it.
                YoungPerson.rows.filter(pk=self.person_id).update(reference=reference)
                self.person.reference = reference

        self.stage.plan(self.stage.calendar.at(ago, clock), who, make)

    def accept(self, ago: int, clock: str, who: str, age_reason: str = "") -> None:
        """A manager accepts the referral: the case is open."""

        def accept(by: Actor) -> None:
            self.case = opening.accept(referral=self.referral, age_reason=age_reason, by=by)

        self.step(ago, clock, who, accept)

    def decline(self, ago: int, clock: str, who: str, **why: Any) -> None:
        """A manager declines it, saying where to go instead."""
        self.step(
            ago, clock, who, lambda by: referral.decline(referral=self.referral, **why, by=by)
        )

    def assign(
        self, ago: int, clock: str, who: str, worker: str, replacing: str | None = None
    ) -> None:
        """A manager makes somebody the lead worker."""
        self.step(
            ago,
            clock,
            who,
            lambda by: lead.assign(
                case=self.case,
                worker_id=self.stage.user_id(worker),
                replacing=self.stage.user_id(replacing) if replacing else None,
                by=by,
            ),
        )

    def join(self, ago: int, clock: str, who: str, worker: str, *categories: Category) -> None:
        """A manager has somebody join the team for some categories."""

        def join(by: Actor) -> None:
            self.team[worker] = lead.join_team(
                case=self.case,
                agency=self.stage.agency_of(worker),
                worker_id=self.stage.user_id(worker),
                categories=categories,
                by=by,
            )

        self.step(ago, clock, who, join)

    # --- Who they are --------------------------------------------------------------------
    def describe(self, ago: int, clock: str, who: str, **changes: Any) -> None:
        """The lead writes down who they are."""
        self.step(
            ago,
            clock,
            who,
            lambda by: young_person.describe(person=self.person, changes=changes, by=by),
        )

    def contact(self, ago: int, clock: str, who: str, kind: str, value: str, **more: Any) -> None:
        """A way to make contact."""
        self.step(
            ago,
            clock,
            who,
            lambda by: young_person.add_contact(
                person=self.person, kind=kind, value=value, **more, by=by
            ),
        )

    def relative(self, ago: int, clock: str, who: str, name: str, kind: str, **more: Any) -> None:
        """Somebody in the family."""
        self.step(
            ago,
            clock,
            who,
            lambda by: young_person.add_relative(
                person=self.person, name=name, kind=kind, **more, by=by
            ),
        )

    # --- The plan ------------------------------------------------------------------------
    def goal(
        self,
        ago: int,
        clock: str,
        who: str,
        name: str,
        component: Category,
        own_words: str,
        worker_words: str = "",
        rating: int | None = None,
    ) -> None:
        """A goal in their own words, and how far they say they are."""

        def add(by: Actor) -> None:
            self.goals[name] = goal.add_goal(
                plan=self.plan_of(),
                component=component,
                own_words=own_words,
                worker_words=worker_words,
                rating=rating,
                by=by,
            )

        self.step(ago, clock, who, add)

    def rate(self, ago: int, clock: str, who: str, **ratings: int) -> None:
        """How far they say they are with each of these goals, at a review."""

        def rate(by: Actor) -> None:
            for name, rating in ratings.items():
                goal.rate(goal=self.goals[name], rating=rating, moment=RatingMoment.REVIEW, by=by)

        self.step(ago, clock, who, rate)

    def reach(self, ago: int, clock: str, who: str, name: str) -> None:
        """A goal is reached."""
        self.step(
            ago, clock, who, lambda by: goal.finish(goal=self.goals[name], reached=True, by=by)
        )

    def intend(
        self, ago: int, clock: str, who: str, component: Category, what: str, **more: Any
    ) -> None:
        """Something that `whose` is to do; with `done` (days ago) ticked off later."""
        done = more.pop("done", None)
        more["who"] = more.pop("whose", "")
        planned: list[Any] = []

        def intend(by: Actor) -> None:
            planned.append(
                plan.plan_intervention(
                    plan=self.plan_of(), component=component, what=what, **more, by=by
                )
            )

        self.step(ago, clock, who, intend)
        if done is not None:
            self.step(
                done, "16:40", who, lambda by: plan.complete_planned(planned=planned[0], by=by)
            )

    def agree(self, ago: int, clock: str, who: str, how: str) -> None:
        """They agree to the plan."""
        self.step(
            ago,
            clock,
            who,
            lambda by: plan.agree(
                plan=self.plan_of(), on=self.stage.calendar.day(ago), how=how, by=by
            ),
        )

    def review(self, ago: int, clock: str, who: str, notes: str, **ratings: int) -> None:
        """A review with them, and their ratings."""

        def review(by: Actor) -> None:
            plan.review(
                plan=self.plan_of(),
                held_on=self.stage.calendar.day(ago),
                with_young_person=True,
                notes=notes,
                by=by,
            )

        self.step(ago, clock, who, review)
        if ratings:
            self.rate(ago, clock, who, **ratings)

    def safety(self, ago: int, clock: str, who: str, review_in: int = 84, **words: str) -> None:
        """The safety plan is written, or written anew."""
        self.step(
            ago,
            clock,
            who,
            lambda by: safety_plan.write(
                person=self.person,
                review_on=self.stage.calendar.day(ago - review_in),
                **words,  # type: ignore[arg-type]
                by=by,
            ),
        )

    # --- What is done and what happens ---------------------------------------------------
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
        # Work outside the categories of one component still has to stand in one.
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

    # --- Tasks and alerts ----------------------------------------------------------------
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

        self.stage.plan(self.stage.calendar.at(ago, clock), who, see, route="tasking:alert")
