"""The lists of words by which services are sorted."""

from __future__ import annotations

from django.db import models

from core.models import IMPERSONAL
from directory.models.base import Described, Part, one_parent, parent


class Taxonomy(Described):
    """A list of words, for example of kinds of service."""

    classified = IMPERSONAL

    name = models.TextField()
    description = models.TextField(blank=True)
    uri = models.TextField(blank=True)
    # Not `Versioned`: the version is the publisher's own word.
    version = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "taxonomies"

    def __str__(self) -> str:
        return self.name


class TaxonomyTerm(Described):
    """One word of a list.

    `parent_id` is plain: a file may name a parent that no file has brought.
    """

    classified = IMPERSONAL

    taxonomy_detail = models.ForeignKey(
        Taxonomy, models.PROTECT, null=True, blank=True, related_name="terms"
    )
    code = models.TextField(blank=True)
    name = models.TextField()
    description = models.TextField(blank=True)
    parent_id = models.CharField(max_length=200, blank=True)
    taxonomy = models.TextField(blank=True)
    language = models.TextField(blank=True)
    term_uri = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=("parent_id",), name="taxonomy_term_parent"),)

    def __str__(self) -> str:
        return self.name


class Attribute(Part):
    """One word of a list, said of something."""

    classified = IMPERSONAL

    service = parent("Service", "attributes")
    organization = parent("Organization", "attributes")
    location = parent("Location", "attributes")
    service_at_location = parent("ServiceAtLocation", "attributes")
    taxonomy_term = models.ForeignKey(
        TaxonomyTerm, models.PROTECT, null=True, blank=True, related_name="attributes"
    )
    link_type = models.TextField(blank=True)
    link_entity = models.TextField(blank=True)
    value = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = (
            one_parent(
                "attribute_one_parent",
                "service",
                "organization",
                "location",
                "service_at_location",
            ),
        )

    def __str__(self) -> str:
        return str(self.taxonomy_term or self.value)
