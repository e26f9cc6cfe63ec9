"""Lists in pages that start where the last one ended; never a total.

Newest first by key. What is shown is filtered in the database; what only the rule itself
can tell is filtered here, and the page is filled up, so that a page's size tells nothing
of what was left out.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from access.actor import Member
from access.reading import Sight, sight_page

USUAL, LARGEST = 25, 100

Keep = Callable[[Sequence[Any]], Sequence[Any]]
"""Those of some rows that may be shown, in the same order."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first, and where the pages beside them are."""

    rows: list[Any]
    next: str | None
    previous: str | None

    def answer(self, results: Sequence[Any]) -> dict[str, Any]:
        """The page as it is sent."""
        return {"next": self.next, "previous": self.previous, "results": list(results)}


def paginate(request: Request, queryset: QuerySet, keep: Keep | None = None) -> Page:  # type: ignore[type-arg]
    """The page that the request asks for. Raises ValidationError for a cursor that is none."""
    size = _size(request)
    back, start = _cursor(request)
    rows = _fill(queryset, keep, size + 1, back, start)
    more = len(rows) > size
    rows = rows[:size]
    if back:
        rows.reverse()
    has_next = bool(rows) and (back or more)
    has_previous = bool(rows) and (more if back else start is not None)
    return Page(
        rows,
        _link(request, "n", rows[-1].pk) if has_next else None,
        _link(request, "p", rows[0].pk) if has_previous else None,
    )


def paginate_people(request: Request, actor: Member) -> tuple[Page, dict[UUID, Sight]]:
    """The page of all people whom the actor sees, by their keys, and what is seen of each.

    Whatever the number of people, it costs the same.
    """
    size = _size(request)
    back, start = _cursor(request)
    page = sight_page(actor, limit=size, after=start, back=back)
    keys = page.people
    links = (
        _link(request, "n", keys[-1]) if page.beyond and keys else None,
        _link(request, "p", keys[0]) if page.before and keys else None,
    )
    return Page(keys, *links), page.seen


def _fill(
    queryset: QuerySet,  # type: ignore[type-arg]
    keep: Keep | None,
    wanted: int,
    back: bool,
    start: UUID | None,
) -> list[Any]:
    ordered = queryset.order_by("pk" if back else "-pk")
    found: list[Any] = []
    while len(found) < wanted:
        missing = wanted - len(found)
        batch = ordered if start is None else ordered.filter(**_beyond(back, start))
        # With a filter of our own ask for a few more, so that one query mostly does.
        asked = missing if keep is None else missing * 2
        rows = list(batch[:asked])
        found.extend(rows if keep is None else keep(rows))
        if len(rows) < asked:
            break
        start = rows[-1].pk
    return found[:wanted]


def _beyond(back: bool, start: UUID) -> dict[str, UUID]:
    return {"pk__gt" if back else "pk__lt": start}


def _size(request: Request) -> int:
    asked = request.query_params.get("page_size")
    if asked is None:
        return USUAL
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) > 0):
        raise ValidationError({"page_size": [f"Ask for 1 to {LARGEST} at a time."]})
    return min(int(asked), LARGEST)


def _cursor(request: Request) -> tuple[bool, UUID | None]:
    text = request.query_params.get("cursor")
    if text is None:
        return False, None
    try:
        plain = urlsafe_b64decode(text.encode("ascii")).decode("ascii")
        way, _, key = plain.partition(":")
        if way not in {"n", "p"}:
            raise ValueError(way)
        return way == "p", UUID(key)
    except (ValueError, binascii.Error) as error:
        raise ValidationError({"cursor": ["This is no place in the list."]}) from error


def _link(request: Request, way: str, key: UUID) -> str:
    cursor = urlsafe_b64encode(f"{way}:{key}".encode()).decode()
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor)
