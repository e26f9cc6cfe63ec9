"""Where much waits: the oldest first, it says that there is more, and no page grows with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access import first, reading
from access.categories import Category
from core.clock import instant, today
from tasking import queries
from tasking.actions import meeting
from tasking.models import Alert, Task
from tasking.views import tasking as views
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]


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
    assert "See all messages" not in day.content.decode()
    wait(cast, case, 13)
    assert len(worker.get("/").content) < 60_000
    assert "See all messages" in worker.get("/").content.decode()
    everything = worker.get("/alerts/")
    assert shown(everything, "Message", 13) == list(range(13))
    assert len(everything.content) < 60_000


def test_a_message_that_was_seen_stays_for_a_day_with_its_number(cast, sign_in, later):
    case, worker = cast.open_case(), sign_in("lead-worker")
    wait(cast, case, 1)
    Alert.rows.update(callback="Ward 7, 020 7946 0000")
    path = f"/alerts/{Alert.rows.get().pk}/seen/"
    assert worker.post(path)["Location"] == "/alerts/"
    page = worker.get("/alerts/").content.decode()
    assert "Nothing needs you now" in page
    assert 'href="tel:02079460000"' in page
    assert path not in page
    for username in ("colleague", "charity-manager"):
        assert "020 7946" not in sign_in(username).get("/alerts/").content.decode()
    with later(hours=23):
        assert queries.alerts_just_seen(cast.who("lead-worker"), limit=9)
    with later(hours=24):
        assert not queries.alerts_just_seen(cast.who("lead-worker"), limit=9)


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
        kept, more = first.first_shown(found, Category.SAFETY, limit=2)
        assert (kept, more) == (people[:2], True)
        assert set(notes.shown) == {one.pk for one in people[:2]}
        assert first.first_shown(found, Category.SAFETY, limit=3) == (people, False)
        notes.shown.clear()


def test_tasks_of_an_agency_are_turned_in_pages(cast, sign_in):
    manager = sign_in("charity-manager")
    set_tasks(cast, cast.open_case(), 33, "Ring")
    begun, second = manager.get("/tasking/"), manager.get("/tasking/?page=2")
    assert len(begun.content) < 60_000
    assert len(shown(begun, "Ring", 33)) == 30
    assert len(shown(second, "Ring", 33)) == 3
    assert set(shown(begun, "Ring", 33)) | set(shown(second, "Ring", 33)) == set(range(33))
    assert "?page=2" in begun.content.decode()
    assert "?page=3" not in second.content.decode()
    assert "No task" not in second.content.decode()
    assert "Yours" not in second.content.decode()


def test_beyond_the_last_page_nothing_is_denied_and_a_way_leads_back(cast, sign_in):
    manager = sign_in("charity-manager")
    assert "No open task that you may see" in manager.get("/tasking/").content.decode()
    set_tasks(cast, cast.open_case(), 33, "Ring")
    for number in (3, 99999):
        beyond = manager.get(f"/tasking/?page={number}").content.decode()
        assert "No more tasks" in beyond
        assert "No open task" not in beyond
        assert "?page=2" in manager.get("/tasking/?page=3").content.decode()


def test_where_no_further_page_can_be_turned_to_it_says_so(cast, sign_in, monkeypatch):
    monkeypatch.setattr(views, "LAST", 2)
    manager = sign_in("charity-manager")
    set_tasks(cast, cast.open_case(), 61, "Ring")
    begun, last = (manager.get(f"/tasking/?page={number}").content.decode() for number in (1, 2))
    assert "More are open. They appear here" in last
    assert "More are open. They appear here" not in begun
    assert "?page=3" not in last


@pytest.mark.parametrize("few", [True, False], ids=["by name", "in order"])
def test_tasks_of_an_agency_are_its_own_open_ones_in_order(cast, monkeypatch, few):
    if not few:
        monkeypatch.setattr(first, "_FEW", -1)
    cases = [cast.open_case() for _ in range(4)]
    for days, case in zip((7, 1, 5, 3), cases, strict=True):
        set_tasks(cast, case, 1, f"Due in {days}", days=days)
    set_tasks(cast, cases[1], 2, "No longer open", days=0)
    set_tasks(cast, cases[1], 2, "Set elsewhere", days=0)
    done, elsewhere = (Task.rows.filter(what__startswith=one) for one in ("No lo", "Set e"))
    done.update(closed_at=instant(), state="done")
    elsewhere.update(agency_id=cast.agencies["school"].pk, owner_agency_id=cast.agencies["school"])
    manager = cast.who("charity-manager")
    for before, limit, more in ((0, 2, True), (2, 2, False), (0, 3, True), (0, 4, False)):
        with cast.acting("charity-manager") as notes:
            found, beyond = queries.team_tasks(manager, limit=limit, first=before)
            due = [(task.due_on - today()).days for task in found]
            assert (due, beyond) == ([1, 3, 5, 7][before : before + limit], more)
            assert set(notes.shown) == {task.person_id for task in found}
            notes.shown.clear()
    with cast.acting("charity-manager") as notes:
        found, beyond = queries.team_tasks(manager, limit=9, due_before=today() + timedelta(days=3))
        assert [(task.due_on - today()).days for task in found] == [1]
        about = queries.tasks_about(manager, {cases[1].person_id, cases[2].person_id})
        assert {key: len(tasks) for key, tasks in about.items()} == {
            cases[1].person_id: 1,
            cases[2].person_id: 1,
        }
        notes.shown.clear()


def test_ones_own_tasks_are_in_order_and_the_rest_is_not_recorded(cast):
    cases = [cast.open_case() for _ in range(3)]
    for days, case in zip((5, 1, 3), cases, strict=True):
        set_tasks(cast, case, 1, "Ring", days=days)
    for limit, more in ((2, True), (3, False)):
        with cast.acting("lead-worker") as notes:
            found, beyond = queries.own_tasks(cast.who("lead-worker"), limit=limit)
            assert [(task.due_on - today()).days for task in found] == [1, 3, 5][:limit]
            assert beyond is more
            assert set(notes.shown) == {task.person_id for task in found}
            notes.shown.clear()


def test_ones_own_messages_are_in_order_of_ones_agency_and_the_rest_is_not_recorded(cast):
    cases = [cast.open_case() for _ in range(4)]
    for case in cases:
        wait(cast, case, 1)
    for place, case in enumerate(cases):
        mine = Alert.rows.filter(person_id=case.person_id)
        mine.update(raised_at=instant() - timedelta(hours=place))
    # Somebody else's to answer, although it is about one of theirs.
    Alert.rows.filter(person_id=cases[3].person_id).update(agency_id=cast.agencies["school"].pk)
    for limit, more in ((2, True), (3, False)):
        with cast.acting("lead-worker") as notes:
            found, beyond = queries.own_alerts(cast.who("lead-worker"), limit=limit)
            wanted = [case.person_id for case in (cases[2], cases[1], cases[0])][:limit]
            assert ([alert.person_id for alert in found], beyond) == (wanted, more)
            assert set(notes.shown) == set(wanted)
            notes.shown.clear()


def test_what_may_not_be_shown_takes_nobodys_place(cast):
    cases = [cast.open_case(), cast.open_case(led_by="colleague"), cast.open_case()]
    with cast.acting("lead-worker") as notes:
        seen = reading.sights(cast.who("lead-worker"), [one.person_id for one in cases])
        found = [(one, seen[one.person_id]) for one in cases]
        kept, more = first.first_shown(found, Category.SAFETY, limit=2)
        assert (kept, more) == ([cases[0], cases[2]], False)
        assert cases[1].person_id not in notes.shown
        assert first.first_shown(found, Category.SAFETY, limit=2, beyond=True)[1]
        notes.shown.clear()


def test_what_is_written_between_two_looks_stands_there_once(cast, monkeypatch):
    case = cast.open_case()
    set_tasks(cast, case, 6, "Ring")
    hidden = cast.open_case(led_by="colleague")
    set_tasks(cast, hidden, 6, "Not theirs", days=1)
    monkeypatch.setattr(first, "_FEW", -1)
    monkeypatch.setattr(first, "_SPARE", 4)
    real, calls = first._seen_of, []

    def meanwhile(*asked):
        calls.append(1)
        found = real(*asked)
        if len(calls) == 1:
            set_tasks(cast, hidden, 3, "Earlier", days=0)
        return found

    monkeypatch.setattr(first, "_seen_of", meanwhile)
    with cast.acting("lead-worker") as notes:
        found, _ = queries.team_tasks(cast.who("lead-worker"), limit=5)
        notes.shown.clear()
    assert len(calls) > 1
    assert len({task.pk for task in found}) == len(found) == 5


def test_a_worker_with_very_many_tasks_is_told_where_they_are(cast, sign_in):
    worker = sign_in("lead-worker")
    set_tasks(cast, cast.open_case(), 45, "Ring")
    day, tasks = worker.get("/"), worker.get("/tasking/")
    assert len(shown(day, "Ring", 45)) == 20
    assert "All your tasks" in day.content.decode()
    assert len(shown(tasks, "Ring", 45)) >= 40
    assert "Those due first are shown" in tasks.content.decode()
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
