"""Barring a user and restricting a record: effect immediate and total."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import require_write
from agencies.models import User
from agencies.queries import managers, require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing.actions import responsibility
from sharing.models import Bar, BarReason, Involvement, Restriction, RestrictionReason

SAFETY = to_bits([Category.SAFETY])

_STAYING = (Basis.LEAD, Basis.COVER, Basis.TEAM)


@transaction.atomic
def bar(*, person: YoungPerson, user: User, reason: str, review_on: date, by: Actor) -> Bar:
    """Make sure that a user never sees this person. Nothing overrides it.

    Raises NotAllowed or NotVisible when the actor may not, Conflict when they are barred
    already, Invalid when somebody bars themselves.
    """
    member = require(by, "bar_user")
    require_write(by, person.pk, Category.SAFETY)
    responsibility.require_lead(member, person.pk)
    if member.user_id == user.pk:
        raise Invalid(user="You can't bar yourself.")
    if Bar.rows.live().filter(person=person, user=user).exists():
        raise Conflict("This user is barred already.")
    row = Bar(person=person, user=user, review_on=review_on, starts=instant()).sealed_save(
        force_insert=True
    )
    BarReason(person=person, bar=row, reason=reason).save(force_insert=True)
    trail.record(
        by,
        "bar.begun",
        subject=row,
        person_id=person.pk,
        categories=SAFETY,
        values={"reason": reason, "review_on": review_on},
        detail={"user": user},
    )
    return row


@transaction.atomic
def lift_bar(*, row: Bar, words: str = "", by: Actor) -> None:
    """End a bar at this instant. Raises NotAllowed or NotVisible, Conflict when it is over."""
    member = require(by, "bar_user")
    require_write(by, row.person_id, Category.SAFETY)
    responsibility.require_lead(member, row.person_id)
    if not Bar.rows.live().select_for_update().filter(pk=row.pk).exists():
        raise Conflict("This bar has been lifted already.")
    row.ends = instant()
    row.sealed_save(update_fields=["ends"])
    BarReason.rows.filter(bar=row).update(lifted=words)
    trail.record(
        by,
        "bar.lifted",
        subject=row,
        person_id=row.person_id,
        categories=SAFETY,
        values={"lifted": words},
    )


@transaction.atomic
def review(*, row: Bar | Restriction, review_on: date, by: Actor) -> Bar | Restriction:
    """Write down that it was looked at and still holds, and when it is next.

    Raises NotAllowed or NotVisible, Conflict when it is over, Invalid for a day gone by.
    """
    is_bar = isinstance(row, Bar)
    member = require(by, "bar_user" if is_bar else "restrict_person")
    require_write(by, row.person_id, Category.SAFETY)
    responsibility.require_lead(member, row.person_id)
    if review_on <= today():
        raise Invalid(review_on="The day of the next review must be in the future")
    locked = type(row).rows.live().select_for_update().filter(pk=row.pk).first()
    if locked is None:
        raise Conflict("It has been lifted already.")
    locked.review_on = review_on
    locked.sealed_save(update_fields=["review_on"])
    trail.record(
        by,
        "bar.reviewed" if is_bar else "restriction.reviewed",
        subject=locked,
        person_id=locked.person_id,
        categories=SAFETY,
        values={"review_on": review_on},
    )
    return locked


@transaction.atomic
def restrict(*, person: YoungPerson, reason: str, review_on: date, by: Actor) -> Restriction:
    """Show this person only to workers named on an involvement.

    Raises NotAllowed or NotVisible; Conflict when it is restricted already, or when fewer
    than two named workers, one of them a manager, would be left who see it.
    """
    member = require(by, "restrict_person")
    require_write(by, person.pk, Category.SAFETY)
    responsibility.require_lead(member, person.pk)
    if Restriction.rows.live().filter(person=person).exists():
        raise Conflict("The record is restricted already.")
    require_named(person.pk, member.agency_id)
    row = Restriction(person=person, review_on=review_on, starts=instant()).sealed_save(
        force_insert=True
    )
    RestrictionReason(person=person, restriction=row, reason=reason).save(force_insert=True)
    trail.record(
        by,
        "restriction.begun",
        subject=row,
        person_id=person.pk,
        categories=SAFETY,
        values={"reason": reason, "review_on": review_on},
    )
    return row


@transaction.atomic
def lift_restriction(*, row: Restriction, words: str = "", by: Actor) -> None:
    """End a restriction at this instant. Raises NotAllowed, NotVisible; Conflict when over."""
    member = require(by, "restrict_person")
    require_write(by, row.person_id, Category.SAFETY)
    responsibility.require_lead(member, row.person_id)
    if not Restriction.rows.live().select_for_update().filter(pk=row.pk).exists():
        raise Conflict("The restriction has been lifted already.")
    row.ends = instant()
    row.sealed_save(update_fields=["ends"])
    RestrictionReason.rows.filter(restriction=row).update(lifted=words)
    trail.record(
        by,
        "restriction.lifted",
        subject=row,
        person_id=row.person_id,
        categories=SAFETY,
        values={"lifted": words},
    )


def require_named(person_id: UUID, lead_agency: UUID) -> None:
    """Raise Conflict unless those who see a restricted record would be enough.

    Two named workers, one of them a manager of the lead agency. Source: the access design.
    """
    # Somebody who is barred is named and sees nothing: they do not count.
    named = named_workers(person_id) - set(
        Bar.rows.live().filter(person_id=person_id).values_list("user_id", flat=True)
    )
    if len(named) < 2 or not managers(lead_agency).filter(user_id__in=named).exists():
        raise Conflict(
            "At least two named workers, one of them a manager, must be on a restricted record."
        )


def named_workers(person_id: UUID) -> set[UUID]:
    """The users who are named on the person to stay: as lead, cover or on the team.

    A task or an agenda names somebody too, and is over when it is done.
    """
    return set(
        Involvement.rows.live()
        .filter(person_id=person_id, worker__isnull=False, basis__in=_STAYING)
        .order_by()
        .values_list("worker_id", flat=True)
    )
