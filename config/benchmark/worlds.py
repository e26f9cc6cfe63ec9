"""The databases that are measured: one for each size, made once and kept."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import CommandError, call_command
from psycopg import sql

from config.benchmark import side_tables
from config.benchmark.doors import Doors
from ops import databases, stack

EMPTY = "tl_bench_empty"
"""A migrated database without rows: what the worlds are cloned from."""
KEPT_DAYS = 7
"""What is dated in a world runs out as the days pass: an older one is made again."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class World:
    """One synthetic world and where it is."""

    people: int
    seed: int
    app: str
    """Address of the database as the application's role."""
    owner: str
    """Address of the database as the owner of the tables."""
    seconds: float
    """How long it took to make; 0 when an earlier run had made it."""


def prepare(people: int, seed: int, *, agencies: int, template: str | None, say: Say) -> World:
    """The world of this size and seed: the one kept, or a new one. Raises CommandError."""
    if not all(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")):
        raise CommandError(
            "DATABASE_URL and DATABASE_OWNER_URL must name a server and the owner of its tables."
            " Or run it as python -m ops.stack --throwaway -- python manage.py benchmark"
        )
    name = f"tl_bench_{people}_{seed}"
    app = databases.address(name, os.environ["DATABASE_URL"])
    owner = databases.address(name, os.environ["DATABASE_OWNER_URL"])
    mark = f"{people}/{seed}/{agencies}/{_fingerprint()}"
    if _is_kept(name, mark):
        say(f"{people:,} people: kept from an earlier run")
        _bring_up_to_date(owner)
        return World(people, seed, app, owner, 0)
    begun = time.monotonic()
    databases.clone(template or _empty(say), name)
    say(f"{people:,} people: making them")
    doors = Doors(app, owner)
    try:
        with doors.through(doors.up):
            call_command("generate_population", people=people, seed=seed, agencies=agencies,
                         stdout=StringIO())  # fmt: skip
    finally:
        doors.close()
    with psycopg.connect(owner, autocommit=True) as connection:
        side_tables.build(connection)
        # As the database does by itself in a day: until then an index is not enough to say
        # which rows there are, for us and for everybody beside us.
        connection.execute("VACUUM (ANALYZE)")
        _sign(connection, mark)
    seconds = time.monotonic() - begun
    say(f"{people:,} people: made in {seconds:.0f} s")
    return World(people, seed, app, owner, seconds)


def _bring_up_to_date(owner: str) -> None:
    """Have a kept world's functions and policies written as they are now: after every migration."""
    stack.migrated({**os.environ, "DATABASE_OWNER_URL": owner})


def _fingerprint() -> str:
    """What a kept world must have been made with: migrations, generator, side tables."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    made_by = [
        *sorted(root.glob("*/migrations/*.py")),
        *sorted((root / "config" / "population").glob("*.py")),
        root / "ops" / "sql" / "database.sql",
        Path(side_tables.__file__),
    ]
    for path in made_by:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _is_kept(name: str, mark: str) -> bool:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
    if found is None or found[0] is None:
        return False
    made_with, _, made_at = str(found[0]).rpartition("@")
    return made_with == mark and time.time() - float(made_at) < KEPT_DAYS * 86_400


def _sign(connection: psycopg.Connection, mark: str) -> None:
    """Say with what the database was made: last of all, so that a half-made one is not kept."""
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
        sql.Identifier(connection.info.dbname), sql.Literal(f"{mark}@{time.time():.0f}")
    )
    connection.execute(statement)


def _empty(say: Say) -> str:
    """The migrated database without rows, made or made anew where the migrations are others."""
    mark = f"empty/{_fingerprint()}"
    owner = databases.address(EMPTY, os.environ["DATABASE_OWNER_URL"])
    if _is_kept(EMPTY, mark):
        _bring_up_to_date(owner)
    else:
        say("migrating an empty database")
        databases.create_empty(EMPTY)
        _bring_up_to_date(owner)
        with psycopg.connect(owner, autocommit=True) as connection:
            _sign(connection, mark)
    return EMPTY
