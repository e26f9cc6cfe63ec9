"""The floor: each list as one statement by hand, and nothing around it.

As the owner of the tables, whom no policy holds, on side tables of its own. It gives the same
rows in the same order with the same redaction as the list beside which it stands; where a list
of ours changes its order, the order here is changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg

from config.benchmark import floor_content as content
from config.benchmark.floor_rule import ACTOR, IS_VISIBLE, SEEN, VISIBLE

PAGE = 25
MOST_COUNTED = 1000
Seen = tuple[tuple[Any, ...], ...]
"""A page of a list as it is compared: by row its reference, and what of it is shown."""


@dataclass(frozen=True, slots=True)
class Hat:
    """A membership that asks."""

    membership: UUID
    user: UUID
    agency: UUID
    role: str

    @property
    def principal(self) -> UUID:
        """Under whom its candidates stand: an auditor sees only what names them."""
        return self.user if self.role == "auditor" else self.agency


def _page(candidates: str, columns: str, order: str, joins: str = "", where: str = "") -> str:
    return (
        f"{ACTOR}, page AS (SELECT x.*, {VISIBLE} AS visible,"  # nosec B608
        " f.lead, actor.agency_id AS own_agency"
        f" FROM actor CROSS JOIN {candidates} x {SEEN}"
        f" WHERE x.principal = %(principal)s AND {IS_VISIBLE} {where}"
        f" ORDER BY {order} LIMIT %(size)s)"
        f" SELECT {columns} FROM page x {joins} ORDER BY {order}"
    )


PEOPLE_BY_KEY = _page("floor.people", content.PERSON, "x.person_id DESC", content.PERSON_JOINS)
PEOPLE_LINES = _page("floor.people", content.LINE, "x.person_id DESC", content.LINE_JOINS)
CASES_BY_KEY = _page(
    "floor.cases", content.CASE, "x.person_id DESC, x.case_id DESC", content.CASE_JOINS
)
CASES_LINES = _page(
    "floor.cases",
    content.CASE_LINE,
    "x.person_id DESC, x.case_id DESC",
    content.CASE_LINE_JOINS,
    "AND x.state <> 'closed'",
)
COUNT = (
    f"{ACTOR} SELECT count(*) FROM"  # nosec B608
    f" (SELECT FROM actor CROSS JOIN floor.people x {SEEN}"
    f" WHERE x.principal = %(principal)s AND {IS_VISIBLE} LIMIT {MOST_COUNTED + 1}) AS counted"
)
SEARCH = (
    f"{ACTOR}, found AS MATERIALIZED (SELECT n.person_id FROM floor.names n"  # nosec B608
    " WHERE (n.name ILIKE %(first)s OR n.reference ILIKE %(first_ref)s)"
    "   AND (n.name ILIKE %(second)s OR n.reference ILIKE %(second_ref)s)),"
    f" page AS (SELECT p.*, {VISIBLE} AS visible, f.lead, actor.agency_id AS own_agency"
    " FROM actor CROSS JOIN (SELECT y.id AS person_id, y.family_name, y.given_name"
    f" FROM found z JOIN people_youngperson y ON y.id = z.person_id) x {SEEN}"
    " CROSS JOIN LATERAL (SELECT x.*) p"
    f" WHERE {IS_VISIBLE} ORDER BY x.family_name, x.given_name, x.person_id LIMIT %(size)s)"
    f" SELECT {content.LINE} FROM page x {content.LINE_JOINS}"
    " ORDER BY x.family_name, x.given_name, x.person_id"
)

ONE = (
    f"{ACTOR} SELECT {VISIBLE} FROM actor"  # nosec B608
    f" CROSS JOIN (SELECT %(person)s::uuid AS person_id) x {SEEN} WHERE {IS_VISIBLE}"
)


class Floor:
    """The floor's own connection to a world."""

    def __init__(self, owner: str) -> None:
        # The addresses have no parameters of their own to lose.
        self.connection = psycopg.connect(owner, autocommit=True, prepare_threshold=1)
        # A plan for anybody would not know how broad this principal is.
        self.connection.execute("SET plan_cache_mode = force_generic_plan")
        self.connection.execute("SET jit = off")
        self._at: datetime | None = None

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    @contextmanager
    def as_at(self, instant: datetime) -> Iterator[None]:
        """Answer as at this instant, rather than now."""
        self._at = instant
        try:
            yield
        finally:
            self._at = None

    def rows(self, statement: str, hat: Hat, **more: Any) -> list[tuple[Any, ...]]:
        """What a statement answers for a membership now."""
        return self.connection.execute(statement.encode(), self.parameters(hat, **more)).fetchall()

    def parameters(self, hat: Hat, **more: Any) -> dict[str, Any]:
        """The parameters of each statement."""
        return {
            "at": self._at or datetime.now(UTC),
            "membership": hat.membership,
            "principal": hat.principal,
            "size": PAGE,
            **more,
        }

    def buffers(self, statement: str, hat: Hat, **more: Any) -> int:
        """Pages of 8 kB that a statement touches."""
        explained = self.connection.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}".encode(),
            self.parameters(hat, **more),
        ).fetchone()
        assert explained is not None
        plan = explained[0][0]["Plan"]
        return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])

    def people(self, hat: Hat, size: int = PAGE) -> Seen:
        """The list of people, newest key first, dumped as it would be sent."""
        bodies = [content.person(row) for row in self.rows(PEOPLE_BY_KEY, hat, size=size)]
        orjson.dumps({"results": bodies})
        return tuple((body["reference"], tuple(body["visible"])) for body in bodies)

    def people_lines(self, hat: Hat) -> Seen:
        """The page of people, the newest first."""
        return _lines(self.rows(PEOPLE_LINES, hat))

    def cases(self, hat: Hat) -> Seen:
        """The list of cases, newest key first."""
        bodies = [content.case(row) for row in self.rows(CASES_BY_KEY, hat)]
        orjson.dumps({"results": bodies})
        return tuple((body["reference"], body["person"], "plan" in body) for body in bodies)

    def cases_lines(self, hat: Hat) -> Seen:
        """The page of cases that go on, the newest person first."""
        rows = self.rows(CASES_LINES, hat)
        bodies = [dict(zip(content.CASE_LINE_NAMES, row, strict=True)) for row in rows]
        orjson.dumps(bodies)
        return tuple(
            (body["case"], body["person"], body["last_contact"] is not None) for body in bodies
        )

    def count(self, hat: Hat) -> str:
        """How many people, to the cap: "1000+"."""
        [[number]] = self.rows(COUNT, hat)
        return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)

    def sees(self, hat: Hat, person: UUID) -> tuple[str, ...]:
        """What of one person is visible; nothing where they are hidden."""
        rows = self.rows(ONE, hat, person=person)
        return content.names(rows[0][0]) if rows else ()

    def search(self, hat: Hat, words: list[str]) -> Seen:
        """The page of people whose names hold every word; one or two words."""
        first, second = words[0], words[-1]
        return _lines(
            self.rows(
                SEARCH, hat, first=f"%{first}%", first_ref=f"{first}%", second=f"%{second}%",
                second_ref=f"{second}%",
            )
        )  # fmt: skip


def _lines(rows: list[tuple[Any, ...]]) -> Seen:
    bodies = [dict(zip(content.LINE_NAMES, row, strict=True)) for row in rows]
    orjson.dumps(bodies)
    return tuple(
        (body["reference"], body["last_contact"] is not None, body["only_card"]) for body in bodies
    )
