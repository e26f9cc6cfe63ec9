"""Notices of the demo: the last days' are put in the lists, none is sent by e-mail."""

from __future__ import annotations

from datetime import timedelta

from agencies.models import Notice
from config.demo.stage import Stage
from core.models import OutboxMessage

RECENT = timedelta(days=10)
"""Older ones have been read long since."""


def settle(stage: Stage) -> None:
    """Hand over what the outbox promised, here and now: nobody wants old e-mail."""
    waiting = OutboxMessage.objects.filter(sent_at=None, task="agencies.deliver_notice")
    Notice.objects.bulk_create(
        Notice(
            user_id=message.arguments["user_id"],
            kind=message.arguments["kind"],
            path=message.arguments["path"],
            effect_key="{about}:{user_id}:{kind}".format(**message.arguments),
            created_at=message.created_at,
            emailed_at=message.created_at,
        )
        for message in waiting.filter(created_at__gte=stage.calendar.now - RECENT)
    )
    OutboxMessage.objects.filter(sent_at=None).update(sent_at=stage.calendar.now)
