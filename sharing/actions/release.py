"""Releasing a safe address to one named worker of another agency, by two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from access.actor import Actor, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import require_write
from access.wall import passage, through
from agencies.actions import notice
from agencies.queries import managers, require, workers
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing import facts
from sharing.actions import involvement, responsibility
from sharing.models import Involvement, SafeAddressRelease

LONGEST = timedelta(weeks=12)
BITS = to_bits([Category.SAFE_ADDRESS])
_TELL = passage("safe_address.tell_lead", "the lead learns that an address was shown")


@transaction.atomic
def propose(
    *,
    person: YoungPerson,
    agency_id: UUID,
    worker_id: UUID,
    reason: str,
    until: datetime,
    by: Actor,
) -> SafeAddressRelease:
    """Ask that a named worker of another agency may be shown the address; it opens nothing.

    Raises NotVisible or NotAllowed (also without having just re-authenticated), Invalid.
    """
    member = require(by, "propose_share")
    require_write(by, person.pk, Category.SAFE_ADDRESS)
    responsibility.require_lead(member, person.pk)
    now = instant()
    if agency_id == member.agency_id:
        raise Invalid(worker="Workers of your own agency see it as lead, cover or team")
    if not workers(agency_id).filter(user_id=worker_id).exists():
        raise Invalid(worker="This worker is not at that agency now")
    if not reason.strip():
        raise Invalid(reason="Say why this worker has to know where they live")
    if not now < until <= now + LONGEST:
        raise Invalid(until="The end must be in the future, within 12 weeks")
    row = SafeAddressRelease(
        person=person,
        agency_id=agency_id,
        worker_id=worker_id,
        reason=reason,
        until=until,
        proposed_by_id=member.user_id,
        proposed_at=now,
    ).sealed_save(force_insert=True)
    trail.record(
        by,
        "safe_address.release_proposed",
        subject=row,
        person_id=person.pk,
        categories=BITS,
        values={"reason": reason},
        detail={"agency": agency_id, "worker": worker_id, "until": until.isoformat()},
    )
    waiting = managers(member.agency_id).exclude(user_id=member.user_id)
    notice.tell(
        waiting.values_list("user_id", flat=True),
        "approval_wanted",
        path=f"/safe-address-releases/{row.pk}/",
        about=str(row.pk),
    )
    return row


@transaction.atomic
def decide(*, row: SafeAddressRelease, release: bool, by: Actor) -> SafeAddressRelease:
    """Release it, or not, as a manager of the lead agency and a second user.

    The worker is on the team for the address alone, until the end that was asked for.
    Raises NotVisible, NotAllowed; Conflict when it was decided, its time is over, or no
    agreement with that agency carries safe addresses.
    """
    member = require(by, "approve_share")
    require_write(by, row.person_id, Category.POINTER)
    responsibility.require_lead(member, row.person_id)
    locked: SafeAddressRelease = SafeAddressRelease.rows.select_for_update().get(pk=row.pk)
    if locked.decided_at is not None:
        raise Conflict("This has been decided already.")
    if member.user_id in {locked.proposed_by_id, locked.worker_id}:
        raise NotAllowed
    if release:
        _check(locked, member.agency_id)
        locked.involvement = involvement.begin(
            person_id=locked.person_id,
            agency_id=locked.agency_id,
            worker_id=locked.worker_id,
            basis=Basis.TEAM,
            categories=[Category.SAFE_ADDRESS],
            ends=locked.until,
            source=locked,
            by=by,
        )
    locked.decided_by_id, locked.decided_at, locked.released = member.user_id, instant(), release
    locked.sealed_save(update_fields=["decided_by", "decided_at", "released", "involvement"])
    trail.record(
        by,
        "safe_address.released" if release else "safe_address.release_refused",
        subject=locked,
        person_id=locked.person_id,
        categories=BITS,
        detail={"agency": locked.agency_id, "worker": locked.worker_id},
    )
    if release:
        notice.tell([locked.worker_id], "consent_changed", path="/people/", about=str(locked.pk))
    return locked


@transaction.atomic
def tell_lead(*, person_id: UUID, by: Actor) -> None:
    """Tell the lead workers, without content, that the address was shown to somebody else."""
    shown_to = getattr(by, "user_id", None)
    with through(_TELL):
        leads = Involvement.rows.live().filter(
            person_id=person_id, basis=Basis.LEAD, worker__isnull=False
        )
        told = set(leads.values_list("worker_id", flat=True)) - {shown_to}
    moment = instant().isoformat()
    notice.tell(told, "address_shown", path="/", about=f"{person_id}:{shown_to}:{moment}")


def _check(row: SafeAddressRelease, lead_agency: UUID) -> None:
    if row.until <= instant():
        raise Conflict("The time for which this was asked is over.")
    agreed = facts.agreement_facts(lead_agency)
    if not any(
        {str(lead_agency), str(row.agency_id)} <= agreement.parties
        and Category.SAFE_ADDRESS in agreement.categories
        and not agreement.suspended
        for agreement in agreed
    ):
        raise Conflict("No agreement with that agency carries safe addresses.")
