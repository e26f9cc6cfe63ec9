"""Where services are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import IMPERSONAL
from directory.enums import PlaceKind
from directory.models.base import Described, Part
from directory.models.organization import Organization
from directory.models.service import Service


class Location(Described):
    """A place, a postal address or somewhere online."""

    classified = IMPERSONAL

    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="locations"
    )
    location_type = models.CharField(max_length=10, choices=PlaceKind, default=PlaceKind.PHYSICAL)
    name = models.TextField(blank=True)
    alternate_name = models.TextField(blank=True)
    description = models.TextField(blank=True)
    transportation = models.TextField(blank=True)
    url = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    external_identifier = models.TextField(blank=True)
    external_identifier_type = models.TextField(blank=True)
    in_feed = models.BooleanField(
        default=True, help_text="Whether the feed may say where this is. Never a safe venue."
    )

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                name="location_type_known", condition=Q(location_type__in=PlaceKind.values)
            ),
        )

    def __str__(self) -> str:
        return self.name or self.get_location_type_display()


class Address(Part):
    """An address of a location."""

    classified = IMPERSONAL

    location = models.ForeignKey(Location, models.CASCADE, related_name="addresses")
    attention = models.TextField(blank=True)
    address_1 = models.TextField(blank=True)
    address_2 = models.TextField(blank=True)
    city = models.TextField(blank=True)
    region = models.TextField(blank=True)
    state_province = models.TextField(blank=True)
    postal_code = models.CharField(max_length=50, blank=True)
    country = models.TextField(blank=True)
    address_type = models.CharField(max_length=10, choices=PlaceKind, default=PlaceKind.PHYSICAL)

    class Meta(Part.Meta):
        verbose_name_plural = "addresses"
        indexes = (models.Index(fields=("postal_code",), name="address_postal_code"),)

    def __str__(self) -> str:
        return ", ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The address as it is written on an envelope, without the country."""
        lines = (
            self.attention,
            self.address_1,
            self.address_2,
            self.city,
            self.region,
            self.state_province,
            self.postal_code,
        )
        # Town and county are often the same word: once is enough.
        return list(dict.fromkeys(line for line in lines if line))


class Accessibility(Part):
    """How people can get in and take part."""

    classified = IMPERSONAL

    location = models.ForeignKey(Location, models.CASCADE, related_name="accessibility")
    description = models.TextField(blank=True)
    details = models.TextField(blank=True)
    url = models.TextField(blank=True)

    class Meta(Part.Meta):
        verbose_name_plural = "accessibility"

    def __str__(self) -> str:
        return self.description or self.details


class ServiceAtLocation(Described):
    """One service at one place, with what holds there only."""

    classified = IMPERSONAL

    service = models.ForeignKey(Service, models.CASCADE, related_name="service_at_locations")
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="service_at_locations"
    )
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.service} at {self.location}"


class ServiceArea(Part):
    """Where somebody must live for a service to be theirs."""

    classified = IMPERSONAL

    service = models.ForeignKey(Service, models.CASCADE, related_name="service_areas")
    name = models.TextField(blank=True)
    description = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    extent_type = models.TextField(blank=True)
    uri = models.TextField(blank=True)
    gss_code = models.CharField(
        max_length=9, blank=True, help_text="Our own: the ONS code that the area names, if any."
    )

    class Meta(Part.Meta):
        indexes = (models.Index(fields=("gss_code",), name="service_area_gss_code"),)

    def __str__(self) -> str:
        return self.name or self.description
