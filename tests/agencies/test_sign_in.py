"""Signing in with a password, and what a refusal gives away: nothing."""

import re

import pytest
from django.test import Client

from agencies.actions import membership
from agencies.models import User
from audit.models import Event
from tests.agencies.conftest import BY, PASSWORD, is_signed_in

NOT_RIGHT = "The user name, email address or password is not right"


def answer(client: Client, login: str, password: str) -> tuple[int, str]:
    """Status and body, without what the visitor typed and the token of the form."""
    response = client.post("/sign-in/", {"login": login, "password": password})
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, body.replace(login, "LOGIN")


def test_user_name_and_password_open_a_session(world, client):
    world.hat()
    response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/")
    assert is_signed_in(client)
    assert Event.objects.filter(verb="account.signed_in", subject_id=world.user().pk).count() == 1


def test_the_email_address_does_as_well_as_the_user_name_in_any_case(world, client):
    world.hat()
    client.post("/sign-in/", {"login": "Ann@Example.org", "password": PASSWORD})
    assert is_signed_in(client)


def test_an_account_opened_with_capitals_in_its_email_can_use_it(world, client):
    membership.open_account(
        username="bea", name="Bea", email="Bea@Example.org", password=PASSWORD, by=BY
    )
    client.post("/sign-in/", {"login": "bea@example.org", "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_a_wrong_password_opens_nothing(world, client):
    world.hat()
    response = client.post("/sign-in/", {"login": "ann", "password": "wrong"})
    assert NOT_RIGHT in response.content.decode()
    assert "wrong" not in response.content.decode()
    assert not is_signed_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("suffix", ["", "@example.org"])
def test_unknown_wrong_and_inactive_get_the_same_answer(world, suffix):
    world.hat("ann")
    world.hat("bea")
    membership.close_account(user=world.user("bea"), by=BY)
    answers = {
        answer(Client(), f"nobody{suffix}", PASSWORD),
        answer(Client(), f"ann{suffix}", "wrong"),
        answer(Client(), f"bea{suffix}", "wrong"),
        # Not even the right password tells that the account was closed.
        answer(Client(), f"bea{suffix}", PASSWORD),
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 200


def test_a_refusal_is_written_down_without_what_was_typed(world, client):
    world.hat()
    client.post("/sign-in/", {"login": "ann", "password": "my-real-password"})
    client.post("/sign-in/", {"login": "my-real-password", "password": "ann"})
    events = Event.objects.filter(verb="account.sign_in_refused", refused=True)
    assert {event.subject_id for event in events} == {world.user().pk, None}
    assert not any("my-real-password" in str(vars(event)) for event in events)


def test_too_many_wrong_passwords_stop_the_right_one_too(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    world.hat()
    for _ in range(3):
        client.post("/sign-in/", {"login": "ann", "password": "wrong"})
    response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert "Too many tries" in response.content.decode()
    assert not is_signed_in(client)


def test_the_limit_tells_nothing_about_who_exists_or_is_active(world, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    world.hat("ann")
    world.hat("bea")
    membership.close_account(user=world.user("bea"), by=BY)
    series = {
        tuple(answer(Client(), login, password) for _ in range(5))
        for login, password in (("nobody", PASSWORD), ("ann", "wrong"), ("bea", PASSWORD))
    }
    assert len(series) == 1


def test_the_limit_of_one_account_leaves_others_alone(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    world.hat("ann")
    world.hat("bea")
    for _ in range(4):
        client.post("/sign-in/", {"login": "ann", "password": "wrong"})
    client.post("/sign-in/", {"login": "bea", "password": PASSWORD})
    assert is_signed_in(client)


def test_one_address_can_only_try_so_often(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    for number in range(3):
        client.post("/sign-in/", {"login": f"name-{number}", "password": "wrong"})
    response = client.post("/sign-in/", {"login": "ann", "password": "wrong"})
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


def test_next_leads_to_pages_of_ours_only(world, client):
    world.hat()
    for target in ("https://evil.example/", "//evil.example/", "http://[", "/sign-out/"):
        client.logout()
        response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD, "next": target})
        assert (response.status_code, response.url) == (302, "/")
    client.logout()
    response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD, "next": "/account/"})
    assert response.url == "/account/"


@pytest.mark.parametrize("path", ["/account/", "/sign-out/", "/notices/", "/drafts/a/"])
def test_without_a_session_pages_lead_to_the_sign_in_page(db, client, path):
    response = client.get(path)
    assert (response.status_code, response.url) == (302, f"/sign-in/?next={path}")


def test_nobody_can_sign_up(db, client):
    for path in ("/sign-up/", "/signup/", "/sign-in/sign-up/", "/accounts/signup/"):
        assert client.get(path).status_code in {302, 404}
    assert not User.objects.exists()


def test_the_demo_says_that_it_is_one(db, client, settings):
    assert "invented people only" in client.get("/sign-in/").content.decode()
    settings.DEMO = False
    assert "invented people only" not in client.get("/sign-in/").content.decode()


def test_demo_users_can_not_sign_in_outside_a_demo(world, client, sign_in, settings):
    world.hat("ann", demo=True)
    earlier = sign_in("ann")
    settings.DEMO = False
    response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert NOT_RIGHT in response.content.decode()
    assert not is_signed_in(client)
    # Nor does a session from before outlive the demo.
    assert not is_signed_in(earlier)


def test_an_account_that_is_closed_loses_its_session_at_once(world, sign_in):
    world.hat()
    client = sign_in()
    assert is_signed_in(client)
    membership.close_account(user=world.user(), by=BY)
    assert not is_signed_in(client)


def test_the_forms_are_worth_nothing_without_their_token(world):
    world.hat()
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert response.status_code == 403
    assert "_auth_user_id" not in client.session
