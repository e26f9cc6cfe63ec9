"""The routine partners of a plan: the whole grid proposed, approved and renewed together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.categories import Category, to_bits
from agencies.models import Agency
from agencies.queries import require
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing import endings
from sharing.actions import decision, involvement, proposal
from sharing.actions.proposal import Grounds
from sharing.enums import DecisionKind, DecisionState
from sharing.models import SharingDecision, SharingRound


@dataclass(frozen=True, slots=True)
class Partner:
    """One row of the grid: what one recipient would be shown."""

    agency: Agency
    worker_id: UUID | None
    categories: frozenset[Category]


@transaction.atomic
def propose(
    *,
    person: YoungPerson,
    partners: Sequence[Partner],
    grounds: Grounds,
    until: datetime,
    by: Actor,
) -> SharingRound:
    """Propose what the partners of a plan see until its next review, all at once.

    Raises NotAllowed or NotVisible; Invalid without partners, or for a row that could not
    be defended.
    """
    member = require(by, "propose_share")
    if not partners:
        raise Invalid(partners="Choose what at least one partner may see")
    made = SharingRound(
        person=person, until=until, proposed_by_id=member.user_id, proposed_at=instant()
    ).sealed_save(force_insert=True)
    for partner in partners:
        proposal.write(
            person=person,
            share=True,
            kind=DecisionKind.ROUTINE,
            agency=partner.agency,
            worker_id=partner.worker_id,
            categories=partner.categories,
            grounds=grounds,
            until=until,
            part_of=made,
            by=by,
        )
    trail.record(
        by,
        "sharing_round.proposed",
        subject=made,
        person_id=person.pk,
        categories=to_bits({one for partner in partners for one in partner.categories}),
        detail={"parties": [partner.agency for partner in partners]},
    )
    proposal.tell_managers(by, made.person_id, made.pk)
    return made


@transaction.atomic
def approve(*, made: SharingRound, reason: str = "", by: Actor) -> SharingRound:
    """Approve the whole grid as the second user; it takes the place of the one before.

    Raises NotAllowed, NotVisible, Conflict; nothing opens unless all of it does.
    """
    locked = _waiting(made)
    for row in _rows(locked):
        decision.approve(decision=row, reason=reason, by=by)
    _end_before(locked, by)
    _decide(locked, "sharing_round.approved", by)
    return locked


@transaction.atomic
def refuse(*, made: SharingRound, reason: str, by: Actor) -> SharingRound:
    """Refuse the whole grid as the second user. What is shared now goes on until its end."""
    locked = _waiting(made)
    for row in _rows(locked):
        decision.refuse(decision=row, reason=reason, by=by)
    _decide(locked, "sharing_round.refused", by)
    return locked


def _waiting(made: SharingRound) -> SharingRound:
    locked: SharingRound = SharingRound.rows.select_for_update().get(pk=made.pk)
    if locked.decided_at is not None:
        raise Conflict("This has been decided already.")
    return locked


def _rows(made: SharingRound) -> Iterable[SharingDecision]:
    """What of the round nobody has decided singly."""
    return list(
        SharingDecision.rows.filter(round=made, state=DecisionState.PROPOSED).order_by("pk")
    )


def _end_before(made: SharingRound, by: Actor) -> None:
    """End the routine shares that this grid takes the place of; a partner left out lapses now."""
    before = (
        SharingDecision.rows.filter(
            person_id=made.person_id,
            kind=DecisionKind.ROUTINE,
            state=DecisionState.APPROVED,
            ended_at=None,
        )
        .exclude(round=made)
        .filter(round__isnull=False)
        .select_related("involvement")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for row in before:
        row.ended_at, row.state = instant(), DecisionState.ENDED
        row.sealed_save(update_fields=["ended_at", "state"])
        if row.involvement is not None:
            involvement.end(involvement=row.involvement, by=by)
            endings.ended(row.involvement, by)


def _decide(made: SharingRound, verb: str, by: Actor) -> None:
    made.decided_at = instant()
    made.sealed_save(update_fields=["decided_at"])
    trail.record(by, verb, subject=made, person_id=made.person_id)
