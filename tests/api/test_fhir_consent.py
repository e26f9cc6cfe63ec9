"""A consent as FHIR R4, held against the element table of the resource."""

import pytest

from access.categories import Category
from sharing.actions import consent

# https://hl7.org/fhir/R4/consent.html: element, and whether there must be at least one.
CONSENT = {
    "resourceType": True, "id": False, "status": True, "scope": True, "category": True,
    "patient": False, "dateTime": False, "performer": False, "organization": False,
    "source": False, "policy": False, "policyRule": False, "verification": False,
    "provision": False,
}  # fmt: skip
PROVISION = {
    "type", "period", "actor", "action", "securityLabel", "purpose", "class", "code",
    "dataPeriod", "data", "provision",
}  # fmt: skip
STATUS = {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}


@pytest.fixture
def given(cast, kofi):
    cast.agree("lead-charity", "borough-unit")
    cast.agree("lead-charity", "housing")
    cast.share(kofi.person, "housing", Category.HOUSING, worker="housing-officer")
    return cast.share(kofi.person, "borough-unit", Category.HEALTH, worker="unit-worker")


def valid(body):
    """Whether the resource has the shape of R4."""
    assert body["resourceType"] == "Consent"
    assert body.keys() <= CONSENT.keys()
    assert body.keys() >= {name for name, required in CONSENT.items() if required}
    assert body["status"] in STATUS
    # ppc-1: a policy or a policy rule.
    assert "policy" in body or "policyRule" in body
    # ppc-2: a privacy consent has a patient.
    assert body["patient"]["identifier"]["value"]
    root = body["provision"]
    assert "type" not in root, "not permitted in the root rule"
    for rule in root["provision"]:
        assert rule.keys() <= PROVISION
        assert rule["type"] in {"permit", "deny"}
        assert rule["period"]["start"] <= rule["period"]["end"]
        for actor in rule["actor"]:
            assert actor["role"]["coding"]
            assert actor["reference"]["identifier"]
    return True


def test_it_has_the_shape_of_r4_and_names_nobody(call, given):
    answer = call("lead-worker").get(f"consents/{given.pk}/fhir/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert valid(answer.json())
    assert answer.json()["status"] == "active"
    for hidden in ("Kofi", "Mensah", "Unit Worker"):
        assert hidden not in answer.content.decode()


def test_once_taken_back_it_is_inactive(cast, call, given):
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    body = call("lead-worker").get(f"consents/{given.pk}/fhir/").json()
    assert valid(body)
    assert body["status"] == "inactive"


def test_a_recipient_gets_their_own_part_without_how_it_was_given(call, given):
    body = call("unit-worker").get(f"consents/{given.pk}/fhir/").json()
    assert valid(body)
    assert "performer" not in body
    assert [rule["class"][0]["code"] for rule in body["provision"]["provision"]] == ["health"]


def test_for_anybody_else_there_is_none(call, given):
    for username in ("housing-officer", "outsider", "school-lead"):
        assert call(username).get(f"consents/{given.pk}/fhir/").status_code == 404
