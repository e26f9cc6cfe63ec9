"""A page of people in one statement: who is on it, what is seen of each, and its content.

The projection names candidates in order, the rule judges them in the database
(`sharing.rule_sql`), and what belongs to those who are seen is read where it is visible. It
all happens at one instant, and nothing goes back and forth in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model

from access.actor import Member
from access.categories import EVERY, Category, from_bits, to_bits
from access.content import Parts, PartSet
from access.rule import Answer
from core.clock import instant
from core.prepared import Statement
from sharing import candidates
from sharing.rule_sql import Standing

_STATEMENT = """
WITH named AS MATERIALIZED (
    SELECT {candidates}(%(principals)s::uuid[], %(agency)s, %(asker)s, %(at)s, %(asked)s,
                        %(after)s, %(kept)s::boolean[], %(added)s, %(narrow)s) AS keys
),
judged AS MATERIALIZED (
    SELECT decided.* FROM named, wall_decided(
        keys, %(agency)s, %(asker)s, %(at)s, %(role)s, %(on_duty)s, %(stepped_up)s, %(allowed)s
    ) AS decided
),
seen AS MATERIALIZED (
    SELECT one.person_id, one.visible & {listed} AS visible, one.writable & {listed} AS writable,
           one.lead_id, one.place
    FROM judged, unnest(judged.seen, bits, writes, leads)
        WITH ORDINALITY AS one (person_id, visible, writable, lead_id, place)
    WHERE one.place <= %(limit)s
),
keyed AS MATERIALIZED ({keyed})
SELECT json_build_array(
    (SELECT json_build_array(cardinality(keys), keys[cardinality(keys)]) FROM named),
    (SELECT json_agg(json_build_array(person_id, visible, writable, lead_id) ORDER BY place)
     FROM seen){content})
FROM keyed
"""


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
    added: int,
    narrow: bool,
    parts: PartSet | None,
) -> Judged:
    """The first people whom the actor sees among so many candidates of these principals.

    At most `limit` of them. For `after` to `narrow` see `sharing.candidates`; `parts` is read
    of each as far as it is visible, with the instant as its parameter.
    """
    table = having._meta.db_table if having is not None else None
    statement = _statement(candidates.named(back, table), parts)
    [[(number, last), rows, *content]] = statement.row({
        **_asked(actor, stands, principals, asked=asked, after=after),
        "kept": "{true}" if open_only else "{true,false}",
        "added": added,
        "narrow": narrow,
        "limit": limit,
    })  # fmt: skip
    keys = {key: UUID(key) for key, *_ in rows or ()}
    return Judged(
        list(zip(keys.values(), _answers(alike for _, *alike in rows or ()), strict=True)),
        number or 0,
        UUID(last) if last else None,
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
    number, last, seen = _COUNT.row(_asked(actor, stands, principals, asked=asked, after=after))
    return number or 0, last, seen


_COUNT = Statement(
    "SELECT candidates, last, seen FROM reach_counted(%(principals)s::uuid[], %(agency)s,"
    " %(asker)s, %(at)s, %(role)s, %(on_duty)s, %(stepped_up)s, %(allowed)s, %(asked)s, %(after)s)"
)


def _asked(
    actor: Member, stands: Standing, principals: Sequence[UUID], *, asked: int, after: UUID | None
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
        "after": after,
    }


@lru_cache(maxsize=256)
def _statement(named: str, parts: PartSet | None) -> Statement:
    keyed, content = "SELECT", ""
    if parts is not None:
        # Whom a part is asked about is worked out once for all parts alike.
        keyed = "SELECT " + ", ".join(
            # No outside text is in it: numbers of ours.
            f"ARRAY(SELECT person_id FROM seen WHERE visible & {to_bits(of)} <> 0) AS {name}"  # noqa: S608  # nosec B608
            for of, name in parts.asked.items()
        )
        content = f", {parts.sql(lambda of: f'keyed.{parts.asked[of]}')}"
    return Statement(
        _STATEMENT.format(candidates=named, keyed=keyed, content=content, listed=_LISTED)
    )
