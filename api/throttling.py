"""How often one membership may call, over all processes and while Redis is down."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from access.actor import Member
from access.context import become_asking
from api.models import ApiUse
from core.clock import instant

if TYPE_CHECKING:
    # DRF's views import this module by the settings.
    from rest_framework.views import APIView

SHARDS = 16
"""Rows among which a membership's calls are counted, so that they seldom wait for each other:
a counted call holds its row until its transaction ends."""

_COUNT = f"""
WITH mine AS (
    INSERT INTO {ApiUse._meta.db_table} AS used (id, membership_id, shard, minute, calls)
    VALUES (gen_random_uuid(), %s, %s, %s, 1)
    ON CONFLICT (membership_id, shard) DO UPDATE
    SET calls = CASE WHEN used.minute = excluded.minute THEN used.calls + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING calls
),
counted AS (
    SELECT (SELECT calls FROM mine) + coalesce(sum(other.calls), 0)
    FROM {ApiUse._meta.db_table} AS other
    WHERE other.membership_id = %s AND other.shard <> %s AND other.minute = %s
)
"""  # noqa: S608 (a table's own name)  # nosec B608


class MemberThrottle(BaseThrottle):
    """So many calls in each minute of the clock."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this call; whether the membership may still make it.

        The database is told in the same statement who calls.
        """
        if not isinstance(request.auth, Member):
            return True
        membership, shard = request.auth.membership_id, random.randrange(SHARDS)  # noqa: S311
        minute = int(instant().timestamp()) // 60
        calls = become_asking(
            request.auth, _COUNT, membership, shard, minute, membership, shard, minute
        )
        return bool(calls <= settings.API_CALLS_A_MINUTE)

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return 60 - instant().timestamp() % 60
