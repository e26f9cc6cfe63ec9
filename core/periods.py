"""Rows that hold for a time: from `starts` until before `ends`, or open."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from core.clock import instant


class PeriodQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """A query over periods."""

    def live(self, at: datetime | None = None) -> PeriodQuerySet:
        """The rows that hold at an instant, the present unless one is given."""
        return self.filter(live(at))


def live(at: datetime | None = None, prefix: str = "") -> Q:
    """The condition that a period holds at an instant; `prefix` leads to it ("agency__")."""
    moment = at or instant()
    return Q(**{f"{prefix}starts__lte": moment}) & (
        Q(**{f"{prefix}ends": None}) | Q(**{f"{prefix}ends__gt": moment})
    )


class Period(models.Model):
    """A dated fact. `ends` none means open."""

    starts = models.DateTimeField(default=instant)
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_live(self, at: datetime | None = None) -> bool:
        """Whether the period holds at an instant, the present unless one is given."""
        moment = at or instant()
        return self.starts <= moment and (self.ends is None or moment < self.ends)


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint that a period does not end before it starts."""
    return models.CheckConstraint(
        name=name,
        condition=Q(ends=None) | Q(ends__gte=F("starts")),
        violation_error_message="The end must be after the start.",
    )


def one_at_a_time(name: str, *fields: str, message: str) -> ExclusionConstraint:
    """The constraint that no two periods with the same `fields` overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            (
                Func(F("starts"), F("ends"), Value("[)"), function="tstzrange"),
                RangeOperators.OVERLAPS,
            ),
        ],
        violation_error_message=message,
    )
