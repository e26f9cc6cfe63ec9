"""The safe address: written, shown singly with a purpose, taken away."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from access.actor import Actor, NotAllowed, NotVisible
from access.categories import Category, to_bits
from access.reading import require_write, sight, state_purpose
from access.wall import passage, through
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from core.ids import new_id
from people import vault
from people.models import SafeAddress, YoungPerson

BITS = to_bits([Category.SAFE_ADDRESS])
LONGEST = 1000
_ROTATE = passage("safe_address.rotate", "wraps every data key anew; opens no address")

Follower = Callable[[UUID, Actor], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Have `follower` called, in the same transaction, when somebody's safe address changes.

    For whatever is on its way there: it is cancelled, never sent to the old place.
    """
    if follower not in _followers:
        _followers.append(follower)


@transaction.atomic
def record(*, person: YoungPerson, address: str, by: Actor) -> SafeAddress:
    """Write down where the person lives now; what was there before is gone for good.

    Raises NotVisible or NotAllowed (also when the session has not just re-authenticated),
    Invalid for no address.
    """
    require_write(by, person.pk, Category.SAFE_ADDRESS)
    if not address.strip():
        raise Invalid(address="Enter where they live now")
    if len(address) > LONGEST:
        raise Invalid(address=f"The address must be {LONGEST} characters or fewer")
    # One at a time: of two workers at once the second replaces what the first wrote.
    YoungPerson.rows.select_for_update().get(pk=person.pk)
    _empty(person.pk)
    key = new_id()
    envelope = vault.seal(address, row_id=key, person_id=person.pk)
    row = SafeAddress(
        id=key,
        person=person,
        key_id=envelope.key_id,
        wrapped_key=envelope.wrapped_key,
        sealed=envelope.sealed,
        since=instant(),
    )
    row.save(force_insert=True)
    trail.record(by, "safe_address.recorded", subject=row, person_id=person.pk, categories=BITS)
    _changed(person.pk, by)
    return row


@transaction.atomic
def remove(*, person: YoungPerson, by: Actor) -> None:
    """Forget the address for good. Raises NotVisible, NotAllowed, Conflict without one."""
    require_write(by, person.pk, Category.SAFE_ADDRESS)
    if not _empty(person.pk):
        raise Conflict("No safe address is written down.")
    trail.record(by, "safe_address.removed", person_id=person.pk, categories=BITS)
    _changed(person.pk, by)


@transaction.atomic
def show(*, person: YoungPerson, purpose: str, by: Actor) -> str:
    """The address, for this one response; who asked, and for what, goes on record.

    Empty when none is written down. Raises NotVisible for who sees nothing of the person,
    NotAllowed for who may not see this (or has not just re-authenticated), Invalid
    without a purpose.
    """
    seen = sight(by, person.pk)
    if not seen.sees(Category.SAFE_ADDRESS):
        raise NotAllowed
    if not purpose.strip():
        raise Invalid(purpose="Say what you need the address for")
    row = SafeAddress.rows.filter(person=person, ended_at=None).first()
    if not seen.shows(Category.SAFE_ADDRESS):
        raise NotVisible
    state_purpose(person.pk, purpose.strip()[:200])
    trail.record(
        by,
        "safe_address.shown",
        subject=row,
        person_id=person.pk,
        categories=BITS,
        values={"purpose": purpose},
    )
    if row is None:
        return ""
    envelope = vault.Envelope(row.key_id, bytes(row.wrapped_key), bytes(row.sealed))
    return vault.unseal(envelope, row_id=row.pk, person_id=row.person_id)


@transaction.atomic
def rotate(*, by: Actor, limit: int = 1000) -> int:
    """Wrap up to `limit` data keys with the current master key; the number wrapped anew.

    The old key can be taken out of VAULT_KEYS once this gives 0. Raises vault.Locked for
    an envelope whose key is not there: nothing is changed then.
    """
    with through(_ROTATE):
        rows = list(
            SafeAddress.rows.filter(ended_at=None)
            .exclude(key_id=vault.current_key_id())
            .select_for_update()
            .order_by("pk")[:limit]
        )
        for row in rows:
            old = vault.Envelope(row.key_id, bytes(row.wrapped_key), bytes(row.sealed))
            fresh = vault.rewrap(old, row_id=row.pk, person_id=row.person_id)
            row.key_id, row.wrapped_key = fresh.key_id, fresh.wrapped_key
            row.save(update_fields=["key_id", "wrapped_key"])
    if rows:
        trail.record(
            by, "vault.rotated", detail={"wrapped": len(rows), "key": vault.current_key_id()}
        )
    return len(rows)


def _empty(person_id: UUID) -> int:
    return SafeAddress.rows.filter(person_id=person_id, ended_at=None).update(
        ended_at=instant(), sealed=b"", wrapped_key=b"", key_id=""
    )


def _changed(person_id: UUID, by: Actor) -> None:
    for follower in _followers:
        follower(person_id, by)
