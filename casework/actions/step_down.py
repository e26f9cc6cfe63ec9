"""Step-down, follow-up and closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from access.actor import Actor, NotAllowed
from access.bases import Basis
from access.categories import COMPONENTS, Category, to_bits
from access.reading import require_write
from access.wall import passage, through
from agencies.actions import notice
from agencies.endings import Ending
from agencies.queries import managers, require
from audit import trail
from casework.actions import about_me
from casework.actions.lead import WITHOUT_CONFIDENCES, successor
from casework.enums import CaseState, CloseReason, FollowUpOutcome, StepDownState
from casework.models import Case, FollowUp, LeadPeriod, StepDown
from casework.workflow import CASE, FOLLOW_UP_WEEKS
from core.clock import LONDON, instant, today
from core.errors import Conflict, Invalid
from directory.models import Service
from directory.queries import taking_step_downs
from sharing.actions import involvement, responsibility
from tasking.actions import task as tasks

TIME_TO_CHECK = timedelta(weeks=2)
"""In which a check can be made once it is due."""

FOLLOW_UP_ENDS = timedelta(weeks=max(FOLLOW_UP_WEEKS)) + TIME_TO_CHECK
"""Until the last check has been made."""

_TAKE_OVER = passage("follow_up.take_over", "whoever ends a membership need not see its checks")


@transaction.atomic
def propose(
    *,
    case: Case,
    service: Service,
    service_contact: str,
    said_yes_on: date,
    said_yes_by: str,
    categories: Iterable[Category],
    why: str,
    first_attendance_on: date | None = None,
    by: Actor,
) -> StepDown:
    """Propose the move to a service that has said yes. Raises NotVisible, NotAllowed for who
    does not lead, Conflict when one waits or the case is not led, Invalid.
    """
    member = require(by, "propose_step_down")
    wanted = frozenset(categories)
    require_write(by, case.person_id, Category.POINTER, *wanted)
    if not LeadPeriod.rows.live().filter(case=case, worker_id=member.user_id).exists():
        raise NotAllowed
    _check(wanted, said_yes_on, said_yes_by, service_contact, why)
    if not taking_step_downs().filter(pk=service.pk).exists():
        raise Invalid(service="Choose a service that runs and takes young people stepping down")
    locked: Case = Case.rows.select_for_update().get(pk=case.pk)
    if CaseState.STEPPING_DOWN not in CASE[locked.state]:
        raise Conflict("This case can't step down now.")
    row = StepDown(
        person_id=locked.person_id,
        case=locked,
        categories=wanted,
        service=service,
        service_contact=service_contact,
        said_yes_on=said_yes_on,
        said_yes_by=said_yes_by,
        first_attendance_on=first_attendance_on,
        why=why,
        proposed_by_id=member.user_id,
        proposed_at=instant(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("A step-down waits for a manager already.") from error
    _record(by, "step_down.proposed", row, {"why": why, "said_yes_on": said_yes_on})
    notice.tell(
        managers(member.agency_id)
        .exclude(user_id=member.user_id)
        .values_list("user_id", flat=True),
        "approval_wanted",
        path="/",
        about=str(row.pk),
    )
    return row


@transaction.atomic
def decide(*, step_down: StepDown, approve: bool, reason: str = "", by: Actor) -> StepDown:
    """Approve or refuse, as a second user: never who proposed it.

    Approval dates the follow-ups at 4, 12 and 26 weeks. Raises NotVisible, NotAllowed,
    Conflict, also where the case can't step down now; Invalid for a refusal without a reason.
    """
    member = require(by, "approve_step_down")
    require_write(by, step_down.person_id, Category.POINTER)
    responsibility.require_lead(member, step_down.person_id)
    # First, as closing does: of the two one waits for the other.
    case: Case = Case.rows.select_for_update().get(pk=step_down.case_id)
    locked: StepDown = StepDown.rows.select_for_update().get(pk=step_down.pk)
    if locked.state != StepDownState.PROPOSED:
        raise Conflict("This has been decided already.")
    if locked.proposed_by_id == member.user_id:
        raise NotAllowed
    if not approve and not reason.strip():
        raise Invalid(reason="Say why not now")
    if approve and CaseState.STEPPING_DOWN not in CASE[case.state]:
        raise Conflict("This case can't step down now.")
    locked.state = StepDownState.APPROVED if approve else StepDownState.REFUSED
    locked.decided_by_id, locked.decided_at = member.user_id, instant()
    locked.decided_reason = reason
    locked.save(force_update=True)
    if approve:
        case.state = CaseState.STEPPING_DOWN
        case.save(force_update=True)
        lead = LeadPeriod.rows.live().get(case_id=locked.case_id)
        FollowUp.rows.bulk_create(
            FollowUp(
                person_id=locked.person_id,
                case_id=locked.case_id,
                step_down=locked,
                weeks=weeks,
                due_on=today() + timedelta(weeks=weeks),
                owner_id=lead.worker_id,
            )
            for weeks in FOLLOW_UP_WEEKS
        )
    _record(by, f"step_down.{locked.state}", locked, {"decided_reason": reason})
    notice.tell([locked.proposed_by_id], "step_down_decided", path="/", about=str(locked.pk))
    return locked


@transaction.atomic
def close(*, case: Case, reason: str, note: str = "", by: Actor) -> Case:
    """Close a case with a reason: the lead and the team end, the record stays.

    After an approved step-down the lead keeps what following up needs; one that waits lapses.
    After a death every task, follow-up and the card stop at once. Raises NotVisible,
    NotAllowed, Conflict; Invalid without a reason, or stepping down without an approval.
    """
    member = require(by, "approve_step_down")
    require_write(by, case.person_id, Category.POINTER)
    responsibility.require_lead(member, case.person_id)
    if reason not in CloseReason.values:
        raise Invalid(close_reason="Give the reason for closing")
    locked: Case = Case.rows.select_for_update().get(pk=case.pk)
    if not locked.is_open:
        raise Conflict("This case is closed already.")
    step_down = StepDown.rows.filter(case=locked, state=StepDownState.APPROVED).first()
    if reason == CloseReason.STEPPED_DOWN and step_down is None:
        raise Invalid(close_reason="No step-down has been approved for this case")
    for waiting in StepDown.rows.filter(case=locked, state=StepDownState.PROPOSED):
        waiting.state, waiting.decided_at = StepDownState.LAPSED, instant()
        waiting.save(force_update=True)
        _record(by, "step_down.lapsed", waiting, {})
    lead = LeadPeriod.rows.live().filter(case=locked).first()
    if lead is not None:
        lead.ends = instant()
        lead.sealed_save(update_fields=["ends"])
    locked.state, locked.closed_at = CaseState.CLOSED, instant()
    locked.close_reason, locked.close_note = reason, note
    locked.save(force_update=True)
    # Recorded while the closer still sees the person; the record keeps them able to.
    trail.record(
        by,
        "case.closed",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.POINTER]),
        values={"close_reason": reason, "close_note": note},
    )
    involvement.end_where(
        person_id=locked.person_id,
        bases=[Basis.INTAKE, Basis.LEAD, Basis.COVER, Basis.TEAM],
        by=by,
    )
    involvement.begin(
        person_id=locked.person_id,
        agency_id=locked.agency_id,
        worker_id=lead.worker_id if lead else None,
        basis=Basis.RECORD,
        categories=WITHOUT_CONFIDENCES,
        source=locked,
        by=by,
    )
    if step_down is not None and lead is not None and reason != CloseReason.DIED:
        _let_follow_up(step_down, locked.agency_id, lead.worker_id, instant() + FOLLOW_UP_ENDS, by)
    if reason == CloseReason.DIED:
        _stop_all(locked, by)
    return locked


def _stop_all(case: Case, by: Actor) -> None:
    """Stop what is still meant for somebody who has died. Source: the safety design."""
    checks = FollowUp.rows.filter(person_id=case.person_id, done_at=None)
    if stopped := checks.count():
        checks.delete()
        trail.record(
            by,
            "follow_ups.stopped",
            subject=case,
            person_id=case.person_id,
            categories=to_bits([Category.CONTACT]),
            detail={"number": stopped},
        )
    tasks.cancel_all(person_id=case.person_id, words="They have died.", by=by)
    about_me.end_cards(person_id=case.person_id, by=by)


def follow_leaver(ending: Ending, by: Actor) -> None:
    """Have a manager make the checks of somebody who has left. A follower of `agencies.endings`.

    Of closed cases: those of open ones go to whoever leads.
    """
    if ending.still_works_there:
        return
    leaver, agency_id = ending.membership.user_id, ending.membership.agency_id
    with through(_TAKE_OVER):
        checks = FollowUp.rows.filter(
            owner_id=leaver,
            done_at=None,
            case__agency_id=agency_id,
            case__state=CaseState.CLOSED,
        )
        theirs: dict[StepDown, list[FollowUp]] = {}
        for check in checks.select_for_update(of=("self",)).select_related("step_down"):
            theirs.setdefault(check.step_down, []).append(check)
        for step_down, waiting in theirs.items():
            manager = successor(
                person_id=step_down.person_id,
                agency_id=agency_id,
                leaver=leaver,
                manager_id=ending.manager_id,
            )
            if manager is None:
                continue
            last = datetime.combine(max(check.due_on for check in waiting), time(), tzinfo=LONDON)
            ends = max(last, instant()) + TIME_TO_CHECK
            _let_follow_up(step_down, agency_id, manager, ends, by)
            FollowUp.rows.filter(pk__in=[check.pk for check in waiting]).update(
                owner_id=manager, told_at=None
            )
            trail.record(
                by,
                "follow_ups.moved",
                subject=step_down,
                person_id=step_down.person_id,
                categories=to_bits([Category.CONTACT]),
                detail={"worker": manager, "agency": agency_id, "number": len(waiting)},
            )


def _let_follow_up(
    step_down: StepDown, agency_id: UUID, worker_id: UUID, ends: datetime, by: Actor
) -> None:
    involvement.begin(
        person_id=step_down.person_id,
        agency_id=agency_id,
        worker_id=worker_id,
        basis=Basis.FOLLOW_UP,
        categories={Category.POINTER, Category.CONTACT, Category.SAFETY} | step_down.categories,
        ends=ends,
        source=step_down,
        by=by,
    )


@transaction.atomic
def follow_up(*, check: FollowUp, outcome: str, note: str = "", by: Actor) -> FollowUp:
    """Record what a follow-up found. Raises NotVisible, NotAllowed, Conflict, Invalid."""
    member = require(by, "log_intervention")
    require_write(by, check.person_id, Category.CONTACT, Category.SAFETY)
    if outcome not in FollowUpOutcome.values:
        raise Invalid(outcome="Choose what you found")
    locked: FollowUp = FollowUp.rows.select_for_update().get(pk=check.pk)
    if locked.done_at is not None:
        raise Conflict("This follow-up has been done already.")
    locked.outcome, locked.note = outcome, note
    locked.done_at, locked.done_by_id = instant(), member.user_id
    locked.save(force_update=True)
    trail.record(
        by,
        "follow_up.done",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.CONTACT, Category.SAFETY]),
        values={"outcome": outcome, "note": note},
        detail={"weeks": locked.weeks},
    )
    return locked


def _check(
    categories: frozenset[Category],
    said_yes_on: date,
    said_yes_by: str,
    service_contact: str,
    why: str,
) -> None:
    faults: dict[str, str] = {}
    if not categories or not categories <= frozenset(COMPONENTS):
        faults["categories"] = "Choose which components move to the service"
    if said_yes_on > today():
        faults["said_yes_on"] = "The day they said yes must be today or in the past"
    if not said_yes_by.strip():
        faults["said_yes_by"] = "Name who said yes"
    if not service_contact.strip():
        faults["service_contact"] = "Say how to reach them"
    if not why.strip():
        faults["why"] = "Say why now"
    if faults:
        raise Invalid(faults)


def _record(by: Actor, verb: str, row: StepDown, values: dict[str, object]) -> None:
    trail.record(
        by,
        verb,
        subject=row,
        person_id=row.person_id,
        categories=to_bits(row.categories),
        values=values,
        detail={"service": row.service_id},
    )
