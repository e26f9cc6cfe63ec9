"""`events/`: dated, sourced, with the part played in that event alone."""

import pytest

HAPPENED = {
    "categories": ["harm"],
    "kind": "injury",
    "on": "2026-03-01",
    "what": "Stabbed in the arm near the station.",
    "source": "The hospital",
    "part": "harmed",
}


def test_an_event_is_recorded_with_its_source(call, kofi):
    made = call("lead-worker").post("events/", {**HAPPENED, "person": kofi.person.reference})

    assert made.status_code == 201
    assert made.json()["part"] == "harmed"
    assert call("lead-worker").get(made["Location"]).json() == made.json()


def test_a_partner_sees_it_locked_or_not_at_all(call, housing):
    lead, officer = call("lead-worker"), call("housing-officer")
    said = {**HAPPENED, "person": housing.person.reference}
    hidden = lead.post("events/", said)
    partly = lead.post("events/", {**said, "categories": ["harm", "housing"]})

    assert officer.get(hidden["Location"]).status_code == 404
    assert officer.get(partly["Location"]).json() == {
        "id": partly.json()["id"],
        "date": "2026-03-01",
        "locked": True,
    }
    assert len(officer.get("events/").json()["results"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "2026-03-04"},
        {"source": ""},
        {"kind": "gossip"},
        {"categories": ["enforcement"]},
        {"gang_member": True},
    ],
)
def test_what_is_wrong_is_refused(call, kofi, wrong):
    said = {**HAPPENED, "person": kofi.person.reference, **wrong}

    assert call("lead-worker").post("events/", said).status_code == 400


def test_an_outsider_records_nothing(call, kofi):
    said = {**HAPPENED, "person": kofi.person.reference}

    assert call("outsider").post("events/", said).status_code == 404
