"""Two writes beside the same rows written by hand: logging a contact, withdrawing a consent."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from access.categories import Category
from access.context import transact
from api.v1.interventions import kind_coded
from casework.actions import intervention
from config.benchmark import ours
from config.benchmark.floor import Hat
from config.benchmark.lists import Asking
from config.benchmark.measure import Difference, Ratio, ratio_of
from config.benchmark.users import User
from core.ids import new_id
from people import queries as people
from sharing.actions import withdrawal
from sharing.models import Consent

LOGGED, WITHDRAWN = 25, 12
"""How many of each are written at most: no more than one for each user, or for each two."""

_LEADS = """
SELECT m.id, m.user_id, m.agency_id, m.role, u.username, l.person_id, p.reference, {columns}
FROM casework_leadperiod l
JOIN people_youngperson p ON p.id = l.person_id
JOIN casework_case c ON c.id = l.case_id AND c.state IN ('assessment', 'active')
JOIN agencies_membership m ON m.user_id = l.worker_id AND m.agency_id = l.agency_id
    AND m.ends IS NULL AND m.home_agency_id IS NULL
JOIN agencies_user u ON u.id = m.user_id
{joins}
WHERE l.ends IS NULL AND NOT EXISTS (
    SELECT FROM sharing_restriction r WHERE r.person_id = l.person_id
) AND NOT EXISTS (SELECT FROM sharing_bar b WHERE b.person_id = l.person_id)
ORDER BY md5(l.id::text || %(seed)s) LIMIT %(number)s
"""
_LOGGING = _LEADS.format(columns="c.id", joins="")
_CONSENTS = _LEADS.format(
    columns="line.consent_id, line.involvement_id, n.id, n.user_id, n.agency_id, n.role,"
    " v.username",
    joins="""
    JOIN sharing_consentline line ON line.person_id = l.person_id AND line.ended_at IS NULL
        AND line.until > now() + interval '1 hour'
    JOIN agencies_membership n ON n.user_id = line.worker_id AND n.agency_id = line.agency_id
        AND n.ends IS NULL
    JOIN agencies_user v ON v.id = n.user_id
    """,
)


@dataclass(frozen=True, slots=True)
class Logging:
    """Logging an intervention with its audit record, against three statements by hand."""

    action: Ratio | None
    call: Ratio | None
    """The same through the API, with everything around it."""


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Withdrawing a consent, against one row written by hand."""

    action: Ratio | None
    effective: int
    """After how many of them the recipient's next request saw less, just as the floor does."""
    tried: int


def logging(asking: Asking, until: float) -> Logging:
    """Log contacts by the action, by the API and by hand, in turns."""
    rows = asking.floor.connection.execute(
        _LOGGING, {"seed": str(asking.random.random()), "number": min(LOGGED, len(asking.users))}
    ).fetchall()
    by_action: list[float] = []
    by_call: list[float] = []
    for *hat, username, _, reference, _ in rows:
        if by_action and time.monotonic() > until:
            break
        user = User(Hat(*hat), username, 0)
        with asking.doors.through(asking.doors.up):
            asking.product.let_in([user])
            # The action alone is measured, not the opening of its connection.
            asking.doors.up.ensure_connection()
            seconds, written = _timed(partial(_log, user, reference, _kind(asking)))
            call, _ = _timed(partial(_log_by_call, asking, user, reference))
        floor, _ = _timed(_by_hand(asking, written))
        by_action.append(seconds / floor)
        by_call.append(call / floor)
    # The first of each plans, connects and imports.
    return Logging(
        ratio_of(by_action[3:] or by_action, asking.random),
        ratio_of(by_call[3:] or by_call, asking.random),
    )


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = do()
    return time.perf_counter() - begun, done


def _log(user: User, reference: str, kind: str) -> UUID:
    with transact(ours.member_of(user), route="benchmark") as notes:
        # As the API has them: found by whoever asks, with what is seen of them.
        person = people.load(ours.member_of(user), reference).person
        row = intervention.log(
            person=person,
            categories=[Category.HOUSING],
            kind=kind_coded(kind),
            at=datetime.now(UTC) - timedelta(hours=1),
            minutes=30,
            attendance="came",
            note="Measured.",
            by=ours.member_of(user),
        )
        notes.shown.clear()
    return row.pk


def _log_by_call(asking: Asking, user: User, reference: str) -> None:
    answer = asking.product.post(
        user,
        "/api/v1/interventions/",
        {
            "person": reference,
            "categories": ["housing"],
            "kind": _kind(asking),
            "at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
            "minutes": 30,
            "attendance": "came",
            "note": "Measured.",
        },
    )
    if answer.status != 201:
        raise RuntimeError(f"Logging was refused: {answer.status} {answer.body[:300]!r}")


def _kind(asking: Asking) -> str:
    found = asking.floor.connection.execute(
        "SELECT code FROM casework_kindofintervention WHERE is_active ORDER BY code LIMIT 1"
    ).fetchone()
    assert found is not None
    return str(found[0])


def _by_hand(asking: Asking, like: UUID) -> Callable[[], None]:
    """What writes the same rows as were written for `like`, under new keys, in one transaction."""
    connection = asking.floor.connection
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("SELECT * FROM casework_intervention WHERE id = %s", [like]).fetchone()
        event = cursor.execute("SELECT * FROM audit_event WHERE subject_id = %s", [like]).fetchone()
    assert row is not None
    assert event is not None
    key = new_id()
    writes = [
        _insert("casework_intervention", {**row, "id": key}),
        _insert("audit_event", {**event, "id": new_id(), "subject_id": key}),
    ]

    def write() -> None:
        with connection.transaction():
            # As the product says it: otherwise each trigger finds out by an exception.
            connection.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
            for statement, values in writes:
                connection.execute(statement, values)
            connection.execute(
                "UPDATE casework_case SET last_contact_at = %s, next_contact_on = NULL"
                " WHERE id = %s AND (last_contact_at IS NULL OR last_contact_at <= %s)",
                [row["at"], row["case_id"], row["at"]],
            )

    return write


def _insert(table: str, row: dict[str, Any]) -> tuple[sql.Composed, list[Any]]:
    values = [Jsonb(value) if isinstance(value, dict) else value for value in row.values()]
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join([sql.Identifier(name) for name in row]),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    return statement, values


def withdrawing(asking: Asking, until: float) -> Withdrawing:
    """Withdraw consents, and ask as their recipients before and after."""
    rows = asking.floor.connection.execute(
        _CONSENTS, {"seed": str(asking.random.random()), "number": 6 * WITHDRAWN}
    ).fetchall()
    pairs: list[float] = []
    effective = tried = 0
    wanted = min(WITHDRAWN, max(2, len(asking.users) // 2))
    done: set[UUID] = set()
    for (
        *hat,
        username,
        person_id,
        reference,
        consent_id,
        involvement_id,
        n1,
        n2,
        n3,
        n4,
        n5,
    ) in rows:
        recipient = User(Hat(n1, n2, n3, n4), n5, 0)
        if len(pairs) == wanted or (pairs and time.monotonic() > until):
            break
        before = asking.floor.sees(recipient.hat, person_id)
        if consent_id in done or len(before) < 2:
            continue
        done.add(consent_id)
        with asking.doors.through(asking.doors.up):
            asking.product.let_in([recipient])
            seen_before = _sees(asking, recipient, reference)
            lead = User(Hat(*hat), username, 0)
            asking.doors.up.ensure_connection()
            seconds, _ = _timed(partial(_withdraw, lead, consent_id))
            seen_after = _sees(asking, recipient, reference)
        after = asking.floor.sees(recipient.hat, person_id)
        bare, _ = _timed(partial(_bare_write, asking, involvement_id))
        pairs.append(seconds / bare)
        # What is open to them by something else as well is not closed by taking this back.
        tried += set(after) < set(before)
        asking.compared += 2
        for seen, floor in ((seen_before, before), (seen_after, after)):
            if seen != floor:
                asking.differences.append(
                    Difference("ours, around a withdrawal", recipient.username,
                               recipient.hat.role, 0, repr(seen), repr(floor))
                )  # fmt: skip
        effective += seen_after == after and set(after) < set(before)
    return Withdrawing(ratio_of(pairs[1:] or pairs, asking.random), effective, tried)


def _withdraw(user: User, consent_id: UUID) -> None:
    member = ours.member_of(user)
    with transact(member, route="benchmark") as notes:
        consent = Consent.objects.visible_to(member).get(pk=consent_id)
        withdrawal.withdraw(consent=consent, words="Measured.", by=member)
        notes.shown.clear()


def _bare_write(asking: Asking, involvement_id: UUID) -> None:
    # Moves an index entry, as ending does, and changes nothing for anybody.
    asking.floor.connection.execute(
        "UPDATE sharing_involvement SET ends = ends - interval '1 microsecond'"
        " WHERE id = %s AND ends IS NOT NULL",
        [involvement_id],
    )


def _sees(asking: Asking, user: User, reference: str) -> tuple[str, ...]:
    """What the API shows of a person to a user; nothing where there is no such person to them."""
    answer: ours.Answer = asking.product.by_token(user, f"/api/v1/people/{reference}/")
    if answer.status == 404:
        return ()
    return tuple(json.loads(answer.body).get("visible", ("status", str(answer.status))))
