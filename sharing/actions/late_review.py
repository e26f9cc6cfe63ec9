"""Reviews of shares that are late climb."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.roles import Role
from agencies.actions import notice
from agencies.queries import workers
from audit import trail
from core.clock import instant
from sharing import facts
from sharing.models import (
    SharingDecision,
)

CLIMBS: tuple[tuple[timedelta, Role], ...] = (
    (timedelta(0), Role.MANAGER),
    (timedelta(hours=4), Role.AUDITOR),
    (timedelta(hours=24), Role.ADMINISTRATOR),
)
"""How late a review is when it climbs, and to whom."""


@transaction.atomic
def climb(*, decision_id: UUID, by: Actor) -> bool:
    """Take a review that is late one step up: managers, then auditors, then administrators.

    For the job that looks for late ones; whether it climbed.
    """
    locked: SharingDecision = SharingDecision.rows.select_for_update().get(pk=decision_id)
    if locked.reviewed_at is not None or locked.review_by is None:
        return False
    late = instant() - locked.review_by
    if locked.climbed >= len(CLIMBS) or late < CLIMBS[locked.climbed][0]:
        return False
    agency_id = facts.lead_agency(locked.person_id)
    role = CLIMBS[locked.climbed][1]
    locked.climbed += 1
    locked.sealed_save(update_fields=["climbed"])
    if agency_id is not None:
        notice.tell(
            workers(agency_id, [role])
            .exclude(user_id=locked.proposed_by_id)
            .values_list("user_id", flat=True),
            "share_review",
            path="/",
            about=f"{locked.pk}:{locked.climbed}",
        )
    trail.record(
        by,
        "sharing_decision.climbed",
        subject=locked,
        person_id=locked.person_id,
        detail={"level": locked.climbed, "role": role},
    )
    return True
