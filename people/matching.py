"""Finding one person by facts that somebody states, without telling whether there is one.

For emergency access and for "ring me" alone. It looks past what the asker may see and
gives back a key, never a fact; the callers answer alike for nobody, several and one who
must stay hidden.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Right
from django.db.models.lookups import Exact

from access.wall import passage, through
from people.enums import ContactKind, IdentifierScheme
from people.models import ContactPoint, Identifier, YoungPerson
from people.models.contact import DIGITS

ENOUGH = 2
"""How many of the stated facts must fit."""

_MATCH = passage("people.match", "finds one person by stated facts; gives back a key alone")


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody states about a young person; what they don't know stays empty."""

    name: str = ""
    """A name or a nickname: every word must be one of the person's, or part of a longer one."""
    phone: str = ""
    born: date | None = None
    birth_year: int | None = None
    """Counts only where no whole date of birth is stated."""
    area: str = ""
    """GSS code of a borough."""
    nhs_number: str = ""

    def stated(self) -> list[str]:
        """The names of the facts that are stated."""
        return sorted(self._conditions())

    def _conditions(self) -> dict[str, Q]:
        """For each fact stated, the condition that a person fits it."""
        found: dict[str, Q] = {}
        if words := self.name.replace("\0", "").split()[:5]:
            found["name"] = Q()
            for place in range(len(words)):
                found["name"] &= _is_part_of_a_name(words, place)
        digits = re.sub(r"\D", "", self.phone)[-10:]
        if len(digits) == 10:
            phones = ContactPoint.rows.filter(
                Exact(Right(DIGITS, 10), Value(digits)),
                person_id=OuterRef("pk"),
                kind=ContactKind.PHONE,
                # A number that is no longer theirs may be somebody's who is not them.
                ended_at=None,
            )
            found["phone"] = Q(Exists(phones.order_by()))
        if self.born is not None:
            found["birth"] = Q(date_of_birth=self.born)
        elif self.birth_year is not None:
            found["birth"] = Q(
                date_of_birth__gte=date(self.birth_year, 1, 1),
                date_of_birth__lte=date(self.birth_year, 12, 31),
            )
        if self.area:
            found["area"] = Q(borough=self.area)
        number = re.sub(r"\D", "", self.nhs_number)
        if len(number) == 10:
            numbers = Identifier.rows.filter(
                person_id=OuterRef("pk"), scheme=IdentifierScheme.NHS, value=number
            )
            found["nhs_number"] = Q(Exists(numbers.order_by()))
        return found


def _is_part_of_a_name(words: Sequence[str], place: int) -> Q:
    """That the word at this place, alone or with those beside it, is one of the person's names."""
    found = Q()
    for first in range(place + 1):
        for last in range(place, len(words)):
            name = " ".join(words[first : last + 1])
            found |= Q(given_name__iexact=name)
            found |= Q(family_name__iexact=name)
            found |= Q(known_as__iexact=name)
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """The one person who fits, or why there is none: "none" or "several"."""

    person_id: UUID | None
    why_not: str = ""


def match(facts: Facts) -> Match:
    """The one person whom at least two of the stated facts fit.

    Provisional people are passed over: they hold what somebody typed about one who may be
    known. Two people whom the facts fit are as good as none.
    """
    conditions = facts._conditions()
    if len(conditions) < ENOUGH:
        return Match(None, "none")
    score = sum(
        (
            Cast(Case(When(condition, then=1), default=0), IntegerField())
            for condition in conditions.values()
        ),
        Value(0),
    )
    # A year and an area fit thousands: some fact that an index finds has to be among them.
    narrow = Q()
    for name, condition in conditions.items():
        if name not in {"area", "birth"} or (name == "birth" and facts.born is not None):
            narrow |= condition
    if not narrow:
        return Match(None, "none")
    with through(_MATCH):
        fitting = list(
            YoungPerson.rows.filter(narrow, provisional=False)
            .annotate(fitting=score)
            .filter(fitting__gte=ENOUGH)
            .order_by("pk")
            .values_list("pk", flat=True)[:2]
        )
    if len(fitting) == 1:
        return Match(fitting[0])
    return Match(None, "several" if fitting else "none")
