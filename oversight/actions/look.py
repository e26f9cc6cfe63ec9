"""An auditor's own reading, on the trail like everybody else's."""

from __future__ import annotations

from uuid import UUID

from django.db import models, transaction

from access.actor import Actor
from agencies.queries import require
from audit import trail


@transaction.atomic
def read_trail(
    *,
    what: str,
    person_id: UUID | None = None,
    subject: models.Model | None = None,
    user_id: UUID | None = None,
    by: Actor,
) -> None:
    """Note that an auditor read a trail or a register; `what` is a code of `sentences.TRAILS`.

    Raises NotAllowed for who may not.
    """
    member = require(by, "view_registers")
    trail.record(
        by,
        "trail.read",
        subject=subject,
        person_id=person_id,
        detail={"trail": what, "agency": member.agency_id}
        | ({"user": user_id} if user_id is not None else {}),
    )


@transaction.atomic
def mark_looked(*, by: Actor) -> None:
    """Have "new since the last look" begin at this instant. Raises NotAllowed."""
    require(by, "view_registers")
    trail.record(by, "oversight.looked")
