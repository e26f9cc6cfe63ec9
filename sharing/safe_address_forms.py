"""Forms of the safe address."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import DatePartsField, GovukForm, TextField
from core.long_choices import LongChoiceField
from sharing.recipients import Recipients


class PurposeForm(GovukForm):
    """For what somebody needs the address."""

    purpose = TextField(
        label="What do you need the address for?",
        max_length=200,
        help_text="It goes on record, and the lead worker is told that you looked.",
    )


class AddressForm(GovukForm):
    """The address itself. It is never kept as a draft."""

    address = TextField(
        label="Where do they live now?", multiline=True, rows=4, max_length=1000, notices=False
    )


class ReleaseForm(GovukForm):
    """To whom it is to be released."""

    worker = LongChoiceField(label="Which worker?")
    reason = TextField(
        label="Why does this worker have to know where they live?", multiline=True, max_length=1000
    )
    until = DatePartsField(label="Until when?", noun="end", not_past=True)

    def __init__(self, *args: Any, recipients: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].offer(recipients, none="Choose")  # type: ignore[attr-defined]


class DecideForm(GovukForm):
    """The second person's word."""

    decision = forms.ChoiceField(
        label="Release it?",
        choices=[("release", "Yes, release it"), ("refuse", "No")],
        widget=forms.RadioSelect,
    )
