"""Taking a consent back, and the receipts that go out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, NotAllowed, NotVisible, Public
from access.categories import NONE, Category, to_bits
from access.reading import require_write
from agencies.actions import notice
from agencies.queries import require
from audit import trail
from core.clock import instant
from core.errors import Conflict
from sharing import endings, facts, withdrawal
from sharing.actions import involvement
from sharing.enums import ReceiptAnswer
from sharing.models import Consent, ConsentLine, Receipt, Withdrawal


@transaction.atomic
def withdraw(
    *,
    consent: Consent,
    words: str = "",
    channel: str = "",
    line: ConsentLine | None = None,
    expected: str | None = None,
    by: Actor,
) -> Withdrawal:
    """End a consent, or one line of it, at this instant: nothing opens by it any more.

    Carries out the plan of `sharing.withdrawal`, worked out under lock: other bases go on,
    and open tasks of those who lose access find another owner. `expected` is the mark of
    the plan that the actor was shown. A partner withdraws only what their own agency sees.

    Raises NotAllowed or NotVisible; Conflict when it is over already, or when the plan is
    no longer the one that was shown.
    """
    member = require(by, "record_consent")
    require_write(by, consent.person_id, Category.POINTER)
    locked: Consent = Consent.rows.select_for_update().get(pk=consent.pk)
    if locked.withdrawn_at is not None:
        raise Conflict("This consent has been withdrawn already.")
    lines = open_lines(locked, lock=True)
    ending = [row for row in lines if line is None or row.pk == line.pk]
    if not ending:
        raise Conflict("This share has been withdrawn already.")
    if facts.lead_agency(locked.person_id) != member.agency_id:
        ending = [row for row in ending if row.agency_id == member.agency_id]
        if not ending:
            raise NotAllowed
    planned = withdrawal.plan(withdrawal.situation(locked, ending))
    if expected is not None and expected != planned.mark:
        raise Conflict(
            "Something has changed since this page was opened. Read again what will happen,"
            " then confirm."
        )
    return _carry_out(
        planned,
        locked,
        ending,
        words,
        channel,
        len(ending) == len(lines),
        by,
        recorded_by=member.user_id,
        sender=member.agency_id,
    )


@transaction.atomic
def pause_all(*, person_id: UUID, words: str, by: Public) -> int:
    """Take back every consent of a young person, by the young person: how many there were.

    The caller has made sure that it is them. Everything ends at this instant; other bases
    go on. To share again, they agree again.
    """
    sender = facts.lead_agency(person_id)
    given = Consent.rows.filter(person_id=person_id, withdrawn_at=None)
    paused = 0
    for consent in given.select_for_update().order_by("given_at", "pk"):
        if not (ending := open_lines(consent, lock=True)):
            continue
        planned = withdrawal.plan(withdrawal.situation(consent, ending))
        _carry_out(planned, consent, ending, words, "", True, by, sender=sender)
        paused += 1
    return paused


def open_lines(consent: Consent, *, lock: bool = False) -> list[ConsentLine]:
    """The lines of a consent that have not been withdrawn, with what they opened."""
    rows = ConsentLine.rows.filter(consent=consent, ended_at=None).select_related("involvement")
    return list((rows.select_for_update() if lock else rows).order_by("pk"))


def _carry_out(
    planned: withdrawal.Plan,
    consent: Consent,
    ending: Sequence[ConsentLine],
    words: str,
    channel: str,
    whole: bool,
    by: Actor,
    *,
    recorded_by: UUID | None = None,
    sender: UUID | None = None,
) -> Withdrawal:
    now = instant()
    for row in ending:
        row.ended_at = now
        row.sealed_save(update_fields=["ended_at"])
        involvement.end(involvement=row.involvement, by=by)
    endings.carry_out(planned.moves, by)
    if whole:
        consent.withdrawn_at, consent.withdrawal_words = now, words
        consent.sealed_save(update_fields=["withdrawn_at", "withdrawal_words"])
    categories = NONE.union(*(row.categories for row in ending))
    withdrawn = Withdrawal(
        person_id=consent.person_id,
        consent=consent,
        at=now,
        channel=channel,
        words=words,
        categories=categories,
        ended=[share.involvement for share in planned.ending],
        goes_on=[share.involvement for share in planned.goes_on],
        held_by=[look.user for look in planned.holders],
        recorded_by_id=recorded_by,
    ).sealed_save(force_insert=True)
    trail.record(
        by,
        "consent.withdrawn",
        subject=consent,
        person_id=consent.person_id,
        categories=to_bits(categories),
        values={"withdrawal_words": words},
        detail={"recipients": [row.agency_id for row in ending], "withdrawal": withdrawn},
    )
    for user_id in planned.told:
        if user_id != recorded_by and sender is not None:
            _send_receipt(withdrawn, user_id, sender)
    return withdrawn


def _send_receipt(withdrawn: Withdrawal, user_id: UUID, sender: UUID) -> None:
    sent = Receipt(user_id=user_id, sender_id=sender, withdrawal=withdrawn.pk, at=withdrawn.at)
    sent.save(force_insert=True)
    notice.tell(
        [user_id], "consent_withdrawn", path=f"/receipts/{sent.pk}/", about=str(withdrawn.pk)
    )


@transaction.atomic
def answer_receipt(*, receipt: Receipt, answer: str, by: Actor) -> Receipt:
    """Say whether copies are held of what was taken back. Raises NotVisible for another's."""
    if not isinstance(by, Member) or receipt.user_id != by.user_id:
        raise NotVisible
    locked = Receipt.objects.select_for_update().get(pk=receipt.pk)
    if locked.answered_at is not None:
        raise Conflict("You have answered this already.")
    locked.answer, locked.answered_at = ReceiptAnswer(answer), instant()
    locked.save(update_fields=["answer", "answered_at"])
    trail.record(by, "receipt.answered", subject=locked, detail={"answer": answer})
    return locked
