"""Which agency answers for a young person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from access.models import GuardedManager, PersonalModel, Sealed
from agencies.models import Agency
from core.models import IMPERSONAL
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time
from people.models import YoungPerson


class LeadAgency(Sealed, Period, PersonalModel):
    """A period in which an agency is the lead agency of a young person.

    The agency of the lead worker; before there is one, that to which the referral was
    sent; after closing, that which led last.
    """

    audited = True
    classified = IMPERSONAL

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="lead_agencies")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="led_people")

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta(PersonalModel.Meta):
        ordering = ("starts", "id")
        constraints = (
            ends_after_start("lead_agency_ends_after_start"),
            one_at_a_time(
                "one_lead_agency", "person", message="There is a lead agency in that period."
            ),
        )
        indexes = (models.Index(fields=("agency", "person"), name="lead_agency_agency"),)

    def __str__(self) -> str:
        return f"led by {self.agency_id}"
