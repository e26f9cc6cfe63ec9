"""Making a referral and deciding on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, NotAllowed, Public
from access.bases import Basis
from access.categories import ALL, COMPONENTS, Category, to_bits
from access.reading import require_write, sight
from access.wall import passage, through
from agencies.actions import notice
from agencies.models import Agency
from agencies.queries import managers, require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from core.once import once
from directory.models import Service
from people.actions import young_person
from people.matching import Facts
from referrals.enums import Door, ReferralState
from referrals.models import Referral
from referrals.rules import check_accept, check_decline
from sharing.actions import involvement, responsibility
from sharing.models import Involvement
from tasking.actions import ring_me

REFERRER_KEEPS = timedelta(days=28)
"""How long after the decision the referrer still sees the pointer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a referrer says: about whom, why now, what they want, and how to reach them."""

    given_name: str
    family_name: str = ""
    known_as: str = ""
    date_of_birth: date | None = None
    borough: str = ""
    door: str
    why_now: str
    wants: str = ""
    knows: str
    agrees: str
    safe_contact: str = ""
    immediate_danger: str = ""
    release_on: date | None = None
    components: frozenset[Category] = frozenset(COMPONENTS)
    referrer_name: str = ""
    referrer_contact: str = ""


PAGES_THE_LEAD = frozenset({Door.HOSPITAL, Door.PRISON, Door.OUTREACH})
"""Doors behind which the young person sits now, and will soon be gone."""

_MAKE = passage("referral.make", "writes down somebody with whom no agency is involved yet")


@transaction.atomic
def make(*, sent_to: Agency, request: Request, key: UUID | None = None, by: Actor) -> Referral:
    """Send a referral. It makes a provisional person that holds only what was typed.

    A member needs the permission; through the public door anybody may. The same `key` again
    returns what was sent first. Nothing tells the referrer whether the young person is known.
    Raises NotAllowed; Invalid for a date that can't be or an agency that takes none.
    """
    member = _referrer(by)
    if not request.given_name.strip():
        raise Invalid(given_name="Enter a first name or what they are called")
    if not request.why_now.strip():
        raise Invalid(why_now="Say why now")
    if not request.components:
        raise Invalid(components="Choose what help is wanted with")
    return once(
        key,
        made=lambda key: _made(key, member),
        make=lambda key: _make(key, sent_to, request, member, by),
    )


def _made(key: UUID, member: Member | None) -> Referral | None:
    """What this referrer has sent under this key; at the public door they are all nobody."""
    # A referral shows itself to none of those who sent it by the public door.
    with through(_MAKE):
        return Referral.rows.filter(pk=key, referrer_id=member.user_id if member else None).first()


def _make(
    key: UUID, sent_to: Agency, request: Request, member: Member | None, by: Actor
) -> Referral:
    # The person is nobody's before the involvements below are there.
    with through(_MAKE):
        person = young_person.add_provisional(
            given_name=request.given_name,
            family_name=request.family_name,
            known_as=request.known_as,
            date_of_birth=request.date_of_birth,
            borough=request.borough,
            by=by,
        )
        referral = Referral(
            id=key,
            person=person,
            sent_to=sent_to,
            door=request.door,
            referrer_id=member.user_id if member else None,
            referrer_agency_id=member.agency_id if member else None,
            referrer_name=request.referrer_name,
            referrer_contact=request.referrer_contact,
            categories=request.components,
            why_now=request.why_now,
            wants=request.wants,
            knows=request.knows,
            agrees=request.agrees,
            safe_contact=request.safe_contact,
            immediate_danger=request.immediate_danger,
            release_on=request.release_on,
            received_at=instant(),
        )
        referral.save(force_insert=True)
        responsibility.take(person_id=person.pk, agency_id=sent_to.pk, by=by)
        involvement.begin(
            person_id=person.pk,
            agency_id=sent_to.pk,
            worker_id=None,
            basis=Basis.INTAKE,
            categories=ALL,
            source=referral,
            by=by,
        )
        if member is not None:
            involvement.begin(
                person_id=person.pk,
                agency_id=member.agency_id,
                worker_id=member.user_id,
                basis=Basis.REFERRER,
                categories=[Category.POINTER],
                source=referral,
                by=by,
            )
    trail.record(
        by,
        "referral.made",
        subject=referral,
        person_id=person.pk,
        categories=to_bits(ALL),
        values={"why_now": request.why_now, "door": request.door},
        detail={"sent_to": sent_to},
    )
    if request.door in PAGES_THE_LEAD and ring_me.has_number(request.referrer_contact):
        # They are with the young person now: whoever knows them is to ring.
        ring_me.ask(
            facts=Facts(
                name=f"{request.given_name} {request.family_name}",
                born=request.date_of_birth,
                area=request.borough,
            ),
            callback=request.referrer_contact,
            message="They have made a referral.",
            asked_by_name=request.referrer_name,
            by=by,
        )
    notice.tell(
        managers(sent_to.pk).values_list("user_id", flat=True),
        "referral_received",
        path="/referrals/",
        about=str(referral.pk),
    )
    return referral


@transaction.atomic
def mark_accepted(*, referral: Referral, age_reason: str = "", by: Actor) -> Referral:
    """Accept a referral; `casework.actions.opening` calls this and opens the case with it.

    Raises NotAllowed, also for who does not see the age that is asked about; NotVisible,
    Conflict when it was decided, Invalid for an age outside the usual range without a
    reason.
    """
    locked = _lock_for_decision(referral, by)
    if not sight(by, locked.person_id).sees(Category.IDENTITY):
        raise NotAllowed
    age = locked.person.age_on(today())
    check_accept(age=age, age_reason=age_reason)
    locked.age_reason = age_reason
    _decide(locked, ReferralState.ACCEPTED, {"age_reason": age_reason}, by)
    young_person.confirm(person=locked.person, by=by)
    return locked


@transaction.atomic
def decline(
    *,
    referral: Referral,
    reason: str,
    note: str = "",
    pointed_to: str = "",
    service: Service | None = None,
    next_contact: str = "",
    by: Actor,
) -> Referral:
    """Decline, saying why and where the young person was pointed to instead.

    What was typed becomes a record of the agency; the door stays open for another
    referral. Raises NotAllowed or NotVisible, Conflict, Invalid.
    """
    locked = _lock_for_decision(referral, by)
    check_decline(
        reason=reason,
        pointed_to=pointed_to,
        has_service=service is not None,
        next_contact=next_contact,
    )
    locked.decline_reason, locked.decision_note = reason, note
    locked.pointed_to, locked.pointed_service = pointed_to, service
    locked.next_contact = next_contact
    _decide(locked, ReferralState.DECLINED, {"decline_reason": reason, "note": note}, by)
    involvement.end_where(person_id=locked.person_id, bases=[Basis.INTAKE], by=by)
    involvement.begin(
        person_id=locked.person_id,
        agency_id=locked.sent_to_id,
        worker_id=locked.decided_by_id,
        basis=Basis.RECORD,
        categories=ALL - {Category.SAFE_ADDRESS, Category.TASKING},
        source=locked,
        by=by,
    )
    return locked


def _referrer(by: Actor) -> Member | None:
    if isinstance(by, Public):
        return None
    if isinstance(by, Member):
        return require(by, "make_referral")
    raise NotAllowed


def _lock_for_decision(referral: Referral, by: Actor) -> Referral:
    require(by, "decide_referral")
    require_write(by, referral.person_id, Category.POINTER, *referral.categories)
    locked: Referral = (
        Referral.rows.select_for_update(of=("self",)).select_related("person").get(pk=referral.pk)
    )
    if locked.state != ReferralState.RECEIVED:
        raise Conflict("Somebody has decided on this referral already.")
    return locked


def _decide(referral: Referral, state: ReferralState, values: dict[str, str], by: Actor) -> None:
    assert isinstance(by, Member)
    referral.state = state
    referral.decided_by_id, referral.decided_at = by.user_id, instant()
    referral.save(force_update=True)
    _let_referrer_go(referral)
    trail.record(
        by,
        f"referral.{state.value}",
        subject=referral,
        person_id=referral.person_id,
        categories=to_bits(referral.categories),
        values=values,
    )
    if referral.referrer_id is not None:
        notice.tell(
            [referral.referrer_id],
            "referral_decided",
            path=f"/referrals/sent/{referral.reference}/",
            about=str(referral.pk),
        )


def _let_referrer_go(referral: Referral) -> None:
    """Have the referrer's pointer end 28 days from now."""
    for row in Involvement.rows.live().filter(
        person_id=referral.person_id, source_id=referral.pk, basis=Basis.REFERRER
    ):
        row.ends = instant() + REFERRER_KEEPS
        row.sealed_save(update_fields=["ends"])
