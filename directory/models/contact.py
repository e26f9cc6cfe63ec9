"""Whom to speak to, on which number and in which language."""

from __future__ import annotations

from django.db import models

from core.models import IMPERSONAL
from directory.models.base import Part, one_parent, parent


class Contact(Part):
    """A person or a desk to ask for."""

    classified = IMPERSONAL

    organization = parent("Organization", "contacts")
    service = parent("Service", "contacts")
    location = parent("Location", "contacts")
    service_at_location = parent("ServiceAtLocation", "contacts")
    name = models.TextField(blank=True)
    title = models.TextField(blank=True)
    department = models.TextField(blank=True)
    email = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = (
            one_parent(
                "contact_one_parent",
                "organization",
                "service",
                "location",
                "service_at_location",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(word for word in (self.name, self.title, self.department) if word)


class Phone(Part):
    """A telephone number."""

    classified = IMPERSONAL

    organization = parent("Organization", "phones")
    service = parent("Service", "phones")
    location = parent("Location", "phones")
    service_at_location = parent("ServiceAtLocation", "phones")
    contact = parent("Contact", "phones")
    number = models.TextField()
    extension = models.PositiveIntegerField(null=True, blank=True)
    type = models.TextField(blank=True)
    description = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = (
            one_parent(
                "phone_one_parent",
                "organization",
                "service",
                "location",
                "service_at_location",
                "contact",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Language(Part):
    """A language that is spoken, signed or interpreted."""

    classified = IMPERSONAL

    service = parent("Service", "languages")
    location = parent("Location", "languages")
    phone = parent("Phone", "languages")
    name = models.TextField(blank=True)
    code = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = (one_parent("language_one_parent", "service", "location", "phone"),)

    def __str__(self) -> str:
        return self.name or self.code
