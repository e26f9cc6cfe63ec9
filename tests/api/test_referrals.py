"""`referrals/`: made, received, decided."""

from uuid import uuid4

import pytest

from people.models import YoungPerson
from referrals.models import Referral

ASKED = {
    "sent_to": "lead-charity",
    "given_name": "Ama",
    "date_of_birth": "2008-05-01",
    "door": "prison",
    "why_now": "Released on Friday with nowhere to stay.",
    "knows": "yes",
    "agrees": "yes",
    "components": ["housing", "employment"],
}


def test_a_referral_is_made_and_found_where_it_says(call):
    prison = call("prison-worker")
    made = prison.post("referrals/", ASKED)

    assert made.status_code == 201
    assert prison.get(made["Location"]).json() == made.json()
    assert made.json()["state"] == "received"


def test_the_referrer_sees_that_it_was_sent_and_not_what_it_says(call, reads):
    made = call("prison-worker").post("referrals/", ASKED)

    assert set(made.json()) == {
        "reference",
        "person",
        "sent_to",
        "state",
        "received_at",
        "case",
    }
    assert reads(YoungPerson.rows.get()) == 0


def test_a_match_with_somebody_hidden_looks_like_no_match(cast, call):
    known = cast.open_case(given_name="Ama")
    prison = call("prison-worker")
    twin = prison.post("referrals/", {**ASKED, "family_name": known.person.family_name}).json()
    fresh = prison.post("referrals/", {**ASKED, "given_name": "Zed"}).json()

    assert set(twin) == set(fresh)
    assert twin["person"] != known.person.reference


def test_the_manager_who_receives_it_reads_it(call):
    reference = call("prison-worker").post("referrals/", ASKED).json()["reference"]
    body = call("charity-manager").get(f"referrals/{reference}/").json()

    assert body["why_now"] == ASKED["why_now"]
    assert body["referrer"]["username"] == "prison-worker"


def test_an_outsider_finds_neither_it_nor_its_place(call):
    reference = call("prison-worker").post("referrals/", ASKED).json()["reference"]
    outsider = call("outsider")
    hidden = outsider.get(f"referrals/{reference}/")
    missing = outsider.get("referrals/RF-234567/")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert outsider.get("referrals/").json()["results"] == []


def test_accepting_opens_a_case(call):
    reference = call("prison-worker").post("referrals/", ASKED).json()["reference"]
    manager = call("charity-manager")
    decided = manager.post(f"referrals/{reference}/decision/", {"accept": True})

    assert decided.status_code == 201
    assert decided.json()["state"] == "accepted"
    assert manager.get(f"cases/{decided.json()['case']}/").json()["state"] == "opening"


def test_it_is_decided_once(call):
    reference = call("prison-worker").post("referrals/", ASKED).json()["reference"]
    manager, path = call("charity-manager"), f"referrals/{reference}/decision/"

    assert manager.post(path, {"accept": True}).status_code == 201
    assert manager.post(path, {"accept": True}).status_code == 409


def test_declining_says_where_else_to_go(call):
    reference = call("prison-worker").post("referrals/", ASKED).json()["reference"]
    manager, path = call("charity-manager"), f"referrals/{reference}/decision/"
    refused = manager.post(path, {"accept": False, "decline_reason": "no_capacity"})
    declined = manager.post(
        path,
        {"accept": False, "decline_reason": "no_capacity", "pointed_to": "The club next door"},
    )

    assert refused.status_code == 400
    assert "pointed_to" in refused.json()["errors"]
    assert declined.json()["pointed_to"] == "The club next door"


def test_only_a_manager_of_the_agency_decides(call):
    reference = call("prison-worker").post("referrals/", ASKED).json()["reference"]
    path = f"referrals/{reference}/decision/"

    assert call("prison-worker").post(path, {"accept": True}).status_code == 403
    assert call("outside-manager").post(path, {"accept": True}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"sent_to": "nowhere"},
        {"door": "window"},
        {"given_name": ""},
        {"given_name": 7},
        {"given_name": "x" * 101},
        {"why_now": None},
        {"date_of_birth": "2030-01-01"},
        {"date_of_birth": "2008-02-30"},
        {"components": ["clinical"]},
        {"components": []},
        {"state": "accepted"},
        {"id": str(uuid4())},
        {"person": "YP-DEMO1"},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(call, wrong):
    answer = call("prison-worker").post("referrals/", {**ASKED, **wrong})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Referral.rows.exists()


def test_an_auditor_makes_none(call):
    assert call("auditor").post("referrals/", ASKED).status_code == 403
