"""Emergency access: opening it, accounting for it, reviewing it, chasing who is late.

Source: the access design, "Break-glass". Everybody who could be told that it happened is
told at once, without content; the asker learns nothing from a no.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from access import rule
from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.roles import Role
from access.wall import passage, through
from agencies.actions import notice
from agencies.queries import duty_users, managers, require, workers
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from core.working_days import within_one_working_day
from people.matching import Facts, match
from sharing import emergencies
from sharing import facts as standing
from sharing.actions import involvement
from sharing.enums import EmergencyOutcome
from sharing.models import Bar, BreakGlass, Involvement

LONGEST = timedelta(hours=12)
_OPEN = passage("break_glass.open", "opens a record to who states enough about its person")
_CHASE = passage("break_glass.chase", "tells the agencies on both sides who is late")


class StepUpWanted(Conflict):
    """The user has to say again who they are before this is done."""


class Suspended(Conflict):
    """The user owes an account of an earlier emergency access."""


@transaction.atomic
def open_record(
    *, facts: Facts, risk: str, reason: str, shift_ends: datetime, by: Actor
) -> BreakGlass | None:
    """Open the pointer, identity, contact and safety of the one person whom the facts fit.

    None when nobody fits, several do, or this user is barred from who does: alike, and all
    on record. It lasts until the end of the shift, at most 12 hours. Raises NotAllowed,
    StepUpWanted, Suspended; Invalid without a reason or an end of the shift to come.
    """
    member = require(by, "break_glass")
    now = instant()
    if not reason.strip():
        raise Invalid(reason="Say what the danger is, to whom, and why it can't wait")
    if shift_ends <= now:
        raise Invalid(shift_ends="The end of your shift must be in the future")
    if not stepped_up(member, now):
        raise StepUpWanted("Confirm that it is you, then send this again.")
    if emergencies.is_suspended(member):
        raise Suspended("First say why you opened the last record: that account is overdue.")
    found = match(facts)
    with through(_OPEN):
        why_not = found.why_not
        if found.person_id is not None and _is_barred(member.user_id, found.person_id):
            why_not = "barred"
        if found.person_id is None or why_not:
            trail.record(
                by,
                "break_glass.refused",
                values={"reason": reason, "facts": facts},
                detail={"why": why_not, "stated": facts.stated(), "risk": risk},
                refused=True,
            )
            return None
        row = _open(member, found.person_id, facts, risk, reason, min(shift_ends, now + LONGEST))
    _tell_of(row)
    return row


@transaction.atomic
def account(*, row: BreakGlass, words: str, by: Actor) -> BreakGlass:
    """Say what was done with what was seen, as the user who opened it.

    Raises NotAllowed for anybody else, Invalid without words, Conflict the second time.
    """
    member = require(by, "break_glass")
    if member.user_id != row.user_id:
        raise NotAllowed
    if not words.strip():
        raise Invalid(account="Say what you did, and with whom you spoke")
    with through(_OPEN):
        locked: BreakGlass = BreakGlass.rows.select_for_update().get(pk=row.pk)
        if locked.accounted_at is not None:
            raise Conflict("You have accounted for this already.")
        locked.account, locked.accounted_at = words, instant()
        locked.sealed_save(update_fields=["account", "accounted_at"])
    trail.record(
        by,
        "break_glass.accounted",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.SAFETY]),
        values={"account": words},
    )
    _ask_for_review(locked)
    return locked


@transaction.atomic
def review(*, row: BreakGlass, outcome: str, note: str, by: Actor) -> BreakGlass:
    """Say, as a manager of the lead agency and a second user, whether it was right.

    What was wrong ends at this instant. Raises NotAllowed, Invalid, Conflict.
    """
    member = require(by, "review_break_glass")
    if member.agency_id != row.lead_agency_id or member.user_id == row.user_id:
        raise NotAllowed
    if outcome not in set(EmergencyOutcome):
        raise Invalid(outcome="Choose what you found")
    if not note.strip():
        raise Invalid(note="Say what you found, in a sentence or two")
    locked: BreakGlass = BreakGlass.rows.select_for_update().get(pk=row.pk)
    if locked.reviewed_at is not None:
        raise Conflict("This has been reviewed already.")
    if outcome != EmergencyOutcome.WRONG and locked.accounted_at is None:
        raise Invalid(
            outcome="They have not said yet what they did. Only that it was wrong can be said now"
        )
    locked.outcome, locked.review_note = outcome, note
    locked.reviewed_by_id, locked.reviewed_at = member.user_id, instant()
    locked.sealed_save(update_fields=["outcome", "review_note", "reviewed_by", "reviewed_at"])
    if outcome == EmergencyOutcome.WRONG:
        involvement.end(involvement=locked.involvement, by=by)
    trail.record(
        by,
        "break_glass.reviewed",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.SAFETY]),
        values={"review_note": note},
        detail={"outcome": outcome, "user": locked.user_id},
    )
    return locked


@transaction.atomic
def finish(*, row: BreakGlass, by: Actor) -> None:
    """Close the record before the time is over, as the user who opened it."""
    member = require(by, "break_glass")
    if member.user_id != row.user_id:
        raise NotAllowed
    with through(_OPEN):
        if not row.involvement.is_live():
            raise Conflict("It is closed already.")
        involvement.end(involvement=row.involvement, by=by)


@transaction.atomic
def chase(*, by: Actor) -> int:
    """Remind who owes an account and, past its time, escalate a late review; how many.

    Safe to run twice: everybody is told of each once.
    """
    now, chased = instant(), 0
    with through(_CHASE):
        for row in BreakGlass.rows.filter(accounted_at=None, account_due_at__lte=now):
            notice.tell([row.user_id], "emergency_account", path=_path(row), about=f"{row.pk}:late")
            chased += 1
        for row in BreakGlass.rows.filter(reviewed_at=None, review_due_at__lte=now):
            if row.lead_agency_id is not None:
                late = managers(row.lead_agency_id).exclude(user_id=row.user_id)
                told = [*late.values_list("user_id", flat=True), *_auditors([row.lead_agency_id])]
                notice.tell(told, "emergency_late", path="/", about=f"{row.pk}:late")
            chased += 1
    return chased


def stepped_up(member: Member, at: datetime) -> bool:
    """Whether the session has re-authenticated in the last five minutes."""
    return rule.is_stepped_up(member.stepped_up_at, at)


def _open(
    member: Member, person_id: UUID, facts: Facts, risk: str, reason: str, until: datetime
) -> BreakGlass:
    now = instant()
    opened = involvement.begin(
        person_id=person_id,
        agency_id=member.agency_id,
        worker_id=member.user_id,
        basis=Basis.BREAK_GLASS,
        categories=rule.BREAK_GLASS,
        ends=until,
        by=member,
    )
    due = within_one_working_day(now)
    row = BreakGlass(
        person_id=person_id,
        user_id=member.user_id,
        agency_id=member.agency_id,
        lead_agency_id=standing.lead_agency(person_id),
        risk=risk,
        reason=reason,
        fitted=facts.stated(),
        involvement=opened,
        opened_at=now,
        account_due_at=due,
        review_due_at=within_one_working_day(due),
    ).sealed_save(force_insert=True)
    trail.record(
        member,
        "break_glass.opened",
        subject=row,
        person_id=person_id,
        categories=to_bits(rule.BREAK_GLASS),
        values={"reason": reason},
        detail={"risk": risk, "stated": facts.stated(), "until": until.isoformat()},
    )
    return row


def _tell_of(row: BreakGlass) -> None:
    """Tell, at once and without content, the lead, who is on duty, and the auditors.

    The lead agency's auditors, or, if the user is of that agency, those of its agreement
    partners: nobody's own auditors alone answer for them.
    """
    with through(_OPEN):
        leads = Involvement.rows.live().filter(
            person_id=row.person_id,
            basis__in=[Basis.LEAD, Basis.COVER],
            worker__isnull=False,
        )
        told = set(leads.values_list("worker_id", flat=True))
        if row.lead_agency_id is not None:
            told |= set(duty_users(row.lead_agency_id).values_list("pk", flat=True))
            told |= _auditors(_watching(row))
        barred = Bar.rows.live().filter(person_id=row.person_id)
        told -= set(barred.values_list("user_id", flat=True))
    notice.tell(told - {row.user_id}, "emergency_opened", path="/", about=str(row.pk))
    notice.tell([row.user_id], "emergency_account", path=_path(row), about=str(row.pk))


def _ask_for_review(row: BreakGlass) -> None:
    if row.lead_agency_id is not None:
        waiting = managers(row.lead_agency_id).exclude(user_id=row.user_id)
        notice.tell(
            waiting.values_list("user_id", flat=True),
            "emergency_review",
            path=_path(row),
            about=str(row.pk),
        )


def _watching(row: BreakGlass) -> set[UUID]:
    """The agencies whose auditors are told."""
    if row.lead_agency_id is None:
        return set()
    if row.agency_id != row.lead_agency_id:
        return {row.lead_agency_id}
    parties = (
        UUID(party)
        for agreement in standing.agreement_facts(row.lead_agency_id)
        for party in agreement.parties
        if not agreement.suspended
    )
    return set(parties) - {row.lead_agency_id}


def _auditors(agencies: Iterable[UUID]) -> set[UUID]:
    return {hat.user_id for agency in agencies for hat in workers(agency, [Role.AUDITOR])}


def _is_barred(user_id: UUID, person_id: UUID) -> bool:
    return Bar.rows.live().filter(user_id=user_id, person_id=person_id).exists()


def _path(row: BreakGlass) -> str:
    return f"/emergency-access/{row.pk}/"
