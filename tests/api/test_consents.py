"""`consents/`: recorded for each recipient, known to who must, withdrawn at once."""

import pytest

from access.categories import Category
from sharing.models import Consent


@pytest.fixture
def agreed(cast, kofi):
    cast.agree("lead-charity", "housing")
    cast.agree("lead-charity", "school")
    return {
        "person": kofi.person.reference,
        "lines": [
            {
                "agency": "housing",
                "worker": "housing-officer",
                "categories": ["housing"],
                "until": "2026-05-01T00:00:00+00:00",
            },
            {
                "agency": "school",
                "worker": "school-lead",
                "categories": ["education"],
                "until": "2026-05-01T00:00:00+00:00",
            },
        ],
        "giver": "young_person",
        "competence": "presumed",
        "channel": "face_to_face",
        "place": "community",
        "purposes": ["support"],
    }


def test_recording_opens_to_each_recipient_at_once(call, kofi, agreed):
    officer, path = call("housing-officer"), f"people/{kofi.person.reference}/"
    assert officer.get(path).status_code == 404
    made = call("lead-worker").post("consents/", agreed)

    assert made.status_code == 201
    assert len(made.json()["lines"]) == 2
    assert officer.get(path).json()["visible"] == ["pointer", "housing"]


def test_a_recipient_sees_their_own_line_and_no_other(call, agreed):
    made = call("lead-worker").post("consents/", agreed)
    body = call("housing-officer").get(made["Location"]).json()

    assert [line["agency"]["slug"] for line in body["lines"]] == ["housing"]
    assert "school" not in str(body)
    assert "competence" not in body


def test_a_colleague_with_the_card_knows_of_none(call, agreed):
    made = call("lead-worker").post("consents/", agreed)

    assert call("colleague").get(made["Location"]).status_code == 404
    assert call("colleague").get("consents/").json()["results"] == []


def test_withdrawal_cuts_at_that_instant(call, kofi, agreed):
    lead, officer = call("lead-worker"), call("housing-officer")
    made = lead.post("consents/", agreed)
    gone = lead.post(made["Location"] + "withdrawal/", {"words": "I changed my mind."})

    assert gone.json()["withdrawn_at"] is not None
    assert officer.get(f"people/{kofi.person.reference}/").status_code == 404
    assert officer.get(made["Location"]).status_code == 404


def test_one_line_is_withdrawn_and_the_other_goes_on(call, kofi, agreed):
    lead = call("lead-worker")
    made = lead.post("consents/", agreed)
    [line] = [row for row in made.json()["lines"] if row["agency"]["slug"] == "housing"]
    lead.post(made["Location"] + "withdrawal/", {"line": line["id"]})

    path = f"people/{kofi.person.reference}/"
    assert call("housing-officer").get(path).status_code == 404
    assert call("school-lead").get(path).status_code == 200


def test_a_recipient_does_not_withdraw(call, agreed):
    made = call("lead-worker").post("consents/", agreed)

    answer = call("housing-officer").post(made["Location"] + "withdrawal/", {})
    assert answer.status_code == 403


def test_who_may_not_write_what_is_shared_records_no_consent(call, agreed):
    call("lead-worker").post("consents/", agreed)

    assert call("housing-officer").post("consents/", agreed).status_code == 403
    assert call("outsider").post("consents/", agreed).status_code == 404
    assert Consent.rows.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"purposes": []},
        {"purposes": ["gossip"]},
        {"lines": []},
        {"lines": {}},
        {"giver": "parent"},
        {"competence": "assessed"},
        {"place": "nowhere"},
        {"withdrawn_at": None},
    ],
)
def test_what_would_be_no_consent_is_refused(call, agreed, wrong):
    assert call("lead-worker").post("consents/", {**agreed, **wrong}).status_code == 400
    assert not Consent.rows.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"worker": None},
        {"worker": "outsider"},
        {"worker": "nobody"},
        {"agency": "nowhere"},
        {"categories": []},
        {"until": "2026-03-01T00:00:00+00:00"},
        {"until": "2199-01-01T00:00:00+00:00"},
        {"until": "9999-12-31T23:59:59-12:00"},
        {"involvement": "x"},
    ],
)
def test_a_line_that_cannot_be_is_refused(call, agreed, wrong):
    line = {**agreed["lines"][0], **wrong}

    answer = call("lead-worker").post("consents/", {**agreed, "lines": [line]})
    assert answer.status_code == 400
    assert not Consent.rows.exists()


def test_the_list_shows_all_to_the_lead(call, agreed):
    call("lead-worker").post("consents/", agreed)

    [body] = call("lead-worker").get("consents/").json()["results"]
    assert len(body["lines"]) == 2
    assert body["competence"] == "presumed"


def test_a_safe_address_is_not_shared_in_this_way(call, agreed):
    line = {**agreed["lines"][0], "categories": ["safe_address"]}

    answer = call("lead-worker").post("consents/", {**agreed, "lines": [line]})
    assert answer.status_code == 403
    assert not Consent.rows.exists()


def test_a_withdrawal_is_previewed_and_done_as_shown(cast, call):
    cast.agree("lead-charity", "borough-unit")
    case = cast.open_case()
    given = cast.share(case.person, "borough-unit", Category.HOUSING, worker="unit-worker")
    lead = call("lead-worker")
    path = f"consents/{given.pk}/withdrawal/"
    shown = lead.get(path).json()
    assert shown["losing"][0]["categories"] == "Housing"
    assert call("unit-worker").get(path).status_code == 404
    cast.join(case, "unit-worker", Category.FAMILY)
    assert lead.post(path, {"mark": shown["mark"]}).status_code == 409
    again = lead.get(path).json()["mark"]
    assert lead.post(path, {"mark": again, "channel": "phone"}).status_code == 201
    assert lead.get(path).status_code == 409
