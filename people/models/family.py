"""The family: the household and kin around a young person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel
from core.models import IMPERSONAL
from core.versions import Versioned
from people.enums import RelationshipKind
from people.models.young_person import YoungPerson


@tracked
class Relative(Versioned, PersonalModel):
    """Somebody in the family, with needs of their own.

    When the relative is a young person with a record here, `other` links to it; the link
    shows only to somebody who sees the pointers of both. Who is no longer family, or was
    written down wrongly, is ended and not deleted.
    """

    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "person": IMPERSONAL,
        "other": Category.FAMILY,
        "name": Category.FAMILY,
        "kind": Category.FAMILY,
        "same_household": Category.FAMILY,
        "parental_responsibility": Category.FAMILY,
        "main_carer": Category.FAMILY,
        "needs": Category.FAMILY,
        "phone": Category.FAMILY,
        "ended_at": Category.FAMILY,
        "end_reason": Category.FAMILY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="relatives")
    other = models.ForeignKey(
        YoungPerson, models.PROTECT, null=True, blank=True, related_name="relative_of"
    )
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=RelationshipKind)
    same_household = models.BooleanField(default=False)
    parental_responsibility = models.BooleanField(null=True, blank=True)
    main_carer = models.BooleanField(default=False)
    needs = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="relative_is_somebody_else",
                condition=Q(other=None) | ~Q(other=models.F("person")),
                violation_error_message="A person can't be their own relative.",
            ),
            models.CheckConstraint(
                name="relative_ended_for_a_reason",
                condition=Q(ended_at=None, end_reason="")
                | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                violation_error_message="Say why they are no longer family.",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
