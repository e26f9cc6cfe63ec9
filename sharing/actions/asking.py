"""That somebody asked who could see a record is itself written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from audit import trail


@transaction.atomic
def who_could_see(*, person_id: UUID, at: datetime, by: Actor) -> None:
    """Write down who asked, about whom and which instant. Whether they may is decided before."""
    trail.record(
        by,
        "trail.read",
        person_id=person_id,
        detail={"trail": "day", "at": at.isoformat()},
    )
