"""How often one membership may call, over all processes and while Redis is down."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from access.actor import Member
from api.models import ApiUse
from core.clock import instant

if TYPE_CHECKING:
    # DRF's views import this module by the settings.
    from rest_framework.views import APIView

SHARDS = 16
"""Rows among which a membership's calls are counted, so that they seldom wait for each other:
a counted call holds its row until its transaction ends."""

_USE = ApiUse._meta.db_table

COUNTED = f"""
mine AS (
    INSERT INTO {_USE} AS used (id, membership_id, shard, minute, calls)
    SELECT gen_random_uuid(), found.membership, %(shard)s, %(minute)s, 1 FROM found
    ON CONFLICT (membership_id, shard) DO UPDATE
    SET calls = CASE WHEN used.minute = excluded.minute THEN used.calls + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING calls
),
counted (calls) AS (
    SELECT mine.calls + CASE WHEN mine.calls > %(few)s THEN (
        SELECT coalesce(sum(other.calls), 0)
        FROM {_USE} AS other
        WHERE other.membership_id = (SELECT membership FROM found)
          AND other.shard <> %(shard)s AND other.minute = %(minute)s
    ) ELSE 0 END
    FROM mine
)
"""  # noqa: S608 (a table's own name)  # nosec B608
"""Common table expressions that count the call of the membership `found`, and give its calls
in this minute: in the statement that finds whose token it is. Where one row has had but a small
part of what is allowed, its calls alone: each call is counted in any of the rows by chance, so that
all of them together have hardly ever had too many (of 600, two in a hundred million times)."""


def counting() -> dict[str, int]:
    """The parameters of `COUNTED`."""
    return {
        "shard": random.randrange(SHARDS),  # noqa: S311
        "minute": int(instant().timestamp()) // 60,
        "few": settings.API_CALLS_A_MINUTE // (4 * SHARDS),
    }


class MemberThrottle(BaseThrottle):
    """So many calls in each minute of the clock."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the membership may still make this call, which is counted already.

        Raises AttributeError for a call in somebody's name that nobody has counted.
        """
        if not isinstance(request.auth, Member):
            return True
        return bool(request.calls <= settings.API_CALLS_A_MINUTE)  # type: ignore[attr-defined]

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return 60 - instant().timestamp() % 60
