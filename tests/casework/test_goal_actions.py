"""Goals: three at most, in their own words, rated from 0 to 10 by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.actor import NotAllowed, NotVisible
from access.categories import Category, to_bits
from casework.actions import goal
from casework.models import Goal, GoalRating, Plan, PlanComponent
from core.clock import instant
from core.errors import Conflict, Invalid
from core.versions import Stale
from tests.factories.browsing import sign_in
from tests.factories.watching import refuses, sees, told

__all__ = ["sign_in"]

HOUSING = Category.HOUSING


@pytest.fixture
def plan(cast):
    return Plan.rows.get(case=cast.open_case())


def add(cast, plan, words="A room of my own", by="lead-worker", component=HOUSING, **more):
    return goal.add_goal(plan=plan, component=component, own_words=words, by=cast.who(by), **more)


def test_it_keeps_their_words_and_the_first_rating(cast, plan):
    made = add(cast, plan, worker_words="Tenancy", rating=2)
    assert (made.own_words, made.worker_words) == ("A room of my own", "Tenancy")
    assert GoalRating.rows.get(goal=made).rating == 2
    assert PlanComponent.rows.get(plan=plan, component=HOUSING).in_use


def test_the_trail_names_the_fields_and_not_the_words(cast, plan):
    add(cast, plan)
    event = told("goal.added")
    assert event.categories == to_bits([HOUSING])
    assert event.fields == ["own_words", "worker_words"]
    assert "room" not in f"{event.digests}{event.detail}"


def test_a_fourth_open_goal_is_refused_until_one_ends(cast, plan):
    made = [add(cast, plan, words) for words in ("one", "two", "three")]
    with refuses(Conflict):
        add(cast, plan, "four")
    add(cast, plan, "elsewhere", component=Category.FAMILY)
    goal.finish(goal=made[0], reached=True, by=cast.who("lead-worker"))
    add(cast, plan, "four")
    with refuses(Conflict):
        add(cast, plan, "five")


def test_it_ends_once_reached_or_not(cast, plan):
    for reached, verb in ((True, "goal.reached"), (False, "goal.ended")):
        made = add(cast, plan)
        ended = goal.finish(goal=made, reached=reached, by=cast.who("lead-worker"))
        assert (ended.reached_at if reached else ended.ended_at) == instant()
        assert told(verb).subject_id == made.pk
        with refuses(Conflict):
            goal.finish(goal=made, reached=not reached, by=cast.who("lead-worker"))


@pytest.mark.parametrize("reached", [True, False])
def test_it_is_taken_up_again_where_there_is_room(cast, plan, reached):
    worker = cast.who("lead-worker")
    made = goal.finish(goal=add(cast, plan), reached=reached, by=worker)
    resumed = goal.resume(goal=made, by=worker)
    assert (resumed.reached_at, resumed.ended_at) == (None, None)
    assert told("goal.resumed").subject_id == made.pk
    with refuses(Conflict):
        goal.resume(goal=made, by=worker)
    goal.finish(goal=made, reached=reached, by=worker)
    for words in ("one", "two", "three"):
        add(cast, plan, words)
    with refuses(Conflict):
        goal.resume(goal=made, by=worker)
    with refuses(NotAllowed):
        goal.resume(goal=made, by=cast.who("colleague"))


def test_a_goal_is_ended_on_a_page_of_its_own_and_can_be_taken_up_again(cast, plan, sign_in):
    made, browser = add(cast, plan), sign_in("lead-worker")
    path = f"/goals/{made.pk}/end/"
    assert path in browser.get(f"/people/{plan.person.reference}/plan/").text
    assert "What became of this goal?" in browser.get(path).text
    assert "There is a problem" in browser.post(path, {"reached": ""}).text
    browser.post(path, {"reached": "no"})
    assert Goal.rows.get().ended_at == instant()
    assert "Take it up again" in browser.get(f"/people/{plan.person.reference}/plan/").text
    browser.post(f"/goals/{made.pk}/again/")
    assert Goal.rows.get().ended_at is None
    assert sign_in("outsider").post(f"/goals/{made.pk}/again/").status_code == 404


@given(rating=st.integers(-(2**40), 2**40))
def test_a_rating_is_from_nought_to_ten(cast, plan, rating):
    made = Goal.rows.filter(plan=plan).first() or add(cast, plan)
    if 0 <= rating <= 10:
        row = goal.rate(goal=made, rating=rating, moment="review", by=cast.who("lead-worker"))
        assert row.rating == rating
    else:
        with pytest.raises(Invalid, match="from 0 to 10"):
            goal.rate(goal=made, rating=rating, moment="review", by=cast.who("lead-worker"))


@pytest.mark.parametrize("rating", [0, 10])
def test_the_ends_of_the_scale_are_on_it(cast, plan, rating):
    assert add(cast, plan, rating=rating)


def test_a_first_rating_that_can_not_be_takes_the_goal_with_it(cast, plan):
    with refuses(Invalid, "rating"):
        add(cast, plan, rating=11)


def test_who_edits_an_old_version_is_told(cast, plan):
    made = add(cast, plan)
    by = cast.who("lead-worker")
    goal.reword(goal=made, own_words="A flat", worker_words="", version=1, by=by)
    with refuses(Stale):
        goal.reword(goal=made, own_words="A house", worker_words="", version=1, by=by)
    assert Goal.rows.get().own_words == "A flat"


def test_it_has_words_and_a_component(cast, plan):
    with refuses(Invalid, "own_words"):
        add(cast, plan, " ")
    with refuses(Invalid, "component"):
        add(cast, plan, component=Category.CONTACT)
    made = add(cast, plan)
    with refuses(Invalid, "own_words"):
        goal.reword(goal=made, own_words="", worker_words="x", by=cast.who("lead-worker"))


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("colleague", NotAllowed),
        ("auditor", NotAllowed),
        ("unit-worker", NotAllowed),
        ("outsider", NotVisible),
    ],
)
def test_only_who_may_write_its_component_sets_rates_and_ends_it(cast, plan, username, refusal):
    cast.agree("lead-charity", "borough-unit")
    cast.share(plan.person, "borough-unit", HOUSING)
    made, by = add(cast, plan), cast.who(username)
    assert HOUSING in sees(cast, "unit-worker", plan.person), "who reads does not write"
    with refuses(refusal):
        add(cast, plan, by=username)
    with refuses(refusal):
        goal.rate(goal=made, rating=3, moment="review", by=by)
    with refuses(refusal):
        goal.reword(goal=made, own_words="x", worker_words="", by=by)
    with refuses(refusal):
        goal.finish(goal=made, reached=True, by=by)


def test_a_team_worker_writes_in_their_component_alone(cast, plan):
    cast.agree("lead-charity", "borough-unit")
    cast.join(plan.case, "unit-worker", HOUSING)
    add(cast, plan, by="unit-worker")
    with refuses(NotAllowed):
        add(cast, plan, by="unit-worker", component=Category.FAMILY)
