"""Ways to make contact: added, corrected, and taken out of use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.categories import Category, to_bits
from access.reading import require_write
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from core.once import once
from people.models import ContactPoint, YoungPerson


@transaction.atomic
def add(
    *,
    person: YoungPerson,
    kind: str,
    value: str,
    is_safe: bool | None = None,
    note: str = "",
    key: UUID | None = None,
    by: Actor,
) -> ContactPoint:
    """Add a way to make contact; the same `key` again returns what was added first.

    Raises NotVisible or NotAllowed.
    """
    require_write(by, person.pk, Category.CONTACT)

    def made(key: UUID) -> ContactPoint | None:
        if not trail.did(by, "contact.added", key):
            return None
        return ContactPoint.rows.filter(pk=key, person=person).first()

    def make(key: UUID) -> ContactPoint:
        point = ContactPoint(
            id=key, person=person, kind=kind, value=value, is_safe=is_safe, note=note
        )
        point.save(force_insert=True)
        _record(by, "contact.added", point, kind=kind, value=value)
        return point

    return once(key, made=made, make=make)


@transaction.atomic
def change(
    *,
    point: ContactPoint,
    value: str,
    is_safe: bool | None,
    note: str,
    version: int | None = None,
    by: Actor,
) -> ContactPoint:
    """Correct a way to make contact, or whether it is safe; earlier values stay in its history.

    Raises NotVisible, NotAllowed; Invalid without a value; Conflict when it is no longer in
    use; Stale when somebody has changed it since `version`.
    """
    locked = _lock(point, version, by)
    if not value.strip():
        raise Invalid(value="Enter the number, address or name")
    said = {"value": value, "is_safe": is_safe, "note": note}
    changed = {name: new for name, new in said.items() if getattr(locked, name) != new}
    for name, new in changed.items():
        setattr(locked, name, new)
    locked.save(force_update=True)
    _record(by, "contact.changed", locked, **changed)
    return locked


@transaction.atomic
def end(*, point: ContactPoint, reason: str, version: int | None = None, by: Actor) -> ContactPoint:
    """Take a way to make contact out of use. It stays on record, with the reason.

    Raises NotVisible, NotAllowed; Invalid without a reason; Conflict when it is no longer in
    use; Stale when somebody has changed it since `version`.
    """
    locked = _lock(point, version, by)
    if not reason.strip():
        raise Invalid(reason="Say why it is no longer in use")
    locked.ended_at, locked.end_reason = instant(), reason
    locked.save(force_update=True)
    _record(by, "contact.ended", locked, end_reason=reason)
    return locked


def _lock(point: ContactPoint, version: int | None, by: Actor) -> ContactPoint:
    """The row, held until the transaction ends, if the actor may go on from this version."""
    require_write(by, point.person_id, Category.CONTACT)
    locked: ContactPoint = ContactPoint.rows.select_for_update().get(pk=point.pk)
    if locked.ended_at is not None:
        raise Conflict("Somebody has taken this out of use already.")
    locked.expect(version)
    return locked


def _record(by: Actor, verb: str, point: ContactPoint, **values: Any) -> None:
    trail.record(
        by,
        verb,
        subject=point,
        person_id=point.person_id,
        categories=to_bits([Category.CONTACT]),
        values=values,
    )
