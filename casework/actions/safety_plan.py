"""The safety plan."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from access.actor import Actor
from access.categories import Category, to_bits
from access.reading import require_write
from agencies.queries import require
from audit import trail
from casework.models import SafetyPlan
from core.clock import instant, today
from core.errors import Invalid
from people.models import YoungPerson


@transaction.atomic
def write(
    *,
    person: YoungPerson,
    dangers: str,
    unsafe_places: str,
    safe_places: str,
    what_helps: str,
    whom_to_call: str,
    review_on: date,
    version: int | None = None,
    by: Actor,
) -> SafetyPlan:
    """Write the safety plan, or change it. Earlier versions stay in its history.

    Raises NotVisible, NotAllowed, Stale; Invalid for a review day gone by, or when nobody
    is named to call.
    """
    member = require(by, "write_plan")
    require_write(by, person.pk, Category.SAFETY)
    faults: dict[str, str] = {}
    if review_on < today():
        faults["review_on"] = "The review must be today or later"
    if not whom_to_call.strip():
        faults["whom_to_call"] = "Name somebody to call"
    if faults:
        raise Invalid(faults)
    plan: SafetyPlan | None = SafetyPlan.rows.select_for_update().filter(person=person).first()
    if plan is None:
        plan = SafetyPlan(person=person)
    else:
        plan.expect(version)
    plan.dangers, plan.unsafe_places, plan.safe_places = dangers, unsafe_places, safe_places
    plan.what_helps, plan.whom_to_call, plan.review_on = what_helps, whom_to_call, review_on
    plan.written_by_id, plan.written_at = member.user_id, instant()
    # `add` says whether the row is new; `save` alone would insert when an update finds none.
    plan.save(force_insert=plan._state.adding, force_update=not plan._state.adding)
    trail.record(
        by,
        "safety_plan.written",
        subject=plan,
        person_id=person.pk,
        categories=to_bits([Category.SAFETY]),
        values={
            "dangers": dangers,
            "unsafe_places": unsafe_places,
            "safe_places": safe_places,
            "what_helps": what_helps,
            "whom_to_call": whom_to_call,
            "review_on": review_on,
        },
    )
    return plan
