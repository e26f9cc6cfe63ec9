"""Whether the site is well, for load balancers and the container's own check."""

from __future__ import annotations

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from access import replica
from audit.sealing import is_behind

PATIENCE = 0.5
"""Seconds to wait for Redis: whoever asks wants an answer, not a reason."""


@require_safe
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503. No details: anybody may ask.

    Redis, the sealing of the audit trail and a replica are reported and fail nothing, because
    reading, writing and signing in go on without them.
    """
    database = _database_answers()
    found: dict[str, object] = {
        "ok": database,
        "database": database,
        "redis": _redis_answers(),
        "audit": database and not is_behind(),
    }
    if replica.is_configured():
        found |= _replica(database)
    return JsonResponse(found, status=200 if database else 503)


def _replica(database: bool) -> dict[str, object]:
    """Whether the replica is read from, and how many whole seconds it is behind (null: unknown)."""
    lag = replica.lag() if database else None
    seconds = None if lag is None else int(lag.total_seconds())
    return {
        "replica": seconds is not None and seconds <= settings.REPLICA_MOST_LAG,
        "replica_lag": seconds,
    }


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
