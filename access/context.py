"""One transaction with one actor, one instant and one ledger."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from access.actor import Actor, ActorRequired, Member, System
from access.reading import Ledger, ledger
from audit import trail
from core import clock
from core.ids import new_id
from core.prepared import Statement

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)

_log = logging.getLogger(__name__)

Fact = TypeVar("Fact")
Key = TypeVar("Key")

_CHANGES_FACTS = re.compile(
    r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(?:agencies_|auth_|guardian_|sharing_agreement)",
    re.IGNORECASE,
)
"""A statement after which what is known of the actor has to be read again."""


def acting() -> Actor | None:
    """The actor of the work in hand, if there is one yet."""
    return _actor.get()


def current_actor() -> Actor:
    """The actor of the work in hand. Raises ActorRequired when there is none."""
    found = _actor.get()
    if found is None:
        raise ActorRequired("Nobody is acting.")
    return found


@contextmanager
def transact(
    actor: Actor | None, *, route: str = "", at: datetime | None = None
) -> Iterator[Ledger]:
    """One transaction: its actor and instant are told to the database, reads recorded at its end.

    The records of what was read are written inside the transaction after the block, so
    that a failure to write them fails the whole. With no actor (somebody who has not
    signed in) nothing personal can be read.
    """
    identifier: UUID = new_id()
    outer = _told() if connection.in_atomic_block else None
    tokens = _actor.set(actor), trail.request_id.set(identifier), trail.meeting_id.set(None)
    known_before = _known.set({})
    try:
        with (
            transaction.atomic(),
            clock.at(at) as moment,
            ledger() as notes,
            connection.execute_wrapper(_forget_what_changes),
        ):
            notes.route = route
            if actor is not None or outer is not None:
                tell_database(actor, moment)
            # Otherwise nothing has been told, and nothing personal can be read.
            yield notes
            record_reads(notes)
        if outer is not None:
            # What the wall had noted may be so no longer.
            _tell({**outer, "app.opened": "", "app.covered": ""})
    finally:
        _known.reset(known_before)
        trail.meeting_id.reset(tokens[2])
        trail.request_id.reset(tokens[1])
        _actor.reset(tokens[0])


def one_by_one(job: System, keys: Iterable[Key], act: Callable[[Key], int]) -> int:
    """Act on each in a transaction of its own, by a job; the sum of what `act` returns.

    One that fails holds up none after it: these are seen to before its error is raised. Of
    several errors the first; each is logged by its kind, since its words may name somebody.
    """
    done = 0
    errors: list[Exception] = []
    for key in keys:
        try:
            with transact(job, route=job.job):
                done += act(key)
        except Exception as error:
            _log.error("%s: one failed with %s", job.job, type(error).__name__)
            errors.append(error)
    if errors:
        raise errors[0]
    return done


def known(key: Hashable, read: Callable[[], Fact]) -> Fact:
    """A fact about an actor, read once a transaction: one instant, one decision's facts.

    Outside a transaction with an actor, and after a statement that may have changed it,
    it is read again. Never anything about a young person.
    """
    facts = _known.get()
    if facts is None:
        return read()
    whole = (key, clock.instant())
    if whole not in facts:
        facts[whole] = read()
    found: Fact = facts[whole]
    return found


def _forget_what_changes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    facts = _known.get()
    if facts and _changes_facts(sql):
        facts.clear()
    return execute(sql, params, many, context)


@lru_cache(maxsize=2048)
def _changes_facts(sql: str) -> bool:
    return _CHANGES_FACTS.search(sql) is not None


def record_reads(notes: Ledger) -> None:
    """Write the access records of what this transaction shows, once."""
    if reads := notes.reads():
        trail.record_reads(current_actor(), reads, route=notes.route)


def become(actor: Actor) -> None:
    """Bind the actor of a transaction that began before it was known."""
    tell_database(actor, clock.instant())
    _actor.set(actor)


def become_told(actor: Member) -> None:
    """The same for a member whom the database has been told by what found them: `telling`."""
    _actor.set(actor)


def telling(*, user: str, agency: str, membership: str, role: str) -> str:
    """SQL that tells the database of the member whom the statement around it finds.

    The arguments are columns of that statement. It has one placeholder, `told_at`, for the
    instant as text. `become_told` then binds the same member.
    """
    told = {
        **dict.fromkeys(_settings(None, ""), "''"),
        "app.at": "%(told_at)s",
        "app.user": f"{user}::text",
        "app.agency": f"{agency}::text",
        "app.membership": f"{membership}::text",
        "app.role": f"{role}::text",
        "app.kind": "'member'",
        "pgtrigger.ignore": "'{}'",
    }
    return _set({f"'{name}'": value for name, value in told.items()})


def _set(values: Mapping[str, str]) -> str:
    """SQL, one column, that sets what is named until the transaction ends: SQL both."""
    settings = ", ".join(f"set_config({name}, {value}, true)" for name, value in values.items())
    # How many of them are null, which none is.
    return f"num_nulls({settings})"


def tell_copy(using: str) -> None:
    """Set this transaction's actor and instant in one that reads a copy of the database.

    What was opened with `access.wall.through` is not open there.
    """
    tell_database(_actor.get(), clock.instant(), using=using)


def tell_database(actor: Actor | None, moment: datetime, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Set the transaction's actor and instant, for the policies of the database."""
    _tell(_settings(actor, moment.isoformat()), using)


def _settings(actor: Actor | None, at: str) -> dict[str, str]:
    member = actor if isinstance(actor, Member) else None
    return {
        "app.at": at,
        "app.user": str(member.user_id) if member else "",
        "app.agency": str(member.agency_id) if member else "",
        "app.membership": str(member.membership_id) if member else "",
        "app.role": str(member.role) if member else "",
        "app.kind": actor.kind if actor else "",
        "app.through": "",
        "app.opened": "",
        "app.covered": "",
        # Unset, every trigger call would raise and catch an exception to find that out.
        "pgtrigger.ignore": "{}",
    }


_SETTINGS = (
    "app.at",
    "app.user",
    "app.agency",
    "app.membership",
    "app.role",
    "app.kind",
    "app.through",
)


def _tell(values: Mapping[str, str], using: str = DEFAULT_DB_ALIAS) -> None:
    """Set what the database is told until the transaction ends."""
    _telling(tuple(values)).run(
        {f"to_{place}": one for place, one in enumerate(values.values())}, using=using
    )


@lru_cache(maxsize=16)
def _telling(names: tuple[str, ...]) -> Statement:
    # Names of ours alone are put in.
    return Statement(
        f"SELECT {_set({f'{name!r}': f'%(to_{place})s' for place, name in enumerate(names)})}"  # noqa: S608
    )


def _told() -> dict[str, str]:
    """What the database has been told: a transaction inside another gives it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(name, true), '')"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS setting (name, place) ORDER BY place",
            [list(_SETTINGS)],
        )
        return dict(zip(_SETTINGS, (value for (value,) in cursor.fetchall()), strict=True))
