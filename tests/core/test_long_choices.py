"""Choices that are too many for a page."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from core.forms import GovukForm
from core.long_choices import (
    MOST_FITTING,
    MOST_LINES,
    MOST_SHOWN,
    SOMEBODY_ELSE,
    LongChoiceField,
    LongMultipleChoiceField,
)

FEW = [("1", "Ama Boateng, Lead Charity"), ("2", "Bryn Okafor, Youth Court")]
MANY = [
    *FEW,
    ("3", "Ama Boateng, Youth Court"),
    *((f"w{number}", f"Worker Number-{number}, Big Force") for number in range(MOST_SHOWN)),
]


class One(GovukForm):
    """Somebody."""

    who = LongChoiceField(label="Who does it?", help_text="One person.")

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].offer(offered, none="Choose")  # type: ignore[attr-defined]


class Some(GovukForm):
    """Some people."""

    to = LongMultipleChoiceField(label="With whom?", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(offered)  # type: ignore[attr-defined]


def some(sent: str, **how: Any) -> Some:
    return Some(QueryDict(sent), offered=MANY, **how)


def labels(form: GovukForm, name: str) -> list[str]:
    return [label for _, label in form.fields[name].choices]  # type: ignore[attr-defined]


def test_few_are_chosen_from_a_list() -> None:
    assert "<select" in str(One(offered=FEW)["who"])
    assert One({"who": "2"}, offered=FEW).is_valid()
    assert One({"who": "Bryn"}, offered=FEW).errors["who"] == [
        "Choose one of the answers on this page"
    ]


def test_of_many_none_stands_on_the_page() -> None:
    page = str(One(offered=MANY)["who"])
    assert 'type="text"' in page
    assert "Boateng" not in page
    assert One(offered=MANY).fields["who"].help_text == (
        "One person. Write a name. You then choose among those who fit."
    )


def test_a_name_never_chooses_by_itself_even_if_one_alone_fits() -> None:
    form = One({"who": "Bryn Okafor, Youth Court"}, offered=MANY)
    assert form.errors["who"] == ["Choose whom you mean"]
    assert labels(form, "who") == ["Bryn Okafor, Youth Court", SOMEBODY_ELSE]
    assert 'type="radio"' in str(form["who"])


@pytest.mark.parametrize("typed", ["ama", "  BOATENG ", "boat am", "Ama Boateng,"])
def test_those_who_fit_a_name_are_shown_and_nobody_else(typed: str) -> None:
    form = One({"who": typed}, offered=MANY)
    assert not form.is_valid()
    assert labels(form, "who") == [MANY[0][1], MANY[2][1], SOMEBODY_ELSE]


@pytest.mark.parametrize("typed", ["Zoe Martinez", "zoë martínez", "ZOË", "Martinez"])
def test_a_name_is_found_with_and_without_its_accents(typed: str) -> None:
    form = One({"who": typed}, offered=[*MANY, ("z", "Zoë Martínez, Youth Court")])
    assert not form.is_valid()
    assert labels(form, "who") == ["Zoë Martínez, Youth Court", SOMEBODY_ELSE]


def test_an_agency_s_name_tells_two_of_one_name_apart() -> None:
    form = One({"who": "ama boateng youth"}, offered=MANY)
    assert not form.is_valid()
    assert labels(form, "who") == ["Ama Boateng, Youth Court", SOMEBODY_ELSE]


def test_whom_nothing_fits_stays_written() -> None:
    form = One({"who": "Zsofia"}, offered=MANY)
    assert form.errors["who"] == ["Nobody here fits “Zsofia”. Check the spelling"]
    assert 'value="Zsofia"' in str(form["who"])


def test_too_many_that_fit_ask_for_more_of_the_name() -> None:
    form = One({"who": "worker"}, offered=MANY)
    assert form.errors["who"][0].startswith(f"More than {MOST_FITTING} fit “worker”. Write more")
    assert "Number" not in str(form["who"])
    assert MOST_SHOWN > MOST_FITTING


def test_who_was_chosen_is_taken_and_still_shown_if_another_answer_is_wrong() -> None:
    form = One({"who": "w7"}, offered=MANY)
    assert form.is_valid()
    assert form.cleaned_data["who"] == "w7"
    assert "Worker Number-7, Big Force" in str(form["who"])
    assert "checked" in str(form["who"])


@pytest.mark.parametrize("nothing", ["", "   "])
def test_somebody_else_asks_for_a_name_again(nothing: str) -> None:
    form = One({"who": nothing}, offered=MANY)
    assert form.errors["who"] == ["Write a name"]
    assert 'type="text"' in str(form["who"])


def test_nobody_is_taken_who_was_not_offered() -> None:
    assert not One({"who": "w100000"}, offered=MANY).is_valid()


def test_of_many_several_are_found_line_by_line() -> None:
    form = some("to=bryn%0D%0Anumber-42")
    assert form.errors["to"] == ["Choose whom you mean"]
    assert labels(form, "to") == [
        "Bryn Okafor, Youth Court",
        "Worker Number-42, Big Force",
    ]
    assert str(form["to"]).count('type="checkbox"') == 2
    assert str(form["to"].help_text) == "To look for others, tick nobody and go on."
    assert "checked" not in str(form["to"])


def test_more_lines_than_can_be_looked_for_are_refused_and_stay() -> None:
    form = some("to=" + "bryn%0D%0A" * (MOST_LINES + 1))
    assert form.errors["to"] == [f"Write at most {MOST_LINES} names at once"]
    assert str(form["to"]).count("bryn") == MOST_LINES + 1


def test_the_several_that_were_chosen_are_taken() -> None:
    form = some("to=2&to=w7")
    assert form.is_valid()
    assert form.cleaned_data["to"] == ["2", "w7"]


def test_a_line_that_fits_nobody_is_named_and_all_lines_stay() -> None:
    form = some("to=bryn%0D%0AZsofia")
    assert form.errors["to"] == ["Nobody here fits “Zsofia”. Check the spelling"]
    assert "bryn" in str(form["to"])
    assert "Zsofia" in str(form["to"])


def test_a_key_that_was_not_offered_is_no_choice_beside_one_that_was() -> None:
    assert not some("to=2&to=agency%3Aanother").is_valid()


def test_whoever_is_there_already_stands_there_by_name() -> None:
    page = str(Some(offered=MANY, initial={"to": ["2", "w7"]})["to"])
    assert "Bryn Okafor, Youth Court\nWorker Number-7, Big Force" in page


def test_ticking_nobody_asks_for_names_again() -> None:
    form = some("asked=1")
    assert form.errors["to"] == ["Write at least one name"]
    assert "<textarea" in str(form["to"])
