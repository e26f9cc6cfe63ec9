"""Receipts: for the young person what was agreed and taken back, for recipients that it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from access.actor import Member, NotVisible
from access.categories import in_order
from sharing.models import Consent, ConsentLine, Receipt, Withdrawal
from sharing.wording import CALLED, WORDINGS


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient on the young person's receipt, in the young person's words."""

    who: str
    what: Sequence[str]
    until: datetime
    ended_at: datetime | None
    replaced: bool
    """Whether something else was agreed in its place."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the young person keeps."""

    called: str
    rows: Sequence[Row]
    words: str
    withdrawals: Sequence[Withdrawal]


def paper(actor: Member, consent: Consent) -> Paper:
    """The young person's receipt of a consent that the actor has loaded.

    People are named rather than their agencies: the paper may be seen by others at home.
    """
    lines = (
        ConsentLine.objects.visible_to(actor)
        .filter(consent=consent)
        .select_related("agency", "worker")
        .order_by("agency__name", "pk")
    )
    return Paper(
        called=consent.person.called,
        rows=[
            Row(
                who=str(line.worker or line.agency),
                what=[CALLED[category] for category in in_order(line.categories)],
                until=line.until,
                ended_at=line.ended_at,
                replaced=line.replaced_by_id is not None,
            )
            for line in lines
        ],
        words=WORDINGS.get(consent.wording_version, ""),
        withdrawals=list(
            Withdrawal.objects.visible_to(actor)
            .filter(consent=consent)
            .select_related("recorded_by")
            .order_by("at", "pk")
        ),
    )


def load_receipt(actor: Member, key: UUID) -> Receipt:
    """A receipt sent to this user. Raises NotVisible for another's and for none alike."""
    found = Receipt.objects.filter(pk=key, user_id=actor.user_id).select_related("sender").first()
    if found is None:
        raise NotVisible
    return found


def answers(withdrawals: Sequence[Withdrawal]) -> list[Receipt]:
    """What recipients said of copies, for who sees these withdrawals."""
    return list(
        Receipt.objects.filter(withdrawal__in=[row.pk for row in withdrawals])
        .select_related("user")
        .order_by("user__name", "pk")
    )
