"""Agreements between agencies: drawn up, confirmed by each party, suspended, resumed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from access.actor import Actor, Member, NotAllowed
from access.categories import Category, to_bits
from agencies.models import Agency
from agencies.queries import require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from sharing.models import Agreement, AgreementParty, AgreementSuspension


@transaction.atomic
def draw_up(
    *,
    title: str,
    purposes: str,
    categories: Iterable[Category],
    parties: Iterable[Agency],
    starts: datetime | None = None,
    ends: datetime | None,
    review_on: date,
    by: Actor,
) -> Agreement:
    """Write down an agreement. It is no fact until every party has confirmed it.

    Raises NotAllowed; Invalid with fewer than two parties, without the actor's own agency
    among them, with no category, or with an end before its start.
    """
    member = require(by, "manage_agreements")
    agencies = list(parties)
    begins = max(starts or instant(), instant())
    if len({agency.pk for agency in agencies}) < 2:
        raise Invalid(parties="An agreement needs at least two agencies.")
    if member.agency_id not in {agency.pk for agency in agencies}:
        raise Invalid(parties="Your own agency must be one of the parties.")
    if not (carried := frozenset(categories)):
        raise Invalid(categories="Choose at least one category.")
    if ends is not None and ends <= begins:
        raise Invalid(ends="The end must be after the start.")
    agreement = Agreement(
        title=title,
        purposes=purposes,
        categories=carried,
        starts=begins,
        ends=ends,
        review_on=review_on,
    ).sealed_save(force_insert=True)
    for agency in agencies:
        AgreementParty(agreement=agreement, agency=agency).sealed_save(force_insert=True)
    trail.record(
        by,
        "agreement.drawn_up",
        subject=agreement,
        categories=to_bits(carried),
        values={"title": title, "ends": ends},
        detail={"parties": [agency.pk for agency in agencies]},
    )
    return agreement


@transaction.atomic
def confirm(*, agreement: Agreement, by: Actor) -> Agreement:
    """Confirm it for the actor's agency; with the last party's word it comes into force.

    Raises NotAllowed for an agency that is no party, Conflict when it was confirmed.
    """
    member = require(by, "manage_agreements")
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    party = _party(locked, member)
    if party.confirmed_at is not None:
        raise Conflict("Your agency has confirmed this agreement already.")
    party.confirmed_at, party.confirmed_by_id = instant(), member.user_id
    party.sealed_save(update_fields=["confirmed_at", "confirmed_by"])
    if not locked.parties.filter(confirmed_at=None).exists():
        locked.confirmed_at = instant()
        locked.sealed_save(update_fields=["confirmed_at"])
    trail.record(
        by, "agreement.confirmed", subject=locked, detail={"in_force": bool(locked.confirmed_at)}
    )
    return locked


@transaction.atomic
def suspend(*, agreement: Agreement, reason: str, by: Actor) -> AgreementSuspension:
    """Stop an agreement at this instant. Raises NotAllowed, Conflict when it is suspended."""
    member = require(by, "manage_agreements")
    _party(agreement, member)
    # Of two at once the second waits here and finds it suspended.
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    if AgreementSuspension.objects.live().filter(agreement=agreement).exists():
        raise Conflict("The agreement is suspended already.")
    row = AgreementSuspension(
        agreement=agreement, agency_id=member.agency_id, reason=reason, starts=instant()
    ).sealed_save(force_insert=True)
    trail.record(by, "agreement.suspended", subject=agreement, values={"reason": reason})
    return row


@transaction.atomic
def resume(*, agreement: Agreement, by: Actor) -> None:
    """Let a suspended agreement count again, for the party that suspended it.

    Raises NotAllowed, also for any other party; Conflict when it is not suspended.
    """
    member = require(by, "manage_agreements")
    _party(agreement, member)
    rows = list(AgreementSuspension.objects.live().filter(agreement=agreement).select_for_update())
    if not rows:
        raise Conflict("The agreement is not suspended.")
    if any(row.agency_id not in {None, member.agency_id} for row in rows):
        raise NotAllowed
    for row in rows:
        row.ends = instant()
        row.sealed_save(update_fields=["ends"])
    trail.record(by, "agreement.resumed", subject=agreement)


@transaction.atomic
def review(*, agreement: Agreement, review_on: date, by: Actor) -> Agreement:
    """Write down that it was reviewed now, and when it is next. Raises NotAllowed, Invalid."""
    member = require(by, "manage_agreements")
    _party(agreement, member)
    if review_on <= today():
        raise Invalid(review_on="The day of the next review must be in the future")
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    locked.review_on = review_on
    locked.sealed_save(update_fields=["review_on"])
    trail.record(by, "agreement.reviewed", subject=locked, values={"review_on": review_on})
    return locked


def _party(agreement: Agreement, member: Member) -> AgreementParty:
    party = agreement.parties.filter(agency_id=member.agency_id).first()
    if party is None:
        raise NotAllowed
    return party
