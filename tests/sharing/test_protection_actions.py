"""Bars and restrictions: immediate, total, and never silently undone."""

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.bases import Basis
from access.categories import ALL, Category
from access.reading import sights
from access.roles import Role
from core.clock import instant
from core.errors import Conflict, Invalid
from sharing.actions import involvement, protection
from sharing.models import Bar, BarReason
from tests.factories.browsing import later
from tests.factories.watching import refuses, sees, told

__all__ = ["later"]

HOUSING, POINTER = Category.HOUSING, Category.POINTER
DAY = date(2027, 1, 1)


@pytest.fixture
def case(cast):
    return cast.open_case()


def restrict(cast, person, by="charity-manager"):
    return protection.restrict(
        person=person, reason="A threat to life", review_on=DAY, by=cast.who(by)
    )


def name(cast, person, username):
    hat = cast.hats[username]
    involvement.begin(
        person_id=person.pk,
        agency_id=hat.agency_id,
        worker_id=hat.user_id,
        basis=Basis.TEAM,
        categories=ALL,
        by=cast.who("charity-manager"),
    )


@pytest.mark.parametrize("username", ["lead-worker", "colleague", "second-manager"])
def test_whoever_is_barred_sees_nothing_at_all(cast, case, username):
    cast.bar(case.person, username)
    assert sees(cast, username, case.person) == set()
    assert Category.SAFETY in sees(cast, "charity-manager", case.person)


def test_nothing_overrides_a_bar(cast, case):
    name(cast, case.person, "lead-worker")
    cast.bar(case.person, "lead-worker")
    manager = cast.hire("lead-worker", "lead-charity", Role.MANAGER)
    answer = sights(manager, [case.person.pk])[case.person.pk].answer
    assert (answer.visible, answer.write, answer.forbids) == (frozenset(), frozenset(), ("barred",))


def test_a_barred_auditor_does_not_even_audit(cast, case):
    before = sights(cast.who("auditor"), [case.person.pk])[case.person.pk].answer
    cast.bar(case.person, "auditor")
    after = sights(cast.who("auditor"), [case.person.pk])[case.person.pk].answer
    assert (before.auditable, after.auditable) == (True, False)


def test_the_reason_is_kept_apart_from_the_trail(cast, case):
    cast.bar(case.person, "colleague")
    event = told("bar.begun", case.person)
    assert event.detail == {"user": str(cast.user("colleague").pk)}
    assert "cousin" not in str(event.digests)
    assert "cousin" in BarReason.rows.get().reason


def test_a_bar_is_lifted_at_that_instant_and_once(cast, case, later):
    cast.bar(case.person, "colleague")
    row = Bar.rows.get()
    with later(days=1):
        protection.lift_bar(row=row, by=cast.who("charity-manager"))
        assert sees(cast, "colleague", case.person) == {POINTER}
    with later(days=9):
        with refuses(Conflict):
            protection.lift_bar(row=row, by=cast.who("charity-manager"))
    with later(hours=23):
        assert sees(cast, "colleague", case.person) == set(), "what held then still held then"


def test_nobody_bars_themselves_and_nobody_is_barred_twice(cast, case):
    with refuses(Invalid, "user"):
        cast.bar(case.person, "charity-manager")
    cast.bar(case.person, "colleague")
    with refuses(Conflict):
        cast.bar(case.person, "colleague")


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("lead-worker", NotAllowed),
        ("auditor", NotAllowed),
        ("outside-manager", NotVisible),
        ("unit-manager", NotAllowed),
    ],
)
def test_only_managers_who_answer_for_them_protect(cast, case, username, refusal):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-manager", POINTER, Category.SAFETY)
    cast.bar(case.person, "colleague")
    name(cast, case.person, "charity-manager")
    row, by = Bar.rows.get(), cast.who(username)
    with refuses(refusal):
        protection.lift_bar(row=row, by=by)
    with refuses(refusal):
        restrict(cast, case.person, by=username)
    with refuses(refusal):
        protection.bar(
            person=case.person, user=cast.user("lead-worker"), reason="x", review_on=DAY, by=by
        )


def test_a_restricted_record_shows_to_those_named_alone(cast, case):
    name(cast, case.person, "charity-manager")
    restrict(cast, case.person)
    assert HOUSING in sees(cast, "lead-worker", case.person)
    assert HOUSING in sees(cast, "charity-manager", case.person)
    for username in ("second-manager", "colleague", "family-worker", "unit-manager"):
        assert sees(cast, username, case.person) == set()
    assert "threat" not in str(told("restriction.begun").digests)


def test_it_needs_two_who_are_named_and_one_of_them_a_manager(cast):
    person = cast.open_case(by=cast.who("lead-worker")).person
    with refuses(Conflict):
        restrict(cast, person)
    name(cast, person, "family-worker")
    with refuses(Conflict):
        restrict(cast, person)
    name(cast, person, "second-manager")
    restrict(cast, person, by="charity-manager")


@pytest.mark.parametrize("basis", [Basis.TASK, Basis.AGENDA, Basis.REFERRER])
def test_what_is_over_when_it_is_done_does_not_count(cast, case, basis):
    manager = cast.hats["charity-manager"]
    involvement.begin(
        person_id=case.person_id,
        agency_id=manager.agency_id,
        worker_id=manager.user_id,
        basis=basis,
        categories=[Category.TASKING],
        by=cast.who("second-manager"),
    )
    with refuses(Conflict):
        restrict(cast, case.person)


def test_a_manager_of_another_agency_does_not_count(cast, case):
    name(cast, case.person, "unit-manager")
    with refuses(Conflict):
        restrict(cast, case.person)


def test_a_manager_who_is_barred_does_not_count(cast, case):
    name(cast, case.person, "second-manager")
    cast.bar(case.person, "second-manager")
    with refuses(Conflict):
        restrict(cast, case.person)


def test_a_name_that_has_ended_does_not_count(cast, case, later):
    involvement.begin(
        person_id=case.person_id,
        agency_id=case.agency_id,
        worker_id=cast.user("second-manager").pk,
        basis=Basis.TEAM,
        categories=ALL,
        ends=instant() + timedelta(days=1),
        by=cast.who("charity-manager"),
    )
    with later(days=1):
        with refuses(Conflict):
            restrict(cast, case.person)


def test_a_restriction_is_made_once_and_lifted_once(cast, case, later):
    name(cast, case.person, "charity-manager")
    row = restrict(cast, case.person)
    with refuses(Conflict):
        restrict(cast, case.person)
    with later(days=1):
        protection.lift_restriction(row=row, by=cast.who("charity-manager"))
        assert sees(cast, "colleague", case.person) == {POINTER}
    with later(days=5):
        with refuses(Conflict):
            protection.lift_restriction(row=row, by=cast.who("charity-manager"))
