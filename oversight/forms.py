"""The filters of the registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from agencies.models import Agency
from core.forms import PARTS, DatePartsField, GovukForm, TextField
from oversight import sentences
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


def boxes(name: str) -> list[str]:
    """The names under which a field stands in a query string."""
    if name in {"since", "until"}:
        return [f"{name}_{part}" for part in PARTS]
    return [name]
