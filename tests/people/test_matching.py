"""Two facts and one person, or nobody."""

from datetime import date

import pytest

from people.matching import Facts, match
from people.models import ContactPoint, Identifier, YoungPerson


@pytest.fixture
def kofi(cast):
    person = cast.open_case().person
    YoungPerson.rows.filter(pk=person.pk).update(
        known_as="KB", borough="E09000022", date_of_birth=date(2007, 2, 11), provisional=False
    )
    ContactPoint(person=person, kind="phone", value="07700 900 123").save(force_insert=True)
    Identifier(person=person, scheme="nhs", value="9434765919").save(force_insert=True)
    return person


BORN = date(2007, 2, 11)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(name="Kofi Mensah-Lowe", born=BORN),
        Facts(name="kb", born=BORN),
        Facts(name="Mensah-Lowe", birth_year=2007),
        Facts(phone="+44 7700 900123", area="E09000022"),
        Facts(nhs_number="943 476 5919", birth_year=2007),
        Facts(born=BORN, area="E09000022"),
        Facts(name="Kofi", born=date(1999, 1, 1), phone="07700900123"),
    ],
)
def test_two_facts_that_fit_find_the_person(kofi, facts):
    assert match(facts).person_id == kofi.pk


@pytest.mark.parametrize("words", ["Anne-Marie van der Berg", "van der Berg", "mary ann Berg"])
def test_a_name_of_several_words_is_found_as_it_is_said(kofi, words):
    YoungPerson.rows.filter(pk=kofi.pk).update(
        given_name="Anne-Marie", family_name="van der Berg", known_as="Mary Ann"
    )
    found = match(Facts(name=words, born=BORN)).person_id
    assert (found == kofi.pk) == (words != "mary ann Berg")


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        Facts(name="Kofi Mensah-Lowe"),
        Facts(nhs_number="9434765919"),
        Facts(name="Kofi Mensah-Lowe", born=date(2007, 2, 12)),
        Facts(name="Kofi Somebody", born=BORN),
        Facts(phone="900123", born=date(2000, 1, 1)),
        Facts(name="%", born=BORN),
    ],
)
def test_one_fact_or_a_wrong_one_finds_nobody(kofi, facts):
    assert match(facts).person_id is None
    assert match(facts).why_not == "none"


def test_a_year_and_an_area_alone_find_nobody(kofi):
    assert match(Facts(birth_year=2007, area="E09000022")).person_id is None


def test_two_people_who_fit_are_as_good_as_none(kofi):
    YoungPerson(given_name="Kofi", family_name="Mensah-Lowe", date_of_birth=BORN).save(
        force_insert=True
    )
    found = match(Facts(name="Kofi Mensah-Lowe", born=BORN))
    assert (found.person_id, found.why_not) == (None, "several")


def test_what_somebody_typed_in_a_referral_is_nobody_yet(kofi, cast):
    cast.refer()
    assert match(Facts(name="Kofi Mensah-Lowe", born=BORN)).person_id == kofi.pk
