"""An administrator helps who has lost their second step, and takes API tokens back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from access.actor import NotAllowed
from agencies.actions import token
from agencies.models import ApiToken
from audit.models import Event
from core.errors import Conflict
from core.models import OutboxMessage
from tests.agencies.conftest import add_app
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]

ADMINISTRATOR = "lead-charity-administrator"
LIST = "/manage/memberships/"


def second_step(cast, username="lead-worker"):
    return f"{LIST}{cast.hats[username].pk}/second-step/"


def test_a_lost_second_step_is_removed_after_one_question(cast, sign_in):
    add_app(cast.user("lead-worker"))
    browser, path = sign_in(ADMINISTRATOR), second_step(cast)
    assert path in browser.get(LIST).content.decode()
    assert "Remove the second step of Lead Worker?" in browser.get(path).content.decode()
    assert Authenticator.objects.exists(), "asking changes nothing"
    assert browser.post(path)["Location"] == LIST
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(verb="account.factors_removed").count() == 1
    promised = OutboxMessage.objects.get(task="agencies.tell_account_changed")
    assert promised.arguments["user_id"] == str(cast.user("lead-worker").pk)


@pytest.mark.parametrize("username", [ADMINISTRATOR, "unit-worker"])
def test_neither_ones_own_nor_that_of_who_works_elsewhere(cast, sign_in, username):
    add_app(cast.user(username))
    browser = sign_in(ADMINISTRATOR)
    assert second_step(cast, username) not in browser.get(LIST).content.decode()
    assert browser.get(second_step(cast, username)).status_code == 404
    assert browser.post(second_step(cast, username)).status_code == 404
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("username", ["charity-manager", "lead-worker", "auditor"])
def test_nobody_else_removes_one(cast, sign_in, username):
    add_app(cast.user("lead-worker"))
    assert sign_in(username).post(second_step(cast)).status_code == 403
    assert Authenticator.objects.filter(user=cast.user("lead-worker")).exists()


@pytest.fixture
def made(cast):
    hat = cast.hats["lead-worker"]
    return ApiToken.objects.create(user=hat.user, expiry=timedelta(days=1), membership=hat)


def test_a_token_that_is_taken_back_opens_nothing(cast, sign_in, made):
    row, secret = made
    caller = Client(headers={"Authorization": f"Token {secret}"})
    assert caller.get("/api/v1/people/").status_code == 200
    browser, path = sign_in(ADMINISTRATOR), f"/manage/tokens/{row.pk}/"
    assert path in browser.get(LIST).content.decode()
    assert "Take back a token of Lead Worker?" in browser.get(path).content.decode()
    assert caller.get("/api/v1/people/").status_code == 200, "asking changes nothing"
    assert browser.post(path)["Location"] == LIST
    assert caller.get("/api/v1/people/").status_code == 401
    assert Event.objects.filter(verb="token.revoked").count() == 1
    assert browser.post(path).status_code == 404
    assert sign_in("lead-worker").get("/people/").status_code == 200, "the membership goes on"


@pytest.mark.parametrize(
    ("username", "status"),
    [("borough-unit-administrator", 404), ("charity-manager", 403), ("lead-worker", 403)],
)
def test_nobody_else_takes_it_back(cast, sign_in, made, username, status):
    path = f"/manage/tokens/{made[0].pk}/"
    assert sign_in(username).get(path).status_code == status
    assert sign_in(username).post(path).status_code == status
    with pytest.raises(NotAllowed):
        token.revoke(token=made[0], by=cast.who(username))
    assert ApiToken.objects.exists()


def test_taken_back_twice_is_refused(cast, made):
    token.revoke(token=made[0], by=cast.who(ADMINISTRATOR))
    with pytest.raises(Conflict):
        token.revoke(token=made[0], by=cast.who(ADMINISTRATOR))
