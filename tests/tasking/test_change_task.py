"""The page on which a manager gives a task to somebody else, or cancels it."""

from __future__ import annotations

import pytest

from access.actor import NotAllowed
from access.categories import Category
from core.clock import today
from tasking.actions import task
from tasking.models import Task
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees, told

__all__ = ["later", "sign_in"]

POINTER, TASKING, HOUSING = Category.POINTER, Category.TASKING, Category.HOUSING


@pytest.fixture
def row(cast):
    cast.agree("lead-charity", "borough-unit")
    case = cast.open_case()
    return task.assign(
        person=case.person,
        what="Ring the hostel",
        owner_id=cast.user("unit-worker").pk,
        owner_agency_id=cast.agencies["borough-unit"].pk,
        due_on=today(),
        also=[HOUSING],
        by=cast.who("charity-manager"),
    )


def path(row):
    return f"/tasks/{row.pk}/change/"


def test_it_is_cancelled_and_what_it_opened_ends(cast, row, sign_in, later):
    browser = sign_in("charity-manager")
    assert path(row) in browser.get("/tasking/").content.decode()
    with later(minutes=1):
        said = {"change": "cancel", "words": "The hostel rang us"}
        assert browser.post(path(row), said)["Location"] == "/tasking/"
        assert sees(cast, "unit-worker", row.person) == set()
    assert Task.rows.get().state == "cancelled"
    assert told("task.cancelled", row.person)


def test_it_is_given_to_somebody_else_with_what_it_opens(cast, row, sign_in, later):
    said = {"change": "move", "owner": str(cast.hats["family-worker"].pk)}
    with later(minutes=1):
        assert sign_in("charity-manager").post(path(row), said)["Location"] == "/tasking/"
        assert sees(cast, "unit-worker", row.person) == set()
        assert {TASKING, HOUSING} <= sees(cast, "family-worker", row.person)
    assert Task.rows.get().owner == cast.user("family-worker")
    assert told("task.moved", row.person)


@pytest.mark.parametrize(
    "said",
    [
        {"change": ""},
        {"change": "move"},
        {"change": "move", "owner": "nonsense"},
        {"change": "lose"},
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(row, sign_in, said):
    page = sign_in("charity-manager").post(path(row), said).content.decode()
    assert "There is a problem" in page
    assert (Task.rows.get().state, Task.rows.get().owner) == ("set", row.owner)


def test_one_that_is_over_is_not_changed(row, cast, sign_in):
    task.answer(task=row, state="done", by=cast.who("unit-worker"))
    page = sign_in("charity-manager").post(path(row), {"change": "cancel"}).content.decode()
    assert "This task is done already" in page


@pytest.mark.parametrize(
    ("username", "status"),
    [("unit-worker", 403), ("lead-worker", 403), ("unit-manager", 403), ("outsider", 404)],
)
def test_nobody_else_changes_it(row, sign_in, username, status):
    browser = sign_in(username)
    assert browser.get(path(row)).status_code == status
    assert browser.post(path(row), {"change": "cancel"}).status_code == status
    assert path(row) not in browser.get("/tasking/").content.decode()
    assert Task.rows.get().state == "set"


@pytest.mark.parametrize("also", [[], [HOUSING]])
def test_a_manager_of_another_agency_carries_nothing_of_it_to_a_colleague(cast, row, also):
    cast.hire("other-unit-worker", "borough-unit")
    other = task.assign(
        person=row.person,
        what="Ring the school",
        owner_id=row.owner_id,
        owner_agency_id=row.owner_agency_id,
        due_on=today(),
        also=also,
        by=cast.who("charity-manager"),
    )
    with refuses(NotAllowed):
        task.move(
            task=other,
            owner_id=cast.user("other-unit-worker").pk,
            owner_agency_id=cast.agencies["borough-unit"].pk,
            by=cast.who("unit-manager"),
        )
    assert sees(cast, "other-unit-worker", row.person) == set()
