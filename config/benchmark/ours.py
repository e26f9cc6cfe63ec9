"""The product, asked as anybody asks it: an address, a session or a token, all middleware."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from access.actor import Member, Operator
from access.context import transact
from access.reading import counted
from access.roles import Role
from agencies.models import ApiToken, Membership
from agencies.queries import actor_facts
from config.benchmark.floor import Seen
from config.benchmark.users import User

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


@dataclass
class Product:
    """The product's WSGI application, and the signs by which it knows its users."""

    handler: WSGIHandler = field(default_factory=WSGIHandler)
    _tokens: dict[str, str] = field(default_factory=dict)
    _cookies: dict[str, str] = field(default_factory=dict)

    def let_in(self, users: Iterable[User]) -> None:
        """Give each user a token, a second factor and a session, in the world in hand."""
        for user in users:
            hat = Membership.objects.select_related("user").get(pk=user.hat.membership)
            with transact(Operator("benchmark")):
                _, self._tokens[user.username] = ApiToken.objects.create(
                    user=hat.user, expiry=timedelta(days=1), membership=hat
                )
                # As everybody has one in production: the page asks for it on every request.
                if not Authenticator.objects.filter(user=hat.user).exists():
                    totp.TOTP.activate(hat.user, totp.generate_totp_secret())
            browser = Client()
            browser.force_login(hat.user)
            self._cookies[user.username] = browser.cookies[settings.SESSION_COOKIE_NAME].value

    def by_token(self, user: User, path: str) -> Answer:
        """A call of the API."""
        return self._ask(path, HTTP_AUTHORIZATION=f"Token {self._tokens[user.username]}")

    def by_session(self, user: User, path: str) -> Answer:
        """A page."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={self._cookies[user.username]}"
        return self._ask(path, HTTP_COOKIE=cookie)

    @contextmanager
    def known(self, user: User) -> Iterator[None]:
        """In a transaction of the user's, of whom it is known who they are, as in every request."""
        member = member_of(user)
        with transact(member, route="benchmark"):
            actor_facts(member)
            yield

    def count(self, user: User) -> str:
        """How many people the user sees, as the list says it: the count alone, as guardian's is.

        Guardian is given the account that middleware would have loaded; so is this (`known`).
        """
        return counted(member_of(user))

    def post(self, user: User, path: str, body: dict[str, Any]) -> Answer:
        """A write through the API."""
        return self._ask(
            path,
            method="POST",
            sent=json.dumps(body).encode(),
            HTTP_AUTHORIZATION=f"Token {self._tokens[user.username]}",
        )

    def _ask(self, path: str, method: str = "GET", sent: bytes = b"", **headers: str) -> Answer:
        parts = urlsplit(path)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": HOST,
            "CONTENT_TYPE": "application/json" if sent else "",
            "CONTENT_LENGTH": str(len(sent)),
            # As behind the proxy of production, where everything else is redirected.
            "HTTP_X_FORWARDED_PROTO": "https",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(sent),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **headers,
        }
        response = self.handler(environ, _started)
        body = b"".join(response)
        response.close()
        return Answer(response.status_code, body)


def member_of(user: User) -> Member:
    """The member as whom a user works."""
    return Member(user.hat.user, user.hat.membership, user.hat.agency, Role(user.hat.role))


def _started(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
    """What a server does when the answer begins: here, nothing."""


_LINE = re.compile(r'<tr class="govuk-table__row" role="row" data-category="pointer">(.*?)</tr>',
                   re.DOTALL)  # fmt: skip
_PERSON = re.compile(r'href="/people/(YP-[A-Z0-9]+)/"')
_CASE = re.compile(r'href="/cases/(CA-[A-Z0-9]+)/"')
_CONTACT = 'data-category="contact"'
_CARD = "Ask the lead worker"


def failed(answer: Answer) -> Seen:
    """How an answer that is no list is compared: equal to nothing of the floor's."""
    return (("status", answer.status, answer.body[:200].decode(errors="replace")),)


def people(answer: Answer) -> Seen:
    """Of the API's list of people: reference and what is visible, as the floor gives it."""
    if answer.status != 200:
        return failed(answer)
    return tuple(_person(row) for row in json.loads(answer.body)["results"])


def _person(row: dict[str, Any]) -> tuple[Any, ...]:
    leaked = set(row) - {"reference", "visible", *row["visible"]}
    return (row["reference"], (*row["visible"], *sorted(leaked)))


def cases(answer: Answer) -> Seen:
    """Of the API's list of cases: reference, person, and whether identity's part is shown."""
    if answer.status != 200:
        return failed(answer)
    rows = json.loads(answer.body)["results"]
    return tuple((row["reference"], row.get("person"), "plan" in row) for row in rows)


def people_page(answer: Answer) -> Seen:
    """Of the page of people: reference, whether the last contact shows, whether only a card."""
    if answer.status != 200:
        return failed(answer)
    lines = _LINE.findall(answer.body.decode())
    return tuple((_named(_PERSON, line), _CONTACT in line, _CARD in line) for line in lines)


def cases_page(answer: Answer) -> Seen:
    """Of the page of cases: case, person, whether the last contact shows."""
    if answer.status != 200:
        return failed(answer)
    lines = _LINE.findall(answer.body.decode())
    return tuple((_named(_CASE, line), _named(_PERSON, line), _CONTACT in line) for line in lines)


def _named(pattern: re.Pattern[str], line: str) -> str | None:
    found = pattern.search(line)
    return found.group(1) if found else None
