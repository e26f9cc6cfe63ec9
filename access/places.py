"""Pages of people in addresses: `?after=` and `?before=` a place in the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from access.reading import SightPage
from access.scope import Place
from core.paging import cursor, parts_of


def asked(query: Mapping[str, str]) -> tuple[Place | None, bool]:
    """The place that an address names, and whether the page before it is wanted.

    What is no place is the beginning of the list: an address may be old.
    """
    back = "before" in query
    place = _place(query.get("before" if back else "after", ""))
    return place, back and place is not None


def links(query: QueryDict, page: SightPage) -> dict[str, str]:
    """The addresses of the pages beside this one, empty where there is none."""
    return {
        "previous": _link(query, "before", page.places[0]) if page.before and page.places else "",
        "next": _link(query, "after", page.places[-1]) if page.beyond and page.places else "",
    }


def _place(typed: str) -> Place | None:
    try:
        at, person_id = parts_of(typed)
        moment = datetime.fromisoformat(at)
        return Place(moment, UUID(person_id)) if moment.tzinfo else None
    except ValueError:
        return None


def _link(query: QueryDict, way: str, place: Place) -> str:
    other = query.copy()
    for name in ("after", "before", "page"):
        other.pop(name, None)
    other[way] = cursor([place.last_activity.isoformat(), str(place.person_id)])
    return f"?{other.urlencode()}"
