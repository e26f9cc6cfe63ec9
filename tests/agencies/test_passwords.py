"""Passwords: hard to guess, changed with care, forgotten without telling who exists."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from agencies.actions import membership
from agencies.models import User
from agencies.tasks import send_reset_link, tell_account_changed
from core.models import OutboxMessage
from tests.agencies.conftest import BY, PASSWORD, is_signed_in

NEW = "saucer lantern motorway plum"


@pytest.mark.parametrize(
    "password",
    ["password1234", "throughline1", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "short-1", "123456789012"],
)
def test_a_password_that_can_be_guessed_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_three_unrelated_words_are_good_enough():
    validate_password("kettle orchard seventeen")


def test_ones_own_name_makes_a_password_worse():
    user = User(username="annabellawinter", name="Annabella Winter", email="a@example.org")
    validate_password("annabellawinter-xq")
    with pytest.raises(ValidationError):
        validate_password("annabellawinter-xq", user)


def test_a_very_long_password_is_weighed_quickly():
    import time

    started = time.monotonic()
    validate_password("kettle orchard seventeen " * 4000)
    assert time.monotonic() - started < 2


def test_changing_needs_the_old_one_and_a_good_new_one(world, sign_in):
    world.hat()
    client = sign_in()
    for old, new, words in (
        ("wrong", NEW, "The password that you use now is not right"),
        (PASSWORD, "password1234", "too easy to guess"),
    ):
        response = client.post(
            "/account/password/", {"oldpassword": old, "password1": new, "password2": new}
        )
        assert words in response.content.decode()
        assert NEW not in response.content.decode()
    assert world.user().check_password(PASSWORD)


def ask(address: str) -> tuple[int, str, str]:
    client = Client()
    response = client.post("/sign-in/forgotten/", {"email": address})
    return response.status_code, response.url, client.get(response.url).content.decode()


def test_asking_for_a_new_password_says_the_same_to_everybody(world):
    world.user("ann")
    membership.close_account(user=world.user("bea"), by=BY)
    answers = {ask(f"{name}@example.org") for name in ("ann", "bea", "nobody")}
    assert len(answers) == 1
    status, where, page = answers.pop()
    assert (status, where) == (302, "/sign-in/forgotten/sent/")
    assert "If there is an account" in page


def test_only_an_active_account_is_promised_a_link_and_no_page_waits_for_the_mail(world):
    world.user("ann")
    membership.close_account(user=world.user("bea"), by=BY)
    for name in ("ann", "bea", "nobody"):
        ask(f"{name}@example.org")
    promised = OutboxMessage.objects.filter(task="agencies.send_reset_link")
    assert [row.arguments for row in promised] == [{"user_id": str(world.user().pk)}]
    assert not mail.outbox


def test_asking_over_and_over_is_stopped(world, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "2/m/key"}
    world.user()
    client = Client()
    for address in ("ann@example.org", "nobody@example.org"):
        codes = [
            client.post("/sign-in/forgotten/", {"email": address}).status_code for _ in range(3)
        ]
        assert codes == [302, 302, 429]


def link_to(user: User) -> str:
    send_reset_link(user_id=str(user.pk))
    found = re.search(r"http://[^/]+(/sign-in/forgotten/key/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_the_link_changes_the_password_and_works_once(world, client):
    world.hat()
    link = link_to(world.user())
    form = client.get(link).url
    assert "set-password" in form
    response = client.post(form, {"password1": NEW, "password2": NEW})
    assert response.url == "/sign-in/forgotten/done/"
    assert world.user().check_password(NEW)
    assert "_auth_user_id" not in client.session
    assert "does not work any more" in Client().get(link).content.decode()


def test_the_link_does_not_replace_the_second_step(world, client):
    from tests.agencies.conftest import add_app

    world.hat(demo=False)
    add_app(world.user())
    form = client.get(link_to(world.user())).url
    client.post(form, {"password1": NEW, "password2": NEW})
    client.post("/sign-in/", {"login": "ann", "password": NEW})
    assert not is_signed_in(client)


def test_a_password_that_can_be_guessed_is_refused_by_link_too(world, client):
    form = client.get(link_to(world.user())).url
    response = client.post(form, {"password1": "password1234", "password2": "password1234"})
    assert "too easy to guess" in response.content.decode()
    assert world.user().check_password(PASSWORD)


@pytest.mark.parametrize("key", ["abc-def", "0-0", "zzzz-set-password", "a-b/c"])
def test_a_made_up_link_says_that_it_does_not_work(db, client, key):
    response = client.get(f"/sign-in/forgotten/key/{key}/")
    assert response.status_code == 200
    assert "does not work any more" in response.content.decode()


def test_no_link_goes_to_a_closed_account(world):
    membership.close_account(user=world.user(), by=BY)
    send_reset_link(user_id=str(world.user().pk))
    assert not mail.outbox


def test_the_owner_hears_of_a_change_and_the_mail_holds_no_secret(world):
    tell_account_changed(user_id=str(world.user().pk), change="password_changed")
    [message] = mail.outbox
    assert message.to == ["ann@example.org"]
    assert "Your password has been changed" in message.body
    assert PASSWORD not in message.body


def test_somebody_without_a_password_is_led_to_a_link(world, sign_in):
    world.hat()
    client = sign_in()
    user = world.user()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert client.get("/account/password/").url == "/sign-in/forgotten/"
