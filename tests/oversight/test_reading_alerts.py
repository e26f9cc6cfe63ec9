"""Alerts about reading: whom they find, who answers, and how they climb."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.actor import NotAllowed, NotVisible, System
from access.roles import Role
from audit import trail
from audit.models import AccessRecord, Event
from casework.models import Case
from core.clock import today
from core.errors import Conflict, Invalid
from core.ids import new_id
from oversight import rules
from oversight.actions import reading_alert
from oversight.models import ReadingAlert
from oversight.tasks import watch_reading
from tasking.actions import meeting
from tests.conftest import NOW

JOB = System("tests")


@pytest.fixture
def two(cast):
    cast.hire("second-auditor", "lead-charity", Role.AUDITOR)
    return cast


def reads(cast, who, number):
    trail.record_reads(
        cast.who(who), [trail.Read(new_id(), 6) for _ in range(number)], route="people:show"
    )


def alert(cast, who="lead-worker", number=rules.MANY + 1):
    reads(cast, who, number)
    assert reading_alert.find(day=today(), by=JOB) == 1
    return ReadingAlert.objects.get()


@pytest.mark.parametrize(
    ("number", "others", "unusual"),
    [(30, [], False), (31, [], True), (31, [10], True), (31, [11], False), (90, [5, 6, 40], True)],
)
def test_what_is_unusual(number, others, unusual):
    assert rules.is_unusual(number, others) is unusual


def test_who_reads_of_very_many_in_one_day_raises_one_alert_with_an_owner_and_a_clock(two):
    row = alert(two)
    assert (row.people, row.usual) == (31, 0)
    assert row.owner.username in {"auditor", "second-auditor"}
    assert row.climbs_at == NOW + timedelta(hours=24)
    reads(two, "lead-worker", 40)
    assert reading_alert.find(day=today(), by=JOB) == 0, "one a day"
    assert Event.objects.filter(verb="reading_alert.raised").count() == 1


def test_who_always_reads_of_many_raises_none(two, later):
    for day in (1, 2, 3):
        with later(days=-day), two.acting("lead-worker"):
            reads(two, "lead-worker", 11)
    reads(two, "lead-worker", 33)
    assert reading_alert.find(day=today(), by=JOB) == 0
    reads(two, "lead-worker", 1)
    assert reading_alert.find(day=today(), by=JOB) == 1


def test_reading_the_same_person_often_is_not_much(two):
    person = new_id()
    for _ in range(40):
        trail.record_reads(two.who("lead-worker"), [trail.Read(person, 6)], route="people:show")
    assert reading_alert.find(day=today(), by=JOB) == 0


def test_what_is_read_in_a_meeting_raises_no_alert(two):
    token = trail.meeting_id.set(new_id())
    reads(two, "lead-worker", 60)
    trail.meeting_id.reset(token)
    assert reading_alert.find(day=today(), by=JOB) == 0


def test_reads_of_somebody_on_the_agenda_carry_the_meeting(two, sign_in):
    cast, case = two, two.open_case()
    opened = meeting.open_meeting(
        present=[cast.hats["lead-worker"].pk], by=cast.who("charity-manager")
    )
    meeting.add_person(
        meeting=opened, person=case.person, why="A threat", by=cast.who("charity-manager")
    )
    other: Case = cast.open_case()
    sign_in("charity-manager").get(f"/people/{case.person.reference}/")
    sign_in("lead-worker").get(f"/people/{case.person.reference}/")
    sign_in("lead-worker").get(f"/people/{other.person.reference}/")
    carried = {(row.user_id, row.person_id): row.meeting_id for row in AccessRecord.objects.all()}
    assert carried[cast.user("lead-worker").pk, case.person_id] == opened.pk
    assert carried[cast.user("charity-manager").pk, case.person_id] is None, "is not present"
    assert carried[cast.user("lead-worker").pk, other.person_id] is None


def test_an_alert_that_nobody_answers_climbs_to_the_second_auditor_and_then_to_a_manager(
    two, later
):
    row = alert(two)
    first = row.owner_id
    with later(hours=23, minutes=59):
        assert reading_alert.climb(alert_id=row.pk, by=JOB) is False
    with later(hours=24):
        assert reading_alert.climb(alert_id=row.pk, by=JOB) is True
        assert reading_alert.climb(alert_id=row.pk, by=JOB) is False, "not twice"
        row.refresh_from_db()
        assert row.level == "second"
        assert {first, row.owner_id} == {two.user("auditor").pk, two.user("second-auditor").pk}
    with later(hours=48):
        assert reading_alert.climb(alert_id=row.pk, by=JOB) is True
        row.refresh_from_db()
        assert (row.level, row.climbs_at) == ("manager", None)
        assert row.owner.username in {"charity-manager", "second-manager"}
        assert reading_alert.climb(alert_id=row.pk, by=JOB) is False, "nowhere further"


def test_an_auditors_own_reading_is_for_another_auditor(two):
    row = alert(two, "auditor")
    assert row.owner_id == two.user("second-auditor").pk
    with pytest.raises(NotAllowed):
        reading_alert.answer(alert=row, words="It was me", by=two.who("auditor"))


def test_the_only_auditors_own_reading_is_for_a_manager(two):
    row = alert(two, "unit-auditor")
    assert row.level == "manager"
    assert row.owner_id == two.user("unit-manager").pk


def test_an_auditor_answers_and_then_it_climbs_no_more(two, sign_in, later):
    row = alert(two)
    path = f"/oversight/alerts/{row.pk}/"
    browser = sign_in("auditor")
    assert "Lead Worker" in browser.get("/oversight/alerts/").text
    browser.post(path, {"answer": "A file review, agreed beforehand"})
    assert "A file review" in browser.get(path).text
    assert "Lead Worker" in browser.get("/oversight/alerts/?state=answered").text
    with later(hours=25):
        assert reading_alert.climb(alert_id=row.pk, by=JOB) is False
    with pytest.raises(Conflict):
        reading_alert.answer(alert=row, words="More", by=two.who("second-auditor"))


def test_the_day_says_what_waits(two, sign_in):
    alert(two)
    body = sign_in("auditor").get("/oversight/").text
    assert "alerts about somebody’s reading wait" in body
    assert "/oversight/alerts/" in body


def test_others_see_no_alert_and_its_reader_least_of_all(two, sign_in):
    row = alert(two, "auditor")
    for who in ("auditor", "unit-auditor", "charity-manager", "lead-worker"):
        assert sign_in(who).get(f"/oversight/alerts/{row.pk}/").status_code == 404, who
    assert "Auditor" not in sign_in("auditor").get("/oversight/alerts/").text.split("<main")[1]
    for who in ("unit-auditor", "charity-manager"):
        with pytest.raises(NotVisible):
            reading_alert.answer(alert=row, words="Fine", by=two.who(who))
    with pytest.raises(Invalid):
        reading_alert.answer(alert=row, words=" ", by=two.who("second-auditor"))


def test_the_job_finds_and_climbs_and_may_run_twice(two, later):
    reads(two, "lead-worker", 40)
    assert watch_reading() == 1
    assert watch_reading() == 0
    with later(hours=25):
        assert watch_reading() == 1
        assert watch_reading() == 0
