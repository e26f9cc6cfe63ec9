"""Entries of a trail about whom an auditor may review, from a place on, whatever its length.

The trail grows as long as anybody works, and of whoever is looked up often there are thousands of
entries. So it is not read through: of each period in which the auditor's agency answers for
somebody, an index gives the entry that is next to the place, and only of those who come nearest
are there more to look at. It costs what the agency has people, not what is recorded of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from access.wall import passage, through
from audit.models import AccessRecord, Event
from oversight.scope import COUNTED, Reach, is_auditable

_ENTRIES = passage("oversight.entries", "finds keys, each asked about again, and counts")

_WHO = """
WITH who AS MATERIALIZED (
    SELECT unnest(wall_auditable(%(agency)s, %(asker)s, %(moment)s)) AS person_id
)"""
_WHO_OF_USERS = """
WITH narrowed AS MATERIALIZED (
    SELECT entry.id, entry.person_id, entry.user_id, entry.at FROM {table} AS entry
    WHERE entry.user_id = ANY (%(users)s) AND entry.person_id IS NOT NULL AND {between}
),
who AS MATERIALIZED (
    SELECT found.person_id FROM (SELECT DISTINCT person_id FROM narrowed) AS found
    WHERE {auditable}
)"""

_PERIODS = """,
period AS MATERIALIZED (
    SELECT joined.person_id, lower(span) AS starts, coalesce(upper(span), 'infinity') AS ends
    FROM (
        SELECT every.person_id, range_agg(tstzrange(every.starts, every.ends, '[]')) AS spans
        FROM (
            SELECT person_id, starts, ends FROM sharing_leadagency WHERE agency_id = %(agency)s
            UNION ALL
            SELECT person_id, starts, ends FROM sharing_involvement
            WHERE agency_id = %(agency)s AND basis = ANY (%(counted)s)
        ) AS every
        JOIN who ON who.person_id = every.person_id
        GROUP BY every.person_id
    ) AS joined, unnest(joined.spans) AS span
)
"""
"""Of everybody whom the actor may review the periods of their agency, none within another."""

_ACCOUNTS = """
WITH period AS MATERIALIZED (
    SELECT joined.user_id AS subject_id, lower(span) AS starts,
           coalesce(upper(span), 'infinity') AS ends
    FROM (
        SELECT user_id, range_agg(tstzrange(starts, ends, '[]')) AS spans
        FROM agencies_membership WHERE agency_id = %(agency)s
        GROUP BY user_id
    ) AS joined, unnest(joined.spans) AS span
)
"""
"""The same of everybody's account who works or worked at the agency."""

_KEYS = """
{periods},
-- Whoever is among the last of them at the same moment counts as well: what one answer shows of
-- several people is recorded at one moment.
near AS MATERIALIZED (
    SELECT period.{about}, {best}(one.at) AS at
    FROM period CROSS JOIN LATERAL (
        SELECT entry.at FROM {table} AS entry
        WHERE entry.{about} = period.{about} AND {within}
        ORDER BY entry.at {order} LIMIT 1
    ) AS one
    GROUP BY period.{about}
    ORDER BY 2 {order} FETCH FIRST %(number)s ROWS WITH TIES
),
-- So many people have an entry no further away than this; with fewer people it has no end.
furthest AS MATERIALIZED (
    SELECT CASE WHEN count(*) >= %(number)s THEN {worst}(at) ELSE '{end}' END AS at FROM near
)
SELECT found.id FROM near
JOIN period ON period.{about} = near.{about}
CROSS JOIN LATERAL (
    SELECT entry.id, entry.at FROM {table} AS entry
    WHERE entry.{about} = period.{about} AND {within}
      AND entry.at {no_further} (SELECT at FROM furthest)
    ORDER BY entry.at {order}, entry.id {order} LIMIT %(number)s
) AS found
ORDER BY found.at {order}, found.id {order} LIMIT %(number)s
"""

_KEYS_OF_USERS = """
{periods}
SELECT narrowed.id
FROM narrowed
JOIN period ON period.person_id = narrowed.person_id
    AND narrowed.at BETWEEN period.starts AND period.ends
ORDER BY narrowed.at {order}, narrowed.id {order} LIMIT %(number)s
"""

_NUMBERS = """
{periods}
SELECT coalesce(sum(by_user.times), 0), count(DISTINCT by_user.person_id),
       count(DISTINCT by_user.user_id)
FROM (
    SELECT period.person_id, entry.user_id, count(*) AS times
    FROM period JOIN {table} AS entry ON entry.person_id = period.person_id AND {within}
    GROUP BY 1, 2
) AS by_user
"""
_BETWEEN = """
entry.at >= coalesce(%(since)s::timestamptz, '-infinity')
AND entry.at < coalesce(%(until)s::timestamptz, 'infinity') {beyond}
"""
_OF_ACCOUNTS = """
AND entry.person_id IS NULL AND entry.subject_type = 'agencies.user'
AND entry.agency_id IS DISTINCT FROM %(agency)s
AND (entry.detail -> 'agency') IS DISTINCT FROM to_jsonb(%(agency)s::text)
"""
"""As `Reach.own_accounts` has it."""
_BEYOND = (
    "AND entry.at {way}= %(border_at)s AND (entry.at, entry.id) {way} (%(border_at)s, %(border)s)"
)


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries of one trail that an actor may review, between two moments if given."""

    trail: type[AccessRecord] | type[Event]
    mine: Reach
    since: datetime | None = None
    until: datetime | None = None
    """From when on no entry counts."""
    users: tuple[UUID, ...] | None = None
    """Whose entries alone; none for everybody's."""
    accounts: bool = False
    """Those of events about the accounts of the agency's people instead: `Reach.own_accounts`."""
    database: str = DEFAULT_DB_ALIAS

    def using(self, database: str) -> Entries:
        """The same of another database."""
        return replace(self, database=database)

    def take(
        self, border: tuple[datetime, UUID] | None, *, upward: bool, number: int
    ) -> Sequence[Any]:
        """So many entries at most beyond this moment and key, the nearest first.

        Older ones, beginning with the newest of all where there is no border; or `upward`.
        """
        order = ("at", "id") if upward else ("-at", "-id")
        table = self.trail._meta.db_table
        mine = self.mine.own_accounts() if self.accounts else self.mine.each(table, "at")
        found = self.trail.objects.using(self.database).filter(
            mine, pk__in=self._keys(border, upward, number)
        )
        return list(found.order_by(*order))

    def numbers(self) -> dict[str, int]:
        """How many entries there are, about how many people, and of how many users.

        Of everybody's about people: raises ValueError for some users', and for accounts.
        """
        if self.users is not None or self.accounts:
            raise ValueError("Only the entries of all users about people are counted.")
        if self.mine.agency_id is None:
            return {"times": 0, "people": 0, "users": 0}
        [numbers] = self._asked(_NUMBERS)
        return dict(zip(("times", "people", "users"), map(int, numbers), strict=True))

    def _keys(self, border: tuple[datetime, UUID] | None, upward: bool, number: int) -> list[UUID]:
        if self.mine.agency_id is None or self.users == ():
            return []
        at, key = border or (None, None)
        rows = self._asked(
            _KEYS if self.users is None else _KEYS_OF_USERS,
            beyond=_BEYOND.format(way=">" if upward else "<") if border is not None else "",
            told={"border_at": at, "border": key, "number": number},
            order="ASC" if upward else "DESC",
            best="min" if upward else "max",
            worst="max" if upward else "min",
            no_further="<=" if upward else ">=",
            end="infinity" if upward else "-infinity",
        )
        return [found for (found,) in rows]

    def _asked(
        self, sql: str, *, beyond: str = "", told: Mapping[str, Any] | None = None, **words: str
    ) -> list[tuple[Any, ...]]:
        values = {
            "agency": self.mine.agency_id,
            "asker": self.mine.user_id,
            "moment": self.mine.at,
            "counted": COUNTED,
            "since": self.since,
            "until": self.until,
            "users": list(self.users or ()),
            **(told or {}),
        }
        # No outside text is in it: names of ours, and parameters.
        table, between = self.trail._meta.db_table, _BETWEEN.format(beyond=beyond)
        who = _WHO if self.users is None else _WHO_OF_USERS
        auditable = is_auditable("found.person_id", named=True)
        people = who.format(table=table, between=between, auditable=auditable) + _PERIODS
        statement = sql.format(
            periods=_ACCOUNTS if self.accounts else people,
            about="subject_id" if self.accounts else "person_id",
            table=table,
            within=f"entry.at BETWEEN period.starts AND period.ends AND {between}"
            + (_OF_ACCOUNTS if self.accounts else ""),
            **words,
        )
        with through(_ENTRIES, using=self.database), connections[self.database].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
