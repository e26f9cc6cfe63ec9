"""Where much waits: the oldest first, it says that there is more, and no page grows with it."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from access import reading
from access.categories import Category
from core.clock import instant, today
from tasking.actions import meeting
from tasking.models import Alert, Task
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]


def wait(cast, case, number):
    """Messages about the case's young person that nobody has seen."""
    Alert.rows.bulk_create(
        Alert(
            person_id=case.person_id,
            message=f"Message {place:02} ends",
            callback="020 7946 0001",
            raised_by_id=cast.user("colleague").pk,
            raised_by_name="Colleague",
            raised_at=instant() - timedelta(hours=number - place),
            agency_id=case.agency_id,
            owner_id=cast.user("lead-worker").pk,
            level="lead",
        )
        for place in range(number)
    )


def set_tasks(cast, case, number, what, *, days=3):
    Task.rows.bulk_create(
        Task(
            person_id=case.person_id,
            what=f"{what} {place:02} ends",
            owner_id=cast.user("lead-worker").pk,
            owner_agency_id=case.agency_id,
            agency_id=case.agency_id,
            due_on=today() + timedelta(days=days),
            set_by_id=cast.user("charity-manager").pk,
        )
        for place in range(number)
    )


def shown(page, what, number):
    text = page.content.decode()
    return [place for place in range(number) if f"{what} {place:02} ends" in text]


def test_ten_messages_open_the_day_and_all_are_a_click_away(cast, sign_in):
    case, worker = cast.open_case(), sign_in("lead-worker")
    wait(cast, case, 10)
    day = worker.get("/")
    assert shown(day, "Message", 10) == list(range(10))
    assert "Everything that needs you now" not in day.content.decode()
    wait(cast, case, 13)
    assert len(worker.get("/").content) < 60_000
    assert "Everything that needs you now" in worker.get("/").content.decode()
    everything = worker.get("/alerts/")
    assert shown(everything, "Message", 13) == list(range(13))
    assert len(everything.content) < 60_000


def test_a_message_seen_among_all_leads_back_there(cast, sign_in):
    case, worker = cast.open_case(), sign_in("lead-worker")
    wait(cast, case, 1)
    path = f"/alerts/{Alert.rows.get().pk}/seen/"
    assert worker.post(path, {"among": "all"})["Location"] == "/alerts/"
    assert "Nothing needs you now" in worker.get("/alerts/").content.decode()


def test_nobody_else_reads_them(cast, sign_in):
    wait(cast, cast.open_case(), 3)
    for username in ("colleague", "outsider", "unit-worker"):
        page = sign_in(username).get("/alerts/")
        assert shown(page, "Message", 3) == []
        assert "Mensah-Lowe" not in page.content.decode()


def test_what_does_not_fit_is_not_recorded_as_shown(cast):
    people = [cast.open_case().person for _ in range(3)]
    with cast.acting("lead-worker") as notes:
        seen = reading.sights(cast.who("lead-worker"), [one.pk for one in people])
        found = [(one, seen[one.pk]) for one in people]
        kept, more = reading.first_shown(found, Category.SAFETY, limit=2)
        assert (kept, more) == (people[:2], True)
        assert set(notes.shown) == {one.pk for one in people[:2]}
        assert reading.first_shown(found, Category.SAFETY, limit=3) == (people, False)
        notes.shown.clear()


def test_tasks_of_an_agency_are_turned_in_pages(cast, sign_in):
    manager = sign_in("charity-manager")
    set_tasks(cast, cast.open_case(), 33, "Ring")
    first, second = manager.get("/tasking/"), manager.get("/tasking/?page=2")
    assert len(first.content) < 60_000
    assert len(shown(first, "Ring", 33)) == 30
    assert len(shown(second, "Ring", 33)) == 3
    assert set(shown(first, "Ring", 33)) | set(shown(second, "Ring", 33)) == set(range(33))
    assert "?page=2" in first.content.decode()
    assert "?page=3" not in second.content.decode()
    assert manager.get("/tasking/?page=99999").status_code == 200


def test_a_worker_with_very_many_tasks_is_told_where_they_are(cast, sign_in):
    worker = sign_in("lead-worker")
    set_tasks(cast, cast.open_case(), 45, "Ring")
    day, tasks = worker.get("/"), worker.get("/tasking/")
    assert len(shown(day, "Ring", 45)) == 20
    assert "All your tasks" in day.content.decode()
    assert len(shown(tasks, "Ring", 45)) >= 40
    assert "You have more" in tasks.content.decode()
    assert max(len(day.content), len(tasks.content)) < 60_000


def test_an_agenda_has_the_tasks_of_its_people_however_many_are_due_before(cast, sign_in):
    """And costs the same for one of them as for three."""
    manager, cases = sign_in("charity-manager"), [cast.open_case() for _ in range(4)]
    set_tasks(cast, cases[0], 60, "Before", days=1)
    for case in cases[1:]:
        set_tasks(cast, case, 2, case.reference, days=9)
    held = meeting.open_meeting(
        present=[cast.hats["charity-manager"].pk], by=cast.who("charity-manager")
    )
    asked = []
    for case in cases[1:]:
        meeting.add_person(
            meeting=held, person=case.person, why="Out again", by=cast.who("charity-manager")
        )
        manager.get("/tasking/today/")
        with CaptureQueriesContext(connection) as queries:
            page = manager.get("/tasking/today/")
        asked.append(len(queries))
        assert shown(page, case.reference, 2) == [0, 1]
    assert len(set(asked)) == 1
    assert len(page.content) < 60_000
    assert "More open tasks" in page.content.decode()
