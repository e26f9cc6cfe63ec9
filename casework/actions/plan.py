"""The plan: which components, what is planned, and that the young person agreed to it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.categories import Category, to_bits
from access.reading import require_write
from agencies.queries import require
from audit import trail
from casework.enums import CaseState
from casework.models import Case, Plan, PlanComponent, PlannedIntervention, Review
from casework.workflow import REVIEW_EVERY
from core.clock import instant, today
from core.errors import Conflict, Invalid
from core.once import once


@transaction.atomic
def use_component(
    *, plan: Plan, component: Category, in_use: bool, own_name: str = "", by: Actor
) -> PlanComponent:
    """Take a component into the plan, or out of it, under the young person's own name for it.

    Raises NotVisible or NotAllowed; Conflict when the case is closed.
    """
    require(by, "write_plan")
    require_write(by, plan.person_id, component)
    _require_open(plan)
    row: PlanComponent = PlanComponent.rows.select_for_update().get(plan=plan, component=component)
    row.in_use, row.own_name = in_use, own_name
    row.save(force_update=True)
    _record(by, "plan.component_used", row, component, in_use=in_use, own_name=own_name)
    return row


@transaction.atomic
def plan_intervention(
    *,
    plan: Plan,
    component: Category,
    what: str,
    kind: str = "",
    who: str = "",
    by_when: date | None = None,
    key: UUID | None = None,
    by: Actor,
) -> PlannedIntervention:
    """Plan something in one component; the same `key` again returns what was planned first.

    Raises NotVisible, NotAllowed, Conflict, Invalid.
    """
    require(by, "write_plan")
    require_write(by, plan.person_id, component)
    _require_open(plan)
    if by_when is not None and by_when < today():
        raise Invalid(by_when="The day must be today or later")

    def made(key: UUID) -> PlannedIntervention | None:
        if not trail.did(by, "plan.intervention_planned", key):
            return None
        return PlannedIntervention.rows.filter(pk=key, plan=plan).first()

    def make(key: UUID) -> PlannedIntervention:
        row = PlannedIntervention(
            id=key,
            person_id=plan.person_id,
            plan=plan,
            component=component,
            what=what,
            kind=kind,
            who=who,
            by_when=by_when,
        )
        row.save(force_insert=True)
        PlanComponent.rows.filter(plan=plan, component=component).update(in_use=True)
        _record(by, "plan.intervention_planned", row, component, what=what, by_when=by_when)
        return row

    return once(key, made=made, make=make)


@transaction.atomic
def complete_planned(*, planned: PlannedIntervention, by: Actor) -> PlannedIntervention:
    """Tick off something planned. Raises NotVisible, NotAllowed; Conflict when it was."""
    require(by, "write_plan")
    require_write(by, planned.person_id, planned.category)
    row: PlannedIntervention = PlannedIntervention.rows.select_for_update().get(pk=planned.pk)
    if row.done_at is not None:
        raise Conflict("This has been ticked off already.")
    row.done_at = instant()
    row.save(force_update=True)
    _record(by, "plan.intervention_done", row, row.category)
    return row


@transaction.atomic
def agree(*, plan: Plan, on: date, how: str, version: int | None = None, by: Actor) -> Plan:
    """Record that the young person agreed to the plan: on which day, and how.

    The case becomes active, and the first review is dated. Raises NotVisible, NotAllowed,
    Stale, Conflict; Invalid for a day to come or without how.
    """
    member = require(by, "write_plan")
    require_write(by, plan.person_id, Category.IDENTITY)
    _require_open(plan)
    if on > today():
        raise Invalid(agreed_on="The day must be today or in the past")
    if not how.strip():
        raise Invalid(agreed_how="Say how the young person agreed")
    locked: Plan = Plan.rows.select_for_update().get(pk=plan.pk)
    locked.expect(version)
    locked.agreed_on, locked.agreed_how = on, how
    locked.agreed_by_id = member.user_id
    locked.review_on = on + REVIEW_EVERY
    locked.save(force_update=True)
    Case.rows.filter(pk=locked.case_id, state=CaseState.ASSESSMENT).update(state=CaseState.ACTIVE)
    _record(by, "plan.agreed", locked, Category.IDENTITY, agreed_on=on, agreed_how=how)
    return locked


@transaction.atomic
def review(
    *, plan: Plan, held_on: date, with_young_person: bool, notes: str = "", by: Actor
) -> Review:
    """Record a review and date the next one, 12 weeks on.

    Raises NotVisible, NotAllowed, Conflict; Invalid for a day to come.
    """
    member = require(by, "write_plan")
    require_write(by, plan.person_id, Category.IDENTITY)
    _require_open(plan)
    if held_on > today():
        raise Invalid(held_on="The day must be today or in the past")
    row = Review(
        person_id=plan.person_id,
        plan=plan,
        held_on=held_on,
        with_young_person=with_young_person,
        notes=notes,
        held_by_id=member.user_id,
    )
    row.save(force_insert=True)
    locked: Plan = Plan.rows.select_for_update().get(pk=plan.pk)
    locked.review_on = held_on + REVIEW_EVERY
    locked.expect(None)
    locked.save(force_update=True)
    _record(by, "plan.reviewed", row, Category.IDENTITY, held_on=held_on)
    return row


def _require_open(plan: Plan) -> None:
    if not Case.rows.exclude(state=CaseState.CLOSED).filter(pk=plan.case_id).exists():
        raise Conflict("This case is closed, and its plan with it.")


def _record(
    by: Actor,
    verb: str,
    row: Plan | PlanComponent | PlannedIntervention | Review,
    category: Category,
    **values: object,
) -> None:
    trail.record(
        by,
        verb,
        subject=row,
        person_id=row.person_id,
        categories=to_bits([category]),
        values=values,
        detail={"component": category},
    )
