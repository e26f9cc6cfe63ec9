"""What every test stands on: a database of its own, cloned from the migrated template."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlparse

import pytest
from django.db import connections
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from ops.pytest_plugin import TEMPLATE, address, clone, drop

hypothesis_settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.register_profile(
    "deep",
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

NOW = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
"""An ordinary Tuesday afternoon: when the tests' stories are told."""


REAL_PROCESSES = ("tests/journeys/", "tests/ops/", "tests/oversight/test_replica.py")
"""Tests that wait for a browser or for servers that they start."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try what waits for other processes once more: a busy machine may lose a click.

    The closing line counts what was tried twice, so that it is looked into all the same.
    """
    for item in items:
        if item.nodeid.startswith(REAL_PROCESSES):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _own_name() -> str:
    return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def use_database(name: str) -> None:
    """Have Django talk to this database, as the application's own role."""
    parts = urlparse(address(name, os.environ["DATABASE_URL"]))
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = parts.path.lstrip("/")


def fresh_clone(template: str = TEMPLATE) -> None:
    """Throw this process's database away and clone it again."""
    for connection in connections.all():
        connection.close()
    drop(_own_name())
    clone(template, _own_name())


def _arrange(connection: Any, **_: Any) -> None:
    """Let the tests themselves arrange rows: they stand behind no wall.

    What they ask of a page, an endpoint, a job or a command says in its transaction who
    acts, and has the wall before it like any other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET app.kind = 'operator'")


connection_created.connect(_arrange, dispatch_uid="arrange")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: Any, django_db_blocker: Any) -> Iterator[None]:
    """A clone of the migrated template for each test process."""
    with django_db_blocker.unblock():
        drop(_own_name())
        clone(TEMPLATE, _own_name())
        use_database(_own_name())
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        drop(_own_name())


def _clone_again(self: TransactionTestCase) -> None:
    """Instead of flushing: tables that may only be added to can't be emptied."""
    fresh_clone()


TransactionTestCase._fixture_teardown = _clone_again  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, also as root and without a network."""
    return {
        "executable_path": "/usr/bin/chromium",
        "headless": True,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def at_now() -> Iterator[datetime]:
    """The story's instant, held for the whole test."""
    import time_machine

    from core import clock

    with time_machine.travel(NOW, tick=False), clock.at(NOW) as moment:
        yield moment


@pytest.fixture
def cast(db: Any, at_now: datetime) -> Any:
    """The usual cast, at the story's instant."""
    from access.reading import ledger
    from tests.factories.cast import build_cast

    with ledger():
        yield build_cast()


from tests.factories.demo import (  # noqa: E402 (it needs the database's names from above)
    _demo_clone,
    _demo_database,
    demo_template,
    demo_world,
    demo_world_committed,
)

__all__ = [
    "_demo_clone",
    "_demo_database",
    "demo_template",
    "demo_world",
    "demo_world_committed",
]
