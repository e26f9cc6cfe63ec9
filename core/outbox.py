"""After-commit work by registered name.

An action promises an effect with `promise`; the row is written in the action's own
transaction. The relay hands waiting rows to Celery and marks them sent; while the broker
is down they wait. Actions name tasks, they never import them.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from celery import current_app
from django.db import transaction

from core.clock import instant
from core.models import OutboxMessage

RETRY = timedelta(seconds=30)


def promise(task: str, *, effect_key: str, **arguments: str | int | None) -> None:
    """Have `task` run with `arguments` (identifiers only) after this transaction commits.

    The same effect key again promises nothing new.
    """
    message, created = OutboxMessage.objects.get_or_create(
        effect_key=effect_key, defaults={"task": task, "arguments": arguments}
    )
    if created:
        # A robust callback: a broker that is down must not fail what has been committed.
        transaction.on_commit(partial(relay, limit=20), robust=True)


def relay(*, limit: int = 200) -> int:
    """Hand waiting messages to the broker; the number handed over.

    Two relays never take the same row (SKIP LOCKED). A message that the broker refuses
    stays, to be tried again later.
    """
    sent = 0
    with transaction.atomic():
        waiting = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(sent_at=None, not_before__lte=instant())
            .order_by("created_at", "id")[:limit]
        )
        for message in waiting:
            try:
                current_app.send_task(
                    message.task, kwargs=message.arguments, task_id=str(message.id), retry=False
                )
            except Exception:
                message.attempts += 1
                message.not_before = instant() + RETRY * min(message.attempts, 20)
                message.save(update_fields=["attempts", "not_before"])
                break
            message.sent_at = instant()
            message.save(update_fields=["sent_at"])
            sent += 1
    return sent
