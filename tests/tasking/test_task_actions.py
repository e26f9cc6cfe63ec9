"""Tasks: what is ticked opens to the owner until it is done."""

from datetime import timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.bases import Basis
from access.categories import Category
from access.context import transact
from core.clock import instant, today
from core.errors import Conflict, Invalid
from sharing.models import Involvement
from tasking.actions import task
from tasking.models import Task, TaskAnswer
from tasking.queries import own_tasks
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees, told, writes

__all__ = ["later", "sign_in"]

HOUSING, POINTER, TASKING = Category.HOUSING, Category.POINTER, Category.TASKING


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case()


def assign(cast, case, by="charity-manager", owner="unit-worker", slug="borough-unit", **more):
    said = {"what": "Ring the hostel", "due_on": today(), "also": [HOUSING]} | more
    return task.assign(
        person=case.person,
        owner_id=cast.user(owner).pk,
        owner_agency_id=cast.agencies[slug].pk,
        by=cast.who(by),
        **said,
    )


def answer(cast, row, state, by="unit-worker", words=""):
    return task.answer(task=row, state=state, words=words, by=cast.who(by))


def test_it_opens_tasking_and_what_was_ticked_to_its_owner(cast, case):
    assign(cast, case)
    assert sees(cast, "unit-worker", case.person) == {POINTER, TASKING, HOUSING}
    assert writes(cast, "unit-worker", case.person) == {TASKING}
    assert TASKING in sees(cast, "unit-manager", case.person)
    cast.hire("other-unit-worker", "borough-unit")
    assert sees(cast, "other-unit-worker", case.person) == set()


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_it_closes_to_them_when_it_is_over(cast, case, state, later):
    row = assign(cast, case)
    with later(hours=1):
        answer(cast, row, state, by="unit-worker" if state == "done" else "charity-manager")
        assert sees(cast, "unit-worker", case.person) == set()
        assert Involvement.rows.get(basis=Basis.TASK).ends == instant()
        with refuses(Conflict):
            answer(cast, row, "cancelled", by="charity-manager")


@pytest.mark.parametrize("state", ["accepted", "blocked"])
def test_it_stays_open_to_them_until_then(cast, case, state):
    answer(cast, assign(cast, case), state, words="No answer")
    assert TASKING in sees(cast, "unit-worker", case.person)
    assert TaskAnswer.rows.get().words == "No answer"
    assert "No answer" not in str(told(f"task.{state}").digests)


def test_an_enforcement_task_is_walled_off_from_support(cast, case):
    cast.agree("lead-charity", "police", categories=[Category.ENFORCEMENT])
    with refuses(NotAllowed):
        assign(cast, case, kind="enforcement", also=())
    assert Category.ENFORCEMENT not in sees(cast, "charity-manager", case.person)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("lead-worker", NotAllowed), ("unit-manager", NotVisible), ("outside-manager", NotVisible)],
)
def test_only_managers_who_may_write_it_set_it(cast, case, username, refusal):
    with refuses(refusal):
        assign(cast, case, by=username)


def test_nobody_ticks_what_they_may_not_write(cast, case):
    for category in (Category.CLINICAL, Category.SAFE_ADDRESS):
        with refuses(NotAllowed):
            assign(cast, case, also=[category])


def test_what_can_not_be_is_named(cast, case):
    with refuses(Invalid, "due_on"):
        assign(cast, case, due_on=today() - timedelta(days=1))
    with refuses(Invalid, "owner"):
        assign(cast, case, owner="school-lead")
    row = assign(cast, case)
    with refuses(Invalid, "words"):
        answer(cast, row, "blocked", words=" ")
    with refuses(Invalid, "owner"):
        task.move(
            task=row,
            owner_id=cast.user("school-lead").pk,
            owner_agency_id=cast.agencies["borough-unit"].pk,
            by=cast.who("charity-manager"),
        )


def test_only_its_owner_answers(cast, case):
    row = assign(cast, case)
    for username in ("lead-worker", "unit-manager", "colleague", "charity-manager"):
        with refuses(NotAllowed):
            answer(cast, row, "done", by=username)
    with refuses(NotVisible):
        answer(cast, row, "done", by="outsider")
    with refuses(NotAllowed):
        answer(cast, row, "cancelled", by="unit-worker")


@pytest.mark.parametrize("state", ["set", "lost"])
def test_it_takes_no_step_that_the_lifecycle_does_not_know(cast, case, state):
    row = assign(cast, case)
    with refuses(Conflict):
        answer(cast, row, state)


def test_moving_it_takes_what_it_opens_along(cast, case):
    row = assign(cast, case)
    task.move(
        task=row,
        owner_id=cast.user("unit-manager").pk,
        owner_agency_id=cast.agencies["borough-unit"].pk,
        by=cast.who("charity-manager"),
    )
    live = Involvement.rows.live().get(basis=Basis.TASK)
    assert (live.worker, live.categories) == (cast.user("unit-manager"), {TASKING, HOUSING})
    assert sees(cast, "unit-worker", case.person) == set()


def test_one_that_is_over_is_not_moved(cast, case):
    row = assign(cast, case)
    answer(cast, row, "done")
    with refuses(Conflict):
        task.move(
            task=row,
            owner_id=cast.user("lead-worker").pk,
            owner_agency_id=case.agency_id,
            by=cast.who("charity-manager"),
        )


def own(worker):
    with transact(worker, route="test") as notes:
        found, _ = own_tasks(worker, limit=9)
        notes.shown.clear()
    return found


def test_a_task_about_somebody_hidden_takes_no_place_among_ones_own(cast, case):
    row = assign(cast, case)
    worker = cast.who("unit-worker")
    assert own(worker) == [row]
    cast.bar(case.person, "unit-worker")
    # Not even counted: a list that is cut after so many would tell of it.
    assert own(worker) == []


def test_a_task_for_oneself_opens_nothing(cast, case):
    """Neither by setting it nor by taking it over: it is seen by what is seen already."""
    mine = assign(cast, case, owner="charity-manager", slug="lead-charity")
    taken = assign(cast, case)
    task.move(
        task=taken,
        owner_id=cast.user("charity-manager").pk,
        owner_agency_id=case.agency_id,
        by=cast.who("charity-manager"),
    )
    assert not Involvement.rows.live().filter(basis=Basis.TASK).exists()
    own, _ = own_tasks(cast.who("charity-manager"), limit=9)
    assert {row.pk for row in own} == {mine.pk, taken.pk}
    assert sees(cast, "unit-worker", case.person) == set()


def test_what_blocks_it_is_read_by_who_set_it_and_by_nobody_who_may_not(cast, case, sign_in):
    row = assign(cast, case)
    path = f"/tasks/{row.pk}/"
    sign_in("unit-worker").post(path, {"state": "blocked", "words": "No key to the hostel"})
    assert "No key to the hostel" in sign_in("charity-manager").get(path).text
    assert "No key to the hostel" in sign_in("unit-worker").get(path).text
    assert sign_in("charity-manager").post(path, {"state": "done"}).status_code == 403
    for username in ("colleague", "outsider", "school-lead"):
        assert sign_in(username).get(path).status_code in {403, 404}


def test_what_was_said_of_an_enforcement_task_is_read_by_nobody_who_supports(cast, case, sign_in):
    row = assign(cast, case, also=())
    answer(cast, row, "blocked", words="He has moved")
    Task.rows.filter(pk=row.pk).update(kind="enforcement")
    for username in ("lead-worker", "charity-manager", "unit-worker"):
        page = sign_in(username).get(f"/tasks/{row.pk}/")
        assert page.status_code == 404
        assert "He has moved" not in page.text


def test_what_another_agency_set_its_partner_does_not_cancel(cast, case):
    cast.join(case, "unit-manager", POINTER, TASKING)
    row = assign(cast, case, owner="lead-worker", slug="lead-charity")
    with refuses(NotAllowed):
        answer(cast, row, "cancelled", by="unit-manager")
    answer(cast, row, "cancelled", by="charity-manager")


def test_nobody_is_given_a_task_that_they_could_not_see(cast, case):
    """Whatever the reason is, it is said alike: no agreement, or a bar."""
    cast.bar(case.person, "colleague")
    for owner, slug in (("school-lead", "school"), ("colleague", "lead-charity")):
        with refuses(Invalid, "owner"):
            assign(cast, case, owner=owner, slug=slug)
    mine = assign(cast, case)
    with refuses(Invalid, "owner"):
        task.move(
            task=mine,
            owner_id=cast.user("colleague").pk,
            owner_agency_id=case.agency_id,
            by=cast.who("charity-manager"),
        )
    mine.refresh_from_db()
    assert mine.owner == cast.user("unit-worker")
    assert TASKING in sees(cast, "unit-worker", case.person)
    assert sees(cast, "colleague", case.person) == set()


def test_a_partners_manager_learns_of_no_bar_by_setting_a_task(cast, case):
    cast.join(case, "unit-manager", POINTER, TASKING)
    cast.bar(case.person, "unit-worker")
    row = assign(cast, case, by="unit-manager", also=())
    assert row.owner == cast.user("unit-worker")
    assert sees(cast, "unit-worker", case.person) == set()
