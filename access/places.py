"""Pages of people in addresses: `?after=` and `?before=` a place in the list."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import QueryDict

from access.reading import SightPage
from core.paging import cursor, place_of


def asked(query: Mapping[str, str]) -> tuple[UUID | None, bool]:
    """The place that an address names, and whether the page before it is wanted.

    What is no place is the beginning of the list: an address may be old.
    """
    back = "before" in query
    place = place_of(query.get("before" if back else "after", ""))
    return place, back and place is not None


def links(query: QueryDict, page: SightPage) -> dict[str, str]:
    """The addresses of the pages beside this one, empty where there is none."""
    return {
        "previous": _link(query, "before", page.people[0]) if page.before and page.people else "",
        "next": _link(query, "after", page.people[-1]) if page.beyond and page.people else "",
    }


def _link(query: QueryDict, way: str, place: UUID) -> str:
    other = query.copy()
    for name in ("after", "before", "page"):
        other.pop(name, None)
    other[way] = cursor(place)
    return f"?{other.urlencode()}"
