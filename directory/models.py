"""Community services, in the words and fields of Open Referral HSDS 3."""

from __future__ import annotations

from django.db import models

from core.models import IMPERSONAL, BaseModel


class Organization(BaseModel):
    """An organisation that offers services."""

    classified = IMPERSONAL

    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Service(BaseModel):
    """One service that a young person can be pointed to, or step down to."""

    classified = IMPERSONAL

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="services")
    name = models.CharField(max_length=300)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name
