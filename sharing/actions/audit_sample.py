"""Opening content to an auditor: for a stated time, on a stated ground, and never more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import models, transaction

from access.actor import Actor, NotVisible
from access.bases import Basis
from access.categories import Category
from access.reading import sights
from access.rule import held_by_agency
from agencies.queries import require
from core.clock import instant
from core.errors import Invalid
from sharing import facts
from sharing.actions import involvement
from sharing.models import Involvement

NEVER = frozenset({Category.CLINICAL, Category.SAFE_ADDRESS})
"""What no auditor is shown, whatever was shared."""

LONGEST = timedelta(hours=4)


@transaction.atomic
def open_content(
    *,
    person_id: UUID,
    categories: Iterable[Category],
    length: timedelta,
    source: models.Model,
    by: Actor,
) -> Involvement:
    """Open these categories to the auditor who asks, named, for `length`.

    Of them only what the auditor's agency itself may know now: what another agency holds,
    or was taken back from theirs, its own auditor or the lead agency's looks at. `source`
    is the sampled share or the look for cause, where the reason stands. Raises NotAllowed,
    NotVisible for somebody who is not auditable to the actor, and Invalid when nothing is
    left to open.
    """
    member = require(by, "take_sample")
    found = sights(by, [person_id]).get(person_id)
    if found is None or not found.answer.auditable:
        raise NotVisible
    shown = frozenset(categories) - NEVER
    if not shown:
        raise Invalid({"": "No auditor is shown what was shared here."})
    shown &= held_by_agency(facts.worlds(member, [person_id])[person_id])
    if not shown:
        raise Invalid(
            {
                "": "Your agency may not know now what was shared here."
                " The auditor of the lead agency can look."
            }
        )
    return involvement.begin(
        person_id=person_id,
        agency_id=member.agency_id,
        worker_id=member.user_id,
        basis=Basis.AUDIT_SAMPLE,
        categories=shown,
        ends=instant() + min(length, LONGEST),
        source=source,
        by=by,
    )
