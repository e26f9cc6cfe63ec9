"""Saved views of registers, shared among the auditors of an agency."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from access.actor import Actor, NotVisible
from agencies.queries import require
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from oversight.models import SavedView

MOST = 30


@transaction.atomic
def save(*, register: str, name: str, filters: Mapping[str, str], by: Actor) -> SavedView:
    """Keep filters under a name. A young person's reference is left out of them.

    Raises NotAllowed, Invalid, and Conflict when the name is taken or there are too many.
    """
    member = require(by, "view_registers")
    kept = {key: value for key, value in filters.items() if key != "person" and value}
    if not name.strip():
        raise Invalid(name="Give the view a name")
    if not kept:
        raise Invalid(name="Choose some filters first; a young person is never part of a view")
    there = SavedView.objects.filter(agency_id=member.agency_id, register=register)
    if there.filter(name__iexact=name.strip()).exists():
        raise Conflict("There is a view of that name. Choose another one.")
    if there.count() >= MOST:
        raise Conflict(f"There are {MOST} views already. Remove one first.")
    row = SavedView(
        agency_id=member.agency_id,
        register=register,
        name=name.strip(),
        filters=kept,
        saved_by_id=member.user_id,
        saved_at=instant(),
    )
    row.save(force_insert=True)
    trail.record(by, "view.saved", subject=row, detail={"register": register})
    return row


@transaction.atomic
def remove(*, view: SavedView, by: Actor) -> None:
    """Take a view away, for everybody of the agency. Raises NotAllowed, NotVisible."""
    member = require(by, "view_registers")
    if view.agency_id != member.agency_id:
        raise NotVisible
    trail.record(by, "view.removed", subject=view, detail={"register": view.register})
    view.delete()
