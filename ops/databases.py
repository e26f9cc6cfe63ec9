"""Databases made from a template, as the tests need them: quick to have, quick to lose."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ops.postgres import SQL

#: Others clone the same template at the same moment, or have only just left it.
_TRIES = 20


def address(name: str, url: str) -> str:
    """The same server and role as in `url`, with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def clone(template: str, name: str) -> None:
    """Make database `name` a copy of `template`, in place of one that has that name already."""
    with _owner() as connection:
        _drop(connection, name)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        for attempt in range(1, _TRIES + 1):
            try:
                connection.execute(statement)
                break
            except psycopg.errors.ObjectInUse:
                if attempt == _TRIES:
                    raise
                _disconnect(connection, template)
    # A copy has the tables' rights, but not those of the database itself, nor its settings.
    _arrange(name)


def drop(name: str) -> None:
    """Remove a database, if it is there, whoever is still connected to it."""
    with _owner() as connection:
        _drop(connection, name)


def create_empty(name: str) -> None:
    """Make an empty database with the usual rights, in place of one of that name."""
    with _owner() as connection:
        _drop(connection, name)
        # Not template1, in which somebody may have left something.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        connection.execute(statement)
    _arrange(name)


def _arrange(name: str) -> None:
    """Give a database its rights and settings, as its owner."""
    owner = address(name, os.environ["DATABASE_OWNER_URL"])
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute((SQL / "database.sql").read_bytes())


def _owner() -> psycopg.Connection:
    """A connection as tl_owner to the database that the services came with, never a template."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _disconnect(connection: psycopg.Connection, name: str) -> None:
    """End what is still connected to a database, as far as its owner may."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 500) FROM pg_stat_activity WHERE datname = %s", [name]
    )
