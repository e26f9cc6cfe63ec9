"""A postcode in a note is asked about once, and never passes unseen."""

import pytest

from core.forms import GovukForm, TextField
from core.postcodes import postcodes


class NoteForm(GovukForm):
    note = TextField(label="Note", multiline=True)
    place = TextField(label="Place")
    address = TextField(label="Address", multiline=True, notices=False, required=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He lives at 12 Elm Road, SE5 8AB now", ["SE5 8AB"]),
        ("se58ab", ["SE5 8AB"]),
        ("W1A 0AX and EC1A 1BB, M1 1AE; B33 8TH", ["W1A 0AX", "EC1A 1BB", "M1 1AE", "B33 8TH"]),
        ("CR2\N{NO-BREAK SPACE}6XH", ["CR2 6XH"]),
        ("DN55 1PT, DN55 1PT", ["DN55 1PT"]),
        ("He took 3 of 12 at SE5", []),
        ("YP-7K3M9Q, 2pm, A1 paper, 10AM", []),
        ("Q1 1AA", []),
    ],
)
def test_whole_postcodes_are_found_and_nothing_else(text, found):
    assert postcodes(text) == found


def note(text, **more):
    return NoteForm({"note": text, "place": "SE5 8AB", "address": "SE5 8AB"} | more)


def test_the_first_time_the_form_asks_and_keeps_what_was_typed():
    form = note("He is at SE5 8AB now")
    assert not form.is_valid()
    assert list(form.errors) == ["note"]
    assert "SE5 8AB" in str(form.errors["note"])
    assert form["note"].value() == "He is at SE5 8AB now"


def test_sent_again_it_is_meant_but_a_new_one_is_asked_about():
    assert note("He is at SE5 8AB now", note_noticed="SE5 8AB").is_valid()
    assert not note("At SE5 8AB, then N1 9GU", note_noticed="SE5 8AB").is_valid()


def test_the_page_carries_what_it_asked_about():
    from core.templatetags.govuk import fields

    assert 'name="note_noticed" value="SE5 8AB"' in fields(note("He is at SE5 8AB now"))
    assert "_noticed" not in fields(NoteForm())
    assert "address_noticed" not in fields(note("x"))
