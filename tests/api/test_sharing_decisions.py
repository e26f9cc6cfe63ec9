"""`sharing-decisions/`: proposed by one, approved by another, known to who must."""

import pytest

from access.categories import ALL
from sharing.models import LawfulBasis, SharingDecision


@pytest.fixture
def proposal(cast, kofi):
    cast.agree("lead-charity", "housing")
    LawfulBasis.objects.get_or_create(
        code="legitimate-interests",
        defaults={"name": "Public task", "categories": ALL, "effective_from": "2020-01-01"},
    )
    return {
        "person": kofi.person.reference,
        "share": True,
        "kind": "routine",
        "agency": "housing",
        "worker": "housing-officer",
        "categories": ["housing"],
        "lawful_basis": "legitimate-interests",
        "necessity": "They hold the tenancy.",
        "told": True,
        "until": "2026-04-03T00:00:00+00:00",
    }


def test_it_opens_when_a_second_user_approves(call, kofi, proposal):
    officer, path = call("housing-officer"), f"people/{kofi.person.reference}/"
    made = call("lead-worker").post("sharing-decisions/", proposal)
    assert made.status_code == 201
    assert officer.get(path).status_code == 404
    done = call("charity-manager").post(made["Location"] + "approval/", {})

    assert done.json()["state"] == "approved"
    assert officer.get(path).json()["visible"] == ["pointer", "housing"]


def test_who_proposed_does_not_approve(call, proposal):
    manager = call("charity-manager")
    made = manager.post("sharing-decisions/", proposal)
    path = made["Location"] + "approval/"

    assert manager.post(path, {}).status_code == 403
    assert call("lead-worker").post(path, {}).status_code == 403
    assert call("second-manager").post(path, {}).status_code == 201
    assert call("second-manager").post(path, {}).status_code == 409


def test_refusing_says_why_and_opens_nothing(call, kofi, proposal):
    made = call("lead-worker").post("sharing-decisions/", proposal)
    manager, path = call("charity-manager"), made["Location"] + "approval/"

    assert manager.post(path, {"approve": False}).status_code == 400
    assert manager.post(path, {"approve": False, "reason": "No need"}).json()["state"] == "refused"
    assert call("housing-officer").get(f"people/{kofi.person.reference}/").status_code == 404


def test_the_recipient_does_not_know_of_what_was_only_proposed(cast, call, kofi, proposal):
    cast.share(kofi.person, "housing", "family", worker="housing-officer")
    made = call("lead-worker").post("sharing-decisions/", proposal)

    assert call("housing-officer").get(made["Location"]).status_code == 404
    assert call("housing-officer").get("sharing-decisions/").json()["results"] == []


def test_the_recipient_sees_what_opens_and_not_why(call, proposal):
    made = call("lead-worker").post("sharing-decisions/", proposal)
    call("charity-manager").post(made["Location"] + "approval/", {})
    body = call("housing-officer").get(made["Location"]).json()

    assert body["categories"] == ["housing"]
    assert "necessity" not in body
    assert "proposed_by" not in body


def test_a_share_is_ended(call, kofi, proposal):
    made = call("lead-worker").post("sharing-decisions/", proposal)
    call("charity-manager").post(made["Location"] + "approval/", {})
    ended = call("lead-worker").post(made["Location"] + "ending/", {})

    assert ended.json()["state"] == "ended"
    assert call("housing-officer").get(f"people/{kofi.person.reference}/").status_code == 404


def test_do_not_share_is_recorded_and_opens_nothing(call, kofi, proposal):
    made = call("lead-worker").post("sharing-decisions/", {**proposal, "share": False})

    assert made.json()["state"] == "recorded"
    assert call("housing-officer").get(f"people/{kofi.person.reference}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"lawful_basis": "none-such"},
        {"told": False},
        {"until": "2027-01-01T00:00:00+00:00"},
        {"worker": "outsider"},
        {"kind": "whim"},
        {"state": "approved"},
        {"decided_by": "charity-manager"},
    ],
)
def test_what_could_not_be_defended_is_refused(call, proposal, wrong):
    assert call("lead-worker").post("sharing-decisions/", {**proposal, **wrong}).status_code == 400
    assert not SharingDecision.rows.exists()


def test_an_outsider_proposes_nothing_about_somebody_hidden(call, proposal):
    assert call("outsider").post("sharing-decisions/", proposal).status_code == 404
