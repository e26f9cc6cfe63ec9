"""Services for the tests: `python -m pytest -p ops.pytest_plugin`.

pytest-django reads the settings before any conftest, so what the settings read must be there
before: hence a plugin, which starts a throwaway stack in the controlling process (the workers of
xdist inherit its environment), migrates one template database as the owner, and stops the stack at
the end. Services that `DATABASE_URL` and `REDIS_URL` name are used as they are.

The fixtures of the tests clone the template: see `ops.databases`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator

import pytest

from ops import stack
from ops.databases import address, clone, create_empty, drop
from ops.state import StackError

__all__ = ["TEMPLATE", "address", "clone", "create_empty", "drop"]

#: The migrated database that the tests clone.
TEMPLATE = "throughline_template"
_services = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the services, before pytest-django's turn: a wrapper comes before all others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    # Playwright runs an event loop in the thread of the tests, beside the live server.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    asked = early_config.known_args_namespace
    worker = "PYTEST_XDIST_WORKER" in os.environ
    if not (worker or asked.help or getattr(asked, "version", 0)):
        _start(migrate=not getattr(asked, "collectonly", False))
    return (yield)


def _start(*, migrate: bool) -> None:
    try:
        os.environ.update(_services.enter_context(stack.running(throwaway=True, migrate=False)))
        if migrate:
            create_empty(TEMPLATE)
            owner = address(TEMPLATE, stack.as_owner(os.environ)["DATABASE_OWNER_URL"])
            stack.migrated({**os.environ, "DATABASE_OWNER_URL": owner})
    except BaseException as problem:
        _services.close()
        if isinstance(problem, StackError):
            raise pytest.UsageError(str(problem)) from None
        raise


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop what was started; in a worker, and with services of others, that is nothing."""
    _services.close()
