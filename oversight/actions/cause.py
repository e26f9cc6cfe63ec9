"""Looks for cause: one auditor asks, another user decides, four hours are given."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, NotAllowed, NotVisible
from access.categories import EVERY, to_bits
from access.reading import sights
from access.roles import Role
from agencies.actions import notice
from agencies.queries import managers, may, require, workers
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from oversight import rules, scope
from oversight.enums import Cause, CauseState
from oversight.models import CauseReview, SampleOpening
from sharing.actions import audit_sample


@transaction.atomic
def ask(*, person_id: UUID, cause: str, reason: str, by: Actor) -> CauseReview:
    """Ask to look at everything about one person, after a complaint or a breach.

    Opens nothing: a second user decides. Raises NotAllowed, NotVisible, Invalid.
    """
    member = require(by, "take_sample")
    found = sights(by, [person_id]).get(person_id)
    if found is None or not found.answer.auditable:
        raise NotVisible
    if cause not in Cause.values:
        raise Invalid(cause="Select a cause")
    if not reason.strip():
        raise Invalid(reason="Say what happened and what you need to find out")
    row = CauseReview(
        person_id=person_id,
        agency_id=member.agency_id,
        cause=cause,
        reason=reason,
        asked_by_id=member.user_id,
        asked_at=instant(),
    )
    row.save(force_insert=True)
    trail.record(
        by,
        "cause.asked",
        subject=row,
        person_id=person_id,
        values={"reason": reason},
        detail={"agency": member.agency_id, "cause": cause},
    )
    others = {
        *workers(member.agency_id, [Role.AUDITOR]).values_list("user_id", flat=True),
        *managers(member.agency_id).values_list("user_id", flat=True),
    } - {member.user_id}
    path = f"/oversight/causes/{row.pk}/decide/"
    notice.tell(others, "approval_wanted", path=path, about=str(row.pk))
    return row


def may_decide(actor: Actor, row: CauseReview) -> bool:
    """Whether the actor may be the second user: another auditor, or a manager who sees them."""
    if not isinstance(actor, Member) or actor.agency_id != row.agency_id:
        return False
    found = sights(actor, [row.person_id]).get(row.person_id)
    if found is None or actor.user_id == row.asked_by_id:
        return False
    if found.answer.auditable:
        return may(actor, "take_sample")
    return bool(found.answer.visible) and may(actor, "approve_share")


@transaction.atomic
def decide(*, review: CauseReview, approve: bool, by: Actor) -> CauseReview:
    """Approve or refuse, as a second user. Approving opens four hours to who asked, from now.

    Raises NotAllowed, and Conflict when it has been decided.
    """
    if not may_decide(by, review):
        raise NotAllowed
    assert isinstance(by, Member)
    locked: CauseReview = CauseReview.rows.select_for_update().get(pk=review.pk)
    if locked.state != CauseState.ASKED:
        raise Conflict("Somebody has decided this already.")
    locked.state = CauseState.APPROVED if approve else CauseState.REFUSED
    locked.decided_by_id, locked.decided_at = by.user_id, instant()
    locked.save(force_update=True)
    trail.record(
        by,
        "cause.approved" if approve else "cause.refused",
        subject=locked,
        person_id=locked.person_id,
        detail={"agency": locked.agency_id, "user": locked.asked_by_id},
    )
    return locked


def time_left(review: CauseReview) -> timedelta:
    """What is left of the four hours that began when it was approved."""
    if review.state != CauseState.APPROVED or review.decided_at is None:
        return timedelta()
    return review.decided_at + rules.CAUSE_TIME - instant()


@transaction.atomic
def open_content(*, review: CauseReview, by: Actor) -> SampleOpening:
    """Open everything an auditor may see to who asked, for what is left of the four hours.

    Raises NotAllowed for anybody else and before it is approved, Conflict when it is over.
    """
    member = require(by, "take_sample")
    if not scope.causes(by).filter(pk=review.pk).exists():
        raise NotVisible
    if review.asked_by_id != member.user_id or review.state != CauseState.APPROVED:
        raise NotAllowed
    left = time_left(review)
    if left.total_seconds() <= 0:
        raise Conflict("The four hours are over. Ask again if you need more.")
    if scope.opening(by, of=review) is not None:
        raise Conflict("It is open to you already.")
    opened = audit_sample.open_content(
        person_id=review.person_id, categories=EVERY, length=left, source=review, by=by
    )
    row = SampleOpening(
        person_id=review.person_id,
        cause=review,
        reason=review.reason,
        opened_by_id=member.user_id,
        opened_at=instant(),
        ends=instant() + left,
        involvement=opened,
    )
    row.save(force_insert=True)
    trail.record(
        by,
        "cause.opened",
        subject=row,
        person_id=review.person_id,
        categories=to_bits(opened.categories),
        detail={"agency": member.agency_id, "until": row.ends.isoformat()},
    )
    return row
