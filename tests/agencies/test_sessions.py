"""Sessions: a new key at sign-in, a list, an end from afar, and no copy in any cache."""

from datetime import timedelta

import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event
from tests.agencies.conftest import PASSWORD, add_app, app_code, is_signed_in

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def at(username: str, user_agent: str = "") -> Client:
    client = Client(HTTP_USER_AGENT=user_agent)
    client.post("/sign-in/", {"login": username, "password": PASSWORD})
    return client


def test_a_key_planted_before_signing_in_is_worth_nothing_after(world, client):
    world.hat()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = client.cookies["sessionid"].value
    client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_signed_in(thief)


def test_the_key_changes_at_the_second_step_not_before(world, client):
    world.hat(demo=False)
    add_app(world.user())
    client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    half_way = client.cookies["sessionid"].value
    client.post("/sign-in/second-factor/", {"code": app_code()})
    assert client.cookies["sessionid"].value != half_way
    thief = Client()
    thief.cookies["sessionid"] = half_way
    assert not is_signed_in(thief)


def test_signing_out_ends_the_session_itself(world, sign_in):
    world.hat()
    client = sign_in()
    key = client.cookies["sessionid"].value
    assert "Do you want to sign out?" in client.get("/sign-out/").content.decode()
    assert client.post("/sign-out/").url == "/sign-in/"
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_signed_in(thief)


def test_the_list_says_where_one_is_signed_in(world):
    world.hat("ann")
    world.hat("bea")
    here = at("ann")
    at("ann", PHONE)
    at("bea", "Firefox Windows")
    page = here.get("/account/sessions/").content.decode()
    assert "Safari on iPhone" in page
    assert "Firefox on Windows" not in page


def test_a_lost_phone_is_signed_out_from_afar_and_nothing_else(world):
    world.hat()
    here, phone, other = at("ann"), at("ann", PHONE), at("ann", "Firefox Windows")
    rows = here.get("/account/sessions/").context["sessions"]
    lost = next(row["id"] for row in rows if row["device"] == "Safari on iPhone")
    here.post("/account/sessions/", {"session": lost})
    assert [is_signed_in(client) for client in (here, phone, other)] == [True, False, True]


def test_all_others_are_signed_out_at_once(world):
    world.hat()
    here, phone, other = at("ann"), at("ann", PHONE), at("ann", "Firefox Windows")
    here.post("/account/sessions/")
    assert [is_signed_in(client) for client in (here, phone, other)] == [True, False, False]


def test_nobody_ends_the_session_of_another(world):
    world.hat("ann")
    world.hat("bea")
    ann, bea = at("ann"), at("bea")
    target = bea.get("/account/sessions/").context["sessions"][0]["id"]
    ann.post("/account/sessions/", {"session": target})
    assert is_signed_in(bea)


def test_a_session_that_was_ended_does_not_come_back_by_a_late_request(world):
    world.hat()
    here, phone = at("ann"), at("ann", PHONE)
    here.post("/account/sessions/")
    phone.post("/session/keep-alive/")
    assert not is_signed_in(phone)


def test_every_signed_in_answer_is_kept_by_nobody(world, sign_in):
    world.hat()
    client = sign_in()
    paths = (
        "/account/",
        "/account/sessions/",
        "/account/factors/",
        "/account/password/",
        "/account/confirm-it-is-you/",
        "/account/second-factor/",
        "/notices/",
        "/working-as/",
        "/drafts/a/",
        "/sign-in/",
        "/sign-out/",
        "/health/",
        "/no-such-page/",
    )
    for path in paths:
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_an_answer_that_wants_to_be_cached_is_not_when_somebody_is_signed_in(rf, world):
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpResponse

    from agencies.middleware import NoStoreMiddleware

    cachable = NoStoreMiddleware(lambda _: HttpResponse(headers={"Cache-Control": "max-age=60"}))
    request = rf.get("/")
    request.user = AnonymousUser()
    assert cachable(request)["Cache-Control"] == "max-age=60"
    request.user = world.user()
    assert "no-store" in cachable(request)["Cache-Control"]


def test_changing_the_password_ends_the_other_sessions(world, django_capture_on_commit_callbacks):
    world.hat()
    here, phone = at("ann"), at("ann", PHONE)
    new = "saucer lantern motorway plum"
    with django_capture_on_commit_callbacks(execute=True):
        response = here.post(
            "/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )
    assert response.url == "/account/"
    assert "Your password has been changed" in here.get("/account/").content.decode()
    assert not is_signed_in(phone)
    assert Event.objects.filter(verb="account.password_changed").count() == 1


def writes(client: Client) -> list[str]:
    """What a request to a page writes down."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/account/").status_code == 200
    return [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT"))]


def test_that_a_session_is_in_use_is_noted_once_a_minute(world):
    world.hat("ann")
    client = at("ann", PHONE)
    client.get("/account/")
    assert writes(client) == []
    [before] = Session.objects.values_list("expire_date", flat=True)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        noted = writes(client)
    assert len(noted) == 2
    [after] = Session.objects.values_list("expire_date", flat=True)
    assert after - before >= timedelta(seconds=61)


def test_half_an_hour_after_the_last_request_it_is_over_and_no_sooner(world):
    world.hat("ann")
    client = at("ann", PHONE)
    client.get("/account/")
    start = timezone.now()
    # The last request before the pause is one that was not noted.
    with time_machine.travel(start + timedelta(seconds=50)):
        assert is_signed_in(client)
    with time_machine.travel(start + timedelta(seconds=50, minutes=29, milliseconds=900)):
        assert is_signed_in(client)
    with time_machine.travel(start + timedelta(minutes=62)):
        assert not is_signed_in(client)


def test_another_browser_with_the_same_key_is_noted_at_once(world):
    world.hat("ann")
    client = at("ann", PHONE)
    client.get("/account/")
    thief = Client(HTTP_USER_AGENT="Firefox Windows")
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert len(writes(thief)) == 2
