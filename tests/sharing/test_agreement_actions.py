"""Agreements: no fact until all confirm; suspended and resumed at once."""

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed, System
from access.categories import Category
from casework.models import Case
from core.clock import instant
from core.errors import Conflict, Invalid
from sharing.actions import agreement
from sharing.models import Agreement
from tests.factories.browsing import later
from tests.factories.watching import refuses, sees, told

__all__ = ["later"]

HOUSING, POINTER, SAFETY = Category.HOUSING, Category.POINTER, Category.SAFETY


@pytest.fixture
def person(cast):
    """Somebody whose housing is shared with the unit, so far without an agreement."""
    person = cast.open_case().person
    cast.share(person, "borough-unit", HOUSING, SAFETY)
    return person


def draw_up(cast, by="lead-charity-administrator", slugs=("lead-charity", "borough-unit"), **more):
    said = {
        "title": "Working together",
        "purposes": "To support",
        "categories": [HOUSING],
        "ends": None,
        "review_on": date(2027, 1, 1),
    } | more
    parties = [cast.agencies[slug] for slug in slugs]
    return agreement.draw_up(parties=parties, by=cast.who(by) if by else None, **said)


def confirm(cast, drawn, slug):
    return agreement.confirm(agreement=drawn, by=cast.who(f"{slug}-administrator"))


def test_it_is_no_fact_until_both_have_confirmed(cast, person):
    drawn = draw_up(cast)
    assert sees(cast, "unit-worker", person) == set()
    confirm(cast, drawn, "lead-charity")
    assert sees(cast, "unit-worker", person) == set()
    confirm(cast, drawn, "borough-unit")
    assert sees(cast, "unit-worker", person) == {POINTER, HOUSING}


def test_it_did_not_hold_before_the_last_word(cast, person, later):
    drawn = draw_up(cast)
    confirm(cast, drawn, "lead-charity")
    with later(days=3):
        confirm(cast, drawn, "borough-unit")
    with later(days=3, seconds=-1):
        assert sees(cast, "unit-worker", person) == set()
    with later(days=3):
        assert HOUSING in sees(cast, "unit-worker", person)


def test_it_starts_no_earlier_than_now_and_not_before_its_day(cast, person, later):
    early = draw_up(cast, starts=instant() - timedelta(days=9))
    assert early.starts == instant()
    late = draw_up(cast, starts=instant() + timedelta(days=9))
    for slug in ("lead-charity", "borough-unit"):
        confirm(cast, late, slug)
    assert sees(cast, "unit-worker", person) == set()
    with later(days=9):
        assert HOUSING in sees(cast, "unit-worker", person)


def test_suspending_it_stops_at_once_and_resuming_opens_again(cast, person):
    drawn = cast.agree("lead-charity", "borough-unit")
    agreement.suspend(agreement=drawn, reason="A breach", by=cast.who("borough-unit-administrator"))
    assert sees(cast, "unit-worker", person) == set()
    assert "A breach" not in str(told("agreement.suspended").detail)
    with refuses(NotAllowed):
        # It was suspended against them: they don't lift it.
        agreement.resume(agreement=drawn, by=cast.who("lead-charity-administrator"))
    assert sees(cast, "unit-worker", person) == set()
    agreement.resume(agreement=drawn, by=cast.who("borough-unit-administrator"))
    assert HOUSING in sees(cast, "unit-worker", person)


def test_the_team_keeps_safety_for_two_weeks_after_an_end_and_not_while_suspended(
    cast, person, later
):
    drawn = cast.agree("lead-charity", "borough-unit", ends=instant() + timedelta(days=1))
    cast.join(Case.rows.get(person=person), "unit-worker", HOUSING, SAFETY)
    with later(days=14):
        assert sees(cast, "unit-worker", person) == {POINTER, SAFETY}
        agreement.suspend(agreement=drawn, reason="x", by=cast.who("borough-unit-administrator"))
        assert sees(cast, "unit-worker", person) == set()
    with later(days=15):
        assert sees(cast, "unit-worker", person) == set()


def test_each_step_is_taken_once(cast):
    drawn = draw_up(cast)
    mine = cast.who("lead-charity-administrator")
    confirm(cast, drawn, "lead-charity")
    with refuses(Conflict):
        agreement.confirm(agreement=drawn, by=mine)
    with refuses(Conflict):
        agreement.resume(agreement=drawn, by=mine)
    agreement.suspend(agreement=drawn, reason="x", by=mine)
    with refuses(Conflict):
        agreement.suspend(agreement=drawn, reason="x", by=mine)


@pytest.mark.parametrize("username", ["charity-manager", "auditor", "school-administrator"])
def test_nobody_but_administrators_of_a_party_has_a_say(cast, username):
    drawn = cast.agree("lead-charity", "borough-unit")
    by = cast.who(username)
    for step in (agreement.confirm, agreement.resume):
        with refuses(NotAllowed):
            step(agreement=drawn, by=by)
    with refuses(NotAllowed):
        agreement.suspend(agreement=drawn, reason="x", by=by)


def test_neither_a_manager_nor_a_job_nor_nobody_draws_one_up(cast):
    drawn = draw_up(cast)
    with refuses(NotAllowed):
        draw_up(cast, by="charity-manager")
    with refuses(NotAllowed):
        draw_up(cast, by=None)
    with refuses(NotAllowed):
        agreement.confirm(agreement=drawn, by=System("x"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slugs": ("lead-charity",)}, "parties"),
        ({"slugs": ("lead-charity", "lead-charity")}, "parties"),
        ({"slugs": ("school", "borough-unit")}, "parties"),
        ({"categories": []}, "categories"),
        ({"ends": "now"}, "ends"),
    ],
)
def test_what_is_wrong_is_named(cast, wrong, field):
    if "ends" in wrong:
        wrong = {"ends": instant()}
    with refuses(Invalid, field):
        draw_up(cast, **wrong)
    assert not Agreement.objects.exists()
