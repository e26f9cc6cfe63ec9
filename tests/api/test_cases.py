"""`cases/`: one lead worker, an agreed plan, a step-down by two, an end."""

import pytest

from casework.models import LeadPeriod
from directory.models import Organization, Service


@pytest.fixture
def service(db):
    return Service.objects.create(
        organization=Organization.objects.create(name="Rail Skills"),
        name="Railway course",
        takes_step_down=True,
    )


@pytest.fixture
def moving(service):
    return {
        "service": str(service.pk),
        "service_contact": "020 7946 0002",
        "said_yes_on": "2026-03-02",
        "said_yes_by": "Ms Bell",
        "categories": ["employment"],
        "why": "He has the place and wants it.",
    }


def test_a_manager_assigns_the_lead(cast, call):
    case = cast.open_case(led_by="")
    done = call("charity-manager").post(f"cases/{case.reference}/lead/", {"worker": "lead-worker"})

    assert done.status_code == 201
    assert done.json()["lead_worker"]["username"] == "lead-worker"
    assert done.json()["state"] == "assessment"


def test_who_believes_in_another_lead_gets_409(call, kofi):
    manager, path = call("charity-manager"), f"cases/{kofi.reference}/lead/"
    wrong = manager.post(path, {"worker": "colleague"})
    right = manager.post(path, {"worker": "colleague", "replacing": "lead-worker"})

    assert (wrong.status_code, right.status_code) == (409, 201)
    assert LeadPeriod.rows.live().count() == 1


def test_nobody_elsewhere_is_made_lead_and_nobody_unknown(call, kofi):
    manager, path = call("charity-manager"), f"cases/{kofi.reference}/lead/"
    answers = [
        manager.post(path, {"worker": name, "replacing": "lead-worker"})
        for name in ("outsider", "nobody-at-all")
    ]

    assert {answer.status_code for answer in answers} == {400}
    assert answers[0].content == answers[1].content


def test_a_practitioner_assigns_nobody_and_an_outsider_finds_nothing(call, kofi):
    body = {"worker": "colleague", "replacing": "lead-worker"}

    assert call("lead-worker").post(f"cases/{kofi.reference}/lead/", body).status_code == 403
    assert call("outside-manager").post(f"cases/{kofi.reference}/lead/", body).status_code == 404


def test_the_plan_is_agreed_and_the_case_is_active(call, kofi):
    lead = call("lead-worker")
    done = lead.post(
        f"cases/{kofi.reference}/plan/agreement/", {"on": "2026-03-03", "how": "He signed it."}
    )

    assert done.json()["state"] == "active"
    assert done.json()["plan"]["agreed_how"] == "He signed it."
    late = {"on": "2026-03-04", "how": "He will."}
    assert lead.post(f"cases/{kofi.reference}/plan/agreement/", late).status_code == 400


def test_a_partner_sees_the_case_and_not_its_plan(call, housing, moving):
    call("lead-worker").post(f"cases/{housing.reference}/step-down/", moving)
    body = call("housing-officer").get(f"cases/{housing.reference}/").json()

    assert body["lead_worker"]["username"] == "lead-worker"
    assert "plan" not in body
    assert "close_note" not in body
    assert set(body["step_down"]) == {"state", "proposed_at"}


def test_a_step_down_takes_two(call, kofi, moving):
    lead, path = call("lead-worker"), f"cases/{kofi.reference}/step-down/"
    proposed = lead.post(path, moving)
    again = lead.post(path, moving)
    decided = call("charity-manager").post(path + "decision/", {"approve": True})

    assert (proposed.status_code, again.status_code, decided.status_code) == (201, 409, 201)
    assert decided.json()["state"] == "stepping_down"


def test_who_proposed_it_does_not_approve_it(cast, call, moving):
    case = cast.open_case(led_by="second-manager")
    manager, path = call("second-manager"), f"cases/{case.reference}/step-down/"
    assert manager.post(path, moving).status_code == 201

    assert manager.post(path + "decision/", {"approve": True}).status_code == 403
    assert call("charity-manager").post(path + "decision/", {"approve": True}).status_code == 201


def test_without_a_step_down_there_is_nothing_to_decide(call, kofi):
    path = f"cases/{kofi.reference}/step-down/decision/"

    assert call("charity-manager").post(path, {"approve": True}).status_code == 404


def test_a_case_is_closed_with_a_reason_and_opened_again(call, kofi):
    manager = call("charity-manager")
    closed = manager.post(f"cases/{kofi.reference}/closing/", {"reason": "moved"})
    twice = manager.post(f"cases/{kofi.reference}/closing/", {"reason": "moved"})
    reopened = manager.post(f"cases/{kofi.reference}/reopening/", {"reason": "He is back."})

    assert closed.json()["close_reason"] == "moved"
    assert twice.status_code == 403
    assert reopened.json()["episode"] == 2
    assert reopened.json()["reference"] != kofi.reference


def test_stepping_down_is_no_reason_before_it_is_approved(call, kofi):
    answer = call("charity-manager").post(
        f"cases/{kofi.reference}/closing/", {"reason": "stepped_down"}
    )

    assert answer.status_code == 400


def test_hidden_and_missing_cases_are_the_same(call, kofi):
    outsider = call("outsider")

    hidden, missing = outsider.get(f"cases/{kofi.reference}/"), outsider.get("cases/CA-234567/")
    assert hidden.status_code == 404
    assert hidden.content == missing.content
    assert outsider.get("cases/").json()["results"] == []
