"""What a request asks of the database: how many statements, and how many pages they touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)
_WHO_ASKS = re.compile(
    r"^(django_session|agencies_(user|apitoken|membership|agency|dutyshift|notice)\w*|api_apiuse|mfa_\w+"
    r"|usersessions_\w+|guardian_\w+|auth_\w+|django_content_type|account_\w+)$"
)
"""Tables that every request reads to know who asks and whether they may, list or no list."""
_READS = re.compile(r"^\s*(SELECT|WITH)\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|FOR UPDATE|set_config)\b")


@dataclass(frozen=True, slots=True)
class Count:
    """Statements of one request."""

    every: int
    for_content: int
    """Without those that find out who asks."""


def count(wrapper: BaseDatabaseWrapper, ask: Callable[[], Any]) -> Count:
    """The statements that a request makes."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with wrapper.execute_wrapper(note):
        ask()
    return Count(len(asked), sum(is_for_content(sql) for sql in asked))


def is_for_content(sql: str) -> bool:
    """Whether a statement is for what a page shows, not for finding out who asks."""
    found = _TABLE.search(sql)
    if found is None:
        # Settings, savepoints; a function that answers for a whole list is one, too.
        return bool(_READS.match(sql)) and "set_config" not in sql
    return not _WHO_ASKS.match(found.group(1))


def buffers(wrapper: BaseDatabaseWrapper, ask: Callable[[], Any]) -> int:
    """Pages of 8 kB that the reading statements of a request touch."""
    touched = 0

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal touched
        if _READS.match(sql) and not _WRITES.search(sql):
            # The same kind of cursor: a statement may name its places or number them.
            with type(context["cursor"].cursor)(context["connection"].connection) as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0][0]["Plan"]
            touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(sql, params, many, context)

    with wrapper.execute_wrapper(explain):
        ask()
    return touched
