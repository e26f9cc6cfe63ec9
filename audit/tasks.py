"""Background work of this room."""

from __future__ import annotations

import logging

from celery import shared_task

from audit import sealing

log = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal() -> int:
    """Seal what waits; the number of records. Says so when it can't, and the records wait."""
    try:
        return sealing.run().records
    except sealing.SinkDown as problem:
        log.error("A sink of the audit trail is down; records wait. %s", problem)
    except sealing.ChainBroken as problem:
        log.critical("The audit trail does not fit its sinks; run verify_audit. %s", problem)
    return 0
