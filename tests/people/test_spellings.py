"""The names that there are: where a search begins, kept by the database, given to nobody."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from access.context import transact
from core.clock import instant
from people import queries as people
from people.actions import young_person
from people.tasks import forget_spellings
from sharing import reach
from tests.access.behind import raw

CALLED = [
    ("Amara", "Mensah-Lowe", ""),
    ("amara", "Amarasinghe", "Mara"),
    ("Maram", "O’Neill", ""),
    ("Abdirahman", "de Souza", "Rahman"),
    ("Zoë", "Ñuñez", "100%"),
    ("Ng", "", "A_b"),
    ("Jonas", "Groß", ""),
]
WORDS = ["amara", "MAR", "rah", "rahman", "lowe", "ah-l", "souza", "o’n", "ñuñ", "zoë", "100%",
         "a_b", "axb", "sin", "groß", "xyz"]  # fmt: skip


def found(cast, words, username="colleague"):
    actor = cast.who(username)
    with transact(actor, route="test") as notes:
        names = [person.name for person in people.search(actor, words)]
        notes.shown.clear()
    return names


def change(cast, person, name):
    return young_person.describe(
        person=person, changes={"family_name": name}, by=cast.who("lead-worker")
    )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("mens", ["Kofi Mensah-Lowe"]),
        ("LOWE", ["Kofi Mensah-Lowe"]),
        ("ofi", ["Kofi Mensah-Lowe"]),
        ("fofo", ["Kofi Mensah-Lowe"]),
        ("kof", ["Kofi Mensah-Lowe"]),
        ("kofix", []),
        ("%%%", []),
    ],
)
def test_somebody_is_found_by_any_part_of_any_of_their_names_and_once(cast, words, names):
    cast.open_case(known_as="Fofo Kofi")
    assert found(cast, words) == names


@pytest.mark.parametrize("lists", ["short", "long"])
def test_a_word_finds_exactly_those_in_one_of_whose_names_it_is(cast, lists):
    for given, family, known in CALLED:
        cast.open_case(given_name=given, family_name=family, known_as=known)
    if lists == "long":
        raw("SELECT set_config('reach.few', '0', true)")
    for word in WORDS:
        wanted = {
            f"{given} {family}".strip()
            for given, family, known in CALLED
            if any(word.lower() in name.lower() for name in (given, family, known))
        }
        assert set(found(cast, word)) == wanted, word
        assert len(found(cast, word)) == len(wanted), word


@pytest.mark.parametrize("lists", ["short", "long"])
@pytest.mark.parametrize("second", ["amara", "man", "o’n", "ra", "a", "100%", "xyz"])
def test_several_words_find_exactly_those_who_have_them_all(cast, lists, second):
    for given, family, known in CALLED:
        cast.open_case(given_name=given, family_name=family, known_as=known)
    if lists == "long":
        raw("SELECT set_config('reach.few', '0', true)")
    for word in WORDS:
        for words in (f"{word} {second}", f"{second} {word}"):
            wanted = {
                f"{given} {family}".strip()
                for given, family, known in CALLED
                if all(
                    any(one.lower() in name.lower() for name in (given, family, known))
                    for one in words.split()
                )
            }
            assert set(found(cast, words)) == wanted, words


def test_whoever_has_a_word_in_two_names_takes_one_place(cast):
    person = cast.open_case(given_name="Amara", family_name="Amarasinghe", known_as="Mara").person
    actor = cast.who("lead-worker")
    with transact(actor, route="test"):
        of = reach.principals(actor, actor.role)
        named = raw("SELECT reach_named(ARRAY['MARA'], %s::uuid[], %s, 9, 0)", of, instant())
        assert named == [(person.pk,)]


def test_somebody_is_found_by_how_their_reference_begins_and_not_by_its_middle(cast):
    reference = cast.open_case().person.reference
    assert found(cast, reference[:6]) == ["Kofi Mensah-Lowe"]
    assert found(cast, reference.lower()) == ["Kofi Mensah-Lowe"]
    assert found(cast, reference[3:]) == []
    # Nor beside a name, nor by two letters, which no index holds.
    assert found(cast, f"kofi {reference[:6]}") == ["Kofi Mensah-Lowe"]
    assert found(cast, f"kofi {reference[3:]}") == []
    assert found(cast, reference[:2]) == ["Kofi Mensah-Lowe"]


def test_whoever_is_called_something_else_is_found_by_that_alone(cast):
    person = cast.open_case().person
    change(cast, person, "Asante")
    assert found(cast, "asan") == ["Kofi Asante"]
    assert found(cast, "mensah") == []


def test_who_is_hidden_is_not_found_by_a_name_that_others_have(cast):
    hidden = cast.open_case(given_name="Ana").person
    cast.open_case(given_name="Ben")
    cast.bar(hidden, "colleague")
    assert found(cast, "mensah") == ["Ben Mensah-Lowe"]
    assert found(cast, "mensah", "outsider") == []


def test_a_name_that_nobody_has_any_more_is_forgotten_and_no_other(cast):
    person = cast.open_case().person
    change(cast, person, "Asante")
    assert forget_spellings() == 1
    assert forget_spellings() == 0
    assert found(cast, "asan") == ["Kofi Asante"]
    # Whoever is called so again is found again.
    change(cast, person, "Mensah-Lowe")
    assert found(cast, "mensah") == ["Kofi Mensah-Lowe"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM people_spelling",
        "INSERT INTO people_spelling (name) VALUES ('X')",
        "DELETE FROM people_spelling",
        "UPDATE people_spelling SET name = name",
    ],
)
def test_the_application_can_neither_read_nor_change_the_list(cast, statement):
    cast.open_case()
    for actor in (cast.who("lead-worker"), None):
        with transact(actor, route="test"), pytest.raises(ProgrammingError), transaction.atomic():
            raw(statement)
