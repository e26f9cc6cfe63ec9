"""The component tags: right markup, honest escaping, working error links, nothing shared."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from django import forms
from django.template import Context, Template
from django.utils.safestring import mark_safe

from core.forms import DatePartsField, GovukForm, OnceForm, TextField, TimeField
from core.templatetags import govuk as tags

HOSTILE = "\"><script>alert(1)</script>'&"


class Log(GovukForm):
    """One field of every kind."""

    who = TextField(label="Name", max_length=40, help_text="As they like to be called")
    born = DatePartsField(label="Date of birth", required=False)
    start = TimeField(label="Start time", required=False)
    minutes = forms.IntegerField(label="Minutes", required=False)
    email = forms.EmailField(label="Email address", required=False)
    place = forms.ChoiceField(label="Place", choices=[("club", "Club"), ("prison", "Prison")])
    source = forms.ChoiceField(
        label="Who referred them?",
        widget=forms.RadioSelect,
        choices=[("self", "Themselves"), ("other", "Somebody else")],
    )
    source_words = TextField(label="Who was it?", multiline=True)
    parts = forms.MultipleChoiceField(
        label="Parts of the plan",
        widget=forms.CheckboxSelectMultiple,
        choices=[("housing", "Housing"), ("family", "Family")],
    )
    safe = forms.NullBooleanField(label="Safe tonight?", required=False)
    words = TextField(label="What happened", multiline=True, max_length=200)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    letter = forms.FileField(label="Letter", required=False)
    sure = forms.BooleanField(label="I have read this back", initial=True)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    reveals: ClassVar = {"source": {"other": ["source_words"]}}
    option_hints: ClassVar = {"source": {"self": "They came by themselves"}}


class Narrow(GovukForm):
    """What a list is narrowed by: nothing, or one of each."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        widget=forms.RadioSelect,
        choices=[("", "Everybody"), ("mine", "Mine")],
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), ("open", "Open")]
    )


def drawn(source: str, **context: object) -> str:
    """What a template with the tags gives."""
    return Template("{% load govuk %}" + source).render(Context(context))


class Ids(HTMLParser):
    """Collects the ids of a piece of markup and what points at them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointers: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "label":
            self.pointers.append(str(given.get("for")))
        self.pointers += (given.get("aria-describedby") or "").split()


def test_a_component_takes_a_dictionary_of_options() -> None:
    rows = {"rows": [{"key": {"text": "Name"}, "value": {"text": "Kofi"}}]}
    page = drawn('{% govuk "summary-list" rows %}', rows=rows)
    assert "govuk-summary-list__key" in page
    assert "Kofi" in page


def test_keywords_become_options() -> None:
    page = drawn('{% govuk "button" text="Save" prevent_double_click=True %}')
    assert 'data-prevent-double-click="true"' in page
    page = drawn('{% govuk "input" name="q" label__text="Words" label__classes="x" %}')
    assert '<label class="govuk-label x" for="q">' in page


def test_an_unknown_component_is_an_error() -> None:
    with pytest.raises(Exception, match="no-such-thing"):
        drawn('{% govuk "no-such-thing" text="x" %}')


def test_text_is_escaped_even_when_marked_safe() -> None:
    for value in (HOSTILE, mark_safe(HOSTILE)):  # nosec
        page = drawn('{% govuk "button" text=value name=value value=value %}', value=value)
        assert "<script>" not in page
        assert page.count("&gt;&lt;script&gt;") == 3


def test_markup_needs_the_mark() -> None:
    assert "<b>x</b>" not in drawn('{% govuk "inset-text" html=value %}', value="<b>x</b>")
    safe = mark_safe("<b>x</b>")  # nosec
    assert "<b>x</b>" in drawn('{% govuk "inset-text" html=value %}', value=safe)


def test_attributes_can_not_be_smuggled_in_as_text() -> None:
    with pytest.raises(TypeError):
        drawn('{% govuk "button" text="x" attributes=" onclick=alert(1)" %}')
    page = tags.render("button", {"text": "x", "attributes": {"data-x": mark_safe(HOSTILE)}})  # nosec
    assert "<script>" not in page


def test_hostile_typing_stays_text_in_every_field() -> None:
    data = dict.fromkeys([*Log.base_fields, "born_day", "born_month", "born_year"], HOSTILE)
    page = drawn("{% form_errors form %}{% fields form %}", form=Log(data))
    assert "<script>" not in page
    assert "alert(1)" in page


def test_eight_hundred_renders_at_once_do_not_mix() -> None:
    source = Template(
        '{% load govuk %}{% govuk "summary-list" rows %}{% form_errors form %}'
        "{% field form.who %}{% field form.born %}{% field form.parts %}"
    )

    def one(number: int) -> tuple[int, str]:
        mark = f"row{number:04}x"
        rows = {
            "rows": [
                {
                    "key": {"text": f"{mark}k{index}"},
                    "value": {"text": f"{mark}v{index}"},
                    # Only some have actions: the component keeps count of that while it draws.
                    "actions": {"items": [{"href": "#", "text": mark}] if number % 2 else []},
                }
                for index in range(5)
            ]
        }
        form = Log({"who": mark, "born_day": str(number % 28), "words": mark, "parts": [mark]})
        return number, source.render(Context({"rows": rows, "form": form}))

    with ThreadPoolExecutor(max_workers=16) as pool:
        pages = list(pool.map(one, range(800)))
    assert len(pages) == 800
    for number, page in pages:
        assert set(re.findall(r"row\d{4}x", page)) == {f"row{number:04}x"}
        assert page.count("govuk-summary-list__row--no-actions") == 0
        assert page.count("govuk-summary-list__actions") == (5 if number % 2 else 0)


def test_every_label_and_description_points_at_something() -> None:
    for form in (Log(), Log({}), Log({"born_day": "1"}, prefix="a")):
        found = Ids(drawn("{% fields form %}", form=form))
        assert len(found.ids) == len(set(found.ids))
        assert set(found.pointers) <= set(found.ids)


def test_every_error_link_lands_on_a_box() -> None:
    form = Log({"born_day": "31", "born_month": "2", "source": "other", "minutes": "many"})
    page = drawn("{% form_errors form %}{% fields form %}", form=form)
    links = re.findall(r'href="#([^"]+)"', page)
    boxes = re.findall(r'<(?:input|select|textarea)[^>]*? id="([^"]+)"', page)
    assert len(links) >= 8
    assert set(links) <= set(boxes)
    assert "id_born_year" in links
    assert "id_source_words" in links


def test_the_summary_says_what_the_field_says() -> None:
    form = Log({"who": "x", "source": "other"})
    page = html.unescape(drawn("{% form_errors form %}", form=form))
    assert "There is a problem" in page
    assert "Enter an answer to “Who was it?”" in page
    assert drawn("{% form_errors form %}", form=Log()) == ""


def test_errors_of_the_whole_form_and_of_sets_of_forms_are_listed() -> None:
    class Strict(GovukForm):
        name = TextField()

        def clean(self) -> None:
            super().clean()
            raise forms.ValidationError("These do not go together")

    page = drawn("{% form_errors form %}", form=Strict({"name": "x"}))
    assert "These do not go together" in page
    formset = forms.formset_factory(Strict, extra=1)
    given = formset({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"})
    assert "These do not go together" in drawn("{% form_errors form %}", form=given)


def test_the_title_begins_with_error() -> None:
    assert drawn("{% error_prefix %}Log", form=Log({})) == "Error: Log"
    assert drawn("{% error_prefix %}Log", form=Log()) == "Log"
    assert drawn("{% error_prefix %}Log") == "Log"
    assert drawn("{% error_prefix other %}Log", other=Log({})) == "Error: Log"


def test_nothing_is_ticked_beforehand() -> None:
    page = drawn("{% fields form %}", form=Log())
    assert " checked" not in page
    assert re.findall(r'<option value="([^"]*)"[^>]* selected', page) == [""]


def test_what_is_stored_or_sent_is_ticked() -> None:
    stored = Log(initial={"source": "self", "parts": ["family"], "sure": True, "place": "club"})
    page = drawn("{% fields form %}", form=stored)
    assert len(re.findall(r"<input[^>]*? checked", page)) == 3
    assert re.findall(r'<option value="([^"]*)"[^>]* selected', page) == ["club"]
    sent = Log({"source": "other", "parts": ["housing", "family"]})
    assert len(re.findall(r"<input[^>]*? checked", drawn("{% fields form %}", form=sent))) == 3


def test_a_field_of_an_answer_is_drawn_under_it_and_only_there() -> None:
    page = drawn("{% fields form %}", form=Log())
    assert page.count('name="source_words"') == 1
    assert page.index("conditional-id_source-2") < page.index('name="source_words"')
    assert "They came by themselves" in page


def test_lines_in_a_text_box_are_not_indented_each_time() -> None:
    typed = "one\ntwo\n  three"
    form = Log({"source": "other", "source_words": typed, "words": typed})
    page = drawn("{% fields form %}", form=form)
    boxes = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert boxes == [typed, typed]


def test_a_date_shows_what_was_typed_and_marks_the_wrong_part() -> None:
    form = Log({"born_day": "31", "born_month": "x"})
    page = drawn("{% field form.born %}", form=form)
    assert 'value="31"' in page
    assert 'name="born_month"' in page
    assert re.findall(r'id="(id_born_\w+)"[^>]*value="x"', page)
    assert len(re.findall(r'aria-invalid="true"', page)) == 1
    stored = Log(initial={"born": dt.date(2008, 3, 7)})
    assert re.findall(r'value="(\d+)"', drawn("{% field form.born %}", form=stored)) == [
        "7",
        "3",
        "2008",
    ]


def test_labels_can_be_large_hidden_or_the_heading() -> None:
    page = drawn('{% field form.who size="l" heading=True %}', form=Log())
    assert "<h1" in page
    assert "govuk-label--l" in page
    assert "govuk-visually-hidden" in drawn("{% field form.place hide_label=True %}", form=Log())
    assert "govuk-fieldset__legend--m" in drawn('{% field form.source size="m" %}', form=Log())


def test_widths_and_affixes() -> None:
    page = drawn('{% field form.minutes width=3 suffix="minutes" %}', form=Log())
    assert "govuk-input--width-3" in page
    assert "govuk-input__suffix" in page
    assert 'inputmode="numeric"' in page
    assert 'type="number"' not in page


def test_the_count_of_characters_comes_with_a_limit() -> None:
    page = drawn("{% field form.words %}", form=Log())
    assert 'data-maxlength="200"' in page
    assert " maxlength=" not in page


def test_a_password_is_never_sent_back() -> None:
    page = drawn("{% field form.secret %}", form=Log({"secret": "hunter2"}))
    assert "hunter2" not in page


def test_a_hidden_field_is_just_that() -> None:
    page = drawn("{% field form.token %}", form=Log())
    assert page.startswith('<input type="hidden"')


def test_a_hidden_field_keeps_the_attributes_of_its_widget() -> None:
    page = drawn("{% field form.key %}", form=OnceForm())
    assert re.search(r'<input type="hidden" name="key" value="[0-9a-f-]{36}"', page)
    assert ' autocomplete="off"' in page
    assert " data-once" in page


def test_disabled_fields_are_disabled() -> None:
    form = Log()
    for name in form.fields:
        form.fields[name].disabled = True
    page = drawn("{% fields form %}", form=form)
    boxes = re.findall(r"<(?:input|select|textarea)[^>]*>", page)
    visible = [box for box in boxes if 'type="hidden"' not in box]
    assert visible
    # The Yes and No of a three-way question, too.
    assert all(" disabled" in box for box in visible)


def test_a_draft_is_told_apart_from_what_was_just_sent() -> None:
    assert drawn('{% draft "log-YP-1" form %}', form=Log()) == (
        'data-draft="log-YP-1" data-draft-url="/drafts/log-YP-1/"'
    )
    assert "data-draft-bound" in drawn('{% draft "log-YP-1" form %}', form=Log({}))
    with pytest.raises(ValueError, match="key"):
        drawn('{% draft "../x" form %}', form=Log())


def test_only_a_field_can_be_drawn_as_one() -> None:
    with pytest.raises(TypeError):
        drawn("{% field form.nothing %}", form=Log())


def test_the_only_inline_script_is_the_one_that_the_policy_allows() -> None:
    base = Path(__file__).parents[2] / "templates" / "base.html"
    scripts = re.findall(r"<script>(.*?)</script>", base.read_text(), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()) for script in scripts]
    assert digests == [b"GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="]


def test_what_narrows_a_list_can_be_taken_back_by_the_answer_that_says_so():
    first, narrowed = (
        drawn("{% fields form %}", form=Narrow(sent))
        for sent in ({}, {"show": "mine", "state": "open"})
    )
    for page in (first, narrowed):
        assert re.findall(r'type="radio" value="([^"]*)"', page) == ["", "mine"]
        assert "Everybody" in page
        assert re.search(r'<option value=""[^>]*>Any</option>', page)
    assert re.findall(r'type="radio" value="([^"]*)" checked', first) == [""]
    assert re.findall(r'type="radio" value="([^"]*)" checked', narrowed) == ["mine"]
    assert re.findall(r'<option value="([^"]*)"[^>]* selected', first) == [""]
    assert re.findall(r'<option value="([^"]*)"[^>]* selected', narrowed) == ["open"]


def test_a_question_that_must_be_answered_offers_no_empty_answer():
    page = drawn("{% field form.source %}", form=Log())
    assert re.findall(r'type="radio" value="([^"]*)"', page) == ["self", "other"]
    assert " checked" not in page
