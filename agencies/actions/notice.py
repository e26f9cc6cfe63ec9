"""Telling users that something awaits them, without saying what about whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from agencies.models import Notice
from core import outbox
from core.clock import instant


def tell(users: Iterable[UUID], kind: str, *, path: str, about: str) -> None:
    """Promise each user a notice, in the app and by e-mail, after this transaction.

    `about` is an identifier of what happened: the same user is told of it once.
    """
    tell_each(kind, [Telling(user_id, path, about) for user_id in set(users)])


@dataclass(frozen=True, slots=True)
class Telling:
    """That one user is to be told of one thing; for its meaning see `tell`."""

    user: UUID
    path: str
    about: str


def tell_each(kind: str, tellings: Iterable[Telling]) -> None:
    """Promise each of many notices of one kind, as `tell` does."""
    outbox.promise_each(
        "agencies.deliver_notice",
        {
            f"notice:{one.about}:{one.user}:{kind}": {
                "user_id": str(one.user),
                "kind": kind,
                "path": one.path,
                "about": one.about,
            }
            for one in tellings
        },
    )


def mark_seen(*, user_id: UUID, notice_id: UUID) -> None:
    """Note that the user has seen a notice of theirs; nobody else's can be marked."""
    Notice.objects.filter(pk=notice_id, user_id=user_id, seen_at=None).update(seen_at=instant())
