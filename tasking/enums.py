"""Words of tasking."""

from __future__ import annotations

from django.db import models


class TaskState(models.TextChoices):
    """Where a task stands."""

    SET = "set", "Not answered yet"
    ACCEPTED = "accepted", "Accepted"
    BLOCKED = "blocked", "Blocked"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class TaskKind(models.TextChoices):
    """Which category a task belongs to."""

    TASKING = "tasking", "Support"
    ENFORCEMENT = "enforcement", "Enforcement"


class AlertLevel(models.TextChoices):
    """Whom an alert has reached so far."""

    LEAD = "lead", "Lead worker"
    DUTY = "duty", "Duty worker"
    MANAGER = "manager", "Manager"
    ALL_MANAGERS = "all_managers", "Every manager"


class AlertKind(models.TextChoices):
    """What an alert is."""

    TELL_LEAD = "tell_lead", "Message for the lead worker"
    ABOUT_ME = "about_me", "The young person asks, with their card"
    RING_ME = "ring_me", "Somebody is with the young person and asks to be called"
