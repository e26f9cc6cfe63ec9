"""Loading the demo: once, in one transaction."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from agencies.models import User
from config.demo import crowd, daily, notices, partners, services, staff
from config.demo.calendar import Calendar
from config.demo.meetings import Agendas
from config.demo.stage import Stage
from config.demo.worked_example import told


class Refused(Exception):
    """Invented people are not mixed with real ones."""


def check_allowed() -> None:
    """Raise Refused where the people may be real."""
    if not (settings.DEBUG or settings.DEMO):
        raise Refused("Invented people are loaded only where DEBUG or DEMO is on.")


def is_loaded() -> bool:
    """Whether the demo is there. Asks for its accounts: they are nobody's personal data."""
    return User.objects.filter(is_demo=True, username="lead-worker").exists()


def load() -> int:
    """Load the demo world; the number of steps played. Raises Refused, changing nothing.

    One transaction: an interrupted load leaves nothing behind.
    """
    check_allowed()
    with transaction.atomic():
        # Where this is not set, each trigger finds out by an exception.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        stage = Stage(Calendar(timezone.now()))
        staff.arrive(stage)
        services.seed(stage)
        unit = Agendas(
            stage,
            "borough-unit",
            "unit-manager",
            ("unit-manager", "unit-worker", "police-officer", "lead-worker"),
        )
        charity = Agendas(
            stage,
            "lead-charity",
            "charity-manager",
            ("charity-manager", "lead-worker", "colleague", "family-worker"),
            clock="10:15",
        )
        told.tell(stage, unit)
        others = crowd.gather(stage)
        partners.share(others)
        daily.tasking(others, unit, charity)
        unit.plan()
        charity.plan()
        played = stage.play()
        notices.settle(stage)
    return played
