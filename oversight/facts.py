"""The shares from which a sample is drawn, with what is known of each before it is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate

from access.actor import Actor
from access.wall import passage, through
from agencies.models import Membership
from core.clock import LONDON, instant
from core.periods import live
from oversight import rules, scope
from oversight.enums import Risk
from people.models import YoungPerson
from sharing.models import Agreement, ConsentLine, LeadAgency, Restriction, SharingDecision

_RISKS = passage("oversight.risks", "what stands out about shares that are auditable; codes alone")


@dataclass(slots=True)
class Share:
    """One share of a period and its risks."""

    row: ConsentLine | SharingDecision
    risks: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """Names the share in the drawing."""
        return f"{self.row._meta.model_name}:{self.row.pk}"

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """About whom, with which agency."""
        return self.row.person_id, self.row.agency_id


def shares(actor: Actor, since: date, until: date) -> dict[str, Share]:
    """The shares of the actor's registers that began on these days, by key, with their risks."""
    begins, ends = _midnight(since), _midnight(until + timedelta(days=1))
    found: list[Share] = []
    given = scope.consents(actor).filter(given_at__gte=begins, given_at__lt=ends)
    # Their keys, not a subquery: the condition on periods names the table of consents itself.
    keys = list(given.values_list("pk", flat=True))
    lines = ConsentLine.rows.filter(consent__in=keys).select_related("agency")
    found += [Share(line) for line in lines]
    decided = scope.decisions(actor).filter(
        share=True, involvement__isnull=False, proposed_at__gte=begins, proposed_at__lt=ends
    )
    found += [Share(decision) for decision in decided]
    with through(_RISKS):
        _note_risks(actor, found, begins, ends)
    return {share.key: share for share in found}


def _note_risks(actor: Actor, found: list[Share], begins: datetime, ends: datetime) -> None:
    people = {share.row.person_id for share in found}
    agencies = {share.row.agency_id for share in found}
    restricted = set(
        Restriction.rows.live().filter(person_id__in=people).values_list("person_id", flat=True)
    )
    by_night, by_many = _readings(actor, people, begins, ends)
    surnames = _with_a_colleagues_surname(people, agencies)
    uncovered = _ending_agreements(found)
    for share in found:
        row = share.row
        facts = {
            Risk.NO_CONSENT: isinstance(row, SharingDecision),
            Risk.ONE_OFF: isinstance(row, SharingDecision) and row.kind == "one_off",
            Risk.RESTRICTED: row.person_id in restricted,
            Risk.OUT_OF_HOURS: share.pair in by_night,
            Risk.VOLUME: share.pair in by_many,
            Risk.SURNAME: share.pair in surnames,
            Risk.AGREEMENT: share.pair in uncovered,
        }
        share.risks = {risk.value for risk, holds in facts.items() if holds}


def _readings(
    actor: Actor, people: Collection[UUID], begins: datetime, ends: datetime
) -> tuple[set[tuple[UUID | None, UUID | None]], set[tuple[UUID | None, UUID | None]]]:
    """(Person, agency) read out of hours; and read by somebody who read of very many that day."""
    reads = scope.reads(actor).order_by().filter(at__gte=begins, at__lt=ends)
    night = (
        reads.filter(person_id__in=people)
        .annotate(
            hour=ExtractHour("at", tzinfo=LONDON), weekday=ExtractIsoWeekDay("at", tzinfo=LONDON)
        )
        .filter(Q(hour__gte=rules.NIGHT_FROM) | Q(hour__lt=rules.NIGHT_UNTIL) | Q(weekday__gte=6))
    )
    daily = reads.filter(meeting_id=None).annotate(day=TruncDate("at", tzinfo=LONDON))
    busy = (
        daily.values("user_id", "day")
        .annotate(people=Count("person_id", distinct=True))
        .filter(people__gt=rules.MANY)
    )
    many: set[tuple[UUID | None, UUID | None]] = set()
    for one in busy[:200]:
        theirs = daily.filter(user_id=one["user_id"], day=one["day"], person_id__in=people)
        many |= set(theirs.values_list("person_id", "agency_id"))
    return set(night.values_list("person_id", "agency_id")), many


def _with_a_colleagues_surname(
    people: Collection[UUID], agencies: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """(Person, agency) where somebody who works at the agency has the person's surname."""
    staff: dict[str, set[UUID]] = defaultdict(set)
    hats = (
        Membership.objects.live()
        .filter(agency_id__in=agencies)
        .values_list("user__name", "agency_id")
    )
    for name, agency in hats:
        staff[name.split()[-1].casefold() if name.split() else ""].add(agency)
    named = YoungPerson.rows.filter(pk__in=people).values_list("pk", "family_name")
    return {
        (person, agency)
        for person, surname in named
        if surname
        for agency in staff.get(surname.casefold(), ())
    }


def _ending_agreements(found: Iterable[Share]) -> set[tuple[UUID, UUID]]:
    """(Person, agency) whose agreement with the lead agency has ended or ends soon."""
    pairs = {share.pair for share in found}
    leads = dict(
        LeadAgency.rows.live()
        .filter(person_id__in={person for person, _ in pairs})
        .values_list("person_id", "agency_id")
    )
    holding = (
        Agreement.objects.live()
        .exclude(confirmed_at=None)
        .exclude(
            pk__in=Agreement.objects.filter(
                live(prefix="suspensions__"), suspensions__isnull=False
            ).values("pk")
        )
    )
    lasting: set[frozenset[UUID]] = set()
    soon = instant() + rules.AGREEMENT_SOON
    for agreement in holding.filter(Q(ends=None) | Q(ends__gt=soon)).prefetch_related("parties"):
        parties = [party.agency_id for party in agreement.parties.all()]
        lasting |= {frozenset((one, other)) for one in parties for other in parties}
    return {
        (person, agency)
        for person, agency in pairs
        if (lead := leads.get(person)) != agency
        and (lead is None or frozenset((lead, agency)) not in lasting)
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
