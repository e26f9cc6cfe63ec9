"""Pages of a long register by key: as quick at the end as at the start, and no totals."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet

from oversight import scope
from oversight.entries import Entries

SIZE = 40
"""As many as keep the widest register below 60 KB of HTML."""
CAP = 100
"""A count stops here and says "100+"."""

Key = tuple[datetime, UUID]
Rows = QuerySet[Any] | Entries
"""From what a page takes its rows."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a register, newest first, and where newer and older ones are."""

    rows: Sequence[Any]
    previous: str = ""
    next: str = ""


def page(
    sources: Sequence[Rows],
    asked: Mapping[str, str],
    *,
    moment: str = "at",
    size: int = SIZE,
) -> Page:
    """One page of rows of one or more sources, merged by (`moment`, key), newest first.

    `asked` is the query string: `older` or `newer` say where the page begins, everything
    else stays in the addresses of the other pages. What can't be read is left out: then
    it is the first page.
    """
    older, newer = cursor_from(asked.get("older", "")), cursor_from(asked.get("newer", ""))
    upward = newer is not None and older is None
    border = newer if upward else older
    found = _take(sources, moment, border, upward=upward, number=size + 1)
    more = len(found) > size
    rows = found[:size]
    if upward:
        rows.reverse()
        if len(rows) < size and not more:
            # Close to the newest: show a whole first page instead of a stump.
            return page(sources, _without_cursor(asked), moment=moment, size=size)
    elif not rows and border is not None:
        # Nothing is there any more, or never was: better the first page than a dead end.
        return page(sources, _without_cursor(asked), moment=moment, size=size)
    keep = _without_cursor(asked)
    key = _key(moment)
    newest = f"?{urlencode({**keep, 'newer': cursor(key(rows[0]))})}" if rows else ""
    oldest = f"?{urlencode({**keep, 'older': cursor(key(rows[-1]))})}" if rows else ""
    if upward:
        return Page(rows, previous=newest if more else "", next=oldest)
    return Page(rows, previous=newest if border else "", next=oldest if more else "")


def capped(queryset: QuerySet[Any]) -> str:
    """How many rows there are, in words: "7", or "100+"."""
    number = scope.at_most(queryset, CAP + 1)
    return f"{CAP}+" if number > CAP else str(number)


def cursor(key: Key) -> str:
    """A place in a register as text."""
    return f"{key[0].isoformat()}~{key[1]}"


def cursor_from(text: str) -> Key | None:
    """The place that a text names; none when it names no place."""
    moment, found, identity = text.partition("~")
    if not found:
        return None
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(identity)) if at.tzinfo is not None and at.year > 1 else None
    except ValueError:
        return None


def _take(
    sources: Sequence[Rows],
    moment: str,
    border: Key | None,
    *,
    upward: bool,
    number: int,
) -> list[Any]:
    batches = [
        source.take(border, upward=upward, number=number)
        if isinstance(source, Entries)
        else _beyond(source, moment, border, upward=upward)[:number]
        for source in sources
    ]
    merged = heapq.merge(*batches, key=_key(moment), reverse=not upward)
    return list(merged)[:number]


def _beyond(
    queryset: QuerySet[Any], moment: str, border: Key | None, *, upward: bool
) -> QuerySet[Any]:
    rows = queryset.order_by(*((moment, "id") if upward else (f"-{moment}", "-id")))
    if border is None:
        return rows
    side = "gt" if upward else "lt"
    # The first says nothing that the others don't: but by it an index knows where to begin.
    return rows.filter(**{f"{moment}__{side}e": border[0]}).filter(
        Q(**{f"{moment}__{side}": border[0]}) | Q(**{moment: border[0], f"id__{side}": border[1]})
    )


def _key(moment: str) -> Callable[[Any], Key]:
    return lambda row: (getattr(row, moment), row.pk)


def _without_cursor(asked: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in asked.items() if name not in {"older", "newer"} and value
    }
