"""Writing down who somebody is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from access.actor import Actor
from access.categories import Category, to_bits
from access.reading import require_write
from audit import trail
from core.clock import today
from core.errors import Invalid
from core.once import once
from people.models import Identifier, YoungPerson
from people.models.identifier import category_of
from people.rules import birth_date_fault, identifier_fault, tidy_identifier

IDENTITY = frozenset(
    {
        "date_of_birth",
        "pronouns",
        "ethnicity",
        "ethnicity_source",
        "languages",
        "interpreter_needed",
        "needs",
        "strengths",
        "borough",
    }
)
NAMES = frozenset({"given_name", "family_name", "known_as"})


@transaction.atomic
def add_provisional(
    *,
    given_name: str,
    family_name: str,
    known_as: str = "",
    date_of_birth: date | None = None,
    borough: str = "",
    by: Actor,
) -> YoungPerson:
    """Write down what a referrer typed about somebody; it is linked to nobody.

    No access follows from it: the caller records the involvement in the same
    transaction. Raises Invalid for a date of birth that can't be.
    """
    if fault := birth_date_fault(date_of_birth, today()):
        raise Invalid(date_of_birth=fault)
    person = YoungPerson(
        given_name=given_name,
        family_name=family_name,
        known_as=known_as,
        date_of_birth=date_of_birth,
        borough=borough,
        provisional=True,
    )
    person.save(force_insert=True)
    trail.record(
        by,
        "person.added",
        subject=person,
        person_id=person.pk,
        categories=to_bits([Category.POINTER, Category.IDENTITY]),
        values={"given_name": given_name, "family_name": family_name},
    )
    return person


@transaction.atomic
def confirm(*, person: YoungPerson, by: Actor) -> None:
    """Make a provisional person a person of the lead agency: its referral was accepted."""
    YoungPerson.rows.filter(pk=person.pk).update(provisional=False)
    person.provisional = False
    trail.record(by, "person.confirmed", subject=person, person_id=person.pk)


@transaction.atomic
def describe(
    *, person: YoungPerson, changes: dict[str, Any], version: int | None = None, by: Actor
) -> YoungPerson:
    """Change what is written about who somebody is.

    Raises NotVisible or NotAllowed when the actor may not, Invalid for a date of birth
    that can't be, Stale when somebody has changed it since `version`.
    """
    if unknown := changes.keys() - IDENTITY - NAMES:
        raise KeyError(f"not fields of who somebody is: {sorted(unknown)}")
    touched = {Category.IDENTITY} if changes.keys() & IDENTITY else set()
    if changes.keys() & NAMES:
        touched.add(Category.POINTER)
    require_write(by, person.pk, *touched)
    if fault := birth_date_fault(changes.get("date_of_birth"), today()):
        raise Invalid(date_of_birth=fault)
    locked: YoungPerson = YoungPerson.rows.select_for_update().get(pk=person.pk)
    locked.expect(version)
    changed = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(force_update=True)
    trail.record(
        by,
        "person.described",
        subject=locked,
        person_id=locked.pk,
        categories=to_bits(touched),
        values=changed,
    )
    return locked


@transaction.atomic
def add_identifier(
    *, person: YoungPerson, scheme: str, value: str, key: UUID | None = None, by: Actor
) -> Identifier:
    """Add a number by which another system knows the person, in the form in which it is sought.

    The same `key` again returns what was added first. Raises NotVisible or NotAllowed;
    Invalid for a number that can't be, and for one that is there already.
    """
    require_write(by, person.pk, category_of(scheme))
    if fault := identifier_fault(scheme, value):
        raise Invalid(value=fault)
    value = tidy_identifier(value)

    def made(key: UUID) -> Identifier | None:
        if not trail.did(by, "identifier.added", key):
            return None
        return Identifier.rows.filter(pk=key, person=person).first()

    def make(key: UUID) -> Identifier:
        if Identifier.rows.filter(person=person, scheme=scheme, value=value).exists():
            raise Invalid(value="This number is written down already")
        number = Identifier(id=key, person=person, scheme=scheme, value=value)
        number.save(force_insert=True)
        trail.record(
            by,
            "identifier.added",
            subject=number,
            person_id=person.pk,
            categories=to_bits([number.category]),
            values={"scheme": scheme, "value": value},
        )
        return number

    return once(key, made=made, make=make)
