"""Confirming that it is you: what opens the most sensitive things for five minutes."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from agencies.queries import actor_facts
from core.clock import instant
from tests.agencies.conftest import PASSWORD, add_app, app_code, session_actor


def test_signing_in_is_not_stepping_up(world, sign_in):
    world.hat()
    assert session_actor(sign_in()).stepped_up_at is None


def test_nor_is_signing_in_with_a_second_factor(world, sign_in):
    world.hat(demo=False)
    add_app(world.user())
    client = sign_in()
    client.post("/sign-in/second-factor/", {"code": app_code()})
    assert session_actor(client).stepped_up_at is None


def test_the_password_once_more_is(world, sign_in):
    world.hat()
    client = sign_in()
    before = datetime.now(UTC)
    response = client.post(
        "/account/confirm-it-is-you/", {"password": PASSWORD, "next": "/notices/"}
    )
    assert response.url == "/notices/"
    actor = session_actor(client)
    assert before <= actor.stepped_up_at <= datetime.now(UTC)
    assert actor_facts(actor).stepped_up_at == actor.stepped_up_at


def test_a_code_is_as_well(world, sign_in):
    world.hat()
    client = sign_in()
    add_app(world.user())
    client.post("/account/factors/confirm/", {"code": app_code()})
    assert session_actor(client).stepped_up_at is not None


def test_a_wrong_password_is_not(world, sign_in):
    world.hat()
    client = sign_in()
    response = client.post("/account/confirm-it-is-you/", {"password": "wrong"})
    assert "The password is not right" in response.content.decode()
    assert session_actor(client).stepped_up_at is None


def test_guessing_is_stopped(world, sign_in, settings):
    world.hat()
    client = sign_in()
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/m/user"}
    for _ in range(2):
        client.post("/account/confirm-it-is-you/", {"password": "wrong"})
    response = client.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    assert response.status_code == 429
    assert session_actor(client).stepped_up_at is None


def test_it_belongs_to_one_session(world, sign_in):
    world.hat()
    here, there = sign_in(), sign_in()
    here.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    assert session_actor(there).stepped_up_at is None


def test_it_does_not_outlive_the_session(world, sign_in):
    world.hat()
    client = sign_in()
    client.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    client.post("/sign-out/")
    client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert session_actor(client).stepped_up_at is None


def test_it_is_the_latest_that_counts(world, sign_in):
    world.hat()
    client = sign_in()
    client.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    first = session_actor(client).stepped_up_at
    time.sleep(0.01)
    client.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    assert session_actor(client).stepped_up_at > first


def test_an_api_token_is_never_stepped_up(world):
    actor = replace(world.member(), stepped_up_at=instant(), token=True)
    assert actor_facts(actor).stepped_up_at is None
    assert actor_facts(replace(actor, token=False)).stepped_up_at is not None


def test_changing_the_second_step_asks_first(world, sign_in):
    world.hat()
    client = sign_in()
    add_app(world.user())
    for path in ("app/remove/", "codes/new/", "passkeys/add/"):
        response = client.get(f"/account/factors/{path}")
        assert response.url.startswith("/account/confirm-it-is-you/"), path
