"""The pages of the duty rota."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agencies.actions import rota
from agencies.models import DutyShift
from core.clock import LONDON
from tests.conftest import NOW
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]

NOBODY = "Nobody is on duty: messages that nobody sees go straight to a manager."


def shift(cast, username="family-worker", *, starts=NOW, by="charity-manager"):
    return rota.publish(
        user=cast.user(username), starts=starts, ends=starts + timedelta(hours=8), by=cast.who(by)
    )


def said(cast, **other):
    day = {"starts_day": "3", "starts_month": "3", "starts_year": "2026", "starts_at": "17:00"}
    until = {"ends_day": "4", "ends_month": "3", "ends_year": "2026", "ends_at": "9am"}
    return {"user": str(cast.user("family-worker").pk)} | day | until | other


def test_with_nobody_on_duty_it_says_what_becomes_of_messages(cast, sign_in):
    assert NOBODY in sign_in("charity-manager").get("/duty/").content.decode()
    shift(cast)
    assert NOBODY not in sign_in("charity-manager").get("/duty/").content.decode()


def test_it_shows_who_is_on_duty_now_and_next_at_ones_own_agency_alone(cast, sign_in):
    shift(cast)
    shift(cast, "colleague", starts=NOW + timedelta(hours=8))
    shift(cast, "unit-worker", by="unit-manager")
    page = sign_in("charity-manager").get("/duty/").content.decode()
    assert page.index("Family Worker") < page.index("Next") < page.index("Colleague")
    assert "Unit Worker" not in page


def test_a_worker_reads_it_and_can_change_nothing(cast, sign_in):
    row = shift(cast)
    browser = sign_in("lead-worker")
    page = browser.get("/duty/").content.decode()
    assert "Family Worker" in page
    assert "Publish a shift" not in page
    assert "Take back" not in page
    assert browser.get("/duty/new/").status_code == 403
    assert browser.post("/duty/new/", said(cast)).status_code == 403
    assert browser.post(f"/duty/{row.pk}/take-back/").status_code == 403
    assert DutyShift.objects.get().ends == row.ends


@pytest.mark.parametrize("username", ["auditor", "analyst", "lead-charity-administrator"])
def test_who_does_not_work_with_young_people_has_no_such_page(cast, sign_in, username):
    assert sign_in(username).get("/duty/").status_code == 403


def test_a_manager_publishes_by_the_clock_in_london(cast, sign_in):
    summer = said(cast, starts_month="7", ends_month="7")
    answer = sign_in("charity-manager").post("/duty/new/", summer)
    assert answer["Location"] == "/duty/"
    row = DutyShift.objects.get()
    assert row.user == cast.user("family-worker")
    assert row.starts == datetime(2026, 7, 3, 17, tzinfo=LONDON)
    assert row.ends == datetime(2026, 7, 4, 9, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"user": ""}, "Choose who is on duty"),
        ({"starts_at": "99"}, "must be a time"),
        ({"starts_day": "31", "starts_month": "2"}, "must be a real date"),
        ({"ends_day": "3", "ends_at": "16:00"}, "The end must be after the beginning"),
        ({"ends_day": "30"}, "One shift can last 7 days"),
        ({"starts_year": "2028", "ends_year": "2028"}, "must be on or before"),
        ({"user": "\x00"}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, sign_in, typed, words):
    page = sign_in("charity-manager").post("/duty/new/", said(cast) | typed).content.decode()
    assert "There is a problem" in page
    assert words in page
    assert 'value="9am"' in page or "ends_at" in typed
    assert not DutyShift.objects.exists()


@pytest.mark.parametrize("username", ["unit-worker", "auditor"])
def test_nobody_can_be_chosen_who_does_not_work_here_with_young_people(cast, sign_in, username):
    browser = sign_in("charity-manager")
    assert str(cast.user(username).pk) not in browser.get("/duty/new/").content.decode()
    page = browser.post("/duty/new/", said(cast, user=str(cast.user(username).pk)))
    assert "There is a problem" in page.content.decode()
    assert not DutyShift.objects.exists()


def test_on_duty_already_is_said_on_the_form(cast, sign_in):
    shift(cast, starts=NOW + timedelta(hours=1))
    page = sign_in("charity-manager").post("/duty/new/", said(cast)).content.decode()
    assert "They are on duty in a part of this time already" in page


def test_a_shift_is_taken_back_after_one_question(cast, sign_in):
    row = shift(cast)
    browser, path = sign_in("charity-manager"), f"/duty/{row.pk}/take-back/"
    assert "Take back this shift?" in browser.get(path).content.decode()
    assert DutyShift.objects.get().ends == row.ends, "asking changes nothing"
    assert browser.post(path)["Location"] == "/duty/"
    assert DutyShift.objects.get().ends == NOW
    assert NOBODY in browser.get("/duty/").content.decode()
    assert browser.post(path).status_code == 409


def test_another_agencys_shift_is_not_there(cast, sign_in):
    row = shift(cast, "unit-worker", by="unit-manager")
    path = f"/duty/{row.pk}/take-back/"
    assert sign_in("charity-manager").get(path).status_code == 404
    assert sign_in("charity-manager").post(path).status_code == 404
    assert DutyShift.objects.get().ends == row.ends


def test_the_day_of_a_manager_says_that_nobody_is_on_duty(cast, sign_in):
    words = "Nobody is on duty</a>: messages that nobody sees"
    assert words in sign_in("charity-manager").get("/").content.decode()
    assert words not in sign_in("lead-worker").get("/").content.decode()
    shift(cast)
    assert words not in sign_in("charity-manager").get("/").content.decode()
    assert 'href="/duty/">on duty</a>' in sign_in("family-worker").get("/").content.decode()


def test_whoever_sees_the_workload_finds_the_rota(cast, sign_in):
    assert 'href="/duty/"' in sign_in("charity-manager").get("/workload/").content.decode()
