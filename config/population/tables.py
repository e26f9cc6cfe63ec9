"""Writing rows by COPY, as the owner of the tables."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pghistory.trigger
import pgtrigger
import psycopg
from django.core.management import CommandError
from django.db import connection, models
from psycopg import sql

NULL = "\\N"


class Table:
    """The rows of one model that wait to be written.

    `columns` are given row by row; every other column gets its field's default, so that a
    new field with a default needs no change here.
    """

    def __init__(self, model: type[models.Model], *columns: str, **same: Any) -> None:
        self.model = model
        fields = {
            field.attname: field
            for field in model._meta.concrete_fields
            if not getattr(field, "generated", False)
        }
        rest = [name for name in fields if name not in columns]
        self.columns = [fields[name].column for name in (*columns, *rest)]
        defaults = [
            _text(fields[name], same[name] if name in same else fields[name].get_default())
            for name in rest
        ]
        self._width = len(columns)
        self._tail = "".join(f"\t{value}" for value in defaults) + "\n"
        self._rows: list[str] = []

    def add(self, *values: str) -> None:
        """Add one row: the values of `columns`, as PostgreSQL writes them."""
        self._rows.append("\t".join(values) + self._tail)

    def take(self) -> str:
        """Everything that waits, as one text, and forget it."""
        text = "".join(self._rows)
        self._rows.clear()
        return text


def _text(field: Any, value: Any) -> str:
    prepared = field.get_prep_value(value)
    if prepared is None:
        return NULL
    if isinstance(prepared, bool):
        return "t" if prepared else "f"
    if isinstance(prepared, datetime):
        return prepared.isoformat()
    if isinstance(prepared, dict):
        return json.dumps(prepared)
    if isinstance(prepared, (list, tuple)):
        return "{" + ",".join(map(str, prepared)) + "}"
    return str(prepared)


class Writer:
    """A connection as the owner of the tables: row-level security does not allow COPY."""

    def __init__(self) -> None:
        address = os.environ.get("DATABASE_OWNER_URL")
        if not address:
            raise CommandError("DATABASE_OWNER_URL must name the owner of the tables.")
        name = connection.settings_dict["NAME"]
        self._connection = psycopg.connect(address, dbname=str(name), autocommit=True)
        # Where this is not set, each trigger finds out by an exception, whose price grows
        # with the number of checks that wait: minutes, for some thousand rows.
        self._connection.execute("SET pgtrigger.ignore = '{}'")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def write(self, parts: Iterable[tuple[Table, str]]) -> None:
        """Write what was taken from tables, in that order, in one transaction.

        No history is kept of it: these rows have none. All other checks stay on.
        """
        wanted = [(table, text) for table, text in parts if text]
        with self._connection.transaction(), self._without_history(wanted) as cursor:
            for table, text in wanted:
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(table.model._meta.db_table),
                    # psycopg types its pieces more narrowly than `join` accepts them.
                    sql.SQL(", ").join(  # type: ignore[misc]
                        [sql.Identifier(str(column)) for column in table.columns]
                    ),
                )
                with cursor.copy(statement) as copy:
                    copy.write(text)

    def analyse(self, written: Iterable[type[models.Model]]) -> None:
        """Have the planner know the tables of these models."""
        with self._connection.transaction():
            for model in written:
                name = sql.Identifier(model._meta.db_table)
                self._connection.execute(sql.SQL("ANALYZE {}").format(name))

    @contextmanager
    def _without_history(self, parts: list[tuple[Table, str]]) -> Iterator[psycopg.Cursor]:
        written: set[Any] = {table.model for table, _ in parts}
        triggers = [
            (model._meta.db_table, trigger.get_pgid(model))
            for model, trigger in pgtrigger.registered()
            if model in written and isinstance(trigger, pghistory.trigger.Event)
        ]
        change = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
        with self._connection.cursor() as cursor:
            for table, trigger in triggers:
                names = sql.Identifier(table), sql.SQL("DISABLE"), sql.Identifier(trigger)
                cursor.execute(change.format(*names))
            yield cursor
            # A table with checks still to come can't be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table, trigger in triggers:
                names = sql.Identifier(table), sql.SQL("ENABLE"), sql.Identifier(trigger)
                cursor.execute(change.format(*names))
