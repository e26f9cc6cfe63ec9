"""After-commit work by registered name.

An action promises an effect with `promise`; the row is written in the action's own
transaction. The relay hands waiting rows to Celery and marks them sent; while the broker
is down they wait. Actions name tasks, they never import them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice

from celery import current_app
from django.db import transaction

from core.clock import instant
from core.models import OutboxMessage

RETRY = timedelta(seconds=30)
RELAYED = 20
"""So many messages are handed over after a transaction; the clock takes the rest."""
AT_ONCE = 1_000


def promise(task: str, *, effect_key: str, **arguments: str | int | None) -> None:
    """Have `task` run with `arguments` (identifiers only) after this transaction commits.

    The same effect key again promises nothing new.
    """
    promise_each(task, {effect_key: arguments})


def promise_each(task: str, effects: Mapping[str, Mapping[str, str | int | None]]) -> int:
    """The same for many effects, by their keys; how many of them were new.

    A few statements for each thousand. What is more than the relay takes at once waits for
    the clock.
    """
    new: list[str] = []
    keys = iter(effects)
    while some := list(islice(keys, AT_ONCE)):
        known = set(
            OutboxMessage.objects.filter(effect_key__in=some).values_list("effect_key", flat=True)
        )
        messages = [
            OutboxMessage(task=task, effect_key=key, arguments=dict(effects[key]))
            for key in some
            if key not in known
        ]
        # Whoever promises the same in this moment has promised it.
        OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
        new += [message.effect_key for message in messages]
    if new:
        _relay_after_commit(new)
    return len(new)


def _relay_after_commit(keys: Sequence[str]) -> None:
    """Have what this transaction promised handed over after it, but for what is too much.

    Nobody waits for what others have promised.
    """
    for _, hook, _ in transaction.get_connection().run_on_commit:
        if isinstance(hook, partial) and hook.func is relay:
            hook.keywords["of"] += keys[: RELAYED - len(hook.keywords["of"])]
            return
    # A robust callback: a broker that is down must not fail what has been committed.
    transaction.on_commit(partial(relay, of=list(keys[:RELAYED])), robust=True)


def relay(*, limit: int = 200, of: Collection[str] | None = None) -> int:
    """Hand waiting messages to the broker, those `of` some keys if given; how many.

    Two relays never take the same row (SKIP LOCKED). A message that the broker refuses
    stays, to be tried again later.
    """
    sent = 0
    with transaction.atomic():
        waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(
            sent_at=None, not_before__lte=instant()
        )
        if of is not None:
            waiting = waiting.filter(effect_key__in=of)
        for message in waiting.order_by("created_at", "id")[:limit]:
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
