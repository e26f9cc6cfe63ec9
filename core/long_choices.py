"""Choices that may be too many for a page: then a name is written, and chosen among what fits.

An agency may have thousands of workers. A page that lists them all is slow and of no use to
anybody. Up to `MOST_SHOWN` everything is as with Django's own fields. Beyond, the page
asks for a name; what was written never chooses by itself, it brings those whom it fits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.functional import lazy

MOST_SHOWN = 100
"""So many choices stand on a page by themselves."""

MOST_FITTING = 50
"""So many that fit one name are shown to choose from."""

Choice = tuple[str, str]
"""What is sent, and what is read."""

SOMEBODY_ELSE = "Somebody else"


class _Line(forms.TextInput):
    """A name as it is written; what was chosen before, by its name."""

    labels: Mapping[str, str] = MappingProxyType({})

    def format_value(self, value: Any) -> str:
        """What stands in the line."""
        return "" if value is None else self.labels.get(str(value), str(value))


class _Lines(forms.Textarea):
    """Names as they are written, one on each line; what was chosen before, by its name."""

    labels: Mapping[str, str] = MappingProxyType({})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All that was sent under this name."""
        return list(data.getlist(name) if hasattr(data, "getlist") else data.get(name) or [])

    def format_value(self, value: Any) -> str:
        """What stands in the lines."""
        return "\n".join(self.labels.get(str(one), str(one)) for one in value or ())


class _Long:
    """What both fields have in common."""

    widget: Any
    required: bool
    error_messages: Any
    help_text: Any

    _long = False
    _real: Mapping[str, str] = MappingProxyType({})

    def offer(self, choices: Iterable[Choice]) -> None:
        """Let these be chosen; one with an empty key stands for no choice yet.

        Instead of setting `choices`, on the field of one form.
        """
        offered = list(choices)
        self._real = {key: label for key, label in offered if key}
        self._long = len(self._real) > MOST_SHOWN
        self.choices: Any = offered
        if self._long:
            self._ask()

    def _ask(self) -> None:
        """Have the page ask for a name."""
        raise NotImplementedError

    def _ask_by(self, widget: Any, how: str, missing: str) -> None:
        widget.labels = self._real
        widget.is_required = self.required
        self.widget = widget
        self._hint(f"{self.help_text} {how} You then choose among those who fit.")
        self.error_messages["required"] = missing

    def _hint(self, words: str) -> None:
        """Say this beside the field, also where it has been taken out to be drawn already."""
        self._words = words.strip()
        self.help_text = lazy(lambda: self._words, str)()

    def _fitting(self, typed: str) -> list[Choice]:
        """The choices in which every word that was written begins one. Raises ValidationError
        where there is none, or more than can be shown."""
        words = _parts(typed)
        found = []
        for key, label in self._real.items():
            parts = _parts(label)
            if all(any(part.startswith(word) for part in parts) for word in words):
                found.append((key, label))
        if not found:
            raise forms.ValidationError(f"Nobody here fits “{typed}”. Check the spelling")
        if len(found) > MOST_FITTING:
            raise forms.ValidationError(
                f"{len(found):,} fit “{typed}”. Write more of the name, or the agency as well"
            )
        return found


def _parts(label: str) -> list[str]:
    """The words of a name as they are compared: Zoë is found by whoever writes Zoe."""
    if not label.isascii():
        apart = unicodedata.normalize("NFKD", label)
        label = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return label.casefold().replace("(", " ").replace("-", " ").split()


class LongChoiceField(_Long, forms.ChoiceField):
    """One of many."""

    def _ask(self) -> None:
        line = _Line(attrs={"autocomplete": "off"})
        self._ask_by(line, "Write a name.", "Write a name")

    def _narrow(self, found: Sequence[Choice]) -> None:
        self.choices = [*found, ("", SOMEBODY_ELSE)]
        self.widget = forms.RadioSelect(choices=self.choices)
        self._hint("")

    def clean(self, value: Any) -> Any:
        """The key that was chosen. Raises ValidationError, with those who fit a name to choose."""
        if not self._long:
            return super().clean(value)
        typed = str(value or "").strip()
        if not typed:
            return super().clean(typed)
        if typed in self._real:
            # Where another answer of the form is wrong, it is shown again as chosen.
            self._narrow([(typed, self._real[typed])])
            return super().clean(typed)
        self._narrow(self._fitting(typed))
        raise forms.ValidationError("Choose whom you mean")


class LongMultipleChoiceField(_Long, forms.MultipleChoiceField):
    """Some of many."""

    def _ask(self) -> None:
        lines = _Lines(attrs={"rows": 4, "autocomplete": "off"})
        self._ask_by(lines, "Write one name on each line.", "Write at least one name")

    def _narrow(self, found: Sequence[Choice]) -> None:
        self.choices = list(dict(found).items())
        self.widget = forms.CheckboxSelectMultiple(choices=self.choices)
        self._hint("To look for others, tick nobody and go on.")

    def clean(self, value: Any) -> Any:
        """The keys that were chosen. Raises ValidationError, with those who fit to choose from."""
        sent = [str(one).strip() for one in value or ()]
        if not self._long or not any(sent):
            return super().clean(value)
        if all(one in self._real for one in sent):
            self._narrow([(one, self._real[one]) for one in sent])
            return super().clean(sent)
        lines = [line.strip() for one in sent for line in one.splitlines() if line.strip()]
        found = [choice for line in lines for choice in self._fitting(line)]
        self._narrow(found)
        raise forms.ValidationError("Choose whom you mean")
