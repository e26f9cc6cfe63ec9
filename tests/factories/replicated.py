"""A database with a replica that follows it, and the cast in it: a stack of its own.

What a test does here is committed, because only that reaches a replica. Nothing sleeps for a
while and hopes: what has to have happened is asked of the databases.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql
import pytest
from django.db import connections
from django.test import Client

from ops import binaries, databases, lifeline
from ops.pytest_plugin import TEMPLATE
from ops.state import CHECKOUT

_NAMED = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_REPLICA_URL", "THROUGHLINE_STATE"}


@dataclass
class Replicated:
    """The two servers, and whoever is in them."""

    folder: Path
    env: dict[str, str]
    cast: Any

    def caught_up(self) -> None:
        """Wait until the replica has everything that is on the primary now."""
        with self.primary() as primary, self.replica() as replica:
            [there] = primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
            arrived = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
            assert lifeline.wait_until(lambda: replica.execute(arrived, [there]).fetchone()[0], 20)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Hold the replica at where it is: it receives and shows nothing new."""
        self.caught_up()
        with self.replica(superuser=True) as replica:
            replica.execute("SELECT pg_wal_replay_pause()")
            held = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
            assert lifeline.wait_until(lambda: replica.execute(held).fetchone()[0], 20)
            try:
                yield
            finally:
                replica.execute("SELECT pg_wal_replay_resume()")
        self.caught_up()

    def stop_replica(self) -> None:
        """Stop it, as a machine that fails."""
        [record] = self.folder.glob("*/run/replica.json")
        pid = lifeline.noted(record)
        os.kill(pid, signal.SIGQUIT)
        assert lifeline.wait_until(lambda: lifeline.birth(pid) is None, 20)

    def primary(self) -> psycopg.Connection:
        return psycopg.connect(self.env["DATABASE_OWNER_URL"], autocommit=True)

    def replica(self, *, superuser: bool = False) -> psycopg.Connection:
        """As the application, or as who may stop its replay."""
        url = self.env["DATABASE_REPLICA_URL"]
        if not superuser:
            return psycopg.connect(url, autocommit=True)
        [kept] = self.folder.glob("*/secrets.json")
        password = json.loads(kept.read_text())["postgres_password"].rstrip("=")
        where = url.partition("@")[2]
        return psycopg.connect(f"postgresql://postgres:{password}@{where}", autocommit=True)

    def sign_in(self, username: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.cast.user(username))
        return client


@pytest.fixture(scope="module")
def replicated(django_db_setup: None, django_db_blocker: Any) -> Iterator[Replicated]:
    """A primary and its replica, with the migrated schema and the cast in both."""
    with contextlib.ExitStack() as ending:
        folder = Path(tempfile.mkdtemp(prefix="throughline-test-", dir="/tmp"))
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        env = _started(folder, ending)
        _fill(env)
        ending.enter_context(django_db_blocker.unblock())
        ending.enter_context(_django_uses(env))
        there = Replicated(folder, env, _cast())
        there.caught_up()
        yield there


def _started(folder: Path, ending: contextlib.ExitStack) -> dict[str, str]:
    """Start both servers in a process of their own; they end with the fixture."""
    kept = {name: value for name, value in os.environ.items() if name not in _NAMED}
    options = ["--throwaway", "--replica", "--no-migrate"]
    launcher = subprocess.Popen(
        [sys.executable, "-m", "ops.stack", *options, "--", "sh", "-c", "env; echo; read line"],
        env={**kept, "TMPDIR": str(folder)},
        cwd=CHECKOUT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    ending.callback(launcher.communicate, timeout=60)
    assert launcher.stdout is not None
    said = iter(launcher.stdout.readline, "\n")
    return dict(line.rstrip("\n").split("=", 1) for line in said if "=" in line)


def _fill(env: dict[str, str]) -> None:
    """Bring the migrated schema over from the tests' template: quicker than migrating again."""
    programs = binaries.folder()
    template = databases.address(TEMPLATE, os.environ["DATABASE_OWNER_URL"])
    dump = [str(programs / "pg_dump"), "--no-comments", template]
    restore = [str(programs / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    written = subprocess.run(dump, check=True, capture_output=True).stdout
    # It makes the schema, which is there.
    written = written.replace(b"CREATE SCHEMA public;", b"")
    subprocess.run([*restore, env["DATABASE_OWNER_URL"]], input=written, check=True)
    # As in production: a throwaway server answers before a commit stands in the log, and then the
    # replica seems to have what it can't have got.
    with psycopg.connect(env["DATABASE_OWNER_URL"], autocommit=True) as owner:
        name = psycopg.sql.Identifier(owner.info.dbname)
        setting = psycopg.sql.SQL("ALTER DATABASE {} SET synchronous_commit = on")
        owner.execute(setting.format(name))


@contextlib.contextmanager
def _django_uses(env: dict[str, str]) -> Iterator[None]:
    """Have Django talk to these two servers, then to the tests' own again."""
    from config.settings.base import database, replica

    own = connections["default"].settings_dict
    before, wanted = dict(own), database(env["DATABASE_URL"])
    for connection in connections.all():
        connection.close()
    own.update({name: wanted[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")})
    both = {"default": {**wanted}, "replica": replica(env["DATABASE_REPLICA_URL"])}
    connections.databases["replica"] = connections.configure_settings(both)["replica"]
    try:
        yield
    finally:
        for connection in connections.all():
            connection.close()
        del connections.databases["replica"]
        del connections["replica"]
        own.clear()
        own.update(before)


def _cast() -> Any:
    """The cast and two people with a consent each, in the story's time: all of it has begun."""
    from access.categories import Category
    from access.reading import ledger
    from access.roles import Role
    from core import clock
    from tests.conftest import NOW
    from tests.factories.cast import build_cast

    with clock.at(NOW), ledger():
        cast = build_cast()
        cast.hire("second-auditor", "lead-charity", Role.AUDITOR)
        cast.hire("charity-analyst", "lead-charity", Role.ANALYST)
        for name in ("Kofi", "Ama"):
            case = cast.open_case(given_name=name)
            cast.share(case.person, "housing", Category.HOUSING, Category.CONTACT)
    return cast
