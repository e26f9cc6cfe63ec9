"""Forms of consent. Nothing is pre-ticked, and there is no "all agencies"."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms

from access.categories import Category, in_order
from core.clock import LONDON, today
from core.forms import DatePartsField, GovukForm, TextField
from core.long_choices import LongMultipleChoiceField
from sharing.enums import (
    Channel,
    Competence,
    ConsentPlace,
    Giver,
    Purpose,
    ReceiptAnswer,
    Responsibility,
)
from sharing.recipients import Option, Recipients
from sharing.rules import Line
from sharing.wording import CALLED, EXPLAINED

MOST_RECIPIENTS = 6
"""In one conversation: more can't be read and weighed."""
LENGTHS = {"2": "2 weeks", "6": "6 weeks", "12": "12 weeks", "26": "6 months", "52": "A year"}
"""Weeks, as they are offered."""


def end_of(day: date) -> datetime:
    """The midnight after a day, London time: the day itself still counts."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LONDON)


def in_weeks(weeks: int) -> date:
    """The day so many weeks from today: what a form suggests as an end."""
    return today() + timedelta(weeks=weeks)


class RecipientsForm(GovukForm):
    """With whom: named workers; a whole agency only with a reason, which is asked later."""

    to = LongMultipleChoiceField(
        label="Who would see something?",
        help_text=f"Workers by name, at most {MOST_RECIPIENTS} at once. A whole agency only if"
        " there is a reason.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person or agency"},
    )

    def __init__(self, *args: Any, recipients: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(recipients)  # type: ignore[attr-defined]

    def clean_to(self) -> list[str]:
        """Not more than can be talked about."""
        chosen: list[str] = self.cleaned_data["to"]
        if len(chosen) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"Choose at most {MOST_RECIPIENTS} at once")
        return chosen


class RowForm(GovukForm):
    """What one recipient may see, and until when: read together with the young person."""

    reveals: ClassVar[Any] = {"length": {"day": ["until"]}}
    option_hints: ClassVar[Any] = {
        "categories": {category.value: words for category, words in EXPLAINED.items()}
    }

    whole_agency_reason = TextField(
        label="Why does the whole agency need it?", max_length=300, strip=True
    )
    categories = forms.MultipleChoiceField(
        label="What may they see?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what they may see, or go back and leave them out"},
    )
    length = forms.ChoiceField(
        label="For how long?",
        choices=[*LENGTHS.items(), ("day", "Until another day")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for how long"},
    )
    until = DatePartsField(label="Until which day?", noun="last day", not_past=True)

    def __init__(
        self, *args: Any, option: Option, offered: frozenset[Category], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.option = option
        if option.worker_id is not None:
            del self.fields["whole_agency_reason"]
        choices = [(category.value, CALLED[category]) for category in in_order(offered)]
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]

    def line(self) -> Line:
        """The row of the grid that was filled in."""
        data = self.cleaned_data
        day = data["until"] if data["length"] == "day" else in_weeks(int(data["length"]))
        return Line(
            agency_id=self.option.agency_id,
            worker_id=self.option.worker_id,
            categories=frozenset(Category(name) for name in data["categories"]),
            until=end_of(day),
            whole_agency_reason=data.get("whole_agency_reason", ""),
        )


class ConsentForm(GovukForm):
    """What goes for the whole conversation."""

    reveals: ClassVar[Any] = {
        "competence": {
            "assessed": ["assessed_reasons"],
            "parent": ["giver_name", "parental_responsibility", "parent_reasons"],
        }
    }

    purposes = forms.MultipleChoiceField(
        label="What may it be used for?",
        choices=Purpose,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the information may be used for"},
    )
    competence = forms.ChoiceField(
        label="Who decides this?",
        choices=[
            ("assessed", "The young person: they understand what it means"),
            ("parent", "A parent or carer: the young person can’t decide this themselves"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who decides"},
    )
    assessed_reasons = TextField(
        label="How do you know that they understand it?", multiline=True, rows=3, max_length=1000
    )
    giver_name = TextField(label="Name of the parent or carer", max_length=150)
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility?",
        choices=Responsibility,
        widget=forms.RadioSelect,
    )
    parent_reasons = TextField(
        label="Why can’t the young person decide this?", multiline=True, rows=3, max_length=1000
    )
    channel = forms.ChoiceField(label="How was it said?", choices=Channel, widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Where?", choices=ConsentPlace, widget=forms.RadioSelect)
    language = TextField(label="In which language?", max_length=60, initial="English")

    def __init__(self, *args: Any, age: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.presumed = age is not None and age >= 16
        if self.presumed:
            for name in ("competence", *self.revealed_fields):
                del self.fields[name]
        elif age is None:
            self.fields["competence"].choices = [  # type: ignore[attr-defined]
                ("presumed", "The young person: they are 16 or over"),
                *self.fields["competence"].choices,  # type: ignore[attr-defined]
            ]

    def clean(self) -> dict[str, Any] | None:
        """Nothing is revealed, and so nothing forgotten, when nobody is asked who decides."""
        return self.cleaned_data if self.presumed else super().clean()

    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        data = self.cleaned_data
        competence = Competence.PRESUMED if self.presumed else Competence(data["competence"])
        parent = competence == Competence.PARENT
        return {
            "giver": Giver.PARENT if parent else Giver.YOUNG_PERSON,
            "competence": competence,
            "competence_reasons": data.get("parent_reasons" if parent else "assessed_reasons", ""),
            "giver_name": data.get("giver_name", ""),
            "parental_responsibility": data.get("parental_responsibility", ""),
            **{name: data[name] for name in ("purposes", "channel", "place", "language")},
        }


class WithdrawForm(GovukForm):
    """Taking a consent back: as easy as giving it."""

    channel = forms.ChoiceField(
        label="How did they say so?", choices=Channel, widget=forms.RadioSelect
    )
    words = TextField(
        label="What did they say? (optional)",
        help_text="They need give no reason.",
        required=False,
        multiline=True,
        rows=2,
        max_length=1000,
    )


class ReceiptForm(GovukForm):
    """What a recipient says of copies."""

    answer = forms.ChoiceField(
        label="Do you hold copies?", choices=ReceiptAnswer, widget=forms.RadioSelect
    )
