"""Telling users that something awaits them, without saying what about whom."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from agencies.models import Notice
from core import outbox
from core.clock import instant


def tell(users: Iterable[UUID], kind: str, *, path: str, about: str) -> None:
    """Promise each user a notice, in the app and by e-mail, after this transaction.

    `about` is an identifier of what happened: the same user is told of it once.
    """
    for user_id in set(users):
        outbox.promise(
            "agencies.deliver_notice",
            effect_key=f"notice:{about}:{user_id}:{kind}",
            user_id=str(user_id),
            kind=kind,
            path=path,
            about=about,
        )


def mark_seen(*, user_id: UUID, notice_id: UUID) -> None:
    """Note that the user has seen a notice of theirs; nobody else's can be marked."""
    Notice.objects.filter(pk=notice_id, user_id=user_id, seen_at=None).update(seen_at=instant())
