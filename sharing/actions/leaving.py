"""When somebody leaves an agency, every involvement that names them there ends."""

from __future__ import annotations

from access.actor import Actor
from access.bases import Basis
from access.roles import Role
from access.wall import passage, through
from agencies.endings import Ending
from core.clock import instant
from sharing import endings
from sharing.actions import involvement
from sharing.enums import DecisionState
from sharing.models import ConsentLine, Involvement, SharingDecision

_LEAVE = passage("sharing.leave", "ends what names a leaver, whoever ends the membership")


def leave(ending: Ending, by: Actor) -> None:
    """End what names the user whose membership ended, and the shares it came from.

    A follower of `agencies.endings`. Somebody who goes on working there keeps what names
    them; an auditor's samples end with the auditor's membership in any case.
    """
    membership = ending.membership
    found = Involvement.rows.live().filter(
        agency_id=membership.agency_id, worker_id=membership.user_id
    )
    if membership.role == Role.AUDITOR:
        ending_now = found.filter(basis=Basis.AUDIT_SAMPLE)
    elif ending.still_works_there:
        return
    else:
        ending_now = found.exclude(basis=Basis.AUDIT_SAMPLE)
    with through(_LEAVE):
        for row in ending_now.select_for_update().order_by("pk"):
            involvement.end(involvement=row, by=by)
            _end_share(row)
            endings.ended(row, by)


def _end_share(row: Involvement) -> None:
    """Have the grid and the register say that the share with this worker is over."""
    now = instant()
    for line in ConsentLine.rows.filter(involvement=row, ended_at=None):
        line.ended_at = now
        line.sealed_save(update_fields=["ended_at"])
    for decision in SharingDecision.rows.filter(involvement=row, ended_at=None):
        decision.ended_at = now
        if decision.state == DecisionState.APPROVED:
            decision.state = DecisionState.ENDED
        decision.sealed_save(update_fields=["ended_at", "state"])
