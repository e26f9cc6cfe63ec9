"""Finding what a client names. Nothing here is personal to a young person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from access.actor import NotVisible
from access.categories import Category, names_in_order
from agencies.models import Agency, User
from core.errors import Invalid
from core.ids import new_id
from core.periods import live

_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


def row_id(text: str) -> UUID:
    """The key that an address names. Raises NotVisible for what can be no key."""
    if not _ID.match(text):
        raise NotVisible
    return UUID(text)


def agency_named(slug: str, field: str = "agency") -> Agency:
    """The agency with this slug that works here now. Raises Invalid."""
    found = Agency.objects.filter(live(prefix="activities__"), slug=slug).first()
    if found is None:
        raise Invalid({field: "There is no such agency"})
    return found


def worker_named(username: str) -> UUID:
    """The user with this name; for a name that nobody has, a key that nobody has.

    So the action refuses both alike, and names of users can't be tried out.
    """
    found = User.objects.filter(username=username).values_list("pk", flat=True).first()
    return found or new_id()


def agency(row: Agency | None) -> dict[str, Any] | None:
    """An agency as it stands in an answer."""
    return {"slug": row.slug, "name": row.name} if row is not None else None


def worker(row: User | None) -> dict[str, Any] | None:
    """A worker as they stand in an answer."""
    return {"username": row.username, "name": row.name} if row is not None else None


def names(categories: Iterable[Category]) -> list[str]:
    """Categories as they stand in an answer: in the order of the pages."""
    return names_in_order(categories)
