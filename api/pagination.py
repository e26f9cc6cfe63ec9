"""Lists in pages that start where the last one ended; never a total.

People newest first by key, and of each person their rows newest first. What only the rule
itself can tell is filtered here, and the page is filled up, so that a page's size tells
nothing of what was left out.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from access.actor import Member
from access.content import PartSet
from access.reading import Sight, SightPage, sight_page

USUAL, LARGEST = 25, 100
_MOST_AT_ONCE = 250
"""People asked about at once, where many have no row that may be shown: as many as the wall
keeps in mind."""

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


def paginate_people(request: Request, actor: Member, parts: PartSet) -> tuple[Page, SightPage]:
    """The page of all people whom the actor sees, by their keys; what is seen, and what there is.

    `parts` is read of each. Whatever the number of people, it costs the same.
    """
    size = _size(request)
    back, start = _cursor(request)
    page = sight_page(actor, limit=size, after=start, back=back, parts=parts)
    keys = page.people
    links = (
        _link(request, "n", keys[-1]) if page.beyond and keys else None,
        _link(request, "p", keys[0]) if page.before and keys else None,
    )
    return Page(keys, *links), page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list of rows by person goes on: beyond this row of this person."""

    person_id: UUID
    key: UUID


Item = tuple[UUID, UUID, Any]
"""The key of a person, that of one of their rows, and the row as the caller has it."""
Read = Callable[[SightPage, Place | None, bool, int], Sequence[Item]]
"""The first rows of a page's people beyond a place, so many at most: the newest person's first,
of each person the newest first, or with `back` the other way round."""
KeepItems = Callable[[Mapping[UUID, Sight], Sequence[Item]], Sequence[Item]]
"""Those of some rows that may be shown, in the same order."""


def paginate_by_person(
    request: Request,
    actor: Member,
    table: type[Model],
    read: Read,
    keep: KeepItems | None = None,
    *,
    more_than_card: bool = False,
    parts: PartSet | None = None,
) -> tuple[Page, dict[UUID, Sight]]:
    """The page of rows about all whom the actor sees, and what is seen of each person on it.

    By person, since that is how those whom an actor may see are found: in any other order
    it would cost as much as there are people. `table` is that of the rows; people who have
    none are passed over where they are found. `more_than_card`: nobody of whom the actor
    sees at most whom to ask has a row to be shown. `parts` is read of each person for `read`.
    """
    size = _size(request)
    back, start = _place(request)
    found, seen = _gather(
        partial(sight_page, actor, having=table, more_than_card=more_than_card, parts=parts),
        read,
        keep,
        size + 1,
        back,
        start,
    )
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    links = (
        _link(request, "n", *found[-1][:2]) if found and (back or more) else None,
        _link(request, "p", *found[0][:2])
        if found and (more if back else start is not None)
        else None,
    )
    return Page([row for _, _, row in found], *links), seen


def _gather(
    people: Callable[..., SightPage],
    read: Read,
    keep: KeepItems | None,
    wanted: int,
    back: bool,
    start: Place | None,
) -> tuple[list[Item], dict[UUID, Sight]]:
    found: list[Item] = []
    everybody: dict[UUID, Sight] = {}
    asked = wanted
    # The person at whom it goes on is asked for again: they may have more rows.
    after = None if start is None else _beside(start.person_id, back)
    while True:
        page = people(limit=asked, after=after, back=back)
        everybody |= page.seen
        place = start
        while True:
            rows = read(page, place, back, 2 * wanted)
            found.extend(rows if keep is None else keep(page.seen, rows))
            if len(found) >= wanted or len(rows) < 2 * wanted:
                break
            place = Place(*rows[-1][:2])
        if len(found) >= wanted or not (page.before if back else page.beyond):
            return found[:wanted], everybody
        after = page.people[0 if back else -1]
        asked = min(2 * asked, _MOST_AT_ONCE)


def _beside(key: UUID, back: bool) -> UUID | None:
    """The key from which a list begins that has this one first; none where it has them all."""
    place = key.int + (-1 if back else 1)
    # A client may send a cursor of its own making.
    return UUID(int=place) if 0 <= place < 1 << 128 else None


def rows_of(
    queryset: Callable[[Mapping[UUID, Sight]], QuerySet],  # type: ignore[type-arg]
) -> Read:
    """How to read the rows of a query that is made for some people."""

    def read(page: SightPage, place: Place | None, back: bool, limit: int) -> Sequence[Item]:
        rows = queryset(page.seen).order_by(
            *(("person_id", "pk") if back else ("-person_id", "-pk"))
        )
        if place is not None:
            way = "gt" if back else "lt"
            rows = rows.filter(
                Q(**{f"person_id__{way}": place.person_id})
                | Q(person_id=place.person_id, **{f"pk__{way}": place.key})
            )
        return [(row.person_id, row.pk, row) for row in rows[:limit]]

    return read


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
    back, keys = _keys(request, 1)
    return back, keys[0] if keys else None


def _place(request: Request) -> tuple[bool, Place | None]:
    back, keys = _keys(request, 2)
    return back, Place(*keys) if keys else None


def _keys(request: Request, number: int) -> tuple[bool, list[UUID]]:
    """Which way a cursor leads, and the keys in it; none for the first page."""
    text = request.query_params.get("cursor")
    if text is None:
        return False, []
    try:
        plain = urlsafe_b64decode(text.encode("ascii")).decode("ascii")
        way, *keys = plain.split(":")
        if way not in {"n", "p"} or len(keys) != number:
            raise ValueError(way)
        return way == "p", [UUID(key) for key in keys]
    except (ValueError, binascii.Error) as error:
        raise ValidationError({"cursor": ["This is no place in the list."]}) from error


def _link(request: Request, way: str, *keys: UUID) -> str:
    """The address of the request, with the place in the list at which another page begins."""
    cursor = urlsafe_b64encode(":".join([way, *map(str, keys)]).encode()).decode()
    asked = urlencode({**dict(request.query_params.lists()), "cursor": [cursor]}, doseq=True)
    here: HttpRequest = request._request
    return f"{here.scheme}://{here.get_host()}{escape_uri_path(here.path)}?{asked}"
