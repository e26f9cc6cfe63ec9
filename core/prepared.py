"""Queries of the ORM that every request asks: written as queries, compiled once.

To build a query costs several times what the database needs to answer it. The few that stand
before everything else (whose token, which membership, what they may do) are built once with
marks in place of values; afterwards only the values are put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import RawCursor

from core.rows import instances

_Value = Callable[[dict[str, Any]], Any]
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
        self._compiled: tuple[str, list[_Value], Any] | None = None

    def sql(self, **values: Any) -> tuple[str, list[Any]]:
        """The statement and its parameters for these values, to be put into another."""
        sql, parameters, _ = self._compiled or self._compile()
        return sql, [part(values) for part in parameters]

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
        sql, parameters, compiler = self._compiled or self._compile()
        with connection.cursor() as cursor:
            cursor.execute(sql, [part(values) for part in parameters])
            return cursor.fetchall(), compiler

    def _compile(self) -> tuple[str, list[_Value], Any]:
        marks = {
            name: _MARKS[kind](place) for place, (name, kind) in enumerate(self._kinds.items(), 1)
        }
        compiler = self._build(**marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        named = {mark: name for name, mark in marks.items()}
        places = [_value_of(named.get(one), one) for one in parameters]
        self._compiled = (sql, places, compiler)
        return self._compiled


def _value_of(name: str | None, fixed: Any) -> _Value:
    if name is None:
        return lambda values: fixed
    return lambda values: values[name]


_NAMED = re.compile(r"%\((\w+)\)s")


class Statement:
    """A statement by hand, with placeholders by name, that is long and asked often.

    Its placeholders are numbered once: the driver would look through a long one each time.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._names = tuple(dict.fromkeys(_NAMED.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self._names, 1)}
        self._numbered = _NAMED.sub(lambda found: places[found[1]], sql)

    def row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The first row for these values. Raises KeyError when one is missing."""
        if connection.queries_logged:
            # The log writes down what was sent, and knows names alone.
            with connection.cursor() as cursor:
                cursor.execute(self.sql, values)
                found = cursor.fetchone()
        else:
            connection.ensure_connection()
            # Its own kind of cursor is what Django wraps everywhere.
            with connection.make_cursor(RawCursor(connection.connection)) as raw:  # type: ignore[arg-type]
                raw.execute(self._numbered, [values[name] for name in self._names])
                found = raw.fetchone()
        assert found is not None, "it answers with one row"
        return tuple(found)
