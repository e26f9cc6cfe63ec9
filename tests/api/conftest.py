"""What the tests of the API stand on: callers with tokens, and a story to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from access.categories import Category
from agencies.models import ApiToken
from audit.models import AccessRecord

API = "/api/v1/"


@dataclass
class Caller:
    """Somebody of the cast with a token, calling the API over HTTP."""

    secret: str
    token: ApiToken

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; `headers` in snake case, for example if_match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        extra = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(
            path if path.startswith(("http", "/")) else API + path,
            headers={"Authorization": f"Token {self.secret}", **named},
            **extra,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("get", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("post", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("patch", path, body, **headers)


@pytest.fixture
def call(cast):
    """A function: user name to caller."""

    def of(username: str, days: int = 30) -> Caller:
        hat = cast.hats[username]
        token, secret = ApiToken.objects.create(
            user=hat.user, expiry=timedelta(days=days), membership=hat
        )
        return Caller(secret, token)

    return of


@pytest.fixture
def kofi(cast):
    """A case led by the lead worker; its person is Kofi."""
    return cast.open_case()


@pytest.fixture
def housing(cast, kofi):
    """Kofi's case, with his housing shared with the housing officer."""
    cast.agree("lead-charity", "housing")
    cast.share(kofi.person, "housing", Category.HOUSING, worker="housing-officer")
    return kofi


@pytest.fixture
def reads():
    """A function: how many access records there are of somebody now."""

    def of(person) -> int:
        return AccessRecord.objects.filter(person_id=person.pk).count()

    return of
