"""The first rows of a list, in an order of their own, of which an actor sees something.

What waits stands in an index in the order in which it is shown. Who is seen is decided for so
many rows at once; rows that are hidden take nobody's place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from access.actor import Actor, Member
from access.categories import Category
from access.reading import Sight, sights
from access.scope import scope
from access.wall import through

Row = TypeVar("Row")

_SPARE, _MOST_TRIED = 10, 1_000
"""Of rows in their own order: so many more are read than wanted, and so many at most, unless more
are wanted."""
_FEW, _SOME = 500, 50_000
"""So many people: their rows are read first of all, or where reading in order found little."""


def first_seen(
    actor: Actor,
    model: type[Any],
    *related: str,
    narrow: Callable[[QuerySet[Any]], QuerySet[Any]],
    categories: Callable[[Any], Iterable[Category]],
    bits: str,
    listing: Collection[Category],
    most: int,
) -> list[tuple[Any, Sight]]:
    """The first rows of which the actor sees at least one category, and what is seen of whom.

    `narrow` narrows and orders them, and has an index that gives them in that order: as many
    as are wanted are then read, and their people decided on at once. `categories` gives those
    of a row, `bits` the same as SQL over `record`, `listing` all that such rows have, `related`
    is read along. Hidden rows take nobody's place.
    """
    if not isinstance(actor, Member):
        return []
    # `rows`, since the sights decide in the next statement, and nothing is shown before.
    rows = narrow(model.rows.select_related(*related))
    theirs = scope().few(actor, listing, most=_FEW)
    if theirs is None:
        found, enough = _in_order(actor, rows, categories, most, at_most=_MOST_TRIED)
        if enough:
            return found
        # Hardly any of them is theirs.
        theirs = scope().few(actor, listing, most=_SOME)
    if theirs is not None:
        # As one value: as many as there are would each be looked through again and again.
        keys = RawSQL("SELECT unnest(%s::uuid[])", [list(theirs)])  # nosec B611
        return _in_order(actor, rows.filter(person_id__in=keys), categories, most)[0]
    some = model.objects.some_visible_to(actor, categories=bits, listing=listing)
    return _seen_of(actor, list(narrow(some.select_related(*related))[:most]), categories)


def first_past(
    passage: str,
    actor: Actor,
    model: type[Any],
    *related: str,
    narrow: Callable[[QuerySet[Any]], QuerySet[Any]],
    categories: Callable[[Any], Iterable[Category]],
    most: int,
) -> list[tuple[Any, Sight]]:
    """The same of rows that `narrow` leaves so that hardly any is hidden: an agency's own.

    They are read past the wall, by this passage, and each is decided on before any is given.
    """
    rows = narrow(model.rows.select_related(*related))
    return _in_order(actor, rows, categories, most, passage=passage)[0]


def _in_order(
    actor: Actor,
    rows: QuerySet[Any],
    categories: Callable[[Any], Iterable[Category]],
    most: int,
    *,
    at_most: int | None = None,
    passage: str = "",
) -> tuple[list[tuple[Any, Sight]], bool]:
    """Of the first rows those that are seen, and whether these are all that are wanted.

    It gives up where so few are seen that more than `at_most` would have to be read.
    """
    found: dict[Any, tuple[Any, Sight]] = {}
    tried, asked = 0, most + _SPARE
    while True:
        with through(passage) if passage else nullcontext():
            batch = list(rows[tried : tried + asked])
        # By its key: what is written meanwhile may move a row into the next batch as well.
        found |= {row.pk: (row, seen) for row, seen in _seen_of(actor, batch, categories)}
        tried += len(batch)
        if len(found) >= most or len(batch) < asked:
            return list(found.values())[:most], True
        # As many more as it takes if as many of them are seen, and some to spare.
        asked = (most - len(found)) * tried // max(len(found), 1) + _SPARE
        asked = min(asked, max(most, _MOST_TRIED))
        if at_most is not None and tried + asked > at_most:
            return [], False


def _seen_of(
    actor: Actor, rows: Sequence[Any], categories: Callable[[Any], Iterable[Category]]
) -> list[tuple[Any, Sight]]:
    seen = sights(actor, {row.person_id for row in rows})
    return [
        (row, seen[row.person_id])
        for row in rows
        if row.person_id in seen and seen[row.person_id].sees_some(categories(row))
    ]


def first_shown(
    found: Iterable[tuple[Row, Sight]],
    *categories: Category | str,
    limit: int,
    beyond: bool = False,
) -> tuple[list[Row], bool]:
    """The first rows whose people's categories are visible; whether there are more.

    Notes that they are shown, of those `limit` alone: what is not on the page is not recorded.
    `beyond`: there may be more than were found.
    """
    kept: list[Row] = []
    for row, seen in found:
        if not seen.sees(*categories):
            continue
        if len(kept) == limit:
            return kept, True
        seen.shows(*categories)
        kept.append(row)
    return kept, beyond
