"""A young person."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Upper

from access.categories import Category
from access.history import tracked
from access.models import GuardedManager
from core.clock import instant
from core.ids import new_reference
from core.models import IMPERSONAL, BaseModel
from core.versions import Versioned
from people.enums import Ethnicity, EthnicitySource


def new_person_reference() -> str:
    """A new reference of a young person, for example YP-7K3M9Q."""
    return new_reference("YP")


@tracked
class YoungPerson(Versioned, BaseModel):
    """One young person, or, while provisional, what a referrer typed about one."""

    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "created_at": IMPERSONAL,
        "reference": Category.POINTER,
        "given_name": Category.POINTER,
        "family_name": Category.POINTER,
        "known_as": Category.POINTER,
        "provisional": Category.POINTER,
        "date_of_birth": Category.IDENTITY,
        "pronouns": Category.IDENTITY,
        "ethnicity": Category.IDENTITY,
        "ethnicity_source": Category.IDENTITY,
        "languages": Category.IDENTITY,
        "interpreter_needed": Category.IDENTITY,
        "needs": Category.IDENTITY,
        "strengths": Category.IDENTITY,
        "borough": Category.IDENTITY,
    }

    reference = models.CharField(
        max_length=12, unique=True, default=new_person_reference, editable=False
    )
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    provisional = models.BooleanField(
        default=False, help_text="Holds only what a referrer typed, until the lead agency decides."
    )
    date_of_birth = models.DateField(null=True, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    ethnicity = models.CharField(max_length=2, choices=Ethnicity, blank=True)
    ethnicity_source = models.CharField(
        max_length=10, choices=EthnicitySource, default=EthnicitySource.UNKNOWN
    )
    languages = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    interpreter_needed = models.BooleanField(default=False)
    needs = models.TextField(blank=True, help_text="What helps: reading, hearing, moving about.")
    strengths = models.TextField(blank=True, help_text="What the young person is good at.")
    borough = models.CharField(max_length=9, blank=True, help_text="GSS code of the borough.")
    created_at = models.DateTimeField(default=instant, editable=False)

    objects: ClassVar[GuardedManager] = GuardedManager("pk")
    rows = models.Manager()

    class Meta:
        base_manager_name = "rows"
        verbose_name_plural = "young people"
        indexes = (
            models.Index(fields=("family_name", "given_name", "id"), name="person_by_name"),
            # For searches and for matching by stated facts, whichever of their names somebody
            # knows: with all their names, so that nobody is fetched to be held against another
            # word, or to be put in order.
            models.Index(
                Upper("family_name"),
                "family_name",
                "given_name",
                "id",
                "known_as",
                name="person_by_family_name",
            ),
            models.Index(
                Upper("given_name"),
                "family_name",
                "given_name",
                "id",
                "known_as",
                name="person_by_given_name",
            ),
            models.Index(
                Upper("known_as"),
                "family_name",
                "given_name",
                "id",
                "known_as",
                name="person_by_name_known",
            ),
            models.Index(fields=("date_of_birth",), name="person_born"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> str:
        """The name by which staff find the person."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """What to call the person."""
        return self.known_as or self.given_name

    def age_on(self, day: date) -> int | None:
        """Age in whole years on a date; none when the date of birth is not known."""
        born = self.date_of_birth
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
