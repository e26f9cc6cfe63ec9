"""To whom a safe address was shown: for those who may be shown it themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from access.actor import Member
from access.bases import SAFE_ADDRESS
from access.categories import Category, to_bits
from access.models import VisibleQuerySet
from access.reading import Sight
from agencies.models import Agency, User
from audit import trail
from audit.models import AccessRecord
from core.periods import live
from people.queries import Seen
from sharing.models import Involvement

MOST = 10


@dataclass(frozen=True, slots=True)
class Showing:
    """One time that somebody was shown the address."""

    who: str
    agency: str
    at: datetime
    purpose: str


def carrying(actor: Member, sight: Sight) -> VisibleQuerySet:
    """The involvements by which this worker is named where a safe address is carried."""
    rows: VisibleQuerySet = Involvement.objects.of(
        {sight.person_id: sight}, Category.POINTER
    ).filter(
        live(),
        agency_id=actor.agency_id,
        worker_id=actor.user_id,
        basis__in=[basis.value for basis in SAFE_ADDRESS],
    )
    return rows


def may_ask(named: Iterable[Involvement]) -> bool:
    """Whether one of these (`carrying`) carries the address: then a page offers it.

    Whether it is shown, the rule says when they have stepped up.
    """
    return any(Category.SAFE_ADDRESS in row.categories for row in named)


def of(actor: Member, seen: Seen) -> list[Showing]:
    """The last times, the newest first; nothing for who does not see the safe address."""
    if not seen.sight.sees(Category.SAFE_ADDRESS):
        return []
    bit = to_bits([Category.SAFE_ADDRESS])
    records = list(
        AccessRecord.objects.filter(person_id=seen.person.pk)
        .annotate(address=F("categories").bitand(bit))
        .exclude(address=0)
        .order_by("-at", "-id")[:MOST]
    )
    words = trail.purposes(row.pk for row in records)
    users = User.objects.in_bulk([row.user_id for row in records if row.user_id])
    agencies = Agency.objects.in_bulk([row.agency_id for row in records if row.agency_id])
    return [
        Showing(
            str(users.get(row.user_id, "Somebody")),  # type: ignore[call-overload]
            str(agencies.get(row.agency_id, "")),  # type: ignore[call-overload]
            row.at,
            words.get(row.pk, ""),
        )
        for row in records
    ]
