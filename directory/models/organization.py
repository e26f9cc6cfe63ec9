"""Who offers services."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from core.models import IMPERSONAL
from directory.models.base import Described


class Organization(Described):
    """An organisation that offers services."""

    classified = IMPERSONAL

    name = models.CharField(max_length=300)
    alternate_name = models.TextField(blank=True)
    description = models.TextField(blank=True)
    email = models.TextField(blank=True)
    website = models.TextField(blank=True)
    uri = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "id")
        indexes = (
            GinIndex(fields=("name",), opclasses=("gin_trgm_ops",), name="organization_name_trgm"),
        )

    def __str__(self) -> str:
        return self.name
