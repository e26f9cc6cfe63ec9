"""A page of people in one statement: who is on it, what is seen of each, and its content.

The projection names candidates in order, the rule judges them in the database
(`sharing.rule_sql`), and what belongs to those who are seen is read where it is visible. It
all happens at one instant, and nothing goes back and forth in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from access.actor import Member
from access.categories import EVERY, Category, from_bits, to_bits
from access.content import Parts, PartSet
from access.rule import Answer
from core.clock import instant
from core.prepared import Statement
from sharing import candidates, rule_sql, wall
from sharing.rule_sql import Standing

_IN_ORDER = """{candidates}(%(principals)s::uuid[], %(agency)s, %(asker)s, %(at)s, %(asked)s,
                        %(after)s, %(kept)s::boolean[], %(added)s, %(narrow)s{narrowed})"""
_BY_NAME = """ARRAY(SELECT reach_named(
        %(words)s::text[], %(principals)s::uuid[], %(at)s, %(asked)s, %(beyond)s))"""

_JUDGED = """
WITH named AS MATERIALIZED (SELECT {candidates} AS keys)
SELECT cardinality(keys), keys[cardinality(keys)], {shown}(
    keys, %(agency)s, %(asker)s, %(at)s, %(role)s, %(on_duty)s, %(stepped_up)s, %(allowed)s,
    %(limit)s)
FROM named
"""

_FUNCTION = """
-- Of these people those whom a member sees, so many at most, and what belongs to each where it
-- is visible: as `wall_decided` says, which answers for nobody but whom the wall was told of.
CREATE OR REPLACE FUNCTION {name}(
    people uuid[], agency uuid, asker uuid, moment timestamptz, role text, on_duty boolean,
    stepped_up boolean, allowed integer, most integer
) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    found json;
BEGIN
    found := (
        WITH seen AS MATERIALIZED (
            SELECT one.person_id, one.visible & {listed} AS visible,
                   one.writable & {listed} AS writable, one.lead_id, one.place
            FROM wall_decided(
                people, agency, asker, moment, role, on_duty, stepped_up, allowed) AS judged,
            unnest(judged.seen, judged.bits, judged.writes, judged.leads)
                WITH ORDINALITY AS one (person_id, visible, writable, lead_id, place)
            WHERE one.place <= most
        ),
        keyed AS MATERIALIZED ({keyed})
        SELECT json_build_array(
            (SELECT json_agg(json_build_array(person_id, visible, writable, lead_id)
                             ORDER BY place) FROM seen){content})
        FROM keyed);
    {noted}RETURN found;
END
$$;
"""
"""Reads past the wall, of those alone whom the rule itself shows, and of each what it shows: to
ask the wall again about every row of every table took longer than to read them."""

_NOTED = """IF found ->> 0 IS NOT NULL THEN
        -- More is read of those who are seen: of each there is an effective involvement, and
        -- the actor is not barred from them.
        PERFORM wall_keep(ARRAY(
            SELECT (one ->> 0)::uuid FROM json_array_elements((found ->> 0)::json) AS one));
    END IF;
    """

_ARGUMENTS = "(uuid[], uuid, uuid, timestamptz, text, boolean, boolean, integer, integer)"

_LISTED = to_bits(EVERY - {Category.SAFE_ADDRESS})
"""A safe address is shown singly: it never stands in a list, whoever has stepped up."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Some candidates, judged."""

    seen: Sequence[tuple[UUID, Answer]]
    """Those of whom anything is visible, in order. Nobody has worked out why, nor whether they
    are auditable."""
    asked: int
    """How many candidates there were."""
    last: UUID | None
    """The last of them."""
    content: Mapping[UUID, Parts]
    """What was asked for besides, of those who are seen."""


def page(
    actor: Member,
    stands: Standing,
    principals: Sequence[UUID],
    *,
    limit: int,
    asked: int,
    after: UUID | None,
    back: bool,
    open_only: bool,
    having: type[Model] | None,
    kinds: Collection[str],
    own: bool,
    added: int,
    narrow: bool,
    parts: PartSet | None,
) -> Judged:
    """The first people whom the actor sees among so many candidates of these principals.

    At most `limit` of them. For `after` to `narrow` see `sharing.candidates`; `kinds` and `own`
    narrow where the table says by what (`PersonalModel.narrowed_by`). `parts` is read
    of each as far as it is visible, with the instant as its parameter. Raises ValueError for
    `own` without kinds.
    """
    table = having._meta.db_table if having is not None else None
    if own and not kinds:
        raise ValueError("Of the agency's own rows the kinds must be named.")
    narrowed = bool(kinds)
    more = ", %(kinds)s::text[], %(own)s" if narrowed else ""
    named = candidates.named(back, table, narrowed=narrowed)
    statement = _statement(_IN_ORDER.format(candidates=named, narrowed=more), parts)
    return _judged(statement, parts, {
        **_asked(actor, stands, principals, asked=asked),
        "after": after,
        "kept": "{true}" if open_only else "{true,false}",
        "added": added,
        "narrow": narrow,
        "kinds": "{" + ",".join(kinds) + "}" if kinds else None,
        "own": own,
        "limit": limit,
    })  # fmt: skip


def found(
    actor: Member,
    stands: Standing,
    principals: Sequence[UUID],
    patterns: Sequence[str],
    *,
    limit: int,
    asked: int,
    beyond: int,
    parts: PartSet | None,
) -> Judged:
    """The first people, by name, whom the actor sees among so many candidates whose names fit.

    The candidates of these principals, after the first `beyond`; see `sharing.reach`.
    """
    return _judged(_statement(_BY_NAME, parts), parts, {
        **_asked(actor, stands, principals, asked=asked),
        "words": list(patterns),
        "beyond": beyond,
        "limit": limit,
    })  # fmt: skip


def _judged(statement: Statement, parts: PartSet | None, values: Mapping[str, Any]) -> Judged:
    number, last, shown = statement.row(values)
    rows, *content = shown
    keys = {key: UUID(key) for key, *_ in rows or ()}
    return Judged(
        list(zip(keys.values(), _answers(alike for _, *alike in rows or ()), strict=True)),
        number or 0,
        last,
        parts.of(keys, content) if parts is not None else {},
    )


def _answers(judged: Iterable[Sequence[Any]]) -> Iterator[Answer]:
    """An answer for each of some people; most of a page are seen alike."""
    found: dict[tuple[Any, ...], Answer] = {}
    for one in judged:
        alike = tuple(one)
        if alike not in found:
            bits, writes, lead = alike
            found[alike] = Answer(from_bits(bits), from_bits(writes), opened=None, lead_agency=lead)
        yield found[alike]


def count(
    actor: Member,
    stands: Standing,
    principals: Sequence[UUID],
    *,
    asked: int,
    after: UUID | None,
) -> tuple[int, UUID | None, int]:
    """How many candidates there are, the last of them, and of how many a worker sees anything.

    At most so many candidates of these principals as are `asked` for, beyond one if given.
    """
    number, last, seen = _COUNT.row(
        {**_asked(actor, stands, principals, asked=asked), "after": after}
    )
    return number or 0, last, seen


_COUNT = Statement(
    "SELECT candidates, last, seen FROM reach_counted(%(principals)s::uuid[], %(agency)s,"
    " %(asker)s, %(at)s, %(role)s, %(on_duty)s, %(stepped_up)s, %(allowed)s, %(asked)s, %(after)s)"
)


def _asked(
    actor: Member, stands: Standing, principals: Sequence[UUID], *, asked: int
) -> dict[str, Any]:
    return {
        # As text: to write a list of keys costs more than to find them.
        "principals": "{" + ",".join(map(str, principals)) + "}",
        "agency": actor.agency_id,
        "asker": actor.user_id,
        "at": instant(),
        "role": stands.role.value,
        "on_duty": stands.member.on_duty,
        "stepped_up": stands.stepped_up,
        "allowed": to_bits(stands.allowed),
        "asked": asked,
    }


@lru_cache(maxsize=256)
def _statement(named: str, parts: PartSet | None) -> Statement:
    return Statement(_JUDGED.format(candidates=named, shown=_name(parts)))


def _name(parts: PartSet | None) -> str:
    return f"listed_{parts.name if parts is not None else 'alone'}"


def function(parts: PartSet | None) -> str:
    """The SQL of the function that judges candidates and reads these parts of those seen."""
    keyed, content, noted = "SELECT", "", _NOTED
    if parts is not None:
        noted = ""
        # Whom a part is asked about is worked out once for all parts alike.
        keyed = "SELECT " + ", ".join(
            # No outside text is in it: numbers of ours.
            f"ARRAY(SELECT person_id FROM seen WHERE visible & {to_bits(of)} <> 0) AS {name}"  # noqa: S608  # nosec B608
            for of, name in parts.asked.items()
        )
        content = f", {parts.sql(lambda of: f'keyed.{parts.asked[of]}')}" % {"at": "moment"}
    return _FUNCTION.format(
        name=_name(parts), keyed=keyed, content=content, listed=_LISTED, noted=noted
    )


def install(*lists: PartSet, using: str = DEFAULT_DB_ALIAS) -> None:
    """Write the function of each of these lists, and that of lists which read no content.

    Called after migrations, as the owner, when the tables are there.
    """
    database = connections[using]
    if database.vendor != "postgresql":
        return
    existing = set(database.introspection.table_names())
    with database.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure(%s)", [rule_sql.DEFINED])
        if cursor.fetchone()[0] is None:
            return
        for parts in (None, *lists):
            tables = parts.tables if parts is not None else set()
            if tables <= existing:
                for table in sorted(tables):
                    cursor.execute(f"GRANT SELECT ON {table} TO {wall.DEFINER}")
                cursor.execute(function(parts))
                cursor.execute(f"ALTER FUNCTION {_name(parts)}{_ARGUMENTS} OWNER TO {wall.DEFINER}")
