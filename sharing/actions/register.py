"""The dates of lawful bases and conditions: one administrator proposes, another decides."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from access.actor import Actor, NotAllowed
from agencies.queries import require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from sharing.enums import ChangeState, Register
from sharing.models import LawfulBasis, ProcessingCondition, RegisterChange

Row = LawfulBasis | ProcessingCondition


def row_of(register: str, code: str) -> Row | None:
    """A row of a register by its code."""
    if "\0" in code:  # PostgreSQL can't be asked for it.
        return None
    model: type[Row] = LawfulBasis if register == Register.BASES else ProcessingCondition
    return model.objects.filter(code=code).first()


@transaction.atomic
def propose(
    *,
    register: str,
    code: str,
    effective_from: date | None,
    effective_to: date | None,
    reason: str,
    by: Actor,
) -> RegisterChange:
    """Propose from when and until when a row may be used. Nothing changes in the past.

    Raises NotAllowed; Invalid for dates that can't be or without a reason, Conflict when a
    change of it waits already.
    """
    member = require(by, "manage_registers")
    row = row_of(register, code)
    if row is None:
        raise Invalid(code="There is no such row")
    _check(row, effective_from, effective_to, reason)
    if RegisterChange.objects.filter(
        register=register, code=code, state=ChangeState.PROPOSED
    ).exists():
        raise Conflict("A change of this waits for a decision already.")
    change = RegisterChange(
        register=register,
        code=code,
        effective_from=effective_from,
        effective_to=effective_to,
        reason=reason,
        proposed_by_id=member.user_id,
        proposed_at=instant(),
    ).sealed_save(force_insert=True)
    trail.record(
        by,
        "register.change_proposed",
        subject=change,
        values={"effective_from": effective_from, "effective_to": effective_to},
        detail={"register": register, "code": code},
    )
    return change


@transaction.atomic
def decide(*, change: RegisterChange, approve: bool, by: Actor) -> RegisterChange:
    """Approve or refuse as a second administrator; approved, the dates count from now on.

    Raises NotAllowed for who proposed it; Conflict when decided, Invalid when its dates
    have meanwhile gone by.
    """
    member = require(by, "manage_registers")
    locked = RegisterChange.objects.select_for_update().get(pk=change.pk)
    if locked.state != ChangeState.PROPOSED:
        raise Conflict("This has been decided already.")
    if locked.proposed_by_id == member.user_id:
        raise NotAllowed
    row = row_of(locked.register, locked.code)
    if approve and row is not None:
        _check(row, locked.effective_from, locked.effective_to, locked.reason)
        row.effective_from, row.effective_to = locked.effective_from, locked.effective_to
        row.save(update_fields=["effective_from", "effective_to"])
    locked.state = ChangeState.APPROVED if approve else ChangeState.REFUSED
    locked.decided_by_id, locked.decided_at = member.user_id, instant()
    locked.sealed_save(update_fields=["state", "decided_by", "decided_at"])
    trail.record(
        by,
        "register.change_approved" if approve else "register.change_refused",
        subject=locked,
        detail={"register": locked.register, "code": locked.code},
    )
    return locked


def _check(row: Row, starts: date | None, ends: date | None, reason: str) -> None:
    faults: dict[str, str] = {}
    if starts != row.effective_from and starts is not None and starts < today():
        faults["effective_from"] = "The first day must be today or later"
    if starts is None and row.effective_from is not None and row.effective_from <= today():
        faults["effective_from"] = "It has been in force: give it a last day instead"
    if ends is not None and ends < today():
        faults["effective_to"] = "The day it ends must be today or later"
    if starts is not None and ends is not None and ends <= starts:
        faults["effective_to"] = "It must end after it begins"
    if not reason.strip():
        faults["reason"] = "Say why, with the provision"
    if faults:
        raise Invalid(faults)
