"""Generated worlds as rows: one actor with their agreements, and many people around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from access.actor import Member
from access.facts import AgreementFact, InvolvementFact, World
from access.roles import Role
from agencies.models import (
    Agency,
    AgencyActivity,
    DutyShift,
    Membership,
    User,
    UserActivity,
)
from people.models import YoungPerson
from sharing.models import (
    Agreement,
    AgreementParty,
    AgreementSuspension,
    Bar,
    Involvement,
    LeadAgency,
    Restriction,
)

LONG = timedelta(days=4000)


class Rows:
    """Writes worlds down. Names of users and agencies become rows once."""

    def __init__(self) -> None:
        self.agencies: dict[str, Agency] = {}
        self.users: dict[str, User] = {}

    def agency(self, name: str) -> Agency:
        if name not in self.agencies:
            self.agencies[name] = Agency.objects.create(
                name=name, slug=f"g-{uuid4()}", kind="council"
            )
        return self.agencies[name]

    def user(self, name: str) -> User:
        if name not in self.users:
            self.users[name] = User.objects.create(username=f"g-{uuid4()}", name=name)
        return self.users[name]

    def actor(self, world: World) -> Member:
        """The rows of the actor and of the agreements; whoever acts in this setting."""
        facts, at = world.actor, world.at
        user, agency = self.user(facts.user), self.agency(facts.agency)
        early = at - LONG
        if facts.user_active:
            UserActivity.objects.create(user=user, starts=early)
        if facts.agency_active:
            AgencyActivity.objects.create(agency=agency, starts=early)
        if facts.on_duty:
            DutyShift.objects.bulk_create(
                [DutyShift(agency=agency, user=user, starts=early, published_at=early)]
            )
        [hat] = Membership.objects.bulk_create(
            [
                Membership(
                    user=user,
                    agency=agency,
                    role=facts.role,
                    home_agency=self.agency(facts.home_agency) if facts.home_agency else None,
                    **span(facts.starts, facts.ends),
                )
            ]
        )
        for fact in world.agreements:
            self.agreement(fact, at)
        return Member(user.pk, hat.pk, agency.pk, Role(facts.role), facts.stepped_up_at)

    def agreement(self, fact: AgreementFact, at: datetime) -> None:
        [row] = Agreement.objects.bulk_create(
            [
                Agreement(
                    title="agreement",
                    purposes="",
                    categories=fact.categories,
                    review_on=at.date(),
                    confirmed_at=fact.starts,
                    **span(fact.starts, fact.ends),
                )
            ]
        )
        AgreementParty.objects.bulk_create(
            AgreementParty(agreement=row, agency=self.agency(party)) for party in fact.parties
        )
        if fact.suspended:
            AgreementSuspension.objects.bulk_create(
                [AgreementSuspension(agreement=row, reason="", starts=at - LONG)]
            )

    def person(self, world: World) -> UUID:
        """The rows of one person of a world."""
        facts, early = world.person, world.at - LONG
        [person] = YoungPerson.rows.bulk_create([YoungPerson(given_name="Generated")])
        if facts.lead_agency is not None:
            LeadAgency.rows.bulk_create(
                [LeadAgency(person=person, agency=self.agency(facts.lead_agency), starts=early)]
            )
        if facts.restricted:
            Restriction.rows.bulk_create(
                [Restriction(person=person, starts=early, review_on=world.at.date())]
            )
        Bar.rows.bulk_create(
            Bar(person=person, user=self.user(name), starts=early, review_on=world.at.date())
            for name in facts.barred
        )
        Involvement.rows.bulk_create(
            Involvement(
                person=person,
                agency=self.agency(fact.agency),
                worker=self.user(fact.worker) if fact.worker else None,
                basis=fact.basis or "friendship",
                categories=fact.categories,
                one_off=fact.one_off and fact.basis == "decision",
                **span(fact.starts, fact.ends),
            )
            for fact in world.involvements
        )
        return person.pk


def span(starts: datetime, ends: datetime | None) -> dict[str, datetime | None]:
    """A period as the database takes it: an inverted one is an empty one, and as dead."""
    return {"starts": starts, "ends": ends if ends is None else max(starts, ends)}


def moved(world: World, onto: World) -> World:
    """The people of one world in the setting of another.

    Their times are kept around its instant, and the two actors change names, so that what
    involves the one actor involves the other.
    """
    shift = onto.at - world.at
    users = swap(world.actor.user, onto.actor.user)
    agencies = swap(world.actor.agency, onto.actor.agency)

    def named(names: dict[str, str], name: str | None) -> str | None:
        return name if name is None else names.get(name, name)

    def here(fact: InvolvementFact) -> InvolvementFact:
        return replace(
            fact,
            agency=agencies.get(fact.agency, fact.agency),
            worker=named(users, fact.worker),
            starts=fact.starts + shift,
            ends=fact.ends + shift if fact.ends else None,
        )

    person = replace(
        world.person,
        lead_agency=named(agencies, world.person.lead_agency),
        barred=frozenset(users.get(name, name) for name in world.person.barred),
    )
    return replace(onto, person=person, involvements=[here(fact) for fact in world.involvements])


def swap(one: str, other: str) -> dict[str, str]:
    """Each name for the other."""
    return {one: other, other: one}
