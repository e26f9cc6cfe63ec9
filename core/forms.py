"""Form fields and bases that speak plain English and refuse text that hides something.

A form derives from `GovukForm` (or `GovukModelForm`) and is drawn by `{% field %}` of the
`govuk` template library. Nothing in here knows about young people, agencies or cases.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core import clock
from core.ids import new_id
from core.postcodes import postcodes

NUL = "\x00"
# Overrides turn text round so that it reads as something else. Nobody needs them.
DIRECTION_OVERRIDES = "\u202d\u202e"
# Marks, embeddings and isolates come along when a name or number is pasted from a phone.
DIRECTION_MARKS = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
# Control characters that no keyboard types and that break spreadsheets. Tab and newline stay.
CONTROLS = "".join(
    chr(code) for code in (*range(0x01, 0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"
)
_REMOVE = str.maketrans("", "", DIRECTION_MARKS + CONTROLS)

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
PARTS = ("day", "month", "year")
YEARS = range(1900, 2100)
"""What can be a year here. Beyond, adding a day or a time zone leaves the calendar."""

Limit = dt.date | Callable[[], dt.date] | None


POSTCODE = "postcode"
"""Code of the error by which a form asks about a postcode."""


def lower_first(words: str) -> str:
    """The words as they stand inside a sentence: "Date of birth" becomes "date of birth".

    Abbreviations keep their capitals: "NHS number" stays, and so does "I".
    """
    if words.startswith(("I ", "I’", "I'")) or words[1:2].isupper():
        return words
    return words[:1].lower() + words[1:]


def upper_first(words: str) -> str:
    """The words as they stand at the start of a sentence."""
    return words[:1].upper() + words[1:]


def with_article(noun: str) -> str:
    """The noun with "the" in front, unless it already says whose or which."""
    if noun.split(" ", 1)[0].lower() in {"the", "your", "their", "a", "an", "his", "her"}:
        return noun
    return f"the {noun}"


def clean_text(value: str) -> str:
    """`value` in one normal form and without characters that nobody can see.

    Raises `ValidationError` for NUL, which PostgreSQL can't store, and for direction overrides.
    """
    if NUL in value:
        raise ValidationError(
            "Remove the hidden characters: type the text again rather than pasting it",
            code="null_characters_not_allowed",
        )
    if any(character in value for character in DIRECTION_OVERRIDES):
        raise ValidationError(
            "Remove the hidden characters that turn text round: "
            "type the text again rather than pasting it",
            code="direction_override",
        )
    value = value.replace("\r\n", "\n").replace("\r", "\n").translate(_REMOVE)
    return unicodedata.normalize("NFC", value)


class TextField(forms.CharField):
    """Text as a person typed it: one line, or several with `multiline=True`.

    Counts a line break as one character, as the browser's character count does. Text of
    several lines notices a postcode, so that nobody carries an address into a note without
    seeing it: whoever sends the same again means it. `notices=False` where one belongs.
    """

    def __init__(
        self, *, multiline: bool = False, rows: int = 5, notices: bool = True, **kwargs: Any
    ) -> None:
        self.multiline = multiline
        self.notices = notices and multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        # Said by clean_text in words that tell people what to do.
        self.validators = [
            validator
            for validator in self.validators
            if getattr(validator, "code", "") != "null_characters_not_allowed"
        ]

    def to_python(self, value: object) -> str | None:
        """The text, normalised; refuses what can't be stored or shown honestly."""
        if value in self.empty_values:
            return super().to_python(value)
        text = clean_text(str(value))
        if not self.multiline:
            text = re.sub(r"[\t\n]+", " ", text)
        return super().to_python(text)


class DateParts(NamedTuple):
    """What somebody typed into the three boxes of a date."""

    day: str = ""
    month: str = ""
    year: str = ""


class DatePartsWidget(forms.Widget):
    """Three text boxes: `<name>_day`, `<name>_month`, `<name>_year`."""

    # Drawn by `{% field %}`; this is what a bare `{{ form.date }}` gives.
    input_type = "text"

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> DateParts:
        """The three boxes as typed."""
        return DateParts(*(str(data.get(f"{name}_{part}") or "").strip() for part in PARTS))

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> bool:
        """Whether none of the boxes was on the page."""
        return not any(f"{name}_{part}" in data for part in PARTS)

    def format_value(self, value: object) -> DateParts:
        """What to show in the boxes for a stored or typed value."""
        return split_date(value)

    def id_for_label(self, id_: str) -> str:
        """A label can only point at one box: the first."""
        return f"{id_}_day" if id_ else id_

    def render(
        self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Three plain boxes, for places that do not use `{% field %}`."""
        identity = (attrs or {}).get("id", f"id_{name}")
        parts = split_date(value)._asdict()
        return format_html_join(
            " ",
            '<input type="text" inputmode="numeric" name="{}_{}" id="{}_{}" value="{}"'
            ' aria-label="{}">',
            (
                (name, part, identity, part, typed, upper_first(part))
                for part, typed in parts.items()
            ),
        )


def split_date(value: object) -> DateParts:
    """A date, an ISO text or typed parts as three texts."""
    if isinstance(value, DateParts):
        return value
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return DateParts()
    if isinstance(value, dt.date):
        return DateParts(str(value.day), str(value.month), str(value.year))
    return DateParts()


class DatePartsField(forms.Field):
    """A date asked for as day, month and year, which is quicker and safer than a calendar.

    `noun` is how errors name it ("date of birth"); it defaults to the label unless that is a
    question. `not_future` and `not_past` compare with `today()`; `earliest` and `latest` are
    dates or functions that give one.
    """

    widget = DatePartsWidget

    def __init__(
        self,
        *,
        noun: str = "",
        not_future: bool = False,
        not_past: bool = False,
        earliest: Limit = None,
        latest: Limit = None,
        today: Callable[[], dt.date] = clock.today,
        **kwargs: Any,
    ) -> None:
        self.noun = noun
        self.not_future, self.not_past = not_future, not_past
        self.earliest, self.latest = earliest, latest
        self.today = today
        super().__init__(**kwargs)
        if "required" not in (kwargs.get("error_messages") or {}):
            self.error_messages["required"] = f"Enter {with_article(self._name())}"

    def _name(self) -> str:
        return self.noun or noun_of(self.label) or "date"

    def _wrong(self, words: str, *parts: str) -> ValidationError:
        """The error, and which boxes it is about: the page marks and links to those."""
        return ValidationError(
            f"{upper_first(self._name())} {words}",
            code="invalid_date",
            params={"parts": parts or PARTS},
        )

    def to_python(self, value: object) -> dt.date | None:
        """The date, or an error that says which part is wrong."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        typed = split_date(value)
        if isinstance(value, str) and not any(typed):
            raise self._wrong("must be a real date")
        missing = [part for part in PARTS if not getattr(typed, part)]
        if len(missing) == len(PARTS):
            return None
        if missing:
            raise self._wrong(f"must include a {' and '.join(missing)}", *missing)
        return self._date(typed)

    def _date(self, typed: DateParts) -> dt.date:
        day, month, year = _number(typed.day), _month(typed.month), _number(typed.year)
        if not re.fullmatch(r"\d{4}", typed.year):
            raise self._wrong("must have a year of 4 numbers, like 2008", "year")
        if month is None or not 1 <= month <= 12:
            raise self._wrong("must have a month from 1 to 12", "month")
        if day is None or not 1 <= day <= 31:
            raise self._wrong("must have a day from 1 to 31", "day")
        if year is None or year not in YEARS:
            raise self._wrong(f"must have a year from {YEARS[0]} to {YEARS[-1]}", "year")
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise self._wrong("must be a real date") from None

    def validate(self, value: dt.date | None) -> None:
        """Holds the date against its limits."""
        super().validate(value)
        if value is None:
            return
        if self.not_future and value > self.today():
            raise self._wrong("must be today or in the past")
        if self.not_past and value < self.today():
            raise self._wrong("must be today or in the future")
        earliest, latest = _limit(self.earliest), _limit(self.latest)
        if earliest and value < earliest:
            raise self._wrong(f"must be on or after {_in_words(earliest)}")
        if latest and value > latest:
            raise self._wrong(f"must be on or before {_in_words(latest)}")


def _number(text: str) -> int | None:
    """Only the ten plain digits: `int` would also take "١٢", " 1_2" and "+12"."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _month(text: str) -> int | None:
    """A month as a number or a name ("3", "mar", "March")."""
    word = text.lower().rstrip(".")
    if len(word) >= 3 and not word.isdigit():
        for number, name in enumerate(_MONTHS, start=1):
            if name.startswith(word) or (name == "september" and word == "sept"):
                return number
    return _number(text)


def _limit(limit: Limit) -> dt.date | None:
    return limit() if callable(limit) else limit


def _in_words(date: dt.date) -> str:
    return f"{date.day} {upper_first(_MONTHS[date.month - 1])} {date.year}"


class TimeWidget(forms.TextInput):
    """One text box for a time of day."""

    def format_value(self, value: object) -> str | None:
        """A stored time as 14:02; what was typed as typed."""
        if isinstance(value, dt.time | dt.datetime):
            return value.strftime("%H:%M")
        typed: str | None = super().format_value(value)
        return typed


class TimeField(forms.Field):
    """A time of day as people write it: 14:02, 14.02, 1402, 2.02pm, 2pm, midday, midnight."""

    widget = TimeWidget
    _PATTERN = re.compile(
        r"(?P<hour>[0-9]{1,2})(?:\s*[:.]?\s*(?P<minute>[0-9]{2}))?\s*(?P<half>[ap]\.?m\.?)?"
    )
    _WORDS: ClassVar[dict[str, dt.time]] = {
        "midday": dt.time(12),
        "noon": dt.time(12),
        "midnight": dt.time(0),
    }

    def __init__(self, *, noun: str = "", **kwargs: Any) -> None:
        self.noun = noun
        super().__init__(**kwargs)
        name = noun or noun_of(self.label) or "time"
        messages = kwargs.get("error_messages") or {}
        if "required" not in messages:
            self.error_messages["required"] = f"Enter {with_article(name)}"
        if "invalid" not in messages:
            self.error_messages["invalid"] = (
                f"{upper_first(name)} must be a time, like 14:02 or 2.02pm"
            )

    def to_python(self, value: object) -> dt.time | None:
        """The time, or an error with two examples."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.time):
            return value
        text = " ".join(str(value).lower().split())
        if not text:
            return None
        if text in self._WORDS:
            return self._WORDS[text]
        return self._time(text)

    def _time(self, text: str) -> dt.time:
        wrong = ValidationError(self.error_messages["invalid"], code="invalid")
        match = self._PATTERN.fullmatch(text)
        if match is None:
            raise wrong
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        half = (match["half"] or "").replace(".", "")
        if not half and match["minute"] is None:
            # "14" alone may be anything: a day, an age, a slip of the finger.
            raise wrong
        if half:
            if not 1 <= hour <= 12:
                raise wrong
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour > 23 or minute > 59:
            raise wrong
        return dt.time(hour, minute)


def noun_of(label: object) -> str:
    """How to name a field in the middle of a sentence: its label, or "" if that is a question."""
    words = str(label or "").strip()
    return "" if words.endswith("?") else lower_first(words)


class GovukFormMixin:
    """What GOV.UK forms have in common, declared on the class and read by `{% field %}`.

    `reveals` names fields that belong to one answer of a radio or checkbox question:
    `{"source": {"other": ["source_words"]}}`. They are drawn under that answer, and they are
    only asked for, and only kept, when the answer was chosen.

    `option_hints` gives a hint to single answers: `{"basis": {"consent": "They said yes"}}`.
    """

    reveals: ClassVar[Mapping[str, Mapping[str, Sequence[str]]]] = {}
    option_hints: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    # The browser's own bubbles can't be styled, read out or linked to.
    use_required_attribute = False

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            say_plainly(field, name)

    @property
    def revealed_fields(self) -> set[str]:
        """The fields that are drawn under an answer rather than on their own."""
        return {
            name
            for answers in self.reveals.values()
            for names in answers.values()
            for name in names
        }

    def clean(self) -> dict[str, Any] | None:
        """Forgets what was typed under an answer that was not chosen."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc,attr-defined]
        for parent, answers in self.reveals.items():
            chosen = _as_set(cleaned.get(parent))
            wanted = {name for answer in chosen for name in answers.get(answer, ())}
            for names in answers.values():
                for name in set(names) - wanted:
                    self.errors.pop(name, None)  # type: ignore[attr-defined]
                    cleaned[name] = _nothing(self.fields[name])
        for name, field in self.fields.items():
            if getattr(field, "notices", False) and isinstance(cleaned.get(name), str):
                self._notice(name, cleaned[name])
        return cleaned

    def _notice(self, name: str, text: str) -> None:
        """Ask once about each postcode in a text."""
        given = self.data.get(noticed_name(self.add_prefix(name)), "")  # type: ignore[attr-defined]
        if new := [one for one in postcodes(text) if one not in given.split(",")]:
            self.add_error(  # type: ignore[attr-defined]
                name,
                forms.ValidationError(
                    f"There is a postcode in it: {', '.join(new)}. Take it out if somebody lives"
                    " there. If anybody may know the place, save again.",
                    code=POSTCODE,
                ),
            )


def noticed_name(name: str) -> str:
    """The name of the input that says which postcodes in a text have been asked about."""
    return f"{name}_noticed"


def _as_set(value: object) -> set[str]:
    if value is None or value == "":
        return set()
    if isinstance(value, list | tuple | set):
        return {str(item) for item in value}
    return {str(value)}


def _nothing(field: forms.Field) -> Any:
    """What a field of this kind gives when it is left empty."""
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, forms.BooleanField):
        return False
    if isinstance(field, forms.ModelMultipleChoiceField):
        return field.queryset.none()  # type: ignore[union-attr]
    if isinstance(field, forms.CharField | forms.ChoiceField):
        return getattr(field, "empty_value", "")
    return None


def say_plainly(field: forms.Field, name: str) -> None:
    """Replaces the framework's stock error messages by ones that say what to do.

    A message the author of the form wrote is left alone.
    """
    label = str(field.label) if field.label else upper_first(name.replace("_", " "))
    noun = getattr(field, "noun", "") or noun_of(label)
    choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    verb = "Select" if choosing else "Enter"
    stock = forms.Field.default_error_messages["required"]
    if field.error_messages.get("required") == stock:
        words = f"{verb} {noun}" if noun else f"{verb} an answer to “{label}”"
        if isinstance(field, forms.BooleanField):
            words = f"Tick the box to say “{label}”"
        field.error_messages["required"] = words
    subject = upper_first(noun) if noun else "Your answer"
    if choosing:
        for code in ("invalid_choice", "invalid_list"):
            field.error_messages[code] = "Choose one of the answers on this page"
    if isinstance(field, forms.EmailField):
        _say(field, "Enter an email address in the right format, like name@example.com")
    elif isinstance(field, forms.DecimalField | forms.FloatField):
        field.error_messages["invalid"] = f"{subject} must be a number"
    elif isinstance(field, forms.IntegerField):
        field.error_messages["invalid"] = f"{subject} must be a whole number"
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = f"{subject} must be %(limit_value)s characters or fewer"


def _say(field: forms.EmailField, words: str) -> None:
    field.error_messages["invalid"] = words
    # Validators are shared between forms: change a copy.
    field.validators = [
        EmailValidator(message=words) if isinstance(validator, EmailValidator) else validator
        for validator in field.validators
    ]


class GovukForm(GovukFormMixin, forms.Form):
    """The base of every form that is not tied to a model."""


class OnceForm(GovukForm):
    """The base of a form that makes something: sent twice, it makes it once (`core.once`).

    The key is made when the form is shown, and comes back with it when something is wrong.
    """

    key = forms.UUIDField(
        required=False,
        initial=new_id,
        # Some browsers fill in what stood here when the page is loaded anew, and the back button
        # shows it again: `once.js` then gives it another.
        widget=forms.HiddenInput(attrs={"autocomplete": "off", "data-once": True}),
    )


class GovukModelForm(GovukFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The base of every form that is tied to a model."""
