"""On what a decision rests: conditions from the register, who may use a basis, warnings."""

from datetime import date, timedelta

import pytest

from access.categories import Category
from core.clock import instant
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from sharing.actions import decision
from sharing.models import LawfulBasis, ProcessingCondition, SharingDecision
from sharing.tasks import climb_reviews
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees

__all__ = ["later", "sign_in"]

HOUSING, HEALTH, HARM = Category.HOUSING, Category.HEALTH, Category.HARM


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case()


def propose(cast, case, basis="legitimate-interests", slug="borough-unit", **more):
    said = {
        "share": True,
        "kind": "routine",
        "worker_id": None,
        "categories": [HOUSING],
        "necessity": "They run the housing panel",
        "told": True,
        "until": instant() + timedelta(days=20),
    } | more
    return decision.propose(
        person=case.person,
        agency=cast.agencies[slug],
        lawful_basis=LawfulBasis.objects.get(code=basis),
        by=cast.who("lead-worker"),
        **said,
    )


def test_a_decision_without_a_reason_is_not_kept(cast, case):
    with refuses(Invalid, "necessity"):
        propose(cast, case, necessity="  ")


def test_a_condition_of_the_register_serves_for_what_it_says(cast, case):
    made = propose(cast, case, categories=[HEALTH], conditions=["health-or-social-care"])
    assert made.conditions == ["health-or-social-care"]
    with refuses(Invalid, "conditions"):
        propose(cast, case, categories=[HEALTH], conditions=["official-authority"])
    propose(cast, case, categories=[HARM], conditions=["official-authority"])


def test_a_condition_that_is_not_in_force_is_none(cast, case):
    ProcessingCondition.objects.filter(code="health-or-social-care").update(
        effective_to=instant().date()
    )
    with refuses(Invalid, "conditions"):
        propose(cast, case, categories=[HEALTH], conditions=["health-or-social-care"])
    with refuses(Invalid, "conditions"):
        propose(cast, case, categories=[HEALTH], conditions=["none-such"])


def test_safeguarding_names_its_limb_and_why_an_adult_is_at_risk(cast, case):
    safeguarding = {"categories": [HARM], "conditions": ["safeguarding"]}
    with refuses(Invalid, "limb", "at_risk_reason"):
        propose(cast, case, **safeguarding)
    propose(cast, case, **safeguarding, limb="prejudice", at_risk_reason="Threatened on Friday")


def test_of_a_child_nobody_asks_why_it_is_at_risk(cast):
    cast.agree("lead-charity", "borough-unit")
    case = cast.open_case(date_of_birth=date(2009, 6, 1))
    propose(cast, case, categories=[HARM], conditions=["safeguarding"], limb="cannot")


def test_who_may_use_a_basis_is_who_shares_not_who_receives(cast, case):
    with refuses(Invalid, "lawful_basis"):
        propose(cast, case, basis="public-task", slug="police", kind="one_off")
    propose(cast, case, basis="legitimate-interests", slug="police", kind="one_off")


def test_a_basis_reaches_only_whom_the_law_names(cast, case):
    LawfulBasis.objects.filter(code="crime-and-disorder-act-s115").update(who=[])
    basis = {"basis": "crime-and-disorder-act-s115", "categories": [Category.CONTACT]}
    propose(cast, case, **basis, slug="police", kind="one_off")
    with refuses(Invalid, "lawful_basis"):
        propose(cast, case, **basis, slug="prison-charity", kind="one_off")


def test_what_a_careful_worker_thinks_about_is_kept(cast, case):
    made = propose(
        cast,
        case,
        slug="police",
        kind="one_off",
        categories=[HEALTH],
        conditions=["vital-interests"],
    )
    said = " ".join(made.warned)
    for words in ("no part in this case", "reviewed within 30 days", "Caldicott"):
        assert words in said


# Reviews.


def test_a_one_off_without_an_agreement_is_reviewed_in_thirty_days(cast, case, later):
    made = propose(cast, case, slug="police", kind="one_off")
    assert made.review_by == instant() + timedelta(days=30)
    assert propose(cast, case, kind="one_off").review_by is None, "an agreement carries it"
    decision.approve(decision=made, by=cast.who("charity-manager"))
    with later(days=29):
        done = decision.review(decision=made, words="Right", by=cast.who("second-manager"))
        assert done.reviewed_by == cast.user("second-manager")
        with refuses(Conflict):
            decision.review(decision=made, words="Again", by=cast.who("charity-manager"))


def told_of_reviews():
    rows = OutboxMessage.objects.filter(arguments__kind="share_review")
    return {row.arguments["user_id"] for row in rows}


def test_an_urgent_one_acts_at_once_and_a_late_review_climbs(cast, case, later):
    made = propose(cast, case, kind="urgent", slug="school", basis="vital-interests")
    assert HOUSING in sees(cast, "school-lead", case.person)
    with later(hours=23, minutes=59):
        assert climb_reviews() == 0
    managers = {str(cast.user(name).pk) for name in ("charity-manager", "second-manager")}
    with later(hours=24):
        assert climb_reviews() == 1
        assert climb_reviews() == 0
        assert told_of_reviews() == managers
    with later(hours=28):
        assert climb_reviews() == 1
        assert told_of_reviews() == managers | {str(cast.user("auditor").pk)}
    with later(hours=48):
        assert climb_reviews() == 1
        decision.approve(decision=made, reason="Right", by=cast.who("charity-manager"))
    with later(hours=90):
        assert climb_reviews() == 0
    made.refresh_from_db()
    assert (made.climbed, made.reviewed_by) == (3, cast.user("charity-manager"))


# The page.

ASKED = {
    "share": "yes",
    "categories": ["housing"],
    "kind": "one_off",
    "necessity": "Needed today",
    "proportionality": "The address alone",
    "told": "yes",
    "until_day": "20",
    "until_month": "3",
    "until_year": "2026",
}


def test_the_page_offers_what_the_agency_may_use_and_asks_twice_when_in_doubt(cast, case, sign_in):
    path = f"/people/{case.person.reference}/sharing/decision/"
    browser = sign_in("lead-worker")
    page = browser.get(path).content.decode()
    assert "Legitimate interests" in page
    assert "Public task" not in page
    assert "section 16LA" not in page
    assert "checked" not in page
    basis = LawfulBasis.objects.get(code="legitimate-interests")
    said = ASKED | {
        "recipient": f"agency:{cast.agencies['police'].pk}",
        "lawful_basis": str(basis.pk),
    }
    again = browser.post(path, said).content.decode()
    assert "They have no part in this case now" in again
    assert SharingDecision.rows.count() == 0
    browser.post(path, said | {"thought": "2"})
    assert SharingDecision.rows.get().state == "proposed"


def test_what_was_refused_needs_no_review(cast, case):
    made = propose(cast, case, slug="police", kind="one_off")
    decision.refuse(decision=made, reason="Too wide", by=cast.who("charity-manager"))
    made.refresh_from_db()
    assert made.review_by is None
