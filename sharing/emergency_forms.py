"""Forms of emergency access."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from core.clock import LONDON, instant
from core.forms import DatePartsField, GovukForm, TextField, TimeField
from people.matching import Facts
from sharing.enums import EmergencyOutcome, EmergencyRisk


class FactsForm(GovukForm):
    """What somebody can state about a young person: two facts at least."""

    name = TextField(
        label="Name or nickname",
        required=False,
        max_length=120,
        help_text="As far as you know it.",
    )
    born = DatePartsField(label="Date of birth", noun="date of birth", required=False)
    birth_year = forms.IntegerField(
        label="Or only the year of birth", required=False, min_value=1900, max_value=2100
    )
    phone = TextField(label="Phone number", required=False, max_length=40)
    nhs_number = TextField(label="NHS number", required=False, max_length=20)
    area = forms.ChoiceField(label="Borough", required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Not known"), *areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Ask for two facts, one of which is more than a year and an area."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and len(self.facts().stated()) < 2:
            self.add_error("name", "Enter at least two things that you know about them")
        return cleaned

    def facts(self) -> Facts:
        """What was stated."""
        said = self.cleaned_data
        return Facts(
            name=said.get("name") or "",
            phone=said.get("phone") or "",
            born=said.get("born"),
            birth_year=said.get("birth_year"),
            area=said.get("area") or "",
            nhs_number=said.get("nhs_number") or "",
        )


class EmergencyForm(FactsForm):
    """Asking for emergency access."""

    risk = forms.ChoiceField(
        label="What may happen?", choices=EmergencyRisk, widget=forms.RadioSelect
    )
    reason = TextField(
        label="What is the danger, to whom, and why can’t it wait?",
        multiline=True,
        rows=4,
        max_length=2000,
    )
    shift_ends = TimeField(
        label="When does your shift end?",
        help_text="The record closes then, and after 12 hours at the latest. For example 22:00.",
    )

    field_order = ("risk", "reason", "name", "born", "birth_year", "phone", "nhs_number", "area")

    def until(self) -> datetime:
        """The next time that the clock in London shows the end of the shift."""
        now = instant().astimezone(LONDON)
        ends = self.cleaned_data["shift_ends"]
        until = now.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
        return until if until > now else until + timedelta(days=1)


class AccountForm(GovukForm):
    """Saying what was done with what was seen."""

    account = TextField(
        label="What did you do, and with whom did you speak?",
        multiline=True,
        max_length=4000,
        help_text="Your reviewer and the auditors read this.",
    )


class ReviewForm(GovukForm):
    """Saying whether it was right."""

    outcome = forms.ChoiceField(
        label="What did you find?", choices=EmergencyOutcome, widget=forms.RadioSelect
    )
    note = TextField(label="In a sentence or two", multiline=True, rows=3, max_length=2000)
