"""What the database's time went into while a load lasted, by statement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row

from ops.databases import address
from ops.state import StackError

_WHERE = "postgres"
"""The database in which the server's counters are read; they count in all of them."""

_COUNTED = """
SELECT s.queryid, s.userid, s.query, s.calls, s.total_exec_time AS total_ms,
       s.shared_blks_hit + s.shared_blks_read AS buffers
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = %s AND s.toplevel
"""

Counted = dict[tuple[Any, Any], dict[str, Any]]
"""By statement and role: how often so far, how long, and how many pages of 8 kB were touched."""


def counted(env: Mapping[str, str]) -> Counted:
    """What the server has counted so far. Raises StackError where it does not count."""
    database = env["DATABASE_OWNER_URL"].rpartition("/")[2].partition("?")[0]
    try:
        with psycopg.connect(
            address(_WHERE, env["DATABASE_OWNER_URL"]), autocommit=True, row_factory=dict_row
        ) as connection:
            rows = connection.execute(_COUNTED, [database]).fetchall()
    except psycopg.Error as error:
        raise StackError(
            "The server does not count its statements: pg_stat_statements must be preloaded, and"
            f" be an extension of its database {_WHERE}. {error}"
        ) from error
    return {(row["queryid"], row["userid"]): row for row in rows}


def costliest(before: Counted, after: Counted, number: int) -> list[dict[str, Any]]:
    """The statements in which most time was spent between two counts, the costliest first."""
    found = []
    for key, row in after.items():
        since = before.get(key, {"calls": 0, "total_ms": 0.0, "buffers": 0})
        if calls := row["calls"] - since["calls"]:
            total = row["total_ms"] - since["total_ms"]
            found.append({
                "statement": re.sub(r"\s+", " ", row["query"]).strip()[:300],
                "calls": calls,
                "total_ms": round(total, 1),
                "mean_ms": round(total / calls, 3),
                "buffers": round((row["buffers"] - since["buffers"]) / calls),
            })  # fmt: skip
    return sorted(found, key=lambda one: -one["total_ms"])[:number]


def in_words(rows: list[dict[str, Any]]) -> str:
    """The same as a table for the terminal."""
    lines = [f"{'calls':>8}{'total s':>9}{'mean ms':>9}{'buffers':>9}  statement"]
    lines += [
        f"{row['calls']:>8}{row['total_ms'] / 1000:>9.1f}{row['mean_ms']:>9.2f}"
        f"{row['buffers']:>9,}  {row['statement'][:100]}"
        for row in rows
    ]
    return "\n".join(lines)
