"""Personas × pages over HTTP, each answer held against the oracle.

A page about somebody whom the viewer can't see is the same 404 as one about nobody; a page
about somebody whom they can see shows no part and no text of a category that the oracle
does not show them.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from access.facts import world_to
from agencies.middleware import HAT
from core import clock
from sharing import facts
from tests.access import oracle
from tests.conftest import NOW
from tests.factories.matrix import build_matrix

CATEGORY = re.compile(r'data-category="([^"]*)"')
CANARY = re.compile(r"CANARY-([a-z_+]+)")

ABOUT_A_PERSON = [
    "/people/{person}/",
    "/people/{person}/timeline/",
    "/people/{person}/plan/",
    "/people/{person}/plan/print/",
    "/people/{person}/plan/goals/",
    "/people/{person}/plan/to-do/",
    "/people/{person}/plan/agreed/",
    "/people/{person}/plan/review/",
    "/people/{person}/sharing/",
    "/people/{person}/sharing/consent/",
    "/people/{person}/sharing/decision/",
    "/people/{person}/sharing/partners/",
    "/people/{person}/protection/",
    "/people/{person}/protection/bar/",
    "/people/{person}/protection/restrict/",
    "/people/{person}/about-me/",
    "/people/{person}/about-me/approved/",
    "/people/{person}/about-me/print/",
    "/people/{person}/about-me/card/",
    "/people/{person}/who-they-are/",
    "/people/{person}/identifiers/",
    "/people/{person}/plan/housing/name/",
    "/people/{person}/contact/",
    "/people/{person}/family/",
    "/people/{person}/safety/",
    "/people/{person}/events/",
    "/people/{person}/task/",
    "/people/{person}/tell-the-lead/",
    "/log/{person}/",
    "/cases/{case}/",
    "/cases/{case}/lead/",
    "/cases/{case}/team/",
    "/cases/{case}/cover/",
    "/cases/{case}/step-down/",
    "/cases/{case}/close/",
    "/cases/{case}/reopen/",
]
OF_ITS_OWN = [
    "/contact-points/{contact}/",
    "/contact-points/{contact}/end/",
    "/relatives/{relative}/",
    "/relatives/{relative}/end/",
    "/goals/{goal-housing}/words/",
    "/goals/{goal-family}/rating/",
    "/interventions/{both}/",
    "/interventions/{clinical}/",
    "/interventions/{both}/words/",
    "/tasks/{task}/",
    "/tasks/{task}/change/",
    "/sharing-decisions/{decision}/approve/",
]
LISTS = [
    "/",
    "/people/",
    "/people/?q=Kofi",
    "/people/?q=CANARY",
    "/cases/",
    "/cases/?state=active",
    "/referrals/",
    "/referrals/?state=accepted",
    "/tasking/",
    "/tasking/today/",
    "/log/",
    "/log/?q=Kofi",
    "/directory/",
    "/notices/",
]


@pytest.fixture(scope="module")
def matrix(django_db_setup, django_db_blocker):
    """Built once for the module, in one transaction that is thrown away."""
    import time_machine
    from django.db import transaction

    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        with transaction.atomic():
            yield build_matrix()
            transaction.set_rollback(True)


def signed_in(matrix, username):
    client = Client(raise_request_exception=False)
    client.force_login(matrix.cast.user(username))
    session = client.session
    session[HAT] = str(matrix.cast.hats[username].pk)
    session.save()
    return client


def visible(matrix, username):
    """What the oracle shows this persona of the young person."""
    with clock.at(NOW):
        world = facts.worlds(matrix.cast.who(username), [matrix.person.pk])[matrix.person.pk]
    return set(oracle.answer(world_to(world))["visible"])


def address(matrix, path):
    keys = {
        "person": matrix.person.reference,
        "case": matrix.case.reference,
        **{name: str(key) for name, key in matrix.keys.items()},
    }
    return path.format_map(keys)


def missing(path):
    """The same page about nobody."""
    nobody = {"person": "YP-222222", "case": "CA-222222"}
    return re.sub(
        r"\{([^}]*)\}",
        lambda found: nobody.get(found[1], "01890000-0000-7000-8000-000000000000"),
        path,
    )


def plain(response):
    """A body without what differs from answer to answer by design."""
    return re.sub(
        r'value="[A-Za-z0-9]{64}"|content="[A-Za-z0-9]{64}"', "", response.content.decode()
    )


def leaks(body, shown):
    """Categories of parts and texts in a body that the viewer is not shown."""
    parts = {name for names in CATEGORY.findall(body) for name in names.split()}
    words = {name for names in CANARY.findall(body) for name in names.split("+")}
    return (parts | words) - shown


PERSONAS = [
    "lead-worker", "cover", "team-elsewhere", "housing-manager", "old-lead", "on-duty",
    "charity-manager", "second-manager", "colleague", "family-worker", "clinician",
    "police-officer", "seconded-without", "unit-worker", "unit-manager", "housing-officer",
    "school-lead", "lapsed-13-worker", "lapsed-14-worker", "suspended-worker", "task-owner",
    "attendee", "prison-worker", "auditor", "unit-auditor", "other-auditor", "administrator",
    "analyst", "outsider", "outside-manager", "superuser", "barred-lead", "barred-auditor",
    "barred-team",
]  # fmt: skip


@pytest.mark.parametrize("username", PERSONAS)
def test_no_page_shows_more_than_the_oracle(matrix, username, django_db_blocker):
    with django_db_blocker.unblock():
        shown = visible(matrix, username)
        client = signed_in(matrix, username)
        tried = 0
        for path in [*ABOUT_A_PERSON, *OF_ITS_OWN]:
            there = client.get(address(matrix, path))
            nowhere = client.get(missing(path))
            assert nowhere.status_code == 404, path
            if not shown:
                assert there.status_code == 404, path
                assert plain(there) == plain(nowhere), path
            assert there.status_code in {200, 403, 404, 409}, (path, there.status_code)
            assert not leaks(there.content.decode(), shown), path
            tried += 2
        if shown:
            assert client.get(address(matrix, "/people/{person}/")).status_code == 200
        for path in LISTS:
            there = client.get(path)
            assert there.status_code in {200, 302, 403}, (path, there.status_code)
            body = there.content.decode()
            assert not CANARY.findall(body) or not leaks(body, shown), path
            if not shown:
                assert matrix.person.reference not in body, path
                assert "Mensah-Lowe" not in body, path
            tried += 1
        print(f"tried {tried} pages as {username}, who sees {sorted(shown) or 'nothing'}")


def test_every_page_opens_to_the_lead_and_to_the_manager(matrix, django_db_blocker):
    with django_db_blocker.unblock():
        lead, manager = signed_in(matrix, "lead-worker"), signed_in(matrix, "charity-manager")
        closed = []
        for path in [*ABOUT_A_PERSON, *OF_ITS_OWN, *LISTS]:
            answers = {client.get(address(matrix, path)).status_code for client in (lead, manager)}
            if 200 not in answers:
                closed.append((path, answers))
        # A clinician's note, and an open case: no page.
        assert [path for path, _ in closed] == [
            "/cases/{case}/reopen/",
            "/interventions/{clinical}/",
        ]


def test_everybody_in_the_cast_stands_in_the_matrix(matrix):
    staff = {name for name in matrix.personas if not name.endswith("-administrator")}
    assert staff - {"disabled"} == set(PERSONAS)


def test_a_disabled_user_is_signed_out_at_once(matrix, django_db_blocker):
    with django_db_blocker.unblock():
        client = signed_in(matrix, "disabled")
        response = client.get(address(matrix, "/people/{person}/"))
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/")


def test_without_a_session_every_page_leads_to_sign_in(matrix, django_db_blocker):
    with django_db_blocker.unblock():
        client = Client()
        for path in [*ABOUT_A_PERSON, *OF_ITS_OWN, *LISTS]:
            response = client.get(address(matrix, path))
            assert response.status_code == 302, path
            assert response["Location"].startswith("/sign-in/?next="), path


def test_what_is_locked_shows_its_date_and_nothing_else(matrix, django_db_blocker):
    with django_db_blocker.unblock():
        body = (
            signed_in(matrix, "housing-officer")
            .get(address(matrix, "/people/{person}/timeline/"))
            .content.decode()
        )
        assert "data-locked" in body
        assert 'data-category="housing"' in body
        assert "CANARY-housing+family" not in body
