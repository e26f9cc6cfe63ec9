"""Keeping and clearing what a user has typed and not saved."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from access.actor import Member
from agencies.models import Draft
from agencies.sealing import seal
from core.clock import instant

KEPT = timedelta(days=14)
LONGEST = 60_000
"""Characters of a draft; a longer one is no form of ours."""


def save(*, key: str, person_id: UUID | None, values: dict[str, list[str]], by: Member) -> Draft:
    """Keep what the member has typed into a form. Nobody else can read it."""
    draft, _ = Draft.objects.update_or_create(
        membership_id=by.membership_id,
        key=key,
        defaults={"person_id": person_id, "sealed_values": seal(values), "saved_at": instant()},
    )
    return draft


def clear(*, key: str, by: Member) -> None:
    """Forget a draft: it has been saved for good, or thrown away."""
    Draft.objects.filter(membership_id=by.membership_id, key=key).delete()


def forget_old() -> int:
    """Forget drafts that nobody came back to; the number forgotten."""
    deleted, _ = Draft.objects.filter(saved_at__lt=instant() - KEPT).delete()
    return deleted
