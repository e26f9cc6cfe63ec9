"""Forms of the duty rota."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from core.clock import LONDON, today
from core.forms import DatePartsField, GovukForm, TimeField
from core.long_choices import LongChoiceField, Offer

AHEAD = timedelta(days=366)
"""How far ahead a shift can begin: further is a slip of the finger."""


class ShiftForm(GovukForm):
    """Who is on duty from when until when, in London."""

    user = LongChoiceField(
        label="Who is on duty?", error_messages={"required": "Choose who is on duty"}
    )
    starts = DatePartsField(
        label="First day", noun="first day", not_past=True, latest=lambda: today() + AHEAD
    )
    starts_at = TimeField(
        label="From what time?",
        noun="time at which it begins",
        help_text="For example 09:00 or 5pm",
    )
    ends = DatePartsField(label="Last day", noun="last day", not_past=True)
    ends_at = TimeField(label="Until what time?", noun="time at which it ends")

    def __init__(self, *args: Any, workers: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].offer(workers, none="Choose")  # type: ignore[attr-defined]

    def starts_moment(self) -> datetime:
        """When it begins."""
        return self._moment("starts")

    def ends_moment(self) -> datetime:
        """When it ends."""
        return self._moment("ends")

    def _moment(self, name: str) -> datetime:
        day: date = self.cleaned_data[name]
        return datetime.combine(day, self.cleaned_data[f"{name}_at"], tzinfo=LONDON)
