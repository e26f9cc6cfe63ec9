"""Withdrawing consent: at that instant, no more and no less than was asked."""

from datetime import timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.bases import Basis
from access.categories import Category, to_bits
from core.clock import instant, today
from core.errors import Conflict
from sharing.actions import consent
from sharing.models import ConsentLine, Involvement
from sharing.rules import Line
from tasking.actions import task
from tasking.models import Task
from tests.factories.browsing import later
from tests.factories.watching import refuses, sees, told

__all__ = ["later"]

HOUSING, HEALTH, POINTER = Category.HOUSING, Category.HEALTH, Category.POINTER


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    cast.agree("lead-charity", "school")
    return cast.open_case()


@pytest.fixture
def given(cast, case):
    """Housing for the unit's worker and health for the school's, in one conversation."""
    return consent.record(
        person=case.person,
        lines=[
            Line(
                cast.agencies[slug].pk,
                cast.user(username).pk,
                frozenset({category}),
                instant() + timedelta(days=84),
            )
            for slug, username, category in (
                ("borough-unit", "unit-worker", HOUSING),
                ("school", "school-lead", HEALTH),
            )
        ],
        giver="young_person",
        competence="presumed",
        channel="phone",
        place="home",
        purposes=["support"],
        by=cast.who("lead-worker"),
    )


def set_task(cast, person, owner="unit-worker", slug="borough-unit"):
    return task.assign(
        person=person,
        what="Ring the hostel",
        owner_id=cast.user(owner).pk,
        owner_agency_id=cast.agencies[slug].pk,
        due_on=today(),
        by=cast.who("charity-manager"),
    )


def test_it_stops_at_that_instant_for_every_recipient(cast, case, given, later):
    with later(days=1):
        consent.withdraw(consent=given, words="Enough", by=cast.who("lead-worker"))
        assert sees(cast, "unit-worker", case.person) == set()
        assert sees(cast, "school-lead", case.person) == set()
    assert sees(cast, "unit-worker", case.person) == {POINTER, HOUSING}, "a day before it did"


def test_the_lead_sees_as_before(cast, case, given):
    before = sees(cast, "lead-worker", case.person)
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    assert sees(cast, "lead-worker", case.person) == before


def test_it_keeps_their_words_and_when_but_not_in_the_trail(cast, case, given):
    consent.withdraw(consent=given, words="Enough of that", by=cast.who("lead-worker"))
    given.refresh_from_db()
    event = told("consent.withdrawn", case.person)
    assert (given.withdrawn_at, given.withdrawal_words) == (instant(), "Enough of that")
    assert event.categories == to_bits([HOUSING, HEALTH])
    assert "Enough" not in f"{event.digests}{event.detail}"


def test_one_line_of_several_ends_alone(cast, case, given):
    row = ConsentLine.rows.get(consent=given, worker=cast.user("unit-worker"))
    consent.withdraw(consent=given, line=row, by=cast.who("lead-worker"))
    given.refresh_from_db()
    assert sees(cast, "unit-worker", case.person) == set()
    assert HEALTH in sees(cast, "school-lead", case.person)
    assert given.withdrawn_at is None


def test_with_its_last_line_the_consent_is_withdrawn(cast, given):
    for row in ConsentLine.rows.filter(consent=given):
        consent.withdraw(consent=given, line=row, by=cast.who("lead-worker"))
    given.refresh_from_db()
    assert given.withdrawn_at == instant()


def test_a_line_of_another_consent_is_left_alone(cast, case, given):
    other = cast.share(case.person, "school", HOUSING, worker="school-lead")
    with refuses(Conflict):
        consent.withdraw(
            consent=given, line=ConsentLine.rows.get(consent=other), by=cast.who("lead-worker")
        )


def test_other_bases_go_on(cast, case, given):
    cast.join(case, "unit-worker", Category.FAMILY)
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    assert sees(cast, "unit-worker", case.person) == {POINTER, Category.FAMILY}


def test_another_consent_with_the_same_recipient_goes_on(cast, case, given):
    cast.share(case.person, "school", Category.EDUCATION, worker="school-lead")
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    assert sees(cast, "school-lead", case.person) == {POINTER, Category.EDUCATION}


def test_open_tasks_go_back_to_the_lead_and_open_nothing_more(cast, case, given):
    mine = set_task(cast, case.person)
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    mine.refresh_from_db()
    assert mine.owner == cast.user("lead-worker")
    assert mine.owner_agency == cast.agencies["lead-charity"]
    assert sees(cast, "unit-worker", case.person) == set()
    assert told("task.moved").subject_id == mine.pk


def test_tasks_that_are_done_and_tasks_of_others_stay(cast, case, given):
    done = set_task(cast, case.person)
    task.answer(task=done, state="done", by=cast.who("unit-worker"))
    others = set_task(cast, case.person, "school-lead", "school")
    row = ConsentLine.rows.get(consent=given, worker=cast.user("unit-worker"))
    consent.withdraw(consent=given, line=row, by=cast.who("lead-worker"))
    owners = dict(Task.rows.values_list("pk", "owner__username"))
    assert owners == {done.pk: "unit-worker", others.pk: "school-lead"}


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("colleague", NotAllowed), ("unit-worker", NotAllowed), ("outsider", NotVisible)],
)
def test_who_may_not_write_may_not_withdraw_for_them(cast, given, username, refusal):
    with refuses(refusal):
        consent.withdraw(consent=given, by=cast.who(username))


def test_it_is_withdrawn_once(cast, given):
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    with refuses(Conflict):
        consent.withdraw(consent=given, by=cast.who("lead-worker"))


def test_what_it_opened_stays_on_record(cast, case, given):
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    rows = Involvement.rows.filter(person=case.person, basis=Basis.CONSENT)
    assert [row.ends for row in rows] == [instant(), instant()]
