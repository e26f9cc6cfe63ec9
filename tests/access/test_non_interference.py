"""Two worlds that differ only in what somebody can't see look the same to them, byte for byte.

Each persona asks every list, search, count, page, endpoint and error; then everything
hidden from them is changed or added to, and they ask again.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client

from access.categories import Category
from access.context import transact
from agencies.models import ApiToken
from casework.actions import goal, intervention, safety_plan
from casework.models import KindOfIntervention, Plan, SafetyPlan
from people.actions import contact, family, safe_address, young_person
from people.models import YoungPerson
from tasking.actions import task
from tests.access.test_matrix import (
    ABOUT_A_PERSON,
    LISTS,
    OF_ITS_OWN,
    address,
    matrix,
    signed_in,
    visible,
)
from tests.conftest import NOW
from tests.factories.cast import OPERATOR

assert matrix  # The fixture, found by its name.

MORE = [
    "/people/?q=Zebedee",
    "/people/?q=Mensah&page=2",
    "/people/?show=mine",
    "/log/?q=Zebedee",
    "/people/YP-222222/",
    "/reports/",
    "/manage/",
    "/oversight/",
    "/oversight/reads/",
]
ENDPOINTS = [
    "people/",
    "people/?q=Mensah",
    "people/?page_size=1",
    "people/{person}/",
    "people/YP-222222/",
    "cases/",
    "cases/{case}/",
    "interventions/",
    "events/",
    "goals/",
    "involvements/",
    "consents/",
    "sharing-decisions/",
    "tasks/",
    "referrals/",
    "access-records/",
]
PERSONAS = ["outsider", "colleague", "school-lead", "lapsed-14-worker", "barred-team", "analyst"]
NONCES = re.compile(
    r'value="[A-Za-z0-9]{64}"|content="[A-Za-z0-9]{64}"|[?&]cursor=[^"&]*'
    # The key of a form that makes something: another each time that it is shown.
    r'|name="key" value="[0-9a-f-]{36}"'
)


@contextmanager
def undone():
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything(matrix, username):
    """Every answer that this persona gets, by address, without what differs by design."""
    answers = {}
    with undone():
        client = signed_in(matrix, username)
        hat = matrix.cast.hats[username]
        _, secret = ApiToken.objects.create(user=hat.user, expiry=timedelta(days=1), membership=hat)
        for path in [*ABOUT_A_PERSON, *OF_ITS_OWN, *LISTS, *MORE]:
            with undone():
                answers[path] = said(client.get(address(matrix, path)))
        for path in ENDPOINTS:
            with undone():
                answers[f"api {path}"] = said(
                    Client(raise_request_exception=False).get(
                        address(matrix, f"/api/v1/{path}"),
                        headers={"Authorization": f"Token {secret}"},
                    )
                )
    return answers


def said(answer):
    """Status, headers and body."""
    headers = sorted(
        (name, value)
        for name, value in answer.headers.items()
        if name not in {"Server-Timing", "Content-Length", "ETag"}
    )
    return answer.status_code, headers, NONCES.sub("", answer.content.decode())


def change_what_is_hidden(matrix):
    """By those who may: new values in every category, new entries, and somebody new."""
    cast, person, case = matrix.cast, matrix.person, matrix.case
    lead = cast.who("lead-worker", stepped_up_at=NOW)
    with transact(OPERATOR, at=NOW) as notes:
        young_person.describe(
            person=person,
            changes={"strengths": "Zebedee", "date_of_birth": date(2006, 5, 5)},
            by=lead,
        )
        contact.add(person=person, kind="phone", value="07700 900999", by=lead)
        young_person.add_identifier(person=person, scheme="nhs", value="9434765919", by=lead)
        family.add(person=person, name="Zebedee", kind="mother", by=lead)
        safe_address.record(person=person, address="Zebedee Street", by=lead)
        safety_plan.write(
            person=person,
            dangers="Zebedee",
            unsafe_places="Zebedee",
            safe_places="",
            what_helps="",
            whom_to_call="Zebedee",
            review_on=date(2026, 7, 1),
            version=SafetyPlan.rows.get(person=person).version,
            by=lead,
        )
        goal.add_goal(
            plan=Plan.rows.get(case=case),
            component=Category.FAMILY,
            own_words="Zebedee",
            by=lead,
        )
        intervention.log(
            person=person,
            categories=[Category.HEALTH],
            kind=KindOfIntervention.objects.first(),
            at=NOW - timedelta(hours=2),
            minutes=30,
            attendance="came",
            note="Zebedee",
            by=lead,
        )
        task.assign(
            person=person,
            owner_id=cast.user("family-worker").pk,
            owner_agency_id=cast.agencies["lead-charity"].pk,
            what="Zebedee",
            due_on=date(2026, 3, 20),
            by=cast.who("charity-manager"),
        )
        notes.shown.clear()
    with transact(OPERATOR, at=NOW):
        cast.refer(
            given_name="Zebedee",
            family_name="Mensah",
            to="borough-unit",
            by=cast.who("prison-worker"),
        )


@pytest.mark.parametrize("username", PERSONAS)
def test_what_is_hidden_changes_nothing_that_they_see(matrix, username, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        before = everything(matrix, username)
        if username == PERSONAS[0]:
            # The question itself changes nothing: else what follows would say nothing.
            assert everything(matrix, username) == before
        shown = visible(matrix, username)
        change_what_is_hidden(matrix)
        assert YoungPerson.rows.filter(given_name="Zebedee").exists()
        assert visible(matrix, username) == shown
        after = everything(matrix, username)
        different = [path for path in before if before[path] != after[path]]
        print(f"tried {len(before)} answers to {username}, who sees {sorted(shown) or 'nothing'}")
        assert len(before) > 60
        assert not different


def test_to_who_sees_it_the_change_shows(matrix, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        before = everything(matrix, "lead-worker")
        change_what_is_hidden(matrix)
        after = everything(matrix, "lead-worker")
        assert sum(before[path] != after[path] for path in before) > 10
