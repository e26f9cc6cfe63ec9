"""Emergency accesses as their user and their reviewers find them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from access.actor import Member, NotVisible
from access.bases import Basis
from access.categories import Category
from access.first import first_shown
from access.reading import sights
from access.wall import passage, through
from agencies.queries import may
from core.clock import instant
from core.periods import live
from sharing.models import BreakGlass

LATELY = timedelta(days=14)

_MOST = 50
"""So many that wait are looked at."""

_OWN = passage("emergencies.own", "a user accounts for what has closed again")


@dataclass(frozen=True, slots=True)
class Emergency:
    """One emergency access, as one of its two sides may know of it."""

    row: BreakGlass
    mine: bool
    """Whether the actor opened it; else they may review it."""
    is_open: bool

    @property
    def review_note(self) -> str:
        """What the reviewer wrote, for reviewers alone: it may tell more than was opened."""
        return "" if self.mine else self.row.review_note


def is_suspended(actor: Member) -> bool:
    """Whether this user owes an overdue account: until then there is no emergency access."""
    return any(row.account_due_at <= instant() for row in owed(actor))


def owed(actor: Member) -> list[BreakGlass]:
    """The emergency accesses for which this user still has to account, the oldest first."""
    with through(_OWN):
        mine = BreakGlass.rows.filter(user_id=actor.user_id, accounted_at=None)
        return list(mine.order_by("account_due_at", "pk"))


def to_review(actor: Member, *, limit: int) -> tuple[list[BreakGlass], bool]:
    """What waits for the managers of the lead agency, the most urgent first; whether more."""
    if not may(actor, "review_break_glass"):
        return [], False
    waiting = list(
        BreakGlass.objects.visible_to(actor)
        .filter(lead_agency_id=actor.agency_id, reviewed_at=None)
        .exclude(user_id=actor.user_id)
        .select_related("person", "user", "agency")
        .order_by("review_due_at", "pk")[: _MOST + 1]
    )
    seen = sights(actor, {row.person_id for row in waiting})
    found = ((row, seen[row.person_id]) for row in waiting)
    return first_shown(found, Category.SAFETY, limit=limit, beyond=len(waiting) > _MOST)


def of_led(actor: Member) -> list[BreakGlass]:
    """Emergency accesses of the last days to people whom this worker leads or covers.

    The newest first. They were told of each without content: here is by whom, and when.
    """
    opened = (
        BreakGlass.objects.visible_to(actor)
        .filter(
            opened_at__gt=instant() - LATELY,
            person__involvements__worker_id=actor.user_id,
            person__involvements__agency_id=actor.agency_id,
            person__involvements__basis__in=[Basis.LEAD, Basis.COVER],
        )
        .filter(live(prefix="person__involvements__"))
        .exclude(user_id=actor.user_id)
        .select_related("person", "user", "agency")
        .distinct()
        .order_by("-opened_at", "-pk")[:20]
    )
    rows = list(opened)
    seen = sights(actor, {row.person_id for row in rows})
    return [row for row in rows if seen[row.person_id].shows(Category.SAFETY)]


def load(actor: Member, key: UUID) -> Emergency:
    """One emergency access. Raises NotVisible for whoever neither opened nor reviews it."""
    with through(_OWN):
        row = (
            BreakGlass.rows.filter(pk=key)
            .select_related("user", "agency", "person", "involvement", "reviewed_by")
            .first()
        )
    if row is None:
        raise NotVisible
    mine = row.user_id == actor.user_id
    if not mine:
        seen = sights(actor, [row.person_id]).get(row.person_id)
        if (
            row.lead_agency_id != actor.agency_id
            or not may(actor, "review_break_glass")
            or seen is None
            or not seen.shows(Category.SAFETY)
        ):
            raise NotVisible
    return Emergency(row, mine, row.involvement.is_live())
