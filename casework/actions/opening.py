"""Accepting a referral opens a case; a closed one is reopened as a new episode."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max

from access.actor import Actor, NotAllowed
from access.bases import Basis
from access.categories import ALL, COMPONENTS, Category, to_bits
from access.reading import sight
from agencies.queries import require
from audit import trail
from casework.enums import CaseState
from casework.models import Case, Plan, PlanComponent
from core.clock import instant
from core.errors import Conflict, Invalid
from referrals.actions import referral as referrals
from referrals.models import Referral
from sharing import facts
from sharing.actions import involvement


@transaction.atomic
def accept(*, referral: Referral, age_reason: str = "", by: Actor) -> Case:
    """Accept a referral: a case is open from this instant, waiting for its lead worker.

    Raises NotAllowed or NotVisible; Conflict when somebody has decided on it, or when the
    young person has an open case; Invalid for an unusual age without a reason.
    """
    locked = referrals.mark_accepted(referral=referral, age_reason=age_reason, by=by)
    return _open(
        Case(
            person=locked.person,
            agency_id=locked.sent_to_id,
            referral=locked,
            opened_at=instant(),
        ),
        by,
    )


@transaction.atomic
def reopen(*, case: Case, reason: str, by: Actor) -> Case:
    """Open a new episode for somebody whose case was closed, saying why.

    Raises NotAllowed, also when another agency leads by now; NotVisible; Conflict when a
    case is open; Invalid without a reason.
    """
    member = require(by, "reopen_case")
    if not sight(by, case.person_id).sees(Category.IDENTITY):
        raise NotAllowed
    if facts.lead_agency(case.person_id) != member.agency_id:
        raise NotAllowed
    if not reason.strip():
        raise Invalid(reason="Say why the case is reopened")
    locked: Case = Case.rows.select_for_update().get(pk=case.pk)
    if locked.is_open:
        raise Conflict("This case is open.")
    involvement.end_where(person_id=locked.person_id, bases=[Basis.FOLLOW_UP], by=by)
    involvement.begin(
        person_id=locked.person_id,
        agency_id=member.agency_id,
        worker_id=member.user_id,
        basis=Basis.INTAKE,
        categories=ALL,
        source=locked,
        by=by,
    )
    last = Case.rows.filter(person_id=locked.person_id).aggregate(Max("episode"))["episode__max"]
    return _open(
        Case(
            person_id=locked.person_id,
            agency_id=member.agency_id,
            episode=last + 1,
            reopen_reason=reason,
            opened_at=instant(),
        ),
        by,
    )


def _open(case: Case, by: Actor) -> Case:
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("This young person has an open case already.") from error
    plan = Plan(person_id=case.person_id, case=case)
    plan.save(force_insert=True)
    PlanComponent.rows.bulk_create(
        PlanComponent(person_id=case.person_id, plan=plan, component=component)
        for component in COMPONENTS
    )
    trail.record(
        by,
        "case.opened",
        subject=case,
        person_id=case.person_id,
        categories=to_bits([Category.POINTER]),
        values={"state": CaseState.OPENING, "episode": case.episode},
    )
    return case
