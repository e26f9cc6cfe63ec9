"""From rows to facts: the worlds about which the rule decides.

Each fact is read as it stood at the transaction's instant, so that "who could see X on
day D" is the same question asked at another instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from access import rule
from access.actor import Member
from access.bases import Basis
from access.categories import Category
from access.context import known
from access.facts import ActorFacts, AgreementFact, InvolvementFact, PersonFacts, World
from access.roles import WORKERS, Role
from agencies.models import AgencyActivity, DutyShift, Membership, UserActivity
from agencies.queries import actor_facts
from core.clock import instant
from core.periods import live
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


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the agreements in force let one agency see of another's people."""

    agreed: frozenset[Category]
    graced: frozenset[Category]
    """What team and cover keep for 14 days after an agreement has ended."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who may see something of a person, and the facts that decide what."""

    hat: Membership
    world: World


def worlds(actor: Member, people: Iterable[UUID]) -> dict[UUID, World]:
    """The facts about each of these people, as they bear on this actor now.

    Only the involvements of the actor's agency and its agreements are facts for them.
    """
    wanted = list(people)
    moment = instant()
    facts = actor_facts(actor)
    agreements = agreement_facts(actor.agency_id)
    involvements: dict[UUID, list[InvolvementFact]] = defaultdict(list)
    for row in Involvement.rows.filter(person_id__in=wanted, agency_id=actor.agency_id):
        involvements[row.person_id].append(involvement_fact(row))
    leads = dict(
        LeadAgency.rows.live(moment)
        .filter(person_id__in=wanted)
        .values_list("person_id", "agency_id")
    )
    restricted = set(
        Restriction.rows.live(moment)
        .filter(person_id__in=wanted)
        .values_list("person_id", flat=True)
    )
    barred: dict[UUID, set[str]] = defaultdict(set)
    bars = Bar.rows.live(moment).filter(person_id__in=wanted, user_id=actor.user_id)
    for person_id, user_id in bars.values_list("person_id", "user_id"):
        barred[person_id].add(str(user_id))
    return {
        person_id: World(
            at=moment,
            actor=facts,
            person=PersonFacts(
                lead_agency=str(leads[person_id]) if person_id in leads else None,
                restricted=person_id in restricted,
                barred=frozenset(barred[person_id]),
            ),
            involvements=involvements[person_id],
            agreements=agreements,
        )
        for person_id in wanted
    }


def watchers(
    person_id: UUID, agencies: Iterable[UUID], roles: Iterable[Role] = WORKERS
) -> list[Watcher]:
    """Everybody who works at these agencies now, each with the world that decides for them.

    What the rule then answers is what they would see without stepping up.
    """
    moment = instant()
    bars = Bar.rows.live(moment).filter(person_id=person_id)
    barred = frozenset(str(key) for key in bars.values_list("user_id", flat=True))
    found: list[Watcher] = []
    for agency_id in sorted(set(agencies)):
        hats = list(_hats(agency_id, roles))
        if not hats:
            continue
        world = worlds(_member(hats[0]), [person_id])[person_id]
        person = replace(world.person, barred=barred)
        found += [
            Watcher(hat, replace(world, actor=_actor_facts(hat), person=person)) for hat in hats
        ]
    return found


def _hats(agency_id: UUID, roles: Iterable[Role]) -> QuerySet:  # type: ignore[type-arg]
    moment = instant()
    shifts = DutyShift.objects.live(moment).filter(
        agency_id=agency_id, user_id=OuterRef("user_id"), published_at__lte=moment
    )
    active = UserActivity.objects.live(moment).filter(user_id=OuterRef("user_id"))
    open_here = AgencyActivity.objects.live(moment).filter(agency_id=OuterRef("agency_id"))
    return (
        Membership.objects.live(moment)
        .filter(agency_id=agency_id, role__in=list(roles))
        .annotate(is_user_active=Exists(active), is_agency_active=Exists(open_here))
        .annotate(is_on_duty=Exists(shifts))
        .select_related("user", "agency")
        .order_by("user__name", "pk")
    )


def _member(hat: Membership) -> Member:
    return Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role))


def _actor_facts(hat: Any) -> ActorFacts:
    return ActorFacts(
        user=str(hat.user_id),
        user_active=hat.is_user_active,
        agency=str(hat.agency_id),
        agency_active=hat.is_agency_active,
        role=Role(hat.role),
        starts=hat.starts,
        ends=hat.ends,
        home_agency=str(hat.home_agency_id) if hat.home_agency_id else None,
        on_duty=hat.is_on_duty,
    )


def agreement_facts(agency_id: UUID) -> list[AgreementFact]:
    """The agreements to which an agency is a party, that still have any effect now."""
    return known(("agreements", agency_id), lambda: _agreement_facts(agency_id))


def _agreement_facts(agency_id: UUID) -> list[AgreementFact]:
    moment = instant()
    parties = AgreementParty.objects.filter(agreement_id=OuterRef("pk")).order_by()
    suspended = AgreementSuspension.objects.live(moment).filter(agreement_id=OuterRef("pk"))
    rows = (
        Agreement.objects.filter(
            Q(ends=None) | Q(ends__gt=moment - rule.GRACE),
            parties__agency_id=agency_id,
            confirmed_at__lte=moment,
        )
        .annotate(
            party_ids=ArraySubquery(parties.values("agency_id")), is_suspended=Exists(suspended)
        )
        .order_by("pk")
    )
    return [
        AgreementFact(
            parties=frozenset(map(str, row.party_ids)),
            categories=row.categories,
            # Before the last party confirmed it, it was no fact.
            starts=max(row.starts, row.confirmed_at or row.starts),
            ends=row.ends,
            suspended=row.is_suspended,
        )
        for row in rows
    ]


def coverage(
    actor: ActorFacts, agreements: Iterable[AgreementFact], at: datetime
) -> dict[str, Coverage]:
    """By partner agency: what the agreements with the actor's agency let through now."""
    agreed: dict[str, frozenset[Category]] = defaultdict(frozenset)
    graced: dict[str, frozenset[Category]] = defaultdict(frozenset)
    keeps = frozenset({Category.POINTER, Category.SAFETY})
    for agreement in agreements:
        if agreement.suspended or actor.agency not in agreement.parties:
            continue
        partners = agreement.parties - {actor.agency}
        if rule.is_live(at, agreement.starts, agreement.ends):
            for partner in partners:
                agreed[partner] |= agreement.categories
        elif (
            agreement.ends is not None
            and agreement.starts < agreement.ends <= at
            and at - agreement.ends < rule.GRACE
        ):
            for partner in partners:
                graced[partner] |= agreement.categories & keeps
    return {
        partner: Coverage(agreed[partner], graced[partner])
        for partner in agreed.keys() | graced.keys()
    }


def involved_agencies(person_id: UUID) -> set[UUID]:
    """The agencies with an involvement that is live now, whoever may know of it."""
    return set(
        Involvement.rows.filter(live(), person_id=person_id)
        .order_by()
        .values_list("agency_id", flat=True)
        .distinct()
    )


def by_reference(reference: str) -> YoungPerson | None:
    """The person with this reference, for who then asks a sight what may be known of them."""
    found: YoungPerson | None = YoungPerson.rows.filter(reference=reference).first()
    return found


def lead_agency(person_id: UUID) -> UUID | None:
    """The lead agency now; none when nobody answers for the person."""
    return (
        LeadAgency.rows.live()
        .filter(person_id=person_id)
        .values_list("agency_id", flat=True)
        .first()
    )


def involvement_fact(row: Involvement) -> InvolvementFact:
    """An involvement as the rule takes it."""
    return InvolvementFact(
        agency=str(row.agency_id),
        worker=str(row.worker_id) if row.worker_id else None,
        basis=Basis(row.basis) if row.basis in set(Basis) else None,
        categories=row.categories,
        starts=row.starts,
        ends=row.ends,
        one_off=row.one_off,
    )
