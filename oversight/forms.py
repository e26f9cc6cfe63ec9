"""The filters of the registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from agencies.models import Agency
from core.forms import PARTS, DatePartsField, GovukForm, TextField
from oversight import rules, sentences
from oversight.enums import Cause, Question, Reply, Risk, SampleKind
from sharing.enums import BASIS_CHOICES, DecisionKind, DecisionState, Giver
from sharing.models import LawfulBasis

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class Filter(GovukForm):
    """What every register can be narrowed by. Nothing hidden can be looked for."""

    user = TextField(
        label="User", help_text="Name or user name", required=False, max_length=100, strip=True
    )
    person = TextField(
        label="Young person",
        help_text="Reference, like YP-7K3M9Q",
        required=False,
        max_length=20,
    )
    agency = forms.ChoiceField(label="Agency", required=False)
    since = DatePartsField(label="From", required=False, earliest=EARLIEST, latest=LATEST)
    until = DatePartsField(label="To", required=False, earliest=EARLIEST, latest=LATEST)

    agency_label = "Agency of the user"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        agency.choices = [  # type: ignore[attr-defined]
            ("", "Any"),
            *((str(pk), name) for pk, name in Agency.objects.values_list("pk", "name")),
        ]
        agency.label = self.agency_label

    def asked(self) -> dict[str, Any]:
        """What is asked for, without what is wrong or empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> list[tuple[str, str]]:
        """What is asked for: the field and its words, for the tags above the list."""
        return [(name, self._words(name, value)) for name, value in self.asked().items()]

    def without(self, name: str) -> dict[str, str]:
        """The query string's values without one field."""
        return {key: value for key, value in self.values().items() if key not in boxes(name)}

    def values(self) -> dict[str, str]:
        """The query string's values of this form, as typed."""
        names = [box for name in self.fields for box in boxes(name)]
        data: Mapping[str, Any] = self.data
        return {name: str(data[name]) for name in names if data.get(name)}

    def right(self) -> dict[str, str]:
        """The same without what is wrong."""
        wrong = {box for name in self.errors for box in boxes(name)}
        return {box: value for box, value in self.values().items() if box not in wrong}

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
        elif isinstance(value, date):
            value = f"{value.day} {value:%B %Y}"
        return f"{field.label}: {value}"


class ConsentFilter(Filter):
    """Filters of the register of consents."""

    agency_label = "Recipient"
    kind = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), ("live", "In force"), ("over", "Ended"), ("withdrawn", "Withdrawn")],
    )
    basis = forms.ChoiceField(
        label="Given by", required=False, choices=[("", "Anybody"), *Giver.choices]
    )


class DecisionFilter(Filter):
    """Filters of the register of sharing decisions."""

    agency_label = "Recipient"
    kind = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), ("late", "Waiting for more than a day"), *DecisionState.choices],
    )
    sort = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any"), *DecisionKind.choices]
    )
    basis = forms.ChoiceField(label="Lawful basis", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].choices = [  # type: ignore[attr-defined]
            ("", "Any"),
            *LawfulBasis.objects.values_list("code", "name"),
        ]


class ReadFilter(Filter):
    """Filters of the register of who looked."""


class EventFilter(Filter):
    """Filters of the register of everything that was done."""

    kind = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[
            ("", "Anything"),
            *sorted(
                ((verb, sentences.verb_words(verb)) for verb in sentences.SENTENCES),
                key=lambda choice: choice[1],
            ),
        ],
    )
    basis = forms.ChoiceField(
        label="Basis",
        required=False,
        choices=[("", "Any"), *BASIS_CHOICES],
    )


class AgreementFilter(Filter):
    """Filters of the register of agreements: they are about no person and nobody's reading."""

    agency_label = "Party"
    kind = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Any"),
            ("live", "In force"),
            ("soon", "Ends within 30 days"),
            ("over", "Ended"),
            ("suspended", "Suspended"),
            ("waiting", "Not confirmed by all"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("user", "person"):
            del self.fields[name]


class BreakGlassFilter(Filter):
    """Filters of the register of emergency access."""


class MatchingFilter(Filter):
    """Filters of the register of matching requests."""


class SaveViewForm(GovukForm):
    """A name for the filters of a register."""

    name = TextField(label="Save these filters for the team as", max_length=60, strip=True)


class DrawForm(GovukForm):
    """What a sample is drawn from, and how."""

    reveals = {"kind": {SampleKind.RISK: [f"weight_{risk}" for risk in Risk.values]}}

    kind = forms.ChoiceField(
        label="How to draw", choices=SampleKind.choices, widget=forms.RadioSelect
    )
    since = DatePartsField(label="First day", earliest=EARLIEST, latest=LATEST)
    until = DatePartsField(label="Last day", earliest=EARLIEST, not_future=True)
    size = forms.IntegerField(label="How many shares", min_value=1, max_value=50)
    seed = TextField(
        label="Seed (optional)",
        help_text="Give the seed of an earlier sample to draw the same shares again",
        required=False,
        max_length=40,
        strip=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for risk in Risk:
            self.fields[f"weight_{risk.value}"] = forms.IntegerField(
                label=str(risk.label),
                min_value=0,
                max_value=100,
                required=False,
                initial=rules.WEIGHTS[risk],
            )

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        weights = {risk: said.pop(f"weight_{risk}") or 0 for risk in Risk.values}
        return said | {"weights": weights}


class ChecklistForm(GovukForm):
    """The checklist of a sampled share. What is not answered yet stays open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in Question:
            self.fields[question.value] = forms.ChoiceField(
                label=str(question.label),
                choices=Reply.choices,
                widget=forms.RadioSelect,
                required=False,
            )

    def asked(self) -> dict[str, str]:
        """The answers that were given."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReasonForm(GovukForm):
    """Why content has to be read."""

    reason = TextField(
        label="Why do you need to read what was shared?",
        help_text="It stays on record. Sixty minutes, to you alone.",
        multiline=True,
        max_length=1000,
    )


class CauseForm(GovukForm):
    """A look at one person's record for cause."""

    person = TextField(label="Young person", help_text="Reference, like YP-7K3M9Q", max_length=20)
    cause = forms.ChoiceField(label="Cause", choices=Cause.choices, widget=forms.RadioSelect)
    reason = TextField(
        label="What happened, and what do you need to find out?", multiline=True, max_length=2000
    )


class DecideCauseForm(GovukForm):
    """The second person's answer."""

    decision = forms.ChoiceField(
        label="Do you approve it?",
        choices=[("approve", "Approve: four hours, from now"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )


class FindingForm(GovukForm):
    """A finding, with who answers for it and by when."""

    what = TextField(
        label="What is not as it should be?",
        help_text="About the sharing or the reading. Do not write what is in the record.",
        multiline=True,
        max_length=2000,
    )
    owner = forms.ChoiceField(label="Who answers for it")
    due_on = DatePartsField(label="By when", noun="day", not_past=True, latest=LATEST)

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Choose"), *owners]  # type: ignore[attr-defined]


class ReplyForm(GovukForm):
    """What was done about a finding."""

    reply = TextField(label="What was done about it?", multiline=True, max_length=2000)


class AlertAnswerForm(GovukForm):
    """What came of an alert about somebody's reading."""

    answer = TextField(label="What came of it?", multiline=True, max_length=2000)


class QuarterForm(GovukForm):
    """Which quarter to sum up."""

    quarter = forms.ChoiceField(label="Quarter", required=False)

    def __init__(self, *args: Any, quarters: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = list(quarters)  # type: ignore[attr-defined]


def boxes(name: str) -> list[str]:
    """The names under which a field stands in a query string."""
    if name in {"since", "until"}:
        return [f"{name}_{part}" for part in PARTS]
    return [name]
