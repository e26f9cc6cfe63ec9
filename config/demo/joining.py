"""How somebody comes to be known here, and who they are: the first steps of a story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from access.actor import Actor, Public
from access.categories import Category
from casework.actions import lead, opening
from config.demo.services import service
from config.demo.steps import Steps
from people.actions import contact, family, young_person
from people.models import YoungPerson
from referrals.actions import referral


@dataclass
class Joining(Steps):
    """Referral, acceptance, lead worker and team; who somebody is."""

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

    def decline(
        self, ago: int, clock: str, who: str, *, pointed_service: str = "", **why: Any
    ) -> None:
        """A manager declines it, saying where to go instead."""

        def decline(by: Actor) -> None:
            found = service(pointed_service) if pointed_service else None
            referral.decline(referral=self.referral, service=found, **why, by=by)

        self.step(ago, clock, who, decline)

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
            lambda by: contact.add(person=self.person, kind=kind, value=value, **more, by=by),
        )

    def relative(self, ago: int, clock: str, who: str, name: str, kind: str, **more: Any) -> None:
        """Somebody in the family."""
        self.step(
            ago,
            clock,
            who,
            lambda by: family.add(person=self.person, name=name, kind=kind, **more, by=by),
        )
