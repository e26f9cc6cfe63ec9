"""Fields: what they take, what they refuse, and in which words."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pytest
from django import forms

from core.forms import DateParts, DatePartsField, GovukForm, TextField, TimeField, clean_text


class Born(GovukForm):
    """A date with limits."""

    born = DatePartsField(
        label="Date of birth",
        not_future=True,
        earliest=dt.date(1990, 1, 1),
        today=lambda: dt.date(2026, 3, 9),
    )


def errors_for(form: type[GovukForm], data: dict[str, Any], name: str) -> list[str]:
    """What the form says about one field."""
    return list(form(data).errors.get(name, []))


def born(day: str = "", month: str = "", year: str = "") -> list[str]:
    """What is said about a date of birth."""
    return errors_for(Born, {"born_day": day, "born_month": month, "born_year": year}, "born")


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MAR."])
def test_a_date_takes_months_in_many_forms(month: str) -> None:
    form = Born({"born_day": "27", "born_month": month, "born_year": "2008"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == dt.date(2008, 3, 27)


def test_the_29th_of_february_needs_a_leap_year() -> None:
    assert born("29", "2", "2008") == []
    assert born("29", "2", "2009") == ["Date of birth must be a real date"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("", "", ""), "Enter the date of birth"),
        (("27", "3", ""), "Date of birth must include a year"),
        (("27", "", ""), "Date of birth must include a month and year"),
        (("", "3", "2008"), "Date of birth must include a day"),
        (("27", "3", "08"), "Date of birth must have a year of 4 numbers, like 2008"),
        (("27", "13", "2008"), "Date of birth must have a month from 1 to 12"),
        (("32", "3", "2008"), "Date of birth must have a day from 1 to 31"),
        (("0", "3", "2008"), "Date of birth must have a day from 1 to 31"),
        (("31", "2", "2008"), "Date of birth must be a real date"),
        (("1", "1", "0000"), "Date of birth must have a year from 1900 to 2099"),
        (("٢", "3", "2008"), "Date of birth must have a day from 1 to 31"),
        (("-1", "3", "2008"), "Date of birth must have a day from 1 to 31"),
        (("1", "ma", "2008"), "Date of birth must have a month from 1 to 12"),
        (("10", "3", "2026"), "Date of birth must be today or in the past"),
        (("31", "12", "1989"), "Date of birth must be on or after 1 January 1990"),
    ],
)
def test_a_wrong_date_is_told_in_words_that_help(parts: tuple[str, str, str], words: str) -> None:
    assert born(*parts) == [words]


def test_the_last_day_allowed_is_allowed() -> None:
    assert born("9", "3", "2026") == []
    assert born("1", "1", "1990") == []


def test_a_year_of_other_digits_is_refused() -> None:
    assert born("1", "1", "٢٠٠٨") != []


def test_an_error_of_a_date_names_its_parts() -> None:
    form = Born({"born_day": "27", "born_month": "3"})
    assert form.errors.as_data()["born"][0].params == {"parts": ("year",)}


def test_a_question_is_not_used_as_a_name() -> None:
    class Asked(GovukForm):
        when = DatePartsField(label="When did it happen?")

    assert errors_for(Asked, {}, "when") == ["Enter the date"]
    assert errors_for(Asked, {"when_day": "1"}, "when") == ["Date must include a month and year"]


def test_an_optional_date_may_be_left_empty() -> None:
    class Optional(GovukForm):
        day = DatePartsField(required=False, not_past=True)

    form = Optional({"day_day": " "})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_a_stored_date_is_seen_as_unchanged() -> None:
    data = {"born_day": "7", "born_month": "3", "born_year": "2008"}
    assert not Born(data, initial={"born": dt.date(2008, 3, 7)}).has_changed()
    assert Born(data, initial={"born": dt.date(2008, 3, 8)}).has_changed()
    assert Born(data)["born"].value() == DateParts("7", "3", "2008")


def test_a_date_can_be_drawn_without_the_tag() -> None:
    assert str(Born({"born_day": '"><b>'})["born"]).count("<input") == 3
    assert "<b>" not in str(Born({"born_day": '"><b>'})["born"])


class At(GovukForm):
    """A time."""

    at = TimeField(label="Start time")


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("14:02", dt.time(14, 2)),
        ("14.02", dt.time(14, 2)),
        ("1402", dt.time(14, 2)),
        ("2.02pm", dt.time(14, 2)),
        ("2:02 PM", dt.time(14, 2)),
        ("2 p.m.", dt.time(14)),
        ("2pm", dt.time(14)),
        ("12am", dt.time(0)),
        ("12pm", dt.time(12)),
        ("12.30 am", dt.time(0, 30)),
        ("9:15", dt.time(9, 15)),
        ("00:00", dt.time(0)),
        ("23:59", dt.time(23, 59)),
        ("Midday", dt.time(12)),
        ("noon", dt.time(12)),
        (" midnight ", dt.time(0)),
    ],
)
def test_a_time_is_taken_as_people_write_it(typed: str, time: dt.time) -> None:
    form = At({"at": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["at"] == time


@pytest.mark.parametrize(
    "typed", ["14", "24:00", "12:60", "13pm", "0am", "soon", "1:2", "2.02px", "١٤:٠٢", "9" * 50]
)
def test_what_is_no_time_is_told_how_to_write_one(typed: str) -> None:
    assert errors_for(At, {"at": typed}, "at") == [
        "Start time must be a time, like 14:02 or 2.02pm"
    ]


def test_a_stored_time_is_shown_on_the_24_hour_clock() -> None:
    assert 'value="14:02"' in str(At(initial={"at": dt.time(14, 2, 30)})["at"])
    assert errors_for(At, {}, "at") == ["Enter the start time"]


class Words(GovukForm):
    """A line and a box of text."""

    name = TextField(label="Name", max_length=10)
    story = TextField(label="What happened?", multiline=True, max_length=20, required=False)


@pytest.mark.parametrize("hidden", ["\x00", "\u202d", "\u202e"])
def test_text_that_deceives_is_refused_in_plain_words(hidden: str) -> None:
    (said,) = errors_for(Words, {"name": f"Ko{hidden}fi"}, "name")
    assert said.startswith("Remove the hidden characters")


@pytest.mark.parametrize(
    "mark", [*"\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069", "\x07", "\x85"]
)
def test_marks_that_come_with_pasting_are_dropped(mark: str) -> None:
    form = Words({"name": f"{mark}Kofi{mark}"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Kofi"


def test_one_name_has_one_spelling() -> None:
    assert clean_text("Zoe\u0308") == "Zo\u00eb"
    form = Words({"name": "  Zoe\u0308 "})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Zo\u00eb"


def test_lines_stay_in_a_box_and_become_spaces_in_a_line() -> None:
    form = Words({"name": "a\r\nb", "story": "one\r\ntwo\rthree"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"name": "a b", "story": "one\ntwo\nthree"}


def test_a_line_break_counts_once() -> None:
    assert Words({"name": "x", "story": "a" * 9 + "\r\n" + "b" * 10}).is_valid()
    said = errors_for(Words, {"name": "x" * 11, "story": "a" * 21}, "story")
    assert said == ["Your answer must be 20 characters or fewer"]
    assert errors_for(Words, {"name": "x" * 11}, "name") == ["Name must be 10 characters or fewer"]


def test_only_hidden_characters_are_nothing() -> None:
    assert errors_for(Words, {"name": "\u200e \u200f"}, "name") == ["Enter name"]


class Revealing(GovukForm):
    """A question with a field under one answer."""

    source = forms.ChoiceField(
        label="Source", widget=forms.RadioSelect, choices=[("self", "Self"), ("other", "Other")]
    )
    words = TextField(label="Who was it?")
    agree = forms.BooleanField(label="They agree", required=False)
    how = forms.MultipleChoiceField(label="How", choices=[("a", "A")])

    reveals: ClassVar = {"source": {"other": ["words"]}, "agree": {"True": ["how"]}}


def test_what_stands_under_an_answer_is_asked_only_with_it() -> None:
    assert Revealing({"source": "self"}).is_valid()
    assert set(Revealing({"source": "other"}).errors) == {"words"}
    assert set(Revealing({"source": "self", "agree": "on"}).errors) == {"how"}


def test_what_was_typed_under_another_answer_is_forgotten() -> None:
    form = Revealing({"source": "self", "words": "an aunt", "how": ["a"]})
    assert form.is_valid()
    assert form.cleaned_data["words"] == ""
    assert form.cleaned_data["how"] == []
    assert Revealing({"source": "other", "words": "an aunt"}).is_valid()


def test_a_fields_errors_say_what_to_do() -> None:
    class Many(GovukForm):
        agency = forms.ChoiceField(label="Agency", choices=[("a", "A")])
        size = forms.IntegerField(label="Group size")
        email = forms.EmailField(label="Email address")
        sure = forms.BooleanField(label="I have read this")
        nhs = forms.CharField(label="NHS number")
        own = forms.CharField(error_messages={"required": "Say it"})

    form = Many({})
    assert {name: said[0] for name, said in form.errors.items()} == {
        "agency": "Select agency",
        "size": "Enter group size",
        "email": "Enter email address",
        "sure": "Tick the box to say “I have read this”",
        "nhs": "Enter NHS number",
        "own": "Say it",
    }
    form = Many({"agency": "x", "size": "many", "email": "no"})
    assert form.errors["agency"] == ["Choose one of the answers on this page"]
    assert form.errors["size"] == ["Group size must be a whole number"]
    assert form.errors["email"] == [
        "Enter an email address in the right format, like name@example.com"
    ]


def test_the_frameworks_own_email_field_is_left_alone() -> None:
    Born({})

    class Plain(forms.Form):
        email = forms.EmailField()

    assert Plain({"email": "no"}).errors["email"] == ["Enter a valid email address."]
