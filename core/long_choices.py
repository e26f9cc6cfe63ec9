"""Choices that may be too many for a page: then a name is written, and chosen among what fits.

An agency may have thousands of workers. A page that lists them all is slow and of no use to
anybody. Up to `MOST_SHOWN` everything is as with Django's own fields. Beyond, the page
asks for a name; what was written never chooses by itself, it brings those whom it fits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.utils.functional import lazy

from core.written_names import begins, parts

MOST_SHOWN = 100
"""So many choices stand on a page by themselves."""

MOST_FITTING = 50
"""So many that fit one name are shown to choose from."""

MOST_LINES = 30
"""So many names are looked for at once."""

Choice = tuple[str, str]
"""What is sent, and what is read."""

SOMEBODY_ELSE = "Somebody else"


class Offer(Protocol):
    """What can be chosen, read as far as a page needs it."""

    def first(self, most: int) -> Sequence[Choice]:
        """All choices in order, if they are no more than that; otherwise so many of them."""

    def fitting(self, words: Sequence[str], most: int) -> Sequence[Choice]:
        """So many of those at most in which each of these words begins a part.

        The words are as `core.written_names.parts` gives them.
        """

    def keyed(self, keys: Collection[str]) -> Sequence[Choice]:
        """Those with one of these keys, whatever else is among the keys."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Choices that have been read already."""

    choices: Sequence[Choice]

    def first(self, most: int) -> Sequence[Choice]:
        """The first so many."""
        return self.choices[:most]

    def fitting(self, words: Sequence[str], most: int) -> Sequence[Choice]:
        """The first so many in which each of these words begins a part."""
        found = []
        for key, label in self.choices:
            name = parts(label)
            if all(begins(word, name) for word in words):
                found.append((key, label))
        return found[:most]

    def keyed(self, keys: Collection[str]) -> Sequence[Choice]:
        """Those with one of these keys."""
        return [choice for choice in self.choices if choice[0] in keys]


_NONE = Listed(())


class _Line(forms.TextInput):
    """A name as it is written; what was chosen before, by its name."""

    offered: Offer = _NONE

    def format_value(self, value: Any) -> str:
        """What stands in the line."""
        if value is None:
            return ""
        return dict(self.offered.keyed([str(value)])).get(str(value), str(value))


class _Lines(forms.Textarea):
    """Names as they are written, one on each line; what was chosen before, by its name."""

    offered: Offer = _NONE

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All that was sent under this name."""
        return list(data.getlist(name) if hasattr(data, "getlist") else data.get(name) or [])

    def format_value(self, value: Any) -> str:
        """What stands in the lines."""
        written = [str(one) for one in value or ()]
        labels = dict(self.offered.keyed(written))
        return "\n".join(labels.get(one, one) for one in written)


class _Long:
    """What both fields have in common."""

    widget: Any
    required: bool
    error_messages: Any
    help_text: Any

    _long = False
    _offered: Offer = _NONE

    def offer(self, offered: Offer | Iterable[Choice], *, none: str = "") -> None:
        """Let these be chosen; `none` are the words for no choice yet, where they are listed.

        Instead of setting `choices`, on the field of one form.
        """
        if isinstance(offered, Iterable):
            offered = Listed(list(offered))
        found = list(offered.first(MOST_SHOWN + 1))
        self._offered = offered
        self._long = len(found) > MOST_SHOWN
        self.choices: Any = [*([("", none)] if none else []), *found]
        if self._long:
            self._ask()

    def _ask(self) -> None:
        """Have the page ask for a name."""
        raise NotImplementedError

    def _ask_by(self, widget: Any, how: str, missing: str) -> None:
        widget.offered = self._offered
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
        words = parts(typed)
        found = list(self._offered.fitting(words, MOST_FITTING + 1)) if words else []
        if not found:
            raise forms.ValidationError(f"Nobody here fits “{typed}”. Check the spelling")
        if len(found) > MOST_FITTING:
            raise forms.ValidationError(
                f"More than {MOST_FITTING} fit “{typed}”. Write more of the name, or the agency"
                " as well"
            )
        return found


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
        if chosen := self._offered.keyed([typed]):
            # Where another answer of the form is wrong, it is shown again as chosen.
            self._narrow(chosen)
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
        chosen = self._offered.keyed(sent)
        if {key for key, _ in chosen} >= set(sent):
            self._narrow(chosen)
            return super().clean(sent)
        lines = [line.strip() for one in sent for line in one.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"Write at most {MOST_LINES} names at once")
        found = [choice for line in lines for choice in self._fitting(line)]
        self._narrow(found)
        raise forms.ValidationError("Choose whom you mean")
