"""Numbers by which other systems know a young person."""

from __future__ import annotations

from django.db import models

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel
from core.models import IMPERSONAL
from people.enums import IdentifierScheme
from people.models.young_person import YoungPerson


def category_of(scheme: str) -> Category:
    """PNC numbers are offending information; the others are identity."""
    return Category.OFFENDING if scheme == IdentifierScheme.PNC else Category.IDENTITY


@tracked
class Identifier(PersonalModel):
    """One number. Never unique in the database: a uniqueness error would tell."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "scheme": Category.IDENTITY,
        "value": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=5, choices=IdentifierScheme)
    value = models.CharField(max_length=20)

    class Meta(PersonalModel.Meta):
        ordering = ("scheme", "id")
        indexes = (models.Index(fields=("scheme", "value"), name="identifier_value"),)

    def __str__(self) -> str:
        return self.get_scheme_display()

    @property
    def category(self) -> Category:
        """That of its scheme."""
        return category_of(self.scheme)
