"""Goals: what the young person wants, in their own words, and how far they say they are."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.categories import COMPONENTS, Category, to_bits
from access.reading import require_write
from agencies.queries import require
from audit import trail
from casework.enums import CaseState, RatingMoment
from casework.models import Case, Goal, GoalRating, Plan, PlanComponent
from core.clock import instant
from core.errors import Conflict, Invalid
from core.once import once

MOST = 3
"""Goals that a component may have at once (goal-based outcomes)."""


@transaction.atomic
def add_goal(
    *,
    plan: Plan,
    component: Category,
    own_words: str,
    worker_words: str = "",
    rating: int | None = None,
    key: UUID | None = None,
    by: Actor,
) -> Goal:
    """Add a goal in the young person's own words, with their first rating if they gave one.

    The same `key` again returns what was added first. Raises NotVisible, NotAllowed;
    Conflict when the case is closed or the component has three goals; Invalid without words.
    """
    member = require(by, "write_plan")
    if component not in COMPONENTS:
        raise Invalid(component="Choose one of the eight components")
    require_write(by, plan.person_id, component)
    if not own_words.strip():
        raise Invalid(own_words="Write the goal in the young person’s own words")
    locked = _open_plan(plan.pk)

    def make(key: UUID) -> Goal:
        _require_room(locked, component)
        goal = Goal(
            id=key,
            person_id=locked.person_id,
            plan=locked,
            component=component,
            own_words=own_words,
            worker_words=worker_words,
            set_by_id=member.user_id,
            set_at=instant(),
        )
        goal.save(force_insert=True)
        PlanComponent.rows.filter(plan=locked, component=component).update(in_use=True)
        _record(by, "goal.added", goal, own_words=own_words, worker_words=worker_words)
        if rating is not None:
            rate(goal=goal, rating=rating, moment=RatingMoment.START, by=by)
        return goal

    return once(
        key,
        made=lambda key: Goal.rows.filter(pk=key, plan=locked, set_by_id=member.user_id).first(),
        make=make,
    )


@transaction.atomic
def rate(*, goal: Goal, rating: int, moment: str, by: Actor) -> GoalRating:
    """Record how far the young person says they are, from 0 to 10.

    Raises NotVisible, NotAllowed; Invalid for any other number.
    """
    member = require(by, "write_plan")
    require_write(by, goal.person_id, goal.category)
    if not 0 <= rating <= 10:
        raise Invalid(rating="The rating must be a whole number from 0 to 10")
    row = GoalRating(
        person_id=goal.person_id,
        goal=goal,
        rating=rating,
        moment=moment,
        rated_at=instant(),
        recorded_by_id=member.user_id,
    )
    row.save(force_insert=True)
    _record(by, "goal.rated", goal, rating=rating, moment=moment)
    return row


@transaction.atomic
def reword(
    *, goal: Goal, own_words: str, worker_words: str, version: int | None = None, by: Actor
) -> Goal:
    """Change the words of a goal. Raises NotVisible, NotAllowed, Stale, Invalid."""
    require(by, "write_plan")
    require_write(by, goal.person_id, goal.category)
    if not own_words.strip():
        raise Invalid(own_words="Write the goal in the young person’s own words")
    locked: Goal = Goal.rows.select_for_update().get(pk=goal.pk)
    locked.expect(version)
    locked.own_words, locked.worker_words = own_words, worker_words
    locked.save(force_update=True)
    _record(by, "goal.reworded", locked, own_words=own_words, worker_words=worker_words)
    return locked


@transaction.atomic
def finish(*, goal: Goal, reached: bool, by: Actor) -> Goal:
    """End a goal: reached, or no longer wanted. Raises NotVisible, NotAllowed, Conflict."""
    require(by, "write_plan")
    require_write(by, goal.person_id, goal.category)
    locked: Goal = Goal.rows.select_for_update().get(pk=goal.pk)
    if locked.reached_at or locked.ended_at:
        raise Conflict("This goal has ended already.")
    if reached:
        locked.reached_at = instant()
    else:
        locked.ended_at = instant()
    locked.expect(None)
    locked.save(force_update=True)
    _record(by, "goal.reached" if reached else "goal.ended", locked)
    return locked


@transaction.atomic
def resume(*, goal: Goal, by: Actor) -> Goal:
    """Take up a goal again that was ended, or reached too early.

    Raises NotVisible, NotAllowed; Conflict for one that has not ended, and where the case is
    closed or the component has three goals.
    """
    require(by, "write_plan")
    require_write(by, goal.person_id, goal.category)
    _require_room(_open_plan(goal.plan_id), goal.component)
    locked: Goal = Goal.rows.select_for_update().get(pk=goal.pk)
    if not (locked.reached_at or locked.ended_at):
        raise Conflict("This goal has not ended.")
    locked.reached_at = locked.ended_at = None
    locked.expect(None)
    locked.save(force_update=True)
    _record(by, "goal.resumed", locked)
    return locked


def _open_plan(plan_id: UUID) -> Plan:
    """The plan, locked, so that two at once make no fourth goal. Raises Conflict."""
    locked: Plan = Plan.rows.select_for_update().get(pk=plan_id)
    if not Case.rows.exclude(state=CaseState.CLOSED).filter(pk=locked.case_id).exists():
        raise Conflict("This case is closed, and its plan with it.")
    return locked


def _require_room(plan: Plan, component: str) -> None:
    there = Goal.rows.filter(plan=plan, component=component, ended_at=None, reached_at=None)
    if there.count() >= MOST:
        raise Conflict("There are three goals here already: end or reach one first.")


def _record(by: Actor, verb: str, goal: Goal, **values: object) -> None:
    trail.record(
        by,
        verb,
        subject=goal,
        person_id=goal.person_id,
        categories=to_bits([goal.category]),
        values=values,
        detail={"component": goal.component},
    )
