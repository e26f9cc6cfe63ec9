"""Which agency answers for a person."""

from __future__ import annotations

from uuid import UUID

from access.actor import Actor, Member, NotAllowed
from audit import trail
from core.clock import instant
from sharing import facts
from sharing.models import LeadAgency


def require_lead(member: Member, person_id: UUID) -> None:
    """Raise NotAllowed unless the member's agency answers for the person.

    A partner's manager may write what the team opens to them, but decides nothing for the
    lead agency.
    """
    if facts.lead_agency(person_id) != member.agency_id:
        raise NotAllowed


def take(*, person_id: UUID, agency_id: UUID, by: Actor) -> None:
    """Make an agency the lead agency from this instant. Within another action's transaction."""
    current = LeadAgency.rows.live().select_for_update().filter(person_id=person_id).first()
    if current is not None:
        if current.agency_id == agency_id:
            return
        current.ends = instant()
        current.sealed_save(update_fields=["ends"])
    row = LeadAgency(person_id=person_id, agency_id=agency_id, starts=instant()).sealed_save(
        force_insert=True
    )
    trail.record(
        by, "lead_agency.taken", subject=row, person_id=person_id, detail={"agency": agency_id}
    )
