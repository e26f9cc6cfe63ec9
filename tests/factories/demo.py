"""The demo world for tests: loaded once a run, cloned for each test process.

`demo_world` is rolled back after each test; `demo_world_committed` is a clone of its own,
for live servers. A test that asks for either needs no django_db marker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from ops.pytest_plugin import TEMPLATE, clone, drop

LOADED = "throughline_demo"
"""The template with the demo in it, common to all test processes of a run."""
_LOCK = 20_260_303


def _own_name() -> str:
    return f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def _close() -> None:
    for connection in connections.all():
        connection.close()


def _load() -> None:
    """Load the demo into a clone of the migrated template, unless another process has."""
    from config.demo.load import load
    from tests.conftest import use_database

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        # Held until this connection closes: the others wait here and find it loaded.
        owner.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        there = owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [LOADED]).fetchone()
        if there:
            return
        clone(TEMPLATE, f"{LOADED}_unfinished")
        use_database(f"{LOADED}_unfinished")
        load()
        _close()
        clone(f"{LOADED}_unfinished", LOADED)
        drop(f"{LOADED}_unfinished")


def _switch_to_demo(blocker: Any, own: str) -> None:
    from tests.conftest import use_database

    with blocker.unblock():
        clone(LOADED, own)
        use_database(own)


def _switch_back(blocker: Any) -> None:
    from tests.conftest import _own_name as ordinary
    from tests.conftest import use_database

    with blocker.unblock():
        _close()
        use_database(ordinary())


@pytest.fixture(scope="session")
def demo_template(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The template with the demo in it."""
    with django_db_blocker.unblock():
        try:
            _load()
            clone(LOADED, _own_name())
        finally:
            _switch_back(django_db_blocker)
    yield
    with django_db_blocker.unblock():
        drop(_own_name())


@pytest.fixture
def _demo_database(demo_template: None, django_db_blocker: Any) -> Iterator[None]:
    from tests.conftest import use_database

    with django_db_blocker.unblock():
        _close()
        use_database(_own_name())
    yield
    _switch_back(django_db_blocker)


@pytest.fixture
def demo_world(_demo_database: None, db: None) -> None:
    """The demo; what a test changes is rolled back."""


@pytest.fixture
def _demo_clone(demo_template: None, django_db_blocker: Any) -> Iterator[None]:
    own = f"{_own_name()}_own"
    _switch_to_demo(django_db_blocker, own)
    yield
    _switch_back(django_db_blocker)
    with django_db_blocker.unblock():
        drop(own)


@pytest.fixture
def demo_world_committed(_demo_clone: None, transactional_db: None) -> None:
    """The demo in a database of this test's own: for live servers and many connections."""
