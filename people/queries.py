"""Finding and reading people, always for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from access.actor import Actor, NotVisible
from access.categories import Category
from access.models import VisibleQuerySet
from access.reading import Sight, sight, sight_found
from access.wall import passage, through
from core.ids import tidy_reference
from core.prepared import Prepared
from people.models import YoungPerson


@dataclass(frozen=True, slots=True)
class Seen:
    """A person together with what the actor sees of them."""

    person: YoungPerson
    sight: Sight


def load(actor: Actor, reference: str) -> Seen:
    """The person with this reference, as the actor sees them.

    Raises NotVisible alike for a person whom the actor can't see and one who is not there.
    """
    if "\0" in reference:
        raise NotVisible
    # `rows`, since the sight decides in the next statement, and nothing is shown before.
    for person in _NAMED.instances(reference=tidy_reference(reference)):
        return Seen(person, sight(actor, person.pk))
    raise NotVisible


_NAMED = Prepared(lambda reference: YoungPerson.rows.filter(reference=reference), reference=str)


_REFERENCES = passage("people.references", "auditors name people whom they do not see")


def references(sights: Mapping[UUID, Sight]) -> dict[UUID, str]:
    """By key: the references of those whom the sights show, or may be audited; nothing else.

    An auditor names people by reference and sees no name.
    """
    known = [key for key, seen in sights.items() if seen.answer.visible or seen.answer.auditable]
    # `rows`, because somebody who is auditable need not be visible: the sight has decided.
    with through(_REFERENCES):
        return dict(YoungPerson.rows.filter(pk__in=known).values_list("pk", "reference"))


def words_of(typed: str) -> list[str]:
    """The words of a search: the first five."""
    return typed.replace("\0", "").split()[:5]


def search(actor: Actor, words: str) -> VisibleQuerySet:
    """The visible people whose name or reference matches, by name; the first 100 of them.

    Searches the pointer alone: a hidden field can't be searched by. Without a word,
    everybody whom the actor sees.
    """
    asked = words_of(words)
    if not asked:
        rows = YoungPerson.objects.visible_to(actor, listing=True)
        return rows.order_by("family_name", "given_name", "pk")
    found = YoungPerson.objects.of(sight_found(actor, asked).seen, Category.POINTER)
    return found.order_by("family_name", "given_name", "pk")


def search_among(actor: Actor, words: str, people: QuerySet[Any, Any]) -> VisibleQuerySet:
    """Those of some people, whose keys a query gives, whom the actor sees, by name.

    With words those whose names or reference have them all. For few people: each is looked at.
    """
    found = YoungPerson.objects.visible_to(actor).filter(pk__in=people)
    for word in words_of(words):
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(known_as__icontains=word)
            | Q(reference__istartswith=word)
        )
    return found.order_by("family_name", "given_name", "pk")
