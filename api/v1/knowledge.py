"""Who may know which agencies are involved with somebody, and by what.

Everything to those who answer for the person: they see identity and write the pointer at
the lead agency. To anybody else only what names their own agency and opens to them. The
lead agency is known to everybody who sees the pointer.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet

from access.actor import Member
from access.categories import Category
from access.reading import Sight
from access.roles import Role
from core.periods import live
from sharing.facts import led_by
from sharing.models import LeadAgency


def lead_agencies(sights: Mapping[UUID, Sight]) -> dict[UUID, UUID]:
    """The key of the lead agency of each of these people of whom anything is visible."""
    rows = LeadAgency.objects.of(sights, Category.POINTER).filter(live())
    return dict(rows.values_list("person_id", "agency_id"))


def knows_all(member: Member, sight: Sight, lead: UUID | None) -> bool:
    """Whether the member may know of every agency involved with the person."""
    return (
        lead == member.agency_id
        and sight.sees(Category.IDENTITY)
        and sight.may_write(Category.POINTER)
    )


def names_own(member: Member, agency_id: UUID, worker_id: UUID | None) -> bool:
    """Whether a row of sharing opens to the member: their agency, and not a colleague alone."""
    return agency_id == member.agency_id and (
        worker_id is None or worker_id == member.user_id or member.role is Role.MANAGER
    )


def known_whole(member: Member, sights: Mapping[UUID, Sight]) -> list[UUID]:
    """Those of these people of whom the member may know every agency involved."""
    return [key for key, sight in sights.items() if knows_all(member, sight, sight.lead_agency)]


def own(member: Member, prefix: str = "") -> Q:
    """The condition on rows of sharing that they name the member's agency; see `names_own`."""
    named = Q(**{f"{prefix}agency_id": member.agency_id})
    if member.role is not Role.MANAGER:
        named &= Q(**{f"{prefix}worker_id": None}) | Q(**{f"{prefix}worker_id": member.user_id})
    return named


def narrowed(
    member: Member,
    queryset: QuerySet,  # type: ignore[type-arg]
    prefix: str = "",
) -> QuerySet:  # type: ignore[type-arg]
    """Rows of sharing that the member may know of: all of people led here, or naming them.

    `prefix` leads to the row that has `agency` and `worker` ("lines__"). What the rule
    itself must still tell is left to `knows_all` and `names_own`.
    """
    led = FilteredRelation("person__lead_agencies", condition=led_by(member.agency_id))
    return queryset.annotate(led=led).filter(own(member, prefix) | Q(led__isnull=False))
