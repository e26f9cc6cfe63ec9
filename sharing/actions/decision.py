"""Sharing decisions: proposed by one user, decided by another, ended when no longer needed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.actor import Actor, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import require_write
from agencies.actions import notice
from agencies.models import Agency
from agencies.queries import managers, require, workers
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing import endings
from sharing.actions import involvement, responsibility
from sharing.enums import DecisionKind, DecisionState
from sharing.models import LawfulBasis, SharingDecision
from sharing.rules import check_decision


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
    member = require(by, "propose_share")
    wanted = frozenset(categories)
    require_write(by, person.pk, Category.POINTER, *(wanted if share else ()))
    check_decision(
        share=share,
        kind=kind,
        categories=wanted,
        condition=condition,
        told=told,
        not_told_reason=not_told_reason,
        until=until,
        at=instant(),
    )
    _check_basis(lawful_basis, agency, wanted)
    if worker_id == member.user_id:
        raise Invalid(worker="Somebody else has to propose sharing with you")
    if worker_id is not None and not workers(agency.pk).filter(user_id=worker_id).exists():
        raise Invalid(worker="This worker is not at that agency now")
    decision = SharingDecision(
        person=person,
        share=share,
        kind=kind,
        agency=agency,
        worker_id=worker_id,
        categories=wanted,
        lawful_basis=lawful_basis,
        condition=condition,
        necessity=necessity,
        proportionality=proportionality,
        told=told,
        not_told_reason=not_told_reason,
        until=until,
        state=DecisionState.PROPOSED if share else DecisionState.RECORDED,
        proposed_by_id=member.user_id,
        proposed_at=instant(),
    ).sealed_save(force_insert=True)
    trail.record(
        by,
        "sharing_decision.proposed" if share else "sharing_decision.not_shared",
        subject=decision,
        person_id=person.pk,
        categories=to_bits(wanted),
        values={"necessity": necessity, "told": told, "until": until},
        detail={"agency": agency, "kind": kind, "basis": lawful_basis.code},
    )
    if share and kind == DecisionKind.URGENT:
        _open(decision, by)
    if share:
        waiting = managers(member.agency_id).exclude(user_id=member.user_id)
        notice.tell(
            waiting.values_list("user_id", flat=True),
            "approval_wanted",
            path="/",
            about=str(decision.pk),
        )
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
def end(*, decision: SharingDecision, by: Actor) -> SharingDecision:
    """End a share before its time, at this instant. Raises NotAllowed, NotVisible, Conflict.

    An urgent share that nobody has reviewed yet still waits for its second user.
    """
    require(by, "propose_share")
    require_write(by, decision.person_id, Category.POINTER)
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
    locked.sealed_save(update_fields=["state", "decided_reason", "decided_by", "decided_at"])
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


def _check_basis(basis: LawfulBasis, agency: Agency, categories: frozenset[Category]) -> None:
    """Raise Invalid for a lawful basis that is not in force, or not open to such a share."""
    day = today()
    if basis.effective_from is None or basis.effective_from > day:
        raise Invalid(lawful_basis="This lawful basis is not in force yet")
    if basis.effective_to is not None and basis.effective_to <= day:
        raise Invalid(lawful_basis="This lawful basis is no longer in force")
    if basis.who and agency.kind not in basis.who:
        raise Invalid(lawful_basis="This lawful basis is not open to that kind of agency")
    if not categories <= basis.categories:
        raise Invalid(lawful_basis="This lawful basis does not carry all that you chose")
