"""Signing in as one of the cast, and moving the story's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from core import clock
from tests.conftest import NOW


@pytest.fixture
def sign_in(cast) -> Callable[[str], Client]:
    """A browser signed in as this user name."""

    def browser(username: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(cast.user(username))
        return client

    return browser


@pytest.fixture
def later() -> Callable[..., AbstractContextManager[datetime]]:
    """The story some time later: `with later(days=3): …`."""

    @contextmanager
    def then(**delta: float) -> Iterator[datetime]:
        moment = NOW + timedelta(**delta)
        with time_machine.travel(moment, tick=False), clock.at(moment):
            yield moment

    return then
