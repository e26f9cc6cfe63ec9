"""A few accounts and ways to sign in, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client, RequestFactory

from access.actor import Member, Operator
from access.roles import Role
from agencies.actions import membership
from agencies.middleware import actor_of
from agencies.models import Agency, Membership, User

BY = Operator("test")
PASSWORD = "kettle-orchard-seventeen"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class World:
    """Agencies and accounts, opened by the product's own actions."""

    def agency(self, slug: str = "lead-charity") -> Agency:
        found = Agency.objects.filter(slug=slug).first()
        return found or membership.open_agency(
            name=slug.replace("-", " ").title(), slug=slug, kind="voluntary", by=BY
        )

    def user(self, username: str = "ann", *, demo: bool = True) -> User:
        found = User.objects.filter(username=username).first()
        return found or membership.open_account(
            username=username,
            name=username.title(),
            email=f"{username}@example.org",
            password=PASSWORD,
            is_demo=demo,
            by=BY,
        )

    def hat(
        self,
        username: str = "ann",
        slug: str = "lead-charity",
        role: Role = Role.PRACTITIONER,
        *,
        demo: bool = True,
    ) -> Membership:
        user, agency = self.user(username, demo=demo), self.agency(slug)
        return membership.begin(user=user, agency=agency, role=role, by=BY)

    def member(self, *args: Any, **kwargs: Any) -> Member:
        hat = self.hat(*args, **kwargs)
        return Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role))


@pytest.fixture
def world(db: None) -> World:
    return World()


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which a user has given name and password at the sign-in page."""

    def _sign_in(username: str = "ann", password: str = PASSWORD) -> Client:
        client = Client()
        client.post("/sign-in/", {"login": username, "password": password})
        return client

    return _sign_in


def session_actor(client: Client) -> Member | None:
    """The actor that the next request of this browser would have."""
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    return actor_of(request)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def add_app(user: User) -> None:
    """An authenticator app with a known key."""
    totp.TOTP.activate(user, SECRET)


def app_code() -> str:
    """What that app shows now."""
    return totp.format_hotp_value(
        totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time()))
    )
