"""From rows to facts: the worlds about which the rule decides.

Each fact is read as it stood at the transaction's instant, so that "who could see X on
day D" is the same question asked at another instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from access import rule
from access.actor import Member
from access.bases import Basis
from access.categories import NONE, Category, from_bits
from access.context import known
from access.facts import ActorFacts, AgreementFact, InvolvementFact, PersonFacts, World
from access.roles import WORKERS, Role
from agencies.models import Membership
from agencies.queries import actor_facts, facts_from, hat_fields
from core.clock import instant
from core.periods import live
from people.models import YoungPerson
from sharing import gathered
from sharing.models import Bar, Involvement, LeadAgency

_BASES = {basis.value: basis for basis in Basis}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the agreements in force let one agency see of another's people."""

    agreed: frozenset[Category]
    graced: frozenset[Category]
    """What team and cover keep for 14 days after an agreement has ended."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who may see something of a person, and the facts that decide what."""

    membership: UUID
    user: UUID
    agency: UUID
    world: World


class Worlds(Mapping[UUID, World]):
    """One actor's worlds at one instant, by person and in order: each made when asked for."""

    def __init__(
        self,
        people: Mapping[UUID, str],
        found: gathered.Gathered,
        actor: ActorFacts,
        agreements: Sequence[AgreementFact],
    ) -> None:
        self._people = people
        self._found = found
        self._actor = actor
        self._agreements = agreements
        self._barred = frozenset({actor.user})
        self._at = instant()

    def __getitem__(self, person_id: UUID) -> World:
        """The world about this person. Raises KeyError for somebody who was not asked about."""
        found, person = self._found, self._people[person_id]
        return World(
            at=self._at,
            actor=self._actor,
            person=PersonFacts(
                # Of whom the database tells nothing, nothing is known.
                lead_agency=found.leads.get(person),
                restricted=person in found.restricted,
                barred=self._barred if person in found.barred else frozenset(),
            ),
            involvements=[
                _involvement_fact(self._actor.agency, item, self._at)
                for item in found.involvements.get(person, ())
            ],
            agreements=self._agreements,
        )

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)

    def alike(self, person_id: UUID) -> Hashable:
        """All that can differ between two of these worlds as the rule asks it.

        Of a worker no more than whether it is the actor.
        """
        found, person, user = self._found, self._people[person_id], self._actor.user
        return (
            found.leads.get(person),
            person in found.restricted,
            person in found.barred,
            *(
                (worker if worker is None or worker == user else "", *rest)
                for worker, *rest in found.involvements.get(person, ())
            ),
        )


def worlds(actor: Member, people: Iterable[UUID], *, ended: bool = False) -> Worlds:
    """The facts about each of these people, as they bear on this actor now.

    Only the involvements of the actor's agency and its agreements are facts for them.
    `ended`: with involvements that no longer are, or not yet, for who wants to know why; the
    rule answers the same.
    """
    facts = actor_facts(actor)
    wanted = {person_id: str(person_id) for person_id in people}
    if not wanted:
        return Worlds({}, gathered.NOTHING, facts, ())
    found: gathered.Gathered | None = None
    ask = partial(
        gathered.of,
        list(wanted),
        agency=actor.agency_id,
        asker=actor.user_id,
        at=instant(),
        # An auditor reviews also what is over.
        ended=ended or facts.role is Role.AUDITOR,
    )

    def agreed() -> list[AgreementFact]:
        nonlocal found
        found = ask(agreed=True)
        return [_agreement_fact(item) for item in found.agreements]

    # Asked in one statement with the rest, unless they are known already.
    agreements = known(("agreements", actor.agency_id), agreed)
    if found is None:
        found = ask(agreed=False)
    return Worlds(wanted, found, facts, agreements)


def _involvement_fact(agency: str, item: Sequence[Any], moment: datetime) -> InvolvementFact:
    worker, basis, categories, one_off, starts, ends = item
    return InvolvementFact(
        agency=agency,
        worker=worker,
        basis=_BASES.get(basis),
        categories=from_bits(categories),
        # Where nothing that is over was asked for, it holds now: no more is known.
        starts=datetime.fromisoformat(starts) if starts is not None else moment,
        ends=datetime.fromisoformat(ends) if ends is not None else None,
        one_off=one_off,
    )


def _agreement_fact(item: Sequence[Any]) -> AgreementFact:
    categories, starts, ends, suspended, parties = item
    return AgreementFact(
        parties=frozenset(parties),
        categories=from_bits(categories),
        starts=datetime.fromisoformat(starts),
        ends=datetime.fromisoformat(ends) if ends is not None else None,
        suspended=suspended,
    )


def visible_to_worker(person_id: UUID, *, user_id: UUID, agency_id: UUID) -> frozenset[Category]:
    """What one who works at an agency sees of a person there, whatever they work as.

    Whoever gives somebody something to do asks, so that it is not given to who can't see it.
    """
    hats = watchers(person_id, [agency_id], user_id=user_id)
    return NONE.union(*(rule.decide(hat.world).visible for hat in hats))


def watchers(
    person_id: UUID,
    agencies: Iterable[UUID],
    roles: Iterable[Role] = WORKERS,
    *,
    user_id: UUID | None = None,
) -> list[Watcher]:
    """Everybody who works at these agencies now, each with the world that decides for them.

    What the rule then answers is what they would see without stepping up. `user_id`: of one
    user alone.
    """
    moment = instant()
    bars = Bar.rows.live(moment).filter(person_id=person_id)
    barred = frozenset(str(key) for key in bars.values_list("user_id", flat=True))
    found: list[Watcher] = []
    for agency_id in sorted(set(agencies)):
        theirs = _hats(agency_id, roles)
        if user_id is not None:
            theirs = theirs.filter(user_id=user_id)
        hats = [(key, facts_from(hat)) for key, *hat in theirs]
        if not hats:
            continue
        key, first = hats[0]
        assert first.role is not None, "read from a membership"
        member = Member(UUID(first.user), key, agency_id, first.role)
        world = worlds(member, [person_id])[person_id]
        person = replace(world.person, barred=barred)
        found += [
            Watcher(
                key,
                UUID(actor.user),
                agency_id,
                World(world.at, actor, person, world.involvements, world.agreements),
            )
            for key, actor in hats
        ]
    return found


def _hats(agency_id: UUID, roles: Iterable[Role]) -> QuerySet[Membership, tuple[Any, ...]]:
    """Of each membership its key, and what `facts_from` needs: values, as there may be many."""
    moment = instant()
    return (
        Membership.objects.live(moment)
        .filter(agency_id=agency_id, role__in=list(roles))
        .order_by("pk")
        .values_list("pk", *hat_fields(moment))
    )


def agreement_facts(agency_id: UUID) -> list[AgreementFact]:
    """The agreements to which an agency is a party, that still have any effect now."""
    return known(
        ("agreements", agency_id),
        lambda: [_agreement_fact(item) for item in gathered.agreements(agency_id, instant())],
    )


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


def led_by(agency_id: UUID) -> Q:
    """The condition on a row about a person that this agency leads now.

    Whole, for one `filter`: the period in which it leads is the one that is live. Divided between
    two, each would have a period of its own. It doubles no row: at most one period is live.
    """
    return Q(person__lead_agencies__agency_id=agency_id) & live(prefix="person__lead_agencies__")


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
        basis=_BASES.get(row.basis),
        categories=row.categories,
        starts=row.starts,
        ends=row.ends,
        one_off=row.one_off,
    )
