"""Registers and trails read from a replica, when there is one.

A replica may be behind, and a bar or the end of a lead must act at once. So it gives rows, and
whether the auditor may review the people in them is asked of the primary afterwards, in the
request's own transaction. Who is no auditor any more is found out before, on the primary as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from access import replica
from access.actor import Actor
from access.replica import PRIMARY, Source
from oversight import paging, queries, scope

T = TypeVar("T")


def page(
    actor: Actor,
    sources: Sequence[paging.Rows],
    asked: Mapping[str, str],
    *,
    moment: str = "at",
) -> tuple[paging.Page, Source]:
    """One page of registers that start from `scope`, and as at when it is."""

    def rows(using: str) -> paging.Page:
        return paging.page([found.using(using) for found in sources], asked, moment=moment)

    # An agreement is about nobody.
    return _confirmed(
        actor, rows, lambda page: (getattr(row, "person_id", None) for row in page.rows)
    )


def viewed(actor: Actor, since: datetime, **only: UUID) -> tuple[list[dict[str, Any]], Source]:
    """Reads summed up (`queries.viewed`), and as at when they are."""
    found = queries.viewed(actor, since, **only)

    def rows(using: str) -> list[dict[str, Any]]:
        return list(found.using(using))

    return _confirmed(
        actor, rows, lambda rows: [row.get("person_id", only.get("person_id")) for row in rows]
    )


def _confirmed(
    actor: Actor, work: Callable[[str], T], people: Callable[[T], Iterable[UUID | None]]
) -> tuple[T, Source]:
    """What the replica gives, unless it shows somebody who may not be reviewed any more."""
    found, source = replica.read(work)
    if source.is_copy:
        shown = {person for person in people(found) if person is not None}
        if shown - scope.references(actor, shown).keys():
            return work(DEFAULT_DB_ALIAS), PRIMARY
    return found, source
