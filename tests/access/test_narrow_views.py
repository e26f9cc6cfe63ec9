"""Small parts of pages that once told more than their categories, or told it unrecorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from access.actor import NotAllowed
from access.bases import Basis
from access.categories import ALL, Category
from access.reading import sight
from audit.models import AccessRecord
from casework.actions import intervention, lead, opening, plan
from casework.models import KindOfIntervention, Plan
from casework.queries import record
from config.settings import base
from core import clock
from sharing.actions import involvement
from tests.factories.cast import OPERATOR


def test_the_printed_plan_tells_only_who_sees_identity_when_it_was_agreed(cast, sign_in):
    case = cast.open_case()
    plan.agree(
        plan=Plan.rows.get(case=case),
        on=date(2026, 2, 17),
        how="Together",
        by=cast.who("lead-worker"),
    )
    cast.join(case, "family-worker", Category.FAMILY)
    path = f"/people/{case.person.reference}/plan/print/"
    assert b"17 February 2026" not in sign_in("family-worker").get(path).content
    assert b"17 February 2026" in sign_in("lead-worker").get(path).content


def test_where_somebody_once_met_them_is_hidden_with_the_rest_of_the_entry(cast):
    case = cast.open_case()
    with cast.acting("lead-worker"):
        log(cast, case, Category.HOUSING, "A hostel")
        log(cast, case, Category.HEALTH, "A clinic")
    lead.assign(
        case=case,
        worker_id=cast.user("colleague").pk,
        replacing=cast.user("lead-worker").pk,
        by=cast.who("charity-manager"),
    )
    involvement.end_where(person_id=case.person_id, bases=[Basis.TAIL], by=OPERATOR)
    cast.join(case, "lead-worker", Category.HOUSING)
    member = cast.who("lead-worker")
    with cast.acting("lead-worker"):
        assert record.recent_places(member, sight(member, case.person_id)) == ["A hostel"]


def test_a_list_that_tells_of_the_last_contact_is_recorded(cast, sign_in):
    case = cast.open_case()
    with cast.acting("lead-worker"):
        log(cast, case, Category.HOUSING, "A hostel")
    for path in ("/people/", "/cases/"):
        before = AccessRecord.objects.filter(person_id=case.person_id).count()
        sign_in("lead-worker").get(path)
        sign_in("colleague").get(path)
        assert AccessRecord.objects.filter(person_id=case.person_id).count() == before + 1


def test_who_may_not_know_the_age_is_not_asked_to_judge_by_it(cast, sign_in):
    referral = cast.refer(date_of_birth=date(2011, 5, 1))
    person = referral.person
    involvement.end_where(person_id=person.pk, bases=[Basis.INTAKE], by=OPERATOR)
    involvement.begin(
        person_id=person.pk,
        agency_id=cast.agencies["lead-charity"].pk,
        worker_id=None,
        basis=Basis.INTAKE,
        categories=ALL - {Category.IDENTITY},
        by=OPERATOR,
    )
    with pytest.raises(NotAllowed):
        opening.accept(referral=referral, by=cast.who("charity-manager"))
    path = f"/people/{person.reference}/sharing/consent/"
    assert sign_in("charity-manager").get(path).status_code == 403


def test_only_who_sees_identity_is_told_who_once_led(cast, sign_in):
    case = cast.open_case(led_by="family-worker")
    lead.assign(
        case=case,
        worker_id=cast.user("lead-worker").pk,
        replacing=cast.user("family-worker").pk,
        by=cast.who("charity-manager"),
    )
    path = f"/cases/{case.reference}/"
    assert b"Family Worker" not in sign_in("colleague").get(path).content
    assert b"Family Worker" in sign_in("lead-worker").get(path).content


def test_the_public_door_takes_no_flood(db, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    door = Client()
    codes = [door.post("/refer/", {}).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2
    assert door.get("/refer/").status_code == 200


def log(cast, case, category, place):
    intervention.log(
        person=case.person,
        categories=[category],
        kind=KindOfIntervention.objects.first(),
        at=clock.instant() - timedelta(hours=2),
        minutes=30,
        attendance="came",
        place=place,
        by=cast.who("lead-worker"),
    )
