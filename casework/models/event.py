"""Events in a life: dated, sourced, with the part played in that event alone."""

from __future__ import annotations

from django.db import models

from access.fields import CategoriesField
from access.history import tracked
from access.models import PersonalModel, listed_by
from agencies.models import Agency, User
from casework.enums import EventKind, PartPlayed
from core.clock import instant
from core.models import BY_ROW, IMPERSONAL
from people.models import YoungPerson


@tracked
class LifeEvent(PersonalModel):
    """Something that happened; the part played belongs to it, never to the person."""

    bits = "t.categories"
    listed = listed_by(bits)
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "categories": IMPERSONAL,
        "on": IMPERSONAL,
        "kind": BY_ROW,
        "part": BY_ROW,
        "what": BY_ROW,
        "source": BY_ROW,
        "agency": BY_ROW,
        "recorded_by": BY_ROW,
        "recorded_at": BY_ROW,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="life_events")
    categories = CategoriesField()
    on = models.DateField()
    kind = models.CharField(max_length=15, choices=EventKind)
    part = models.CharField(max_length=12, choices=PartPlayed, default=PartPlayed.NONE)
    what = models.CharField(max_length=500)
    source = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=instant)

    class Meta(PersonalModel.Meta):
        ordering = ("-on", "-id")
        indexes = (models.Index(fields=("person", "-on"), name="life_event_person"),)

    def __str__(self) -> str:
        return f"event of {self.on}"
