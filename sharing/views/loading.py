"""What the pages of sharing have in common: who asks, and about whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from access.actor import Member, NotVisible
from access.categories import Category
from access.reading import Sight
from agencies.queries import permissions_of
from people import queries as people


def actor_of(request: HttpRequest) -> Member:
    """The member that the request works as."""
    actor: Member = request.actor  # type: ignore[attr-defined]
    return actor


def bar(seen: people.Seen) -> dict[str, Any]:
    """Whom the page is about."""
    return {"name": seen.person.name, "reference": seen.person.reference, "facts": []}


def pages(reference: str) -> list[dict[str, Any]]:
    """The pages about a person, by address: the rooms above are known by name only."""
    return [
        {"text": text, "href": reverse(name, args=[reference]), "current": name == "sharing"}
        for text, name in (
            ("Overview", "person"),
            ("Plan", "plan"),
            ("Timeline", "timeline"),
            ("Sharing", "sharing"),
        )
    ]


def load(request: HttpRequest, reference: str) -> people.Seen:
    """A person of whom the actor sees more than the pointer. Raises NotVisible."""
    seen = people.load(actor_of(request), reference)
    if not seen.sight.answer.visible - {Category.POINTER}:
        raise NotVisible
    return seen


def may(actor: Member, sight: Sight) -> frozenset[str]:
    """What a page offers; recording consent only to who sees the age that it depends on."""
    if not sight.may_write(Category.POINTER):
        return frozenset()
    found = permissions_of(actor)
    return found if sight.sees(Category.IDENTITY) else found - {"record_consent"}
