"""Writes that happen once, however often they are sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from access.actor import Member
from api.models import ApiIdempotency
from audit import trail
from core.clock import instant
from core.errors import Conflict

HEADER = "Idempotency-Key"


def key_of(request: Request) -> UUID | None:
    """The key that the caller gave. Raises ValidationError when it is no UUID."""
    text = request.headers.get(HEADER)
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise ValidationError({HEADER: ["The key must be a UUID."]}) from error


@dataclass(frozen=True, slots=True)
class Written:
    """What a write led to."""

    name: str
    """Reference or id of the object."""
    acted: bool
    """Whether this call wrote it, and not the same call before."""
    at: datetime
    """When it was written: never later than what may be seen of it is judged."""


def once(request: Request, member: Member, resource: str, act: Callable[[], str]) -> Written:
    """What `act` writes, or what the same call has written before.

    Two at once with the same key wait for each other at the unique key. Raises Conflict
    for the same key with another body. Inside the caller's transaction.
    """
    key = key_of(request)
    if key is None:
        return Written(act(), True, instant())
    digest = trail.digest(json.dumps([request.path, request.data], sort_keys=True))
    row, created = ApiIdempotency.objects.get_or_create(
        membership_id=member.membership_id,
        key=key,
        defaults={"digest": digest, "resource": resource},
    )
    if not created:
        if row.digest != digest:
            raise Conflict("This Idempotency-Key was used with another request.")
        return Written(row.name, False, row.at)
    row.name = act()
    row.save(update_fields=["name"])
    return Written(row.name, True, row.at)
