"""Forms of sharing decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from access.categories import LABELS, Category, in_order
from access.reading import Sight
from agencies.models import Agency
from core.forms import DatePartsField, GovukForm, TextField
from sharing.consent_forms import end_of
from sharing.enums import DecisionKind
from sharing.models import LawfulBasis
from sharing.recipients import Option

YES_NO = [("yes", "Yes"), ("no", "No")]


class DecisionForm(GovukForm):
    """Share, or do not share, on a lawful basis other than consent."""

    reveals: ClassVar[Any] = {"told": {"no": ["not_told_reason"]}}

    share = forms.ChoiceField(
        label="What is decided?",
        choices=[("yes", "Share"), ("no", "Do not share")],
        widget=forms.RadioSelect,
    )
    recipient = forms.ChoiceField(label="With whom?")
    categories = forms.MultipleChoiceField(label="What?", widget=forms.CheckboxSelectMultiple)
    kind = forms.ChoiceField(
        label="What sort of sharing is it?", choices=DecisionKind, widget=forms.RadioSelect
    )
    lawful_basis = forms.ModelChoiceField(
        label="On which lawful basis?", queryset=LawfulBasis.objects.none()
    )
    condition = TextField(
        label="Condition for sensitive information",
        required=False,
        max_length=300,
        help_text="Needed for health, identity, relationships and offence information."
        " For example: safeguarding of people at risk (DPA 2018, Schedule 1, paragraph 18).",
    )
    necessity = TextField(label="Why is it necessary?", multiline=True, max_length=2000)
    proportionality = TextField(
        label="Why this much and no more?", required=False, multiline=True, max_length=2000
    )
    told = forms.ChoiceField(
        label="Was the young person told?", choices=YES_NO, widget=forms.RadioSelect
    )
    not_told_reason = TextField(label="Why not?", multiline=True, max_length=1000)
    until = DatePartsField(label="Until when?", noun="end", not_past=True)

    def __init__(
        self,
        *args: Any,
        sight: Sight,
        recipients: Mapping[str, Option],
        bases: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.options = recipients
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((option.key, option.words) for option in recipients.values()),
        ]
        offered = {
            category
            for category in Category
            if category not in {Category.POINTER, Category.SAFE_ADDRESS}
            and sight.may_write(category)
        }
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (category.value, LABELS[category]) for category in in_order(offered)
        ]
        self.fields["lawful_basis"].queryset = bases  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was decided, as the action takes it."""
        data = dict(self.cleaned_data)
        option = self.options[data.pop("recipient")]
        return {
            **data,
            "share": data["share"] == "yes",
            "told": data["told"] == "yes",
            "categories": [Category(name) for name in data["categories"]],
            "until": end_of(data["until"]),
            "agency": Agency.objects.get(pk=option.agency_id),
            "worker_id": option.worker_id,
        }


class ApproveForm(GovukForm):
    """A second person's decision."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("approve", "Approve: share now"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )
    reason = TextField(label="Why?", required=False, multiline=True, max_length=1000)
