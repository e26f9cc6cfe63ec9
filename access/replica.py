"""Reading from a copy of the database that follows it, for registers and figures.

A copy may be behind, so it never decides anything: who acts, what they may, and whom a page may
show are asked of the primary, in the request's own transaction, and everything is written there.
The copy gives rows and counts that have been chosen so, behind the same wall, as at a moment that
is said (`docs/adr/0009-what-a-replica-may-answer.md`).

    found, source = replica.read(lambda using: list(register.using(using)[:40]))

Without DATABASE_REPLICA_URL, or while the copy can't be reached or is too far behind, the same is
read from the primary.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction

from access.context import tell_copy
from core.clock import LONDON

REPLICA = "replica"
SAID_FROM = timedelta(seconds=3)
"""A copy that is further behind says as at when its rows are."""
REST = 10.0
"""Seconds for which a copy that failed is left alone, so that not every page waits for it."""
CATCH_UP = 0.05
"""Seconds to wait for a copy to reach what the primary has; mostly it has it already."""

_PAUSE = 0.005
_log = logging.getLogger("throughline.replica")
_own_write: ContextVar[str] = ContextVar("own_write", default="")

T = TypeVar("T")


class Behind(Exception):
    """The copy is further behind than its reader can bear."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows came from, and as at when they are."""

    using: str = DEFAULT_DB_ALIAS
    as_at: datetime | None = None
    """What was committed by then is in them; for rows of the primary it is not needed."""
    lag: timedelta = timedelta()

    @property
    def is_copy(self) -> bool:
        """Whether they came from a copy."""
        return self.using != DEFAULT_DB_ALIAS

    @property
    def notice(self) -> str:
        """The time in London as at which the rows are; empty while nobody need be told."""
        if self.as_at is None or self.lag < SAID_FROM:
            return ""
        return f"{self.as_at.astimezone(LONDON):%H:%M:%S}"


PRIMARY = Source()


class Router:
    """Everything goes to the primary but what says `using` itself.

    Django would otherwise follow a row: what hangs on one that a copy gave would be read from the
    copy as well, and saved there.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The primary."""
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """The primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Rows of the copy are rows of the same database."""
        return True

    def allow_migrate(self, using: str, app_label: str, **hints: Any) -> bool:
        """The copy follows by itself."""
        return using == DEFAULT_DB_ALIAS


def is_configured() -> bool:
    """Whether there is a copy to read from."""
    return REPLICA in connections.databases


def own_write() -> str:
    """The place in the log that a write of the present moment stands before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        return str(cursor.fetchone()[0])


def follow(place: str) -> None:
    """Have this request read no copy that has not yet got its user's own last write."""
    _own_write.set(place)


def read(work: Callable[[str], T], *, not_before: datetime | None = None) -> tuple[T, Source]:
    """What `work` reads from the database whose alias it is given, and where that was.

    `work` only reads: it may be run twice, first on the copy, then on the primary. A copy is not
    taken when it lacks the user's own last write, when it is further behind than
    REPLICA_MOST_LAG, or, with `not_before`, when it is not yet as at that moment.
    """
    if not is_configured() or _circuit.is_open():
        return work(DEFAULT_DB_ALIAS), PRIMARY
    try:
        with transaction.atomic(using=REPLICA):
            source = _source()
            if not_before is not None and (source.as_at is None or source.as_at < not_before):
                raise Behind
            tell_copy(REPLICA)
            return work(REPLICA), source
    except _TooFar as problem:
        _circuit.trip(str(problem))
    except Behind:
        pass
    except Error as problem:
        # Not what it says, which may hold values. A fault of ours comes again on the primary.
        _circuit.trip(type(problem.__cause__ or problem).__name__)
        connections[REPLICA].close()
    return work(DEFAULT_DB_ALIAS), PRIMARY


def lag() -> timedelta | None:
    """How far behind the copy is; none when it can't be reached or can't say."""
    try:
        return _measured("").lag
    except (Error, _TooFar):
        connections[REPLICA].close()
        return None


class _TooFar(Exception):
    """The copy is behind by more than the installation allows."""


def _source() -> Source:
    """The copy, as at now. Raises Behind without the user's own write, _TooFar beyond the bound."""
    source = _measured(_own_write.get())
    if source.lag > timedelta(seconds=settings.REPLICA_MOST_LAG):
        raise _TooFar(f"{source.lag.total_seconds():.0f} seconds behind")
    return source


def _measured(own: str) -> Source:
    """How far the copy is. Raises Behind when it has not got the write at `own`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn(), clock_timestamp()")
        there, now = cursor.fetchone()
    until = time.monotonic() + CATCH_UP
    while True:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(
                "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn,"
                " pg_last_wal_replay_lsn() >= %s::pg_lsn,"
                " pg_last_xact_replay_timestamp()",
                [there, own or "0/0"],
            )
            has_all, has_own, replayed = cursor.fetchone()
        if has_all and has_own:
            return Source(REPLICA, now)
        if time.monotonic() > until:
            break
        time.sleep(_PAUSE)
    if not has_own:
        raise Behind
    if replayed is None:
        raise _TooFar("it does not know how far behind")
    # The last commit that it has: never later than what it shows.
    return Source(REPLICA, replayed, max(now - replayed, timedelta()))


class _Circuit:
    """Open for some seconds after a failure: then nobody asks the copy. One for each process."""

    def __init__(self) -> None:
        self._until = 0.0

    def is_open(self) -> bool:
        """Whether the copy is left alone now."""
        return time.monotonic() < self._until

    def trip(self, why: str) -> None:
        """Leave the copy alone for a while, and say why in the log."""
        self._until = time.monotonic() + REST
        _log.warning("Registers and figures are read from the primary: the copy failed: %s", why)

    def reset(self) -> None:
        """Ask the copy again."""
        self._until = 0.0


_circuit = _Circuit()
