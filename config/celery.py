"""The background worker and its schedule."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("throughline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_without_sinks(**_: Any) -> None:
    """Neither worker nor beat starts when the audit trail could not leave the database.

    Celery runs Django's checks and does not mind what they say, nor what a receiver raises:
    only leaving is heeded.
    """
    from django.core.exceptions import ImproperlyConfigured

    from audit.checks import require

    try:
        require()
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
