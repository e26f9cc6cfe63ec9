"""Saying until when something holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format

from core.clock import LONDON

register = template.Library()


@register.filter
def until(ends: datetime | None) -> str:
    """An end as people say it: "the end of 5 December 2026", or "5 December 2026, 14:30".

    What holds for a whole day ends at the midnight after it, in London; as a date alone that
    reads as a day more. Empty for no end.
    """
    if ends is None:
        return ""
    local = ends.astimezone(LONDON)
    if (local.hour, local.minute) == (0, 0):
        return f"the end of {date_format(local.date() - timedelta(days=1), 'j F Y')}"
    return date_format(local.replace(tzinfo=None), "j F Y, H:i")
