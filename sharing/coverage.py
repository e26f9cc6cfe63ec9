"""Where an agreement stands, and what stops between its parties without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from uuid import UUID

from django.db.models import QuerySet

from access.categories import LABELS, NONE, Category, in_order
from agencies.models import Agency
from core.clock import instant
from sharing.models import Agreement, AgreementSuspension


@dataclass(frozen=True, slots=True)
class Stop:
    """What two agencies no longer see of each other's people."""

    one: Agency
    other: Agency
    categories: frozenset[Category]
    goes_on: frozenset[Category]
    """What other agreements between the two carry all the same."""

    @property
    def words(self) -> str:
        """What stops, by name."""
        return ", ".join(LABELS[category] for category in in_order(self.categories))


def of_agency(agency_id: UUID) -> QuerySet[Agreement]:
    """The agreements to which an agency is a party, the newest first."""
    return (
        Agreement.objects.filter(parties__agency_id=agency_id)
        .prefetch_related("parties__agency", "parties__confirmed_by", "suspensions")
        .order_by("-starts", "-id")
    )


def in_force(agreements: Iterable[Agreement]) -> list[Agreement]:
    """Those that count now: confirmed by all, live and not suspended."""
    suspended = set(AgreementSuspension.objects.live().values_list("agreement_id", flat=True))
    now = instant()
    return [
        row
        for row in agreements
        if row.confirmed_at is not None
        and row.confirmed_at <= now
        and row.is_live(now)
        and row.pk not in suspended
    ]


WARN = (60, 30, 7)
"""How many days ahead both sides are told that an agreement ends."""


def ending_soon(agency_id: UUID, days: int = WARN[0]) -> list[Agreement]:
    """The agreements of an agency in force now that end within so many days, the first first."""
    soon = of_agency(agency_id).filter(ends__lte=instant() + timedelta(days=days))
    return sorted(in_force(soon), key=lambda row: (row.ends or row.starts, row.pk))


def state(agreement: Agreement) -> str:
    """Where it stands, in a word or two."""
    now = instant()
    if agreement.ends is not None and agreement.ends <= now:
        return "Ended"
    if agreement.confirmed_at is None:
        return "Waiting to be confirmed"
    if any(row.is_live(now) for row in agreement.suspensions.all()):
        return "Suspended"
    return "In force" if agreement.starts <= now else "Not begun yet"


def stops(agreement: Agreement) -> list[Stop]:
    """For each two parties: what stops when this agreement does, and what goes on.

    About agencies and kinds of information alone: who sees an agreement need not know of
    any young person.
    """
    parties = [party.agency for party in agreement.parties.all()]
    others = in_force(
        Agreement.objects.live()
        .exclude(pk=agreement.pk)
        .filter(parties__agency__in=parties)
        .distinct()
        .prefetch_related("parties")
    )
    found = []
    for one, other in combinations(parties, 2):
        kept = NONE.union(
            *(
                row.categories
                for row in others
                if {one.pk, other.pk} <= {party.agency_id for party in row.parties.all()}
            )
        )
        found.append(Stop(one, other, agreement.categories - kept, agreement.categories & kept))
    return found
