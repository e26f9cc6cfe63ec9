"""Sharing decisions: two users, a basis that holds, an end; urgent ones act at once."""

from datetime import timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.categories import Category
from access.roles import Role
from core.clock import instant
from core.errors import Conflict, Invalid
from sharing.actions import decision, involvement
from sharing.models import Involvement, LawfulBasis, SharingDecision
from tests.factories.browsing import later
from tests.factories.cast import member_of
from tests.factories.watching import refuses, sees, told

__all__ = ["later"]

HOUSING, POINTER, HEALTH = Category.HOUSING, Category.POINTER, Category.HEALTH


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case()


def propose(
    cast, case, by="lead-worker", basis="legitimate-interests", slug="borough-unit", **more
):
    said = {
        "share": True,
        "kind": "routine",
        "worker_id": None,
        "categories": [HOUSING],
        "necessity": "They run the housing panel",
        "told": True,
        "until": instant() + timedelta(days=28),
    } | more
    return decision.propose(
        person=case.person,
        agency=cast.agencies[slug],
        lawful_basis=LawfulBasis.objects.get(code=basis),
        by=cast.who(by) if isinstance(by, str) else by,
        **said,
    )


def test_a_proposal_opens_nothing(cast, case):
    made = propose(cast, case)
    assert (made.state, made.involvement) == ("proposed", None)
    assert sees(cast, "unit-worker", case.person) == set()
    assert told("sharing_decision.proposed", case.person).detail["basis"] == "legitimate-interests"


def test_a_second_user_opens_it_for_its_time(cast, case, later):
    made = propose(cast, case)
    decision.approve(decision=made, by=cast.who("charity-manager"))
    assert sees(cast, "unit-worker", case.person) == {POINTER, HOUSING}
    assert sees(cast, "outsider", case.person) == set()
    with later(days=28):
        assert sees(cast, "unit-worker", case.person) == set()


def test_only_the_named_worker_and_managers_see_what_is_decided_for_one(cast, case):
    cast.hire("other-unit-worker", "borough-unit")
    made = propose(cast, case, worker_id=cast.user("unit-worker").pk)
    decision.approve(decision=made, by=cast.who("charity-manager"))
    assert HOUSING in sees(cast, "unit-worker", case.person)
    assert HOUSING in sees(cast, "unit-manager", case.person)
    assert sees(cast, "other-unit-worker", case.person) == {POINTER}


def test_a_manager_does_not_approve_their_own(cast, case):
    made = propose(cast, case, by="charity-manager")
    with refuses(NotAllowed):
        decision.approve(decision=made, by=cast.who("charity-manager"))
    decision.approve(decision=made, by=cast.who("second-manager"))


def test_nor_under_another_hat(cast, case):
    made = propose(cast, case)
    manager = cast.hire("lead-worker", "lead-charity", Role.MANAGER)
    with refuses(NotAllowed):
        decision.approve(decision=made, by=manager)
    with refuses(NotAllowed):
        decision.refuse(decision=made, reason="No", by=manager)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("family-worker", NotAllowed),
        ("auditor", NotAllowed),
        ("unit-manager", NotVisible),
        ("outside-manager", NotVisible),
    ],
)
def test_only_a_manager_who_answers_for_them_approves(cast, case, username, refusal):
    made = propose(cast, case)
    with refuses(refusal):
        decision.approve(decision=made, by=cast.who(username))


def test_a_partners_manager_on_the_team_decides_nothing_for_the_lead_agency(cast, case):
    cast.join(case, "unit-manager", POINTER, HOUSING)
    made = propose(cast, case)
    with refuses(NotAllowed):
        decision.approve(decision=made, by=cast.who("unit-manager"))


def test_it_is_decided_once(cast, case):
    made = propose(cast, case)
    decision.refuse(decision=made, reason="Too wide", by=cast.who("charity-manager"))
    with refuses(Conflict):
        decision.approve(decision=made, by=cast.who("second-manager"))
    assert sees(cast, "unit-worker", case.person) == set()


def test_a_refusal_says_why(cast, case):
    made = propose(cast, case)
    with refuses(Invalid, "reason"):
        decision.refuse(decision=made, reason=" ", by=cast.who("charity-manager"))


def test_what_was_proposed_for_a_time_gone_by_is_not_opened(cast, case, later):
    made = propose(cast, case, until=instant() + timedelta(days=2))
    with later(days=2):
        with refuses(Conflict):
            decision.approve(decision=made, by=cast.who("charity-manager"))


def test_an_urgent_one_acts_at_once_without_an_agreement(cast, case):
    propose(cast, case, kind="urgent", slug="police", basis="vital-interests")
    cast.hire("desk-officer", "police")
    assert sees(cast, "desk-officer", case.person) == {POINTER, HOUSING}
    assert SharingDecision.rows.get().state == "proposed"


def test_nobody_opens_something_at_once_to_where_they_have_another_hat(cast, case):
    worker = cast.who("lead-worker")
    cast.hire("lead-worker", "police", Role.PRACTITIONER)
    with refuses(Invalid, "agency"):
        propose(cast, case, by=worker, kind="urgent", slug="police", basis="vital-interests")
    assert sees(cast, "lead-worker", case.person) == set(), "as one of the police"


def test_refusing_an_urgent_one_ends_it_at_that_instant(cast, case, later):
    made = propose(cast, case, kind="urgent", basis="vital-interests")
    with later(hours=3):
        refused = decision.refuse(decision=made, reason="No", by=cast.who("charity-manager"))
        assert sees(cast, "unit-worker", case.person) == set()
        assert refused.ended_at == instant()
        with refuses(Conflict):
            decision.end(decision=made, by=cast.who("lead-worker"))
    made.refresh_from_db()
    assert made.state == "refused"


def test_approving_an_urgent_one_opens_nothing_twice(cast, case):
    made = propose(cast, case, kind="urgent", basis="vital-interests")
    decision.approve(decision=made, by=cast.who("charity-manager"))
    assert Involvement.rows.filter(source_id=made.pk).count() == 1


def test_ending_an_urgent_one_does_not_spare_it_its_review(cast, case):
    made = propose(cast, case, kind="urgent", basis="vital-interests")
    decision.end(decision=made, by=cast.who("lead-worker"))
    made.refresh_from_db()
    assert made.state == "proposed"
    assert sees(cast, "unit-worker", case.person) == set()
    decision.approve(decision=made, reason="It was right", by=cast.who("charity-manager"))
    assert sees(cast, "unit-worker", case.person) == set()


def test_a_share_ends_before_its_time_once(cast, case):
    made = propose(cast, case)
    decision.approve(decision=made, by=cast.who("charity-manager"))
    ended = decision.end(decision=made, by=cast.who("lead-worker"))
    assert (ended.state, ended.ended_at) == ("ended", instant())
    assert sees(cast, "unit-worker", case.person) == set()
    with refuses(Conflict):
        decision.end(decision=made, by=cast.who("lead-worker"))


def test_those_to_whom_it_opens_do_not_end_it(cast, case):
    made = propose(cast, case)
    decision.approve(decision=made, by=cast.who("charity-manager"))
    with refuses(NotAllowed):
        decision.end(decision=made, by=cast.who("unit-manager"))
    with refuses(NotVisible):
        decision.end(decision=made, by=cast.who("outsider"))


def test_not_sharing_is_recorded_and_opens_nothing(cast, case):
    made = propose(cast, case, share=False, categories=[HEALTH], necessity="It is not needed")
    assert made.state == "recorded"
    assert sees(cast, "unit-worker", case.person) == set()
    assert told("sharing_decision.not_shared", case.person).subject_id == made.pk
    with refuses(Conflict):
        decision.approve(decision=made, by=cast.who("charity-manager"))


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("colleague", NotAllowed), ("auditor", NotAllowed), ("outsider", NotVisible)],
)
def test_only_who_may_write_it_proposes_to_share_it(cast, case, username, refusal):
    with refuses(refusal):
        propose(cast, case, by=username)


@pytest.mark.parametrize(
    ("basis", "more"),
    [
        ("children-act-2004-s16la", {}),
        ("crime-and-disorder-act-s115", {}),
        ("public-task", {}),
        ("law-enforcement", {}),
        ("overriding-public-interest", {"categories": [Category.CONTACT]}),
    ],
)
def test_a_basis_holds_is_open_to_that_agency_and_carries_it_all(cast, case, basis, more):
    """Not in force yet; not for a charity to use, three times; no contact."""
    with refuses(Invalid, "lawful_basis"):
        propose(cast, case, basis=basis, **more)


def test_a_basis_that_no_longer_holds_is_refused(cast, case):
    day = instant().date()
    LawfulBasis.objects.filter(code="legitimate-interests").update(effective_to=day)
    with refuses(Invalid, "lawful_basis"):
        propose(cast, case)


def test_a_worker_who_is_not_there_is_refused(cast, case):
    with refuses(Invalid, "worker"):
        propose(cast, case, worker_id=cast.user("school-lead").pk)


def test_without_an_agreement_a_routine_share_has_no_effect_and_a_one_off_has(cast, case):
    for kind, opened in (("routine", set()), ("one_off", {POINTER, HOUSING})):
        made = propose(cast, case, slug="housing", kind=kind)
        decision.approve(decision=made, by=cast.who("charity-manager"))
        assert sees(cast, "housing-officer", case.person) == opened


def test_an_involvement_that_is_over_is_not_ended_again(cast, case, later):
    made = propose(cast, case)
    row = decision.approve(decision=made, by=cast.who("charity-manager")).involvement
    decision.end(decision=made, by=cast.who("lead-worker"))
    first = Involvement.rows.get(pk=row.pk)
    with later(days=1):
        involvement.end(involvement=first, by=cast.who("lead-worker"))
    assert Involvement.rows.get(pk=row.pk).ends == first.ends


def test_the_database_too_wants_a_second_user(cast, case):
    made = propose(cast, case)
    made.decided_by_id, made.decided_at = made.proposed_by_id, instant()
    with pytest.raises(Exception, match="decided_by_a_second_user"):
        made.sealed_save()


def test_the_proposers_hat_is_a_practitioners(cast):
    assert member_of(cast.hats["lead-worker"]).role == Role.PRACTITIONER
