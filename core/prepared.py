"""Queries of the ORM that every request asks: written as queries, compiled once.

To build a query costs several times what the database needs to answer it. The few that stand
before everything else (whose token, which membership, what they may do) are built once with
marks in place of values; afterwards only the values are put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor

from core.rows import instances

_MARKS: dict[type, Callable[[int], Any]] = {
    UUID: lambda place: UUID(int=(1 << 127) + place),
    datetime: lambda place: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(microseconds=place),
    str: lambda place: f"\x01{place}",
}


class Prepared:
    """A query whose statement is worked out once.

    `build` makes it of values by name; `kinds` gives the type of each value (UUID, datetime,
    str). For `rows` it ends with `values_list`, and what a field would convert stays as the
    database gives it.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]], **kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._compiled: tuple[Statement, dict[str, Any], Any] | None = None

    def sql(self) -> tuple[str, dict[str, Any]]:
        """The statement, to be put into another: its placeholders have the values' names.

        And the values by name that are the same each time.
        """
        statement, fixed, _ = self._compiled or self._compile()
        return statement.sql, fixed

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values. Raises TypeError when one is missing or too many."""
        return self._asked(values)[0]

    def instances(self, **values: Any) -> list[Any]:
        """The same as instances of the model, with what is read along with them."""
        rows, compiler = self._asked(values)
        return instances(compiler, compiler.results_iter([rows]))

    def _asked(self, values: dict[str, Any]) -> tuple[list[tuple[Any, ...]], Any]:
        if values.keys() != self._kinds.keys():
            raise TypeError(f"The values of this query are: {', '.join(self._kinds)}.")
        statement, fixed, compiler = self._compiled or self._compile()
        return statement.rows({**fixed, **values}), compiler

    def _compile(self) -> tuple[Statement, dict[str, Any], Any]:
        marks = {
            name: _MARKS[kind](place) for place, (name, kind) in enumerate(self._kinds.items(), 1)
        }
        compiler = self._build(**marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        named = {mark: name for name, mark in marks.items()}
        names = [named.get(one, f"fixed_{place}") for place, one in enumerate(parameters)]
        fixed = {name: one for name, one in zip(names, parameters, strict=True) if one not in named}
        in_order = iter(names)
        statement = Statement(
            _PLACE.sub(lambda found: f"%({next(in_order)})s" if found[0] == "%s" else found[0], sql)
        )
        self._compiled = (statement, fixed, compiler)
        return self._compiled


_PLACE = re.compile(r"%%|%s")
_NAMED = re.compile(r"%\((\w+)\)s")


class Statement:
    """A statement that is long and asked often, with placeholders by name.

    They are numbered once: the driver would look through a long one each time.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._names = tuple(dict.fromkeys(_NAMED.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self._names, 1)}
        self._numbered = _NAMED.sub(lambda found: places[found[1]], sql).replace("%%", "%")

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows for these values. Raises KeyError when one is missing."""
        with self._asked(values) as cursor:
            return cursor.fetchall()

    def run(self, values: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Do what it does with these values, without a look at what it answers."""
        with self._asked(values, using):
            pass

    def row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The row of a statement that answers with one. Raises KeyError, as `rows` does."""
        [found] = self.rows(values)
        return found

    @contextmanager
    def _asked(
        self, values: Mapping[str, Any], using: str = DEFAULT_DB_ALIAS
    ) -> Iterator[CursorWrapper]:
        to = connections[using]
        if to.queries_logged:
            # The log writes down what was sent, and knows names alone.
            with to.cursor() as cursor:
                cursor.execute(self.sql, values)
                yield cursor
            return
        to.ensure_connection()
        # Its own kind of cursor is what Django wraps everywhere.
        with to.make_cursor(RawCursor(to.connection)) as raw:  # type: ignore[arg-type]
            raw.execute(self._numbered, [values[name] for name in self._names])
            yield raw
