"""“About me”: approving the page, the card, and what the young person does with it.

Whoever holds the card and knows its PIN is taken to be the young person. Without both,
nothing is told: neither whether there is such a card, nor whether it is locked.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from access.actor import Actor, Public
from access.categories import Category, to_bits
from access.reading import require_write
from access.wall import passage, through
from agencies.queries import require
from audit import trail
from casework.enums import SayingKind
from casework.models import AboutMe, Card, Saying
from core.clock import instant
from core.errors import Conflict, Invalid
from core.ids import tidy_reference
from people.models import YoungPerson
from sharing import facts
from sharing.actions import withdrawal
from tasking.actions.alert import raise_alert
from tasking.enums import AlertKind

PIN_LENGTH = 6
TRIES = 5
"""Wrong PINs in a row after which a card is locked."""
LOCKED = timedelta(hours=1)
BITS = to_bits([Category.IDENTITY])
_CARD = passage("about_me.card", "a young person acts with their card; it shows nobody")
_DUMMY = make_password("no card has this PIN")
_SAID = {
    SayingKind.PAUSE: "They have paused everything that was shared because they agreed.",
    SayingKind.WHO_LOOKED: "They ask who has looked at their record.",
    SayingKind.DISAGREE: "They disagree with something that is written about them.",
    SayingKind.FEEDBACK: "They say how it is going.",
}


@transaction.atomic
def approve(*, person: YoungPerson, words: str, how: str, by: Actor) -> AboutMe:
    """Keep the page as the young person approved it, with what they want known.

    Raises NotVisible, NotAllowed; Invalid without a word on how they approved it.
    """
    member = require(by, "write_plan")
    require_write(by, person.pk, Category.IDENTITY)
    if not how.strip():
        raise Invalid(how="Say how they approved it, for example “read it together”")
    row = AboutMe(
        person=person,
        words=words,
        approved_at=instant(),
        approved_how=how,
        recorded_by_id=member.user_id,
    )
    row.save(force_insert=True)
    trail.record(
        by,
        "about_me.approved",
        subject=row,
        person_id=person.pk,
        categories=BITS,
        values={"words": words, "how": how},
    )
    return row


@transaction.atomic
def issue_card(*, person: YoungPerson, by: Actor) -> tuple[Card, str]:
    """A new card and its PIN, which is told once and never again; an older card ends.

    Raises NotVisible, NotAllowed.
    """
    member = require(by, "write_plan")
    require_write(by, person.pk, Category.IDENTITY)
    YoungPerson.rows.select_for_update().get(pk=person.pk)
    Card.rows.filter(person=person, ended_at=None).update(ended_at=instant())
    pin = "".join(secrets.choice("0123456789") for _ in range(PIN_LENGTH))
    row = Card(
        person=person, pin=make_password(pin), issued_at=instant(), issued_by_id=member.user_id
    )
    row.save(force_insert=True)
    trail.record(by, "card.issued", subject=row, person_id=person.pk, categories=BITS)
    return row, pin


@transaction.atomic
def end_card(*, person: YoungPerson, by: Actor) -> None:
    """Have the card open nothing any more. Raises NotVisible, NotAllowed, Conflict."""
    require(by, "write_plan")
    require_write(by, person.pk, Category.IDENTITY)
    if not Card.rows.filter(person=person, ended_at=None).update(ended_at=instant()):
        raise Conflict("There is no card.")
    trail.record(by, "card.ended", person_id=person.pk, categories=BITS)


@transaction.atomic
def end_cards(*, person_id: UUID, by: Actor) -> None:
    """Have no card of somebody open anything. Part of closing the case of who has died."""
    if Card.rows.filter(person_id=person_id, ended_at=None).update(ended_at=instant()):
        trail.record(by, "card.ended", person_id=person_id, categories=BITS)


@transaction.atomic
def use_card(*, number: str, pin: str, kind: str, words: str, by: Public) -> bool:
    """Do what the young person asks; whether card and PIN were right.

    A wrong PIN counts, and five in a row lock the card for an hour; all of it is on
    record. Pausing acts at this instant; everything pages the lead worker. The caller
    commits a no as well: it has to count.
    """
    if kind not in set(SayingKind):
        raise Invalid(kind="Choose what you want to do")
    if kind in {SayingKind.DISAGREE, SayingKind.FEEDBACK} and not words.strip():
        raise Invalid(words="Say it in your own words")
    now = instant()
    with through(_CARD):
        card = (
            Card.rows.select_for_update()
            .filter(number=tidy_reference(number), ended_at=None)
            .first()
        )
        # As slow for a card that there is as for one that there is not.
        right = check_password(pin.strip(), card.pin if card else _DUMMY)
        if card is None:
            trail.record(by, "card.refused", refused=True)
            return False
        locked = card.locked_until is not None and card.locked_until > now
        if locked or not right:
            _count(card, by)
            return False
        card.failures, card.locked_until = 0, None
        card.save(update_fields=["failures", "locked_until"])
        row = Saying(person_id=card.person_id, kind=kind, words=words, at=now)
        row.save(force_insert=True)
        trail.record(
            by,
            "card.used",
            subject=row,
            person_id=card.person_id,
            categories=BITS,
            values={"words": words},
            detail={"kind": kind},
        )
        if kind == SayingKind.PAUSE:
            withdrawal.pause_all(person_id=card.person_id, words=words, by=by)
        _page(row, by)
    return True


@transaction.atomic
def answer(*, saying: Saying, words: str, by: Actor) -> Saying:
    """Write down what the young person was answered. Raises NotVisible, NotAllowed, Conflict."""
    member = require(by, "write_plan")
    require_write(by, saying.person_id, Category.IDENTITY)
    if not words.strip():
        raise Invalid(answer="Say what you told them")
    locked: Saying = Saying.rows.select_for_update().get(pk=saying.pk)
    if locked.answered_at is not None:
        raise Conflict("This has been answered already.")
    locked.answer, locked.answered_by_id, locked.answered_at = words, member.user_id, instant()
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    trail.record(
        by,
        "saying.answered",
        subject=locked,
        person_id=locked.person_id,
        categories=BITS,
        values={"answer": words},
    )
    return locked


def _count(card: Card, by: Public) -> None:
    card.failures += 1
    if card.failures >= TRIES:
        card.failures, card.locked_until = 0, instant() + LOCKED
    card.save(update_fields=["failures", "locked_until"])
    trail.record(by, "card.refused", subject=card, person_id=card.person_id, refused=True)


def _page(row: Saying, by: Public) -> None:
    agency_id = facts.lead_agency(row.person_id)
    if agency_id is not None:
        raise_alert(
            person_id=row.person_id,
            agency_id=agency_id,
            kind=AlertKind.ABOUT_ME,
            message=_SAID[SayingKind(row.kind)],
            raised_by_name="the young person",
            by=by,
        )
