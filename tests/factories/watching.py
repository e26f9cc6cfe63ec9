"""Watching an action: what opens to whom, what was told, and that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from access.categories import Category
from access.reading import sights
from audit.models import Event
from core.errors import Invalid

ROOMS = ("people", "sharing", "tasking", "referrals", "casework", "audit", "core")
"""The rooms whose rows an action may change."""
UNREADABLE = {"people.spelling"}
"""What follows from other rows, and is given to nobody: the application can't read it either."""


def sees(cast: Any, username: str, person: Any, **more: Any) -> set[Category]:
    """The categories that one of the cast sees of a person now."""
    actor = cast.who(username, **more)
    return set(sights(actor, [person.pk])[person.pk].answer.visible)


def writes(cast: Any, username: str, person: Any) -> set[Category]:
    """The categories in which one of the cast may write about a person now."""
    return set(sights(cast.who(username), [person.pk])[person.pk].answer.write)


def told(verb: str, person: Any = None) -> Event:
    """The one event with this verb."""
    found = Event.objects.filter(verb=verb)
    return (found.filter(person_id=person.pk) if person is not None else found).get()


def state_of_things() -> list[tuple[Any, ...]]:
    """A fingerprint of every row that an action may change."""
    tables = sorted(model._meta.db_table for room in ROOMS for model in _models(room))
    question = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM {table} t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return sorted(cursor.fetchall())


@contextmanager
def refuses(refusal: type[Exception] | tuple[type[Exception], ...], *fields: str) -> Iterator[None]:
    """Inside is refused so, naming these fields and no other, and nothing has changed."""
    before = state_of_things()
    with pytest.raises(refusal) as caught:
        yield
    if isinstance(caught.value, Invalid):
        assert caught.value.errors.keys() == set(fields)
    assert state_of_things() == before


def _models(room: str) -> list[Any]:
    return [
        model
        for model in apps.get_app_config(room).get_models()
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in UNREADABLE
    ]
