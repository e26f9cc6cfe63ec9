"""Standing behind the wall: what the database itself shows to a transaction's actor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection

from access.actor import Actor
from access.context import transact
from access.facts import World, world_to
from tests.access import oracle


@contextmanager
def behind_the_wall(actor: Actor | None, at: datetime | None = None) -> Iterator[None]:
    """Ask as this actor would, in a transaction that has told the database so."""
    with transact(actor, route="test", at=at) as notes:
        yield
        notes.shown.clear()


def raw(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """Rows by plain SQL, as the application's own role and past all of the code."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def people_in(table: str, column: str, among: Iterable[UUID] | None = None) -> set[UUID]:
    """The people of whom plain SQL gives rows of a table."""
    narrowed = "" if among is None else f"WHERE {column} = ANY (%s)"
    asked = [] if among is None else [list(among)]
    return {row[0] for row in raw(f"SELECT DISTINCT {column} FROM {table} {narrowed}", *asked)}


def is_coarsely_visible(world: World) -> bool:
    """The coarse form of the rule, by the oracle: an effective involvement, and not barred."""
    facts = oracle.read_facts(world_to(world))
    return bool(oracle.effective_involvements(facts)) and "barred" not in oracle.forbids_that_hold(
        facts
    )
