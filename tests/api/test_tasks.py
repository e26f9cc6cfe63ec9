"""`tasks/`: who does what by when; the owner sees it until it is done."""

import pytest

from tasking.models import Task


@pytest.fixture
def chore(cast, kofi):
    cast.agree("lead-charity", "borough-unit")
    return {
        "person": kofi.person.reference,
        "what": "Ring the hostel",
        "owner": "unit-worker",
        "owner_agency": "borough-unit",
        "due_on": "2026-03-05",
    }


def test_a_task_opens_itself_to_its_owner(call, kofi, chore):
    owner, path = call("unit-worker"), f"people/{kofi.person.reference}/"
    assert owner.get(path).status_code == 404
    made = call("charity-manager").post("tasks/", chore)

    assert made.status_code == 201
    assert owner.get(made["Location"]).json()["what"] == "Ring the hostel"
    assert owner.get(path).json()["visible"] == ["pointer", "tasking"]


def test_doing_it_ends_the_sight_of_it(call, kofi, chore):
    owner = call("unit-worker")
    made = call("charity-manager").post("tasks/", chore)
    done = owner.post(made["Location"] + "answer/", {"state": "done"})

    assert done.status_code == 201
    assert done.json() == {"id": made.json()["id"]}
    assert owner.get(made["Location"]).status_code == 404
    assert owner.get(f"people/{kofi.person.reference}/").status_code == 404


def test_it_is_accepted_then_blocked_by_something(call, chore):
    owner = call("unit-worker")
    path = call("charity-manager").post("tasks/", chore)["Location"] + "answer/"

    assert owner.post(path, {"state": "accepted"}).json()["state"] == "accepted"
    assert owner.post(path, {"state": "accepted"}).status_code == 409
    assert owner.post(path, {"state": "blocked"}).status_code == 400
    assert owner.post(path, {"state": "blocked", "words": "No bed"}).json()["state"] == "blocked"


def test_nobody_else_answers(call, chore):
    path = call("charity-manager").post("tasks/", chore)["Location"] + "answer/"

    assert call("lead-worker").post(path, {"state": "done"}).status_code == 403
    assert call("outsider").post(path, {"state": "done"}).status_code == 404


def test_only_managers_set_tasks(call, chore):
    assert call("lead-worker").post("tasks/", chore).status_code == 403
    assert call("outside-manager").post("tasks/", chore).status_code == 404


def test_a_partner_without_tasking_sees_none(cast, call, housing, chore):
    call("charity-manager").post("tasks/", chore)

    assert call("housing-officer").get("tasks/").json()["results"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": "2026-03-02"},
        {"owner": "nobody"},
        {"owner_agency": "nowhere"},
        {"owner": "outsider"},
        {"kind": "gossip"},
        {"state": "done"},
        {"also": "housing"},
    ],
)
def test_what_is_wrong_is_refused(call, chore, wrong):
    assert call("charity-manager").post("tasks/", {**chore, **wrong}).status_code == 400
    assert not Task.rows.exists()
