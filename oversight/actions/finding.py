"""Findings: written by an auditor, replied to by who answers for it, closed by an auditor."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, NotAllowed, NotVisible
from access.reading import sights
from agencies.actions import notice
from agencies.queries import managers, require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from oversight import scope
from oversight.enums import FindingState
from oversight.models import CauseReview, Finding, SampledShare


@transaction.atomic
def write(
    *,
    person_id: UUID,
    what: str,
    owner_id: UUID,
    due_on: date,
    share: SampledShare | None = None,
    cause: CauseReview | None = None,
    by: Actor,
) -> Finding:
    """Write down what is not as it should be, for a manager of the agency to answer.

    Raises NotAllowed, NotVisible, Invalid.
    """
    member = require(by, "write_finding")
    found = sights(by, [person_id]).get(person_id)
    if found is None or not found.answer.auditable:
        raise NotVisible
    if not what.strip():
        raise Invalid(what="Say what is not as it should be")
    if due_on < today():
        raise Invalid(due_on="The day must not be in the past")
    if owner_id == member.user_id:
        raise Invalid(owner="Somebody else must answer for it")
    if not managers(member.agency_id).filter(user_id=owner_id).exists():
        raise Invalid(owner="Choose a manager of your agency")
    row = Finding(
        person_id=person_id,
        agency_id=member.agency_id,
        share=share,
        cause=cause,
        what=what,
        owner_id=owner_id,
        due_on=due_on,
        raised_by_id=member.user_id,
        raised_at=instant(),
    )
    row.save(force_insert=True)
    trail.record(
        by,
        "finding.written",
        subject=row,
        person_id=person_id,
        values={"what": what, "due_on": due_on},
        detail={"agency": member.agency_id, "owner": owner_id},
    )
    notice.tell([owner_id], "review_due", path=f"/oversight/findings/{row.pk}/", about=str(row.pk))
    return row


@transaction.atomic
def reply(*, finding: Finding, words: str, by: Actor) -> Finding:
    """Say what was done about it, as its owner. Raises NotAllowed, Invalid, Conflict."""
    if not isinstance(by, Member) or finding.owner_id != by.user_id:
        raise NotAllowed
    locked = _locked(finding, by)
    if locked.state == FindingState.CLOSED:
        raise Conflict("It is closed.")
    if not words.strip():
        raise Invalid(reply="Say what was done about it")
    locked.reply, locked.replied_at, locked.state = words, instant(), FindingState.REPLIED
    locked.save(force_update=True)
    trail.record(
        by,
        "finding.replied",
        subject=locked,
        person_id=locked.person_id,
        values={"reply": words},
        detail={"agency": locked.agency_id},
    )
    return locked


@transaction.atomic
def close(*, finding: Finding, by: Actor) -> Finding:
    """Close it, as an auditor who does not own it. Raises NotAllowed, Conflict."""
    member = require(by, "write_finding")
    if finding.owner_id == member.user_id:
        raise NotAllowed
    locked = _locked(finding, by)
    if locked.state == FindingState.CLOSED:
        raise Conflict("It is closed already.")
    locked.state = FindingState.CLOSED
    locked.closed_by_id, locked.closed_at = member.user_id, instant()
    locked.save(force_update=True)
    trail.record(
        by,
        "finding.closed",
        subject=locked,
        person_id=locked.person_id,
        detail={"agency": locked.agency_id, "owner": locked.owner_id},
    )
    return locked


def _locked(finding: Finding, by: Actor) -> Finding:
    if not scope.findings(by).filter(pk=finding.pk).exists():
        raise NotVisible
    locked: Finding = Finding.rows.select_for_update().get(pk=finding.pk)
    return locked
