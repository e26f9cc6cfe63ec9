"""The duty rota."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access.actor import Actor
from agencies.models import Agency, DutyShift, User
from audit import trail
from core.clock import instant


@transaction.atomic
def publish(
    *, agency: Agency, user: User, starts: datetime, ends: datetime, by: Actor
) -> DutyShift:
    """Put a user on duty for a time; it counts from this instant at the earliest."""
    shift = DutyShift(
        agency=agency, user=user, starts=max(starts, instant()), ends=ends, published_at=instant()
    ).sealed_save(force_insert=True)
    trail.record(by, "duty.published", subject=shift, detail={"user": user, "agency": agency})
    return shift
