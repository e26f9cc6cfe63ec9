"""What each sign-in of the demo sees of YP-DEMO1: the table in the design, line by line."""

from __future__ import annotations

import pytest

from access.categories import ALL, EVERY, Category
from access.rule import Forbid
from agencies.models import Membership, User
from casework.models import Case, LeadPeriod
from people.models import YoungPerson
from sharing import facts
from sharing.models import Involvement
from tests.factories.cast import member_of

C = Category
UNIT = {C.POINTER, C.SAFETY, C.HARM, C.EDUCATION, C.EMPLOYMENT, C.TASKING}
# Without re-authentication nobody has a safe address; a practitioner has no therapy notes.
WHOLE = set(ALL) - {C.SAFE_ADDRESS, C.CLINICAL}
SEES = {
    "lead-worker@lead-charity": WHOLE,
    "family-worker@lead-charity": {C.POINTER, C.CONTACT, C.SAFETY, C.FAMILY},
    "clinician@lead-charity": {C.POINTER, C.SAFETY, C.HEALTH, C.CLINICAL},
    "colleague@lead-charity": {C.POINTER},
    "charity-manager@lead-charity": WHOLE,
    "unit-manager@borough-unit": UNIT,
    "unit-worker@borough-unit": UNIT,
    "police-officer@borough-unit": {C.POINTER, C.SAFETY, C.HARM, C.TASKING},
    "police-officer@police": set(),
    "jobcentre-adviser@jobcentre": {C.POINTER, C.EMPLOYMENT},
    "housing-officer@housing": {C.POINTER, C.HOUSING, C.CONTACT},
    "school-lead@school": set(),
    "prison-worker@prison-charity": set(),
    "hospital-worker@hospital-charity": set(),
    "auditor@lead-charity": set(),
    "unit-auditor@borough-unit": set(),
    "administrator@lead-charity": set(),
    "analyst@borough-unit": set(),
    "outsider@other-borough": set(),
    "barred@lead-charity": set(),
}
PERSON = "YP-DEMO1"


def _hat(sign_in):
    username, _, slug = sign_in.partition("@")
    return Membership.objects.get(user__username=username, agency__slug=slug)


def _answer(sign_in):
    from access.actor import Operator
    from access.context import transact
    from access.rule import decide

    person = YoungPerson.rows.get(reference=PERSON)
    with transact(Operator("tests")):
        return decide(facts.worlds(member_of(_hat(sign_in)), [person.pk])[person.pk])


@pytest.mark.parametrize("sign_in", SEES)
def test_each_sign_in_sees_what_it_is_there_to_show(demo_world, sign_in):
    answer = _answer(sign_in)
    assert set(answer.visible) == SEES[sign_in]
    assert answer.auditable == sign_in.startswith(("auditor", "unit-auditor"))


@pytest.mark.parametrize(
    ("sign_in", "basis"),
    [
        ("lead-worker@lead-charity", "lead"),
        ("family-worker@lead-charity", "team"),
        ("clinician@lead-charity", "team"),
        ("unit-manager@borough-unit", "consent"),
        ("jobcentre-adviser@jobcentre", "team"),
        ("housing-officer@housing", "consent"),
    ],
)
def test_they_see_it_on_the_basis_that_the_table_names(demo_world, sign_in, basis):
    reasons = _answer(sign_in).reasons
    shown = set().union(*(names for category, names in reasons.items() if category != C.POINTER))
    assert basis in shown
    if basis != "lead":
        assert shown == {basis}


def test_the_barred_worker_is_named_on_the_team_and_barred(demo_world):
    hat = _hat("barred@lead-charity")
    assert Involvement.rows.live().filter(
        person__reference=PERSON, worker_id=hat.user_id, basis="team"
    )
    assert _answer("barred@lead-charity").forbids == (Forbid.BARRED,)


@pytest.mark.parametrize(
    ("sign_in", "basis"),
    [("school-lead@school", "decision"), ("prison-worker@prison-charity", "referrer")],
)
def test_what_has_ended_is_still_on_record(demo_world, sign_in, basis):
    rows = Involvement.rows.filter(person__reference=PERSON, worker_id=_hat(sign_in).user_id)
    assert [row.basis for row in rows] == [basis]
    assert not any(row.is_live() for row in rows)


def test_the_officer_is_cut_by_the_agreement_of_unit_and_police(demo_world):
    agreed = facts.agreement_facts(_hat("police-officer@police").agency_id)
    assert [set(found.categories) for found in agreed] == [
        {C.POINTER, C.SAFETY, C.HARM, C.OFFENDING, C.TASKING, C.ENFORCEMENT}
    ]


def test_nobody_sees_more_than_there_is_and_the_outsider_has_no_agreement(demo_world):
    assert all(seen <= EVERY for seen in SEES.values())
    assert facts.agreement_facts(_hat("outsider@other-borough").agency_id) == []


def test_he_is_stepping_down_and_the_lead_is_still_in_place(demo_world):
    case = Case.rows.get(person__reference=PERSON)
    assert case.state == "stepping_down"
    [lead] = LeadPeriod.rows.live().filter(case=case)
    assert lead.worker.username == "lead-worker"
    assert case.person.age_on(lead.starts.date()) == 19


def test_every_sign_in_has_the_one_password(demo_world):
    named = {sign_in.partition("@")[0] for sign_in in SEES}
    users = User.objects.filter(username__in=named)
    assert {user.username for user in users} == named
    assert all(user.is_demo and user.check_password("demo-only-password") for user in users)
