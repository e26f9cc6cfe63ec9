"""Whatever is sent to a page, the answer is a page: never an error of ours."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from tests.access.test_matrix import (
    ABOUT_A_PERSON,
    LISTS,
    OF_ITS_OWN,
    address,
    matrix,
    signed_in,
)

assert matrix  # The fixture, found by its name.

NOBODY = "01890000-0000-7000-8000-000000000000"
MORE = [
    "/alerts/{alert}/seen/",
    "/referrals/{waiting}/",
    "/referrals/{waiting}/accept/",
    "/referrals/{waiting}/decline/",
    "/referrals/sent/{waiting}/",
    "/referrals/new/",
    "/refer/",
    "/sharing-decisions/{decision}/end/",
    "/goals/{goal-housing}/rating/",
    "/goals/{goal-housing}/end/",
    "/tasking/today/present/",
    "/tasking/today/agenda/",
    "/tasking/today/close/",
    "/cases/{case}/step-down/decision/",
    "/drafts/goal-{person}/",
    "/working-as/",
    "/manage/memberships/new/",
    "/manage/permissions/change/",
    "/manage/agreements/new/",
    "/oversight/",
    "/oversight/consents/",
    "/oversight/decisions/",
    "/oversight/reads/",
    "/oversight/events/",
    "/oversight/people/{person}/",
    "/oversight/people/{person}/viewers/",
    "/oversight/agreements/",
    "/oversight/emergency-access/",
    "/oversight/samples/",
    "/oversight/causes/new/",
    "/oversight/findings/",
    "/oversight/alerts/",
    "/oversight/summary/",
    "/oversight/summary/csv/",
    "/reports/",
    "/sign-in/",
    "/sign-in/forgotten/",
    f"/consents/{NOBODY}/withdraw/",
    f"/follow-ups/{NOBODY}/",
    f"/tasking/today/agenda/{NOBODY}/",
]
WORDS = [
    "\0",
    "\u202eexe.nhoj\u2066",
    "9" * 5000,
    "x" * 70_000,
    "-1",
    "١٢",  # noqa: RUF001 (digits that are no digits here)
    NOBODY,
    "1e400",
    "NaN",
    "%s'\"<script>{{ 7 }}",
]
RAW = "%ED%A0%80%FF%00"
NAMES = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
VALUES = re.compile(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"')
OPTIONS = re.compile(r'<select[^>]*\bname="([^"]+)".*?</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')
CLAIMS = ["utf-7", "hex", "undefined", "punycode", "utf-16"]


def plausible(body, year):
    """The form filled in as if in earnest, but for the year of its dates."""
    said = dict.fromkeys(NAMES.findall(body), "x")
    said |= dict(VALUES.findall(body))
    for found in OPTIONS.finditer(body):
        if options := OPTION.findall(found[0]):
            said[found[1]] = options[0]
    for name in said:
        for part, value in (("_day", "31"), ("_month", "12"), ("_year", year)):
            if name.endswith(part):
                said[name] = value
    return said | ({"time": "23:59"} if "time" in said else {})


def sent(body):
    """What is sent to one form: bodies, and what they claim to be."""
    names = NAMES.findall(body) or ["reference", "person", "decision", "state", "page"]
    names = [name for name in dict.fromkeys(names) if name != "csrfmiddlewaretoken"]
    for word in WORDS:
        yield urlencode([(name, word) for name in names])
    yield "&".join(f"{name}={RAW}" for name in names)
    yield urlencode([(name, word) for name in names for word in ("a", "b")])
    for year in ("0001", "1899", "9999"):
        yield urlencode(plausible(body, year))
    yield ""


EVERYBODY = ["lead-worker", "charity-manager", "unit-manager", "auditor", "administrator"]
TURNS = 5
"""A quick run sends every fifth body to each page, another one to the next."""


def forms_that_fall(matrix, username, django_db_blocker, turns):
    """Send bodies to every page that this user reaches: how many, and what gave a 500."""
    tried, fallen = 0, []
    with django_db_blocker.unblock():
        client = signed_in(matrix, username)
        pages = dict.fromkeys([*ABOUT_A_PERSON, *OF_ITS_OWN, *LISTS, *MORE])
        for turn, path in enumerate(pages):
            where = address(matrix, path)
            page = client.get(where)
            if page.status_code in {403, 404}:
                continue
            bodies = [*sent(page.content.decode() if page.status_code == 200 else "")]
            for body in bodies[turn % turns :: turns]:
                before = transaction.savepoint()
                answer = client.post(where, body, "application/x-www-form-urlencoded")
                transaction.savepoint_rollback(before)
                tried += 1
                if answer.status_code >= 500:
                    fallen.append((path, body[:80]))
    print(f"sent {tried} forms as {username}")
    return tried, fallen


@pytest.mark.parametrize("username", ["lead-worker", "charity-manager"])
def test_no_form_falls_over_what_is_sent_to_it(matrix, username, django_db_blocker):
    tried, fallen = forms_that_fall(matrix, username, django_db_blocker, TURNS)
    assert tried > 50
    assert not fallen


@pytest.mark.deep
@pytest.mark.parametrize("username", EVERYBODY)
def test_no_form_falls_over_anything_that_is_sent_to_it(matrix, username, django_db_blocker):
    tried, fallen = forms_that_fall(matrix, username, django_db_blocker, 1)
    assert tried > 500
    assert not fallen


ASKED = ("q", "page", "state", "show", "kind", "older", "next", "since_year")


def addresses_that_fall(matrix, username, django_db_blocker, turns):
    """Ask every list and page for strange things: how many, and what gave a 500."""
    tried, fallen = 0, []
    with django_db_blocker.unblock():
        client = signed_in(matrix, username)
        for turn, path in enumerate(dict.fromkeys([*LISTS, *MORE])):
            where = address(matrix, path).partition("?")[0]
            words = [
                word
                for name in ASKED
                for word in [*(urlencode({name: one}) for one in WORDS), f"{name}={RAW}"]
                if len(word) <= 6000
            ]
            for word in words[turn % turns :: turns]:
                tried += 1
                if client.get(f"{where}?{word}").status_code >= 500:
                    fallen.append((where, word[:60]))
    print(f"asked {tried} addresses as {username}")
    assert tried
    return fallen


@pytest.mark.parametrize("username", ["charity-manager", "auditor"])
def test_no_address_falls_over_what_it_asks(matrix, username, django_db_blocker):
    assert not addresses_that_fall(matrix, username, django_db_blocker, 2 * TURNS + 1)


@pytest.mark.deep
@pytest.mark.parametrize("username", EVERYBODY)
def test_no_address_falls_over_anything_it_asks(matrix, username, django_db_blocker):
    assert not addresses_that_fall(matrix, username, django_db_blocker, 1)


def served(client):
    """The client, with our own part of the WSGI application between it and Django."""
    from config.wsgi import Utf8Only, application

    assert isinstance(application, Utf8Only)
    handler = client.handler
    client.handler = lambda environ: Utf8Only(lambda passed, _: handler(passed))(environ, None)
    return client


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_a_request_claims_to_be_written_in_counts_for_nothing(
    matrix, claim, django_db_blocker
):
    with django_db_blocker.unblock():
        client = served(signed_in(matrix, "charity-manager"))
        answer = client.get(
            "/people/?q=%2B2AA-x", headers={"content-type": f"text/plain; charset={claim}"}
        )
        assert answer.status_code == 200
        form = f"application/x-www-form-urlencoded; charset={claim}"
        posted = served(Client()).generic("POST", "/refer/", b"why_now=%2B2AA-x", form)
        assert posted.status_code == 200


def test_a_contact_sent_with_the_key_of_another_is_logged_as_its_own(matrix, django_db_blocker):
    from casework.models import Intervention

    with django_db_blocker.unblock():
        client = signed_in(matrix, "lead-worker")
        where = address(matrix, "/log/{person}/")
        said = plausible(client.get(where).content.decode(), "2026") | {
            "key": str(matrix.keys["clinical"]),
            "categories": "housing",
            "attendance": "came",
            "worker_came": "yes",
            "mode": "face_to_face",
            "day_day": "1",
            "day_month": "3",
            "time": "14:00",
            "minutes": "60",
            "next_on_day": "",
            "next_on_month": "",
            "next_on_year": "",
        }
        count = Intervention.rows.count()
        before = transaction.savepoint()
        assert client.post(where, said).status_code == 302
        assert Intervention.rows.count() == count + 1
        transaction.savepoint_rollback(before)
