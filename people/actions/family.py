"""The family around a young person: who is added, corrected, and no longer there."""

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
from people.models import Relative, YoungPerson

SAID = frozenset(
    {
        "name",
        "kind",
        "same_household",
        "parental_responsibility",
        "main_carer",
        "needs",
        "phone",
    }
)
"""What is written down about somebody in the family."""


@transaction.atomic
def add(
    *,
    person: YoungPerson,
    name: str,
    kind: str,
    same_household: bool = False,
    parental_responsibility: bool | None = None,
    main_carer: bool = False,
    needs: str = "",
    phone: str = "",
    key: UUID | None = None,
    by: Actor,
) -> Relative:
    """Add somebody to the family; the same `key` again returns who was added first.

    Raises NotVisible or NotAllowed.
    """
    require_write(by, person.pk, Category.FAMILY)

    def made(key: UUID) -> Relative | None:
        if not trail.did(by, "relative.added", key):
            return None
        return Relative.rows.filter(pk=key, person=person).first()

    def make(key: UUID) -> Relative:
        relative = Relative(
            id=key,
            person=person,
            name=name,
            kind=kind,
            same_household=same_household,
            parental_responsibility=parental_responsibility,
            main_carer=main_carer,
            needs=needs,
            phone=phone,
        )
        relative.save(force_insert=True)
        _record(by, "relative.added", relative, name=name, kind=kind)
        return relative

    return once(key, made=made, make=make)


@transaction.atomic
def change(
    *, relative: Relative, changes: dict[str, Any], version: int | None = None, by: Actor
) -> Relative:
    """Correct what is written about somebody in the family; earlier values stay in its history.

    Raises NotVisible, NotAllowed; Invalid without a name; Conflict when they are no longer
    family; Stale when somebody has changed it since `version`.
    """
    if unknown := changes.keys() - SAID:
        raise KeyError(f"not what is written about a relative: {sorted(unknown)}")
    locked = _lock(relative, version, by)
    if not changes.get("name", locked.name).strip():
        raise Invalid(name="Enter the name")
    changed = {name: new for name, new in changes.items() if getattr(locked, name) != new}
    for name, new in changed.items():
        setattr(locked, name, new)
    locked.save(force_update=True)
    _record(by, "relative.changed", locked, **changed)
    return locked


@transaction.atomic
def end(*, relative: Relative, reason: str, version: int | None = None, by: Actor) -> Relative:
    """Say that somebody is no longer family. It stays on record, with the reason.

    Raises NotVisible, NotAllowed; Invalid without a reason; Conflict when it was said
    before; Stale when somebody has changed it since `version`.
    """
    locked = _lock(relative, version, by)
    if not reason.strip():
        raise Invalid(reason="Say why they are no longer family")
    locked.ended_at, locked.end_reason = instant(), reason
    locked.save(force_update=True)
    _record(by, "relative.ended", locked, end_reason=reason)
    return locked


def _lock(relative: Relative, version: int | None, by: Actor) -> Relative:
    """The row, held until the transaction ends, if the actor may go on from this version."""
    require_write(by, relative.person_id, Category.FAMILY)
    locked: Relative = Relative.rows.select_for_update().get(pk=relative.pk)
    if locked.ended_at is not None:
        raise Conflict("Somebody has taken them out of the family already.")
    locked.expect(version)
    return locked


def _record(by: Actor, verb: str, relative: Relative, **values: Any) -> None:
    trail.record(
        by,
        verb,
        subject=relative,
        person_id=relative.person_id,
        categories=to_bits([Category.FAMILY]),
        values=values,
    )
