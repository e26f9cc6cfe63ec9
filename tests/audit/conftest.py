"""A trail that is sealed into sinks of its own, and the owner of its tables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from access.actor import System
from access.context import transact
from audit import sealing, trail
from audit.verifying import Report, verify
from core.ids import new_id
from ops.databases import address, clone, drop
from ops.pytest_plugin import TEMPLATE
from tests.conftest import NOW, _own_name, use_database
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]

JOB = System("tests")


@pytest.fixture
def sinks(settings, tmp_path) -> list[Path]:
    """A file and a folder of objects, both empty."""
    places = [tmp_path / "checkpoints.jsonl", tmp_path / "objects"]
    settings.AUDIT_SINKS = [places[0].as_uri(), "objects://" + str(places[1])]
    return places


def add(number: int, **said) -> None:
    """So many records, half of them of reads."""
    for one in range(number):
        person = new_id()
        if one % 2:
            trail.record_reads(JOB, [trail.Read(person, 6, said.get("purpose", ""))], route="test")
        else:
            trail.record(JOB, "goal.added", person_id=person, categories=2, values={"words": "x"})


@dataclass
class Story:
    """A database with a sealed trail, its sinks, and its owner."""

    name: str
    sinks: list[Path]
    owner: psycopg.Connection

    def did(self, *statements: str) -> int:
        """What somebody with every right over the database does; the number of rows touched."""
        touched = 0
        for statement in statements:
            touched += max(self.owner.execute(statement).rowcount, 0)
        return touched

    def column(self, statement: str) -> list:
        return [row[0] for row in self.owner.execute(statement).fetchall()]

    def look(self) -> Report:
        return verify()


def _owner(name: str) -> psycopg.Connection:
    connection = psycopg.connect(address(name, os.environ["DATABASE_OWNER_URL"]), autocommit=True)
    for table in ("event", "accessrecord", "checkpoint", "chainlink"):
        # Whoever owns a table does not mind its triggers.
        connection.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
    return connection


def _unplug() -> None:
    for connection in connections.all():
        connection.close()


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """A template with 250 sealed records and 7 that wait, and the folder of its sinks."""
    from django.test import override_settings

    name, folder = f"{_own_name()}_trail", tmp_path_factory.mktemp("sinks")
    with django_db_blocker.unblock():
        clone(TEMPLATE, name)
        use_database(name)
        urls = [(folder / "checkpoints.jsonl").as_uri(), f"objects://{folder}/objects"]
        with override_settings(AUDIT_SINKS=urls):
            for day in range(5):
                with transact(JOB, route="test", at=NOW + timedelta(days=day)):
                    add(50)
                sealing.run()
            with transact(JOB, route="test"):
                add(7)
        _unplug()
        use_database(_own_name())
    yield name, folder
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture
def story(told, settings, tmp_path, django_db_blocker) -> Iterator[Story]:
    """The sealed trail, for this test to spoil."""
    template, folder = told
    name = f"{_own_name()}_spoilt"
    shutil.copytree(folder, tmp_path / "sinks")
    places = [tmp_path / "sinks" / "checkpoints.jsonl", tmp_path / "sinks" / "objects"]
    settings.AUDIT_SINKS = [places[0].as_uri(), f"objects://{places[1]}"]
    with django_db_blocker.unblock():
        clone(template, name)
        use_database(name)
        with _owner(name) as owner:
            yield Story(name, places, owner)
        _unplug()
        use_database(_own_name())
        drop(name)


@pytest.fixture
def committed(django_db_setup, django_db_blocker, sinks) -> Iterator[None]:
    """An empty database in which what is done is done."""
    name = f"{_own_name()}_committed"
    with django_db_blocker.unblock():
        clone(TEMPLATE, name)
        use_database(name)
        yield
        _unplug()
        use_database(_own_name())
        drop(name)
