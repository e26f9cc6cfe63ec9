"""Sharing decisions: proposed by one user, decided by another, ended when no longer needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import require_write
from agencies.models import Agency
from agencies.queries import require
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing import endings
from sharing.actions import involvement, responsibility
from sharing.actions.proposal import Grounds, tell_managers, write
from sharing.enums import DecisionKind, DecisionState
from sharing.models import (
    LawfulBasis,
    SharingDecision,
)


@transaction.atomic
def propose(
    *,
    person: YoungPerson,
    share: bool,
    kind: str,
    agency: Agency,
    worker_id: UUID | None,
    categories: Iterable[Category],
    lawful_basis: LawfulBasis,
    condition: str = "",
    conditions: Sequence[str] = (),
    limb: str = "",
    at_risk_reason: str = "",
    necessity: str,
    proportionality: str = "",
    told: bool,
    not_told_reason: str = "",
    until: datetime,
    by: Actor,
) -> SharingDecision:
    """Propose to share, or record that it was decided not to.

    An urgent one acts at once and is reviewed within 24 hours; any other opens nothing
    before a second user has approved it. Raises NotAllowed or NotVisible; Invalid for
    what could not be defended.
    """
    grounds = Grounds(
        lawful_basis=lawful_basis,
        necessity=necessity,
        proportionality=proportionality,
        condition=condition,
        conditions=conditions,
        limb=limb,
        at_risk_reason=at_risk_reason,
        told=told,
        not_told_reason=not_told_reason,
    )
    decision = write(
        person=person,
        share=share,
        kind=kind,
        agency=agency,
        worker_id=worker_id,
        categories=categories,
        grounds=grounds,
        until=until,
        by=by,
    )
    if share and kind == DecisionKind.URGENT:
        _open(decision, by)
    if share:
        tell_managers(by, decision.person_id, decision.pk)
    return decision


@transaction.atomic
def approve(*, decision: SharingDecision, reason: str = "", by: Actor) -> SharingDecision:
    """Approve as the second user: the share opens at this instant.

    Raises NotAllowed for the proposer and for who does not manage in the lead agency,
    Conflict when it has been decided or its end has passed.
    """
    locked = _decide(decision, DecisionState.APPROVED, reason, by)
    if locked.until <= instant():
        raise Conflict("The time for which this was proposed is over.")
    if locked.involvement_id is None:
        _open(locked, by)
    return locked


@transaction.atomic
def refuse(*, decision: SharingDecision, reason: str, by: Actor) -> SharingDecision:
    """Refuse as the second user; an urgent share that acted already ends now."""
    if not reason.strip():
        raise Invalid(reason="Say why it is refused")
    locked = _decide(decision, DecisionState.REFUSED, reason, by)
    if locked.involvement is not None and locked.ended_at is None:
        locked.ended_at = instant()
        locked.sealed_save(update_fields=["ended_at"])
        involvement.end(involvement=locked.involvement, by=by)
        endings.ended(locked.involvement, by)
    return locked


@transaction.atomic
def review(*, decision: SharingDecision, words: str, by: Actor) -> SharingDecision:
    """Write down what came of the review of a one-off share, as a second user.

    Raises NotAllowed or NotVisible; Invalid without words, Conflict when none waits.
    """
    member = require(by, "approve_share")
    require_write(by, decision.person_id, Category.POINTER)
    responsibility.require_lead(member, decision.person_id)
    if not words.strip():
        raise Invalid(words="Say what the review found")
    locked: SharingDecision = SharingDecision.rows.select_for_update().get(pk=decision.pk)
    if locked.review_by is None or locked.reviewed_at is not None:
        raise Conflict("No review of this share is waiting.")
    if locked.state == DecisionState.PROPOSED:
        raise Conflict("It has to be approved or refused: that is its review.")
    if member.user_id in {locked.proposed_by_id, locked.worker_id}:
        raise NotAllowed
    _reviewed(locked, words, member)
    locked.sealed_save(update_fields=["reviewed_by", "reviewed_at", "review_words"])
    trail.record(
        by,
        "sharing_decision.reviewed",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits(locked.categories),
        values={"review_words": words},
        detail={"agency": locked.agency_id},
    )
    return locked


def _reviewed(decision: SharingDecision, words: str, member: Member) -> None:
    decision.reviewed_by_id, decision.reviewed_at = member.user_id, instant()
    decision.review_words = words


@transaction.atomic
def end(*, decision: SharingDecision, by: Actor) -> SharingDecision:
    """End a share before its time, at this instant. Raises NotAllowed, NotVisible, Conflict.

    A partner on the team ends only what its own agency receives. An urgent share that nobody
    has reviewed yet still waits for its second user.
    """
    member = require(by, "propose_share")
    require_write(by, decision.person_id, Category.POINTER)
    if decision.agency_id != member.agency_id:
        responsibility.require_lead(member, decision.person_id)
    locked: SharingDecision = SharingDecision.rows.select_for_update().get(pk=decision.pk)
    if locked.involvement is None or locked.ended_at is not None:
        raise Conflict("There is no share by this decision now.")
    locked.ended_at = instant()
    if locked.state == DecisionState.APPROVED:
        locked.state = DecisionState.ENDED
    locked.sealed_save(update_fields=["state", "ended_at"])
    involvement.end(involvement=locked.involvement, by=by)
    endings.ended(locked.involvement, by)
    trail.record(
        by,
        "sharing_decision.ended",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits(locked.categories),
        detail={"agency": locked.agency_id},
    )
    return locked


def _decide(
    decision: SharingDecision, state: DecisionState, reason: str, by: Actor
) -> SharingDecision:
    member = require(by, "approve_share")
    require_write(by, decision.person_id, Category.POINTER)
    locked: SharingDecision = SharingDecision.rows.select_for_update().get(pk=decision.pk)
    if locked.state != DecisionState.PROPOSED:
        raise Conflict("This has been decided already.")
    if member.user_id in {locked.proposed_by_id, locked.worker_id}:
        # Two users, whatever they work as; and nobody lets themselves in.
        raise NotAllowed
    # A partner's manager on the team writes, but answers for no share.
    responsibility.require_lead(member, locked.person_id)
    locked.state, locked.decided_reason = state, reason
    locked.decided_by_id, locked.decided_at = member.user_id, instant()
    changed = ["state", "decided_reason", "decided_by", "decided_at"]
    if locked.kind == DecisionKind.URGENT:
        # What acted at once is reviewed by being approved or refused.
        _reviewed(locked, reason, member)
        changed += ["reviewed_by", "reviewed_at", "review_words"]
    elif state == DecisionState.REFUSED:
        # What never opened needs no review.
        locked.review_by = None
        changed.append("review_by")
    locked.sealed_save(update_fields=changed)
    trail.record(
        by,
        f"sharing_decision.{state.value}",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits(locked.categories),
        values={"decided_reason": reason},
        detail={"agency": locked.agency_id},
    )
    return locked


def _open(decision: SharingDecision, by: Actor) -> None:
    decision.involvement = involvement.begin(
        person_id=decision.person_id,
        agency_id=decision.agency_id,
        worker_id=decision.worker_id,
        basis=Basis.DECISION,
        categories=decision.categories,
        ends=decision.until,
        one_off=decision.kind in {DecisionKind.ONE_OFF, DecisionKind.URGENT},
        source=decision,
        by=by,
    )
    decision.sealed_save(update_fields=["involvement"])
