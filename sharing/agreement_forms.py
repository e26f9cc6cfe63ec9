"""Forms of information-sharing agreements."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms

from access.actor import Member
from access.categories import LABELS, Category
from agencies.models import Agency
from core.clock import LONDON
from core.forms import DatePartsField, GovukForm, TextField

LATEST = date(2099, 12, 31)


class AgreementForm(GovukForm):
    """Which agencies may share what, for what, from when until when. Nothing is pre-ticked."""

    title = TextField(label="Title", max_length=200, strip=True)
    parties = forms.MultipleChoiceField(
        label="With which agencies?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one other agency"},
    )
    purposes = TextField(
        label="What may the information be used for?", multiline=True, max_length=4000
    )
    categories = forms.MultipleChoiceField(
        label="Which kinds of information?",
        widget=forms.CheckboxSelectMultiple,
        choices=[(category.value, LABELS[category]) for category in Category],
        error_messages={"required": "Choose at least one kind of information"},
    )
    starts = DatePartsField(
        label="First day",
        noun="first day",
        help_text="Leave empty to begin when the last party has confirmed it",
        required=False,
        not_past=True,
        latest=LATEST,
    )
    ends = DatePartsField(
        label="Last day",
        noun="last day",
        help_text="Leave empty if there is none",
        required=False,
        not_past=True,
        latest=LATEST,
    )
    review_on = DatePartsField(
        label="When will you review it?", noun="date of review", not_past=True, latest=LATEST
    )

    option_hints: ClassVar = {
        "categories": {
            Category.SAFE_ADDRESS.value: "Where a relocated person lives",
            Category.CLINICAL.value: "Only clinicians see these, whatever is agreed",
        }
    }

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Agency.objects.exclude(pk=member.agency_id).values_list("pk", "name")
        self.fields["parties"].choices = [(str(pk), name) for pk, name in others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "Last day must be on or after the first day")
        return cleaned

    @property
    def starts_at(self) -> datetime | None:
        """The beginning of the first day, in London."""
        day: date | None = self.cleaned_data.get("starts")
        return datetime.combine(day, time(), tzinfo=LONDON) if day else None

    @property
    def ends_at(self) -> datetime | None:
        """The end of the last day, in London."""
        day: date | None = self.cleaned_data.get("ends")
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON) if day else None


class SuspendForm(GovukForm):
    """Why an agreement is suspended."""

    reason = TextField(
        label="Why?",
        help_text="The other parties read this. Write nothing about any young person.",
        multiline=True,
        rows=3,
        max_length=1000,
        strip=True,
        error_messages={"required": "Say why"},
    )
