"""Tokens: of one membership, for a time, never a session, never stepped up."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client, override_settings

from access.actor import Operator
from agencies.actions import membership
from tests.conftest import NOW

BY = Operator("tests")


def test_without_a_token_every_answer_is_401(db):
    for path in ("people/", "people/YP-234567/", "nothing/", "schema/", "docs/"):
        answer = Client().get(f"/api/v1/{path}")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x", "Token a b", "Bearer x", "Token \x7f", "Token é", "Token " + "a" * 9999],
)
def test_what_is_no_token_is_401(db, header):
    answer = Client().get("/api/v1/people/", headers={"Authorization": header})

    assert answer.status_code == 401


def test_a_session_is_no_token(cast, kofi):
    browser = Client()
    browser.force_login(cast.user("lead-worker"))

    assert browser.get("/api/v1/people/").status_code == 401
    assert browser.post("/api/v1/referrals/").status_code == 401


def test_a_token_expires(call, kofi):
    lead = call("lead-worker", days=1)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert lead.get("people/").status_code == 401
    with time_machine.travel(NOW + timedelta(days=1, microseconds=-1), tick=False):
        assert lead.get("people/").status_code == 200


def test_a_token_ends_with_its_membership(cast, call):
    lead = call("lead-worker")
    membership.end(membership=cast.hats["lead-worker"], by=BY)

    assert lead.get("people/").status_code == 401


def test_a_token_ends_with_its_account(cast, call):
    lead = call("lead-worker")
    membership.close_account(user=cast.user("lead-worker"), by=BY)

    assert lead.get("people/").status_code == 401


def test_a_token_ends_with_its_agency(cast, call):
    lead = call("lead-worker")
    membership.close_agency(agency=cast.agencies["lead-charity"], by=BY)

    assert lead.get("people/").status_code == 401


def test_a_token_speaks_for_its_own_hat_only(cast, call, kofi):
    cast.hire("lead-worker", "other-borough")

    assert call("lead-worker").get("people/").json()["results"] == []


def test_a_superuser_s_token_opens_nothing(cast, call, kofi):
    from agencies.models import User

    User.objects.filter(username="outsider").update(is_superuser=True, is_staff=True)

    assert call("outsider").get("people/").json()["results"] == []
    assert call("outsider").get(f"people/{kofi.person.reference}/").status_code == 404


def test_a_token_from_the_command_works(cast, kofi, capsys):
    call_command("create_api_token", "lead-worker", "lead-charity")
    secret = capsys.readouterr().out.strip()

    answer = Client().get("/api/v1/people/", headers={"Authorization": f"Token {secret}"})
    assert len(answer.json()["results"]) == 1


@override_settings(API_CALLS_A_MINUTE=3)
def test_too_many_calls_in_a_minute_are_429(call):
    lead = call("lead-worker")
    statuses = [lead.get("people/").status_code for _ in range(5)]
    last = lead.get("people/")

    assert statuses == [200, 200, 200, 429, 429]
    assert last["Content-Type"] == "application/problem+json"
    assert 0 < int(last["Retry-After"]) <= 60
    assert call("outsider").get("people/").status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert lead.get("people/").status_code == 200


def test_nothing_is_kept_by_caches(call):
    assert call("lead-worker").get("people/")["Cache-Control"] == "no-store, private"
