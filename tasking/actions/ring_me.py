"""“Ring me”: the one who knows a young person rings the one who is with them.

The asker's page is the same whether or not the young person is known: matching happens
afterwards, by a job, and what was typed is forgotten then.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, Public
from agencies.queries import require
from agencies.sealing import seal, unseal
from audit import trail
from core import outbox
from core.clock import instant
from core.errors import Invalid
from core.once import once
from people.matching import Facts, match
from sharing import facts as standing
from sharing.models import Bar
from tasking.actions.alert import raise_alert
from tasking.enums import AlertKind
from tasking.models import RingMe


@transaction.atomic
def ask(
    *,
    facts: Facts,
    callback: str,
    message: str,
    asked_by_name: str = "",
    key: UUID | None = None,
    by: Actor,
) -> RingMe:
    """Leave a number for whoever knows the young person; it opens and tells nothing.

    The same `key` again returns what a member left first. Raises NotAllowed, and Invalid
    without a number to ring.
    """
    member: Member | None = None
    if not isinstance(by, Public):
        member = require(by, "tell_lead")
    if not has_number(callback):
        raise Invalid(callback="Enter a phone number at which somebody answers now")
    said = {name: [_text(value)] for name, value in asdict(facts).items() if value}

    def leave(key: UUID) -> RingMe:
        row = RingMe(
            id=key,
            asked_by_id=member.user_id if member else None,
            agency_id=member.agency_id if member else None,
            asked_by_name=asked_by_name,
            asked_at=instant(),
            sealed=seal({**said, "callback": [callback], "message": [message]}),
        )
        row.save(force_insert=True)
        trail.record(
            by,
            "ring_me.asked",
            subject=row,
            values={"callback": callback},
            detail={"stated": facts.stated()},
        )
        outbox.promise("tasking.answer_ring_me", effect_key=f"ring-me:{row.pk}", key=str(row.pk))
        return row

    return once(
        key,
        made=lambda key: (
            RingMe.objects.filter(pk=key, asked_by_id=member.user_id).first() if member else None
        ),
        make=leave,
    )


def has_number(words: str) -> bool:
    """Whether there is something in it that can be rung; a short one may be an extension."""
    return sum(sign.isdigit() for sign in words) >= 4


@transaction.atomic
def answer(*, key: UUID, by: Actor) -> None:
    """Page the lead, then duty, of the one person whom the facts fit; then forget them.

    A job's work. Safe to run twice.
    """
    row = RingMe.objects.select_for_update().filter(pk=key, answered_at=None).first()
    if row is None:
        return
    said = {name: values[0] for name, values in unseal(bytes(row.sealed)).items() if values}
    found = match(_facts(said)).person_id
    agency_id = standing.lead_agency(found) if found else None
    row.sealed, row.answered_at = b"", instant()
    row.save(update_fields=["sealed", "answered_at"])
    if found is None or agency_id is None:
        return
    asker = row.asked_by
    message = said.get("message") or "They are with this young person now and ask to be rung."
    if asker and Bar.rows.live().filter(person_id=found, user=asker).exists():
        message += "\n\nThey are barred from this record: find out more, and tell them nothing."
    raise_alert(
        person_id=found,
        agency_id=agency_id,
        kind=AlertKind.RING_ME,
        message=message,
        callback=said.get("callback", ""),
        raised_by=asker,
        raised_by_name=row.asked_by_name or (asker.name if asker else "somebody without a sign-in"),
        by=by,
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _facts(said: dict[str, str]) -> Facts:
    return Facts(
        name=said.get("name", ""),
        phone=said.get("phone", ""),
        born=date.fromisoformat(said["born"]) if "born" in said else None,
        birth_year=int(said["birth_year"]) if "birth_year" in said else None,
        area=said.get("area", ""),
        nhs_number=said.get("nhs_number", ""),
    )
