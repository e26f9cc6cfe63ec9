"""What a client of the feed may ask, read with care: everything wrong is a 400."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from core.clock import LONDON
from directory.hsds.values import as_uuid, key_of
from directory.near import tidy_postcode

PER_PAGE, MAX_PER_PAGE, MAX_PAGE = 50, 500, 100_000
MAX_TEXT = 200


class BadParameter(Exception):
    """A parameter can't be understood; the message says which and why."""


def text(request: HttpRequest, name: str) -> str:
    """A text, "" when it is not given."""
    value = request.GET.get(name, "").strip()
    if "\x00" in value:
        raise BadParameter(f"{name} has a NUL character.")
    if len(value) > MAX_TEXT:
        raise BadParameter(f"{name} is longer than {MAX_TEXT} characters.")
    return value


def whole(request: HttpRequest, name: str, default: int, highest: int) -> int:
    """A whole number from 1."""
    value = text(request, name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= highest:
        raise BadParameter(f"{name} must be a whole number from 1 to {highest}.")
    return int(value)


def yes(request: HttpRequest, name: str) -> bool:
    """True or false, false when it is not given."""
    value = text(request, name).lower()
    if value not in {"", "true", "false", "1", "0"}:
        raise BadParameter(f"{name} must be true or false.")
    return value in {"true", "1"}


def since(request: HttpRequest, name: str) -> datetime | None:
    """A date, or a date and time."""
    value = text(request, name)
    if not value:
        return None
    try:
        # In an address an unescaped + has become a space.
        found = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        raise BadParameter(f"{name} must be a date and time like 2026-11-22T09:30:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


def key(request: HttpRequest, name: str, kind: str, known: QuerySet[Any]) -> UUID | None:
    """The key of a thing that is named by its public id.

    A UUID may be unknown: then nothing fits. What is not one must be an id of a `known` row.
    """
    value = text(request, name)
    if not value:
        return None
    if found := as_uuid(value):
        return found
    if not known.filter(pk=key_of(kind, value)).exists():
        raise BadParameter(f"{name} is not an id.")
    return key_of(kind, value)


def postcode(request: HttpRequest) -> tuple[str, float | None]:
    """A tidy postcode and a distance in metres, ("", None) when there is none."""
    wanted, distance = text(request, "postcode"), text(request, "proximity")
    if not wanted:
        if distance:
            raise BadParameter("proximity needs a postcode to measure from.")
        return "", None
    plain = tidy_postcode(wanted)
    if not plain:
        raise BadParameter("postcode must be a postcode or its first half, like N1 9GU or N1.")
    if distance and not re.fullmatch(r"[0-9]{1,8}(\.[0-9]{1,6})?", distance):
        raise BadParameter("proximity must be a number of metres.")
    return plain, float(distance) if distance else None
