"""`goals/`: in the young person's own words, with their own ratings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Goal


@pytest.fixture
def wish(kofi):
    return {
        "case": kofi.reference,
        "component": "housing",
        "own_words": "My own front door",
        "rating": 2,
    }


def test_a_goal_is_added_and_rated(call, wish):
    lead = call("lead-worker")
    made = lead.post("goals/", wish)
    rated = lead.post(made["Location"] + "ratings/", {"rating": 6, "moment": "review"})

    assert made.status_code == rated.status_code == 201
    assert [row["rating"] for row in rated.json()["ratings"]] == [2, 6]


def test_a_component_has_three_at_once(call, wish):
    lead = call("lead-worker")
    statuses = [lead.post("goals/", wish).status_code for _ in range(4)]

    assert statuses == [201, 201, 201, 409]


def test_a_goal_is_reworded_with_if_match(call, wish):
    lead = call("lead-worker")
    made = lead.post("goals/", wish)
    changed = lead.patch(made["Location"], {"own_words": "A room"}, if_match=made["ETag"])

    assert changed.json()["own_words"] == "A room"
    assert lead.patch(made["Location"], {"own_words": "B"}).status_code == 428
    stale = lead.patch(made["Location"], {"own_words": "B"}, if_match=made["ETag"])
    assert stale.status_code == 412


def test_a_goal_ends_once(call, wish):
    lead = call("lead-worker")
    path = lead.post("goals/", wish)["Location"] + "ending/"

    assert lead.post(path, {"reached": True}).json()["reached_at"] is not None
    assert lead.post(path, {"reached": True}).status_code == 409


def test_a_partner_reads_goals_of_what_is_shared_only(call, housing, reads):
    lead, officer = call("lead-worker"), call("housing-officer")
    wish = {"case": housing.reference, "own_words": "A room"}
    shared = lead.post("goals/", {**wish, "component": "housing"})
    hidden = lead.post("goals/", {**wish, "component": "health"})
    before = reads(housing.person)

    assert officer.get(shared["Location"]).status_code == 200
    assert officer.get(hidden["Location"]).status_code == 404
    assert len(officer.get("goals/").json()["results"]) == 1
    assert reads(housing.person) == before + 2


def test_a_reader_adds_and_rates_none(call, housing):
    made = call("lead-worker").post(
        "goals/", {"case": housing.reference, "component": "housing", "own_words": "A room"}
    )
    officer = call("housing-officer")
    tag = officer.get(made["Location"])["ETag"]
    path = made["Location"]

    assert officer.post(path + "ratings/", {"rating": 1, "moment": "end"}).status_code == 403
    assert officer.patch(path, {"own_words": "B"}, if_match=tag).status_code == 403
    assert (
        call("outsider").post(path + "ratings/", {"rating": 1, "moment": "end"}).status_code == 404
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"component": "education"},
        {"own_words": " "},
        {"own_words": "x" * 501},
        {"rating": 11},
        {"rating": "5"},
        {"set_by": "colleague"},
    ],
)
def test_what_is_wrong_is_refused(call, wish, wrong):
    assert call("lead-worker").post("goals/", {**wish, **wrong}).status_code == 400
    assert not Goal.rows.exists()


def test_the_number_of_queries_does_not_grow_with_the_list(cast, call):
    lead, counts = call("lead-worker"), []
    for more in (1, 9):
        for _ in range(more):
            case = cast.open_case()
            for component in ("housing", "health", "family"):
                cast.add_goal(case, component, "A room")
        with CaptureQueriesContext(connection) as queries:
            page = lead.get("goals/?page_size=100")
        counts.append(len(queries))

    assert len(page.json()["results"]) == 30
    assert counts[0] == counts[1] <= 35
