"""Alerts: to the lead, then duty, then managers, until somebody has seen them."""

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed, NotVisible, System
from access.bases import Basis
from access.categories import ALL, Category
from access.roles import Role
from agencies.actions import membership, rota
from core.clock import instant
from core.models import OutboxMessage
from sharing.actions import involvement, protection
from tasking.actions import alert
from tests.factories.browsing import later, sign_in
from tests.factories.cast import OPERATOR
from tests.factories.watching import refuses, sees, told

__all__ = ["later", "sign_in"]

JOB = System("tasking.climb")


@pytest.fixture
def case(cast):
    return cast.open_case()


def tell(cast, case, by="colleague"):
    return alert.tell_lead(
        person=case.person, message="He is in A and E", callback="07700 900000", by=cast.who(by)
    )


def duty(cast, username):
    return rota.publish(
        user=cast.user(username),
        starts=instant(),
        ends=instant() + timedelta(hours=8),
        by=cast.who("charity-manager"),
    )


def climb(raised):
    climbed = alert.climb(alert_id=raised.pk, by=JOB)
    raised.refresh_from_db()
    return climbed


def paged(cast, raised):
    wanted = OutboxMessage.objects.filter(arguments__about=f"{raised.pk}:{raised.level}")
    return {cast_name(cast, row.arguments["user_id"]) for row in wanted}


def cast_name(cast, user_id):
    return next(name for name, hat in cast.hats.items() if str(hat.user_id) == user_id)


def name(cast, person, username):
    hat = cast.hats[username]
    involvement.begin(
        person_id=person.pk,
        agency_id=hat.agency_id,
        worker_id=hat.user_id,
        basis=Basis.TEAM,
        categories=ALL,
        by=cast.who("charity-manager"),
    )


def test_who_only_knows_whom_to_ask_reaches_the_lead_and_reads_nothing_for_it(cast, case):
    before = sees(cast, "colleague", case.person)
    raised = tell(cast, case)
    assert (raised.level, raised.owner) == ("lead", cast.user("lead-worker"))
    assert paged(cast, raised) == {"lead-worker"}
    assert sees(cast, "colleague", case.person) == before == {Category.POINTER}


def test_neither_the_trail_nor_the_notice_holds_the_message(cast, case):
    raised = tell(cast, case)
    assert "A and E" not in str(told("alert.raised").detail)
    assert "A and E" not in str(list(OutboxMessage.objects.values_list("arguments", flat=True)))
    assert raised.raised_by_name == "Colleague"


def test_who_can_not_see_the_person_can_not_send_it(cast, case):
    with refuses(NotVisible):
        tell(cast, case, by="outsider")
    cast.bar(case.person, "second-manager")
    with refuses(NotVisible):
        tell(cast, case, by="second-manager")


def test_without_lead_and_duty_it_goes_to_a_manager(cast):
    raised = tell(cast, cast.open_case(led_by=""))
    assert (raised.level, raised.owner) == ("manager", cast.user("charity-manager"))


def test_only_those_who_may_read_it_see_it(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.share(case.person, "borough-unit", Category.SAFETY)
    raised = tell(cast, case)
    for username in ("colleague", "unit-worker", "auditor"):
        with refuses((NotAllowed, NotVisible)):
            alert.see(alert=raised, by=cast.who(username))
    with refuses(NotVisible):
        alert.see(alert=raised, by=cast.who("outsider"))


def test_of_a_restricted_person_only_those_named_hear(cast, case, later):
    duty(cast, "family-worker")
    name(cast, case.person, "second-manager")
    protection.restrict(
        person=case.person,
        reason="x",
        review_on=date(2027, 1, 1),
        by=cast.who("second-manager"),
    )
    raised = tell(cast, case, by="lead-worker")
    for minutes, level in ((15, "manager"), (60, "all_managers")):
        with later(minutes=minutes):
            assert climb(raised)
            assert raised.level == level
            assert paged(cast, raised) == {"second-manager"}


def test_whoever_is_barred_is_passed_over(cast):
    case = cast.open_case(led_by="")
    duty(cast, "family-worker")
    cast.bar(case.person, "family-worker")
    raised = tell(cast, case)
    assert paged(cast, raised) == {"charity-manager"}


def test_without_anybody_on_duty_it_climbs_straight_to_a_manager(cast, case, later):
    raised = tell(cast, case)
    with later(minutes=15):
        assert climb(raised)
        assert (raised.level, raised.owner) == ("manager", cast.user("charity-manager"))
        assert paged(cast, raised) == {"charity-manager"}
        assert told("alert.climbed").detail["level"] == "manager"
    with later(minutes=30):
        assert not climb(raised), "the manager has until every manager is paged"
    with later(minutes=60):
        assert climb(raised)
        assert raised.level == "all_managers"
        assert paged(cast, raised) == {"charity-manager", "second-manager"}


def test_a_shift_taken_back_is_no_step_of_the_climb(cast, case, later):
    shift = duty(cast, "family-worker")
    raised = tell(cast, case)
    rota.withdraw(shift=shift, by=cast.who("charity-manager"))
    with later(minutes=15):
        climb(raised)
        assert paged(cast, raised) == {"charity-manager"}


def test_with_nobody_there_at_all_it_waits_for_the_next_step(cast, case, later):
    raised = tell(cast, case)
    for username in ("charity-manager", "second-manager"):
        membership.end(membership=cast.hats[username], by=OPERATOR)
    with later(minutes=15):
        assert climb(raised)
        assert (raised.level, paged(cast, raised)) == ("duty", set())
    with later(minutes=20):
        cast.hire("new-manager", "lead-charity", Role.MANAGER)
    with later(minutes=30):
        assert climb(raised)
        assert paged(cast, raised) == {"new-manager"}


def said_on_the_page(cast, case, browser):
    path = f"/people/{case.person.reference}/tell-the-lead/"
    return browser.post(path, {"message": "Ring me"}, follow=True).content.decode()


def test_the_page_promises_what_is_true_of_that_agency(cast, case, sign_in):
    page = said_on_the_page(cast, case, sign_in("colleague"))
    assert "it goes to a manager after 15 minutes: nobody is on duty there now" in page
    assert "whoever is on duty" not in page
    duty(cast, "family-worker")
    page = said_on_the_page(cast, case, sign_in("colleague"))
    assert "it goes to whoever is on duty after 15 minutes, to a manager after 30" in page
    assert "nobody is on duty" not in page


def test_it_promises_the_same_of_somebody_from_whom_the_one_on_duty_is_barred(cast, case, sign_in):
    duty(cast, "family-worker")
    before = said_on_the_page(cast, case, sign_in("colleague"))
    cast.bar(case.person, "family-worker")
    after = said_on_the_page(cast, case, sign_in("colleague"))
    words = "it goes to whoever is on duty after 15 minutes, to a manager after 30"
    assert words in before
    assert words in after
