"""Forms of sharing decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from access.categories import LABELS, Category, in_order
from access.reading import Sight
from agencies.models import Agency
from core.forms import DatePartsField, GovukForm, TextField
from core.long_choices import LongChoiceField
from sharing.consent_forms import end_of
from sharing.enums import DecisionKind, Limb
from sharing.models import LawfulBasis, ProcessingCondition
from sharing.recipients import Option, Recipients

YES_NO = [("yes", "Yes"), ("no", "No")]
SENSITIVE = "Only for identity, health, relationships, or what may tell of offences."


class GroundsForm(GovukForm):
    """On what a share rests, and why."""

    reveals: ClassVar[Any] = {
        "told": {"no": ["not_told_reason"]},
        "conditions": {"safeguarding": ["limb", "at_risk_reason"]},
    }

    lawful_basis = forms.ModelChoiceField(
        label="On which lawful basis?", queryset=LawfulBasis.objects.none()
    )
    conditions = forms.MultipleChoiceField(
        label="Which condition for sensitive information?",
        help_text=SENSITIVE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    limb = forms.ChoiceField(label="Why without consent?", choices=Limb, widget=forms.RadioSelect)
    at_risk_reason = TextField(
        label="For an adult: why are they at risk?", required=False, multiline=True, rows=2
    )
    necessity = TextField(label="Why is it necessary?", multiline=True, rows=3, max_length=2000)
    proportionality = TextField(
        label="Why this much and no more?", multiline=True, rows=3, max_length=2000
    )
    told = forms.ChoiceField(
        label="Was the young person told?", choices=YES_NO, widget=forms.RadioSelect
    )
    not_told_reason = TextField(label="Why not?", multiline=True, rows=2, max_length=1000)
    until = DatePartsField(label="Until when?", noun="last day", not_past=True)

    def __init__(
        self,
        *args: Any,
        bases: Sequence[LawfulBasis],
        conditions: Sequence[ProcessingCondition],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        keys = [basis.pk for basis in bases]
        self.fields["lawful_basis"].queryset = LawfulBasis.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["conditions"].choices = [(row.code, row.name) for row in conditions]  # type: ignore[attr-defined]

    def grounds(self) -> dict[str, Any]:
        """What it rests on, as the action takes it."""
        data = self.cleaned_data
        names = ("lawful_basis", "conditions", "limb", "at_risk_reason", "necessity")
        return {
            **{name: data[name] for name in (*names, "proportionality", "not_told_reason")},
            "told": data["told"] == "yes",
        }


def writable(sight: Sight, never: Iterable[Category]) -> list[tuple[str, str]]:
    """The categories that somebody may share, as choices."""
    left_out = {Category.POINTER, *never}
    found = {one for one in Category if one not in left_out and sight.may_write(one)}
    return [(category.value, LABELS[category]) for category in in_order(found)]


class DecisionForm(GroundsForm):
    """Share, or do not share, on a lawful basis other than consent."""

    field_order = ("share", "recipient", "categories", "kind")

    share = forms.ChoiceField(
        label="What is decided?",
        choices=[("yes", "Share"), ("no", "Do not share")],
        widget=forms.RadioSelect,
    )
    recipient = LongChoiceField(label="With whom?")
    categories = forms.MultipleChoiceField(label="What?", widget=forms.CheckboxSelectMultiple)
    kind = forms.ChoiceField(
        label="What sort of sharing is it?", choices=DecisionKind, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, sight: Sight, recipients: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients = recipients
        self.fields["recipient"].offer(recipients, none="Choose")  # type: ignore[attr-defined]
        choices = writable(sight, [Category.SAFE_ADDRESS])
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was decided, as the action takes it."""
        data = self.cleaned_data
        option = self.recipients.one(data["recipient"])
        return {
            **self.grounds(),
            "share": data["share"] == "yes",
            "kind": data["kind"],
            "categories": [Category(name) for name in data["categories"]],
            "until": end_of(data["until"]),
            "agency": Agency.objects.get(pk=option.agency_id),
            "worker_id": option.worker_id,
        }


class PartnerForm(GovukForm):
    """What one routine partner would be shown."""

    categories = forms.MultipleChoiceField(
        label="What do they need?",
        required=False,
        help_text="Tick nothing to leave them out.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        option: Option,
        choices: list[tuple[str, str]],
        now: Iterable[Category],
        **kwargs: Any,
    ) -> None:
        # At a review the question is what has to change: what was decided before is shown.
        kwargs.setdefault("initial", {"categories": [one.value for one in now]})
        super().__init__(*args, **kwargs)
        self.option = option
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> frozenset[Category]:
        """What was ticked."""
        return frozenset(Category(name) for name in self.cleaned_data["categories"])


class ApproveForm(GovukForm):
    """A second person's decision."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("approve", "Approve: share now"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )
    reason = TextField(label="Why?", required=False, multiline=True, rows=3, max_length=1000)


class ReviewForm(GovukForm):
    """What the review of a one-off share found."""

    words = TextField(
        label="What did the review find?",
        help_text="Was it right, was it used as meant, is an agreement needed?",
        multiline=True,
        rows=4,
        max_length=2000,
    )
