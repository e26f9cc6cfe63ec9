"""Words of the directory."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    """Whether a service can be used now (Open Referral's values)."""

    ACTIVE = "active", "Running"
    TEMPORARILY_CLOSED = "temporarily closed", "Closed for now"
    INACTIVE = "inactive", "Not running"
    DEFUNCT = "defunct", "Ended for good"


class PlaceKind(models.TextChoices):
    """What sort of place a location or an address is (Open Referral's values)."""

    PHYSICAL = "physical", "A place to go to"
    POSTAL = "postal", "For post"
    VIRTUAL = "virtual", "Online"
