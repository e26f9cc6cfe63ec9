"""What is made once, however often its form is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from core.ids import new_id

Row = TypeVar("Row")


def once(
    key: UUID | None, *, made: Callable[[UUID], Row | None], make: Callable[[UUID], Row]
) -> Row:
    """What `make` makes under this key; or what the same actor has made under it before.

    `made` finds that, and nothing that somebody else made: their key says nothing, not even
    that it is one, and the row gets a key of its own. Two at once wait for each other at the
    row's key. Inside the caller's transaction.
    """
    if key is None:
        return make(new_id())
    earlier = made(key)
    if earlier is not None:
        return earlier
    try:
        # After a key that is taken the transaction goes on: for that it is kept.
        with transaction.atomic():
            return make(key)
    except IntegrityError:
        earlier = made(key)
        return make(new_id()) if earlier is None else earlier
