"""Which page of a list an address asks for: by number, or by the place where it begins."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.http import QueryDict

MOST = 4000
"""No list is read further: it is narrowed instead."""


def page_number(typed: str) -> int:
    """The page that somebody asks for; the first when it is no number of a page."""
    # Longer ones are no pages, and Python refuses to read the longest.
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 9):
        return 1
    return min(max(1, int(typed)), MOST)


def numbered(query: QueryDict, number: int, *, more: bool) -> dict[str, str]:
    """The addresses of the numbered pages beside this one, empty where there is none."""

    def address(to: int) -> str:
        other = query.copy()
        other["page"] = str(to)
        return f"?{other.urlencode()}"

    return {
        "previous": address(number - 1) if number > 1 else "",
        "next": address(number + 1) if more else "",
    }


def cursor(place: UUID) -> str:
    """A place in a list as it stands in an address; nobody needs to read it."""
    return urlsafe_b64encode(place.bytes).decode().rstrip("=")


def place_of(typed: str) -> UUID | None:
    """The place that an address names; none when it is no place."""
    try:
        return UUID(bytes=urlsafe_b64decode(typed.encode("ascii") + b"=" * (-len(typed) % 4)))
    except (ValueError, binascii.Error):
        return None
