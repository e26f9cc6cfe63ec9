"""The routine partners of a plan: proposed, approved and renewed as a whole."""

from datetime import timedelta

import pytest

from access.actor import NotAllowed
from access.categories import Category
from core.clock import instant
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from sharing.actions import routine
from sharing.actions.proposal import Grounds
from sharing.models import LawfulBasis, SharingDecision, SharingRound
from sharing.tasks import find_due
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees

__all__ = ["later", "sign_in"]

HOUSING, EDUCATION, POINTER = Category.HOUSING, Category.EDUCATION, Category.POINTER


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    cast.agree("lead-charity", "school")
    return cast.open_case()


def partner(cast, slug, username, *categories):
    return routine.Partner(
        cast.agencies[slug], cast.user(username).pk if username else None, frozenset(categories)
    )


def grounds(**more):
    basis = LawfulBasis.objects.get(code="legitimate-interests")
    return Grounds(basis, "On the plan", "No more than their part", **more)


def propose(cast, case, *partners, days=84, **more):
    return routine.propose(
        person=case.person,
        partners=partners
        or [
            partner(cast, "borough-unit", "unit-worker", HOUSING),
            partner(cast, "school", "school-lead", EDUCATION),
        ],
        grounds=grounds(),
        until=instant() + timedelta(days=days),
        by=cast.who("lead-worker"),
    )


def test_the_whole_opens_when_a_second_user_approves(cast, case):
    made = propose(cast, case)
    assert sees(cast, "unit-worker", case.person) == set()
    routine.approve(made=made, by=cast.who("charity-manager"))
    assert sees(cast, "unit-worker", case.person) == {POINTER, HOUSING}
    assert sees(cast, "school-lead", case.person) == {POINTER, EDUCATION}


def test_nobody_approves_their_own_and_none_opens_alone(cast, case):
    made = routine.propose(
        person=case.person,
        partners=[partner(cast, "school", "school-lead", EDUCATION)],
        grounds=grounds(),
        until=instant() + timedelta(days=10),
        by=cast.who("charity-manager"),
    )
    with refuses(NotAllowed):
        routine.approve(made=made, by=cast.who("charity-manager"))


def test_a_renewal_takes_the_place_of_the_grid_before(cast, case, later):
    routine.approve(made=propose(cast, case), by=cast.who("charity-manager"))
    with later(days=80):
        again = propose(cast, case, partner(cast, "borough-unit", "unit-worker", EDUCATION))
        assert HOUSING in sees(cast, "unit-worker", case.person)
        routine.approve(made=again, by=cast.who("charity-manager"))
        assert sees(cast, "unit-worker", case.person) == {POINTER, EDUCATION}
        assert sees(cast, "school-lead", case.person) == set()


def test_twelve_weeks_are_the_most(cast, case):
    with refuses(Invalid, "until"):
        propose(cast, case, days=85)


def test_one_row_that_can_not_be_takes_the_whole_with_it(cast, case):
    with refuses(Invalid, "worker"):
        propose(
            cast,
            case,
            partner(cast, "borough-unit", "unit-worker", HOUSING),
            partner(cast, "school", "unit-worker", EDUCATION),
        )


def test_refused_it_leaves_everything_as_it_was(cast, case):
    made = propose(cast, case)
    routine.refuse(made=made, reason="Too wide", by=cast.who("charity-manager"))
    assert set(SharingDecision.rows.values_list("state", flat=True)) == {"refused"}
    with refuses(Conflict):
        routine.approve(made=made, by=cast.who("charity-manager"))


def test_two_weeks_before_the_end_the_lead_worker_is_told_once(cast, case, later):
    routine.approve(made=propose(cast, case), by=cast.who("charity-manager"))
    with later(days=69):
        find_due()
        assert not OutboxMessage.objects.filter(arguments__kind="share_review").exists()
    with later(days=70):
        find_due()
        find_due()
    rows = OutboxMessage.objects.filter(arguments__kind="share_review")
    assert [row.arguments["user_id"] for row in rows] == [str(cast.user("lead-worker").pk)]


def test_the_pages_propose_and_approve_the_whole(cast, case, sign_in):
    agency, worker = cast.agencies["borough-unit"].pk, cast.user("unit-worker").pk
    path = f"/people/{case.person.reference}/sharing/partners/"
    browser = sign_in("lead-worker")
    assert "checked" not in browser.get(path).content.decode()
    basis = LawfulBasis.objects.get(code="legitimate-interests")
    done = browser.post(
        f"{path}?to=worker:{agency}:{worker}",
        {
            "p0-categories": ["housing"],
            "lawful_basis": str(basis.pk),
            "necessity": "On the plan",
            "proportionality": "Their part",
            "told": "yes",
            "until_day": "20",
            "until_month": "4",
            "until_year": "2026",
        },
    )
    assert done.status_code == 302
    made = SharingRound.rows.get()
    manager = sign_in("charity-manager")
    assert f"/sharing-rounds/{made.pk}/approve/" in manager.get("/").content.decode()
    page = manager.get(f"/sharing-rounds/{made.pk}/approve/").content.decode()
    assert "Unit Worker, Borough Unit" in page
    manager.post(f"/sharing-rounds/{made.pk}/approve/", {"decision": "approve"})
    assert HOUSING in sees(cast, "unit-worker", case.person)
    for username in ("unit-worker", "outsider", "auditor"):
        assert sign_in(username).get(f"/sharing-rounds/{made.pk}/approve/").status_code == 404
