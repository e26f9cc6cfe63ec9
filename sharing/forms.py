"""Forms of sharing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms

from access.categories import LABELS, Category, in_order
from access.reading import Sight
from agencies.models import Agency, Membership
from core.clock import LONDON, today
from core.forms import DatePartsField, GovukForm, TextField
from sharing.enums import Channel, Competence, ConsentPlace, DecisionKind, Giver, Purpose
from sharing.models import LawfulBasis
from sharing.queries import GRID
from sharing.rules import Line

YES_NO = [("yes", "Yes"), ("no", "No")]


def end_of(day: date) -> datetime:
    """The midnight after a day, London time: the day itself still counts."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LONDON)


class ConsentForm(GovukForm):
    """Consent for one recipient: read together with the young person. Nothing is pre-ticked."""

    reveals: ClassVar[Any] = {
        "giver": {"parent": ["giver_name"]},
        "competence": {"assessed": ["competence_reasons"]},
    }

    recipient = forms.ChoiceField(
        label="Who may see it?",
        help_text="One worker by name. A whole agency only if there is a reason.",
    )
    whole_agency_reason = TextField(
        label="If it is a whole agency: why?", required=False, max_length=300
    )
    categories = forms.MultipleChoiceField(
        label="What may they see?", widget=forms.CheckboxSelectMultiple
    )
    until = DatePartsField(label="Until when?", noun="end", not_past=True)
    purposes = forms.MultipleChoiceField(
        label="What may it be used for?", choices=Purpose, widget=forms.CheckboxSelectMultiple
    )
    giver = forms.ChoiceField(label="Who agrees?", choices=Giver, widget=forms.RadioSelect)
    giver_name = TextField(label="Their name", required=True, max_length=150)
    competence = forms.ChoiceField(
        label="Are they able to decide this?", choices=Competence, widget=forms.RadioSelect
    )
    competence_reasons = TextField(label="Why?", required=True, multiline=True, max_length=1000)
    channel = forms.ChoiceField(label="How was it said?", choices=Channel, widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Where?", choices=ConsentPlace, widget=forms.RadioSelect)
    language = TextField(label="In which language?", max_length=60)

    def __init__(
        self,
        *args: Any,
        sight: Sight,
        recipients: list[Membership],
        agencies: list[Agency],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hats = {f"worker:{hat.pk}": hat for hat in recipients}
        self.agencies = {f"agency:{agency.pk}": agency for agency in agencies}
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            ("A worker", [(key, f"{hat.user} – {hat.agency}") for key, hat in self.hats.items()]),
            ("A whole agency", [(key, agency.name) for key, agency in self.agencies.items()]),
        ]
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (category.value, LABELS[category]) for category in GRID if sight.may_write(category)
        ]

    def line(self) -> Line:
        """The row of the grid that was filled in."""
        data = self.cleaned_data
        hat = self.hats.get(data["recipient"])
        return Line(
            agency_id=hat.agency_id if hat else self.agencies[data["recipient"]].pk,
            worker_id=hat.user_id if hat else None,
            categories=frozenset(Category(name) for name in data["categories"]),
            until=end_of(data["until"]),
            whole_agency_reason=data["whole_agency_reason"],
        )


class WithdrawForm(GovukForm):
    """Withdrawing a consent."""

    words = TextField(label="What did they say?", required=False, multiline=True, max_length=1000)


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
        recipients: list[Membership],
        agencies: list[Agency],
        bases: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hats = {f"worker:{hat.pk}": hat for hat in recipients}
        self.agencies = {f"agency:{agency.pk}": agency for agency in agencies}
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            ("A worker", [(key, f"{hat.user} – {hat.agency}") for key, hat in self.hats.items()]),
            ("An agency", [(key, agency.name) for key, agency in self.agencies.items()]),
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
        hat = self.hats.get(data.pop("recipient"))
        agency = hat.agency if hat else self.agencies[self.cleaned_data["recipient"]]
        return {
            **data,
            "share": data["share"] == "yes",
            "told": data["told"] == "yes",
            "categories": [Category(name) for name in data["categories"]],
            "until": end_of(data["until"]),
            "agency": agency,
            "worker_id": hat.user_id if hat else None,
        }


class ApproveForm(GovukForm):
    """A second person's decision."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("approve", "Approve: share now"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )
    reason = TextField(label="Why?", required=False, multiline=True, max_length=1000)


def in_weeks(weeks: int) -> date:
    """The day so many weeks from today: what a form suggests as an end."""
    return today() + timedelta(weeks=weeks)
