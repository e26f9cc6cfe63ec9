"""Writing down who somebody is: by who may, from the last version, with no words in the trail."""

from datetime import date

import pytest

from access.actor import NotAllowed, NotVisible
from access.categories import Category, to_bits
from core.errors import Invalid
from core.versions import Stale
from people.actions import contact, family, young_person
from people.models import ContactPoint, Identifier, Relative, YoungPerson
from tests.factories.watching import refuses, sees, told, writes

POINTER, IDENTITY = Category.POINTER, Category.IDENTITY


@pytest.fixture
def person(cast):
    return cast.open_case().person


def describe(cast, person, by="lead-worker", version=None, **changes):
    return young_person.describe(
        person=person, changes=changes, version=version, by=cast.who(by) if by else None
    )


ADDITIONS = {
    "contact": lambda person, by: contact.add(
        person=person, kind="phone", value="07700 900000", is_safe=True, by=by
    ),
    "nhs": lambda person, by: young_person.add_identifier(
        person=person, scheme="nhs", value="9434765919", by=by
    ),
    "pnc": lambda person, by: young_person.add_identifier(
        person=person, scheme="pnc", value="2003/0062845E", by=by
    ),
    "relative": lambda person, by: family.add(
        person=person, name="Ama Mensah", kind="mother", main_carer=True, by=by
    ),
}


def test_what_changed_is_named_in_the_trail_and_not_told(cast, person):
    describe(cast, person, given_name="Kofi", known_as="K", strengths="Draws trains")
    event = told("person.described")
    assert event.fields == ["known_as", "strengths"]
    assert event.categories == to_bits([POINTER, IDENTITY])
    assert "trains" not in f"{event.digests}{event.detail}"
    assert YoungPerson.rows.get().called == "K"


def test_who_edits_an_old_version_is_told(cast, person):
    version = YoungPerson.rows.get().version
    describe(cast, person, version=version, pronouns="he")
    with refuses(Stale):
        describe(cast, person, by="charity-manager", version=version, pronouns="they")
    assert YoungPerson.rows.get().pronouns == "he"


@pytest.mark.parametrize("born", [date(2026, 3, 4), date(1895, 1, 1)])
def test_a_date_of_birth_that_can_not_be_is_named(cast, person, born):
    with refuses(Invalid, "date_of_birth"):
        describe(cast, person, date_of_birth=born)


@pytest.mark.parametrize("name", ["provisional", "reference", "created_at", "id", "nonsense"])
def test_what_is_not_about_who_somebody_is_can_not_be_changed(cast, person, name):
    with refuses(KeyError):
        describe(cast, person, **{name: "x", "given_name": "Ana"})


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("colleague", NotAllowed),
        ("prison-worker", NotAllowed),
        ("unit-worker", NotAllowed),
        ("auditor", NotVisible),
        ("outsider", NotVisible),
        (None, NotVisible),
    ],
)
def test_only_who_may_write_it_changes_it_or_adds_to_it(cast, person, username, refusal):
    cast.agree("lead-charity", "borough-unit")
    cast.share(person, "borough-unit", IDENTITY, Category.CONTACT, Category.FAMILY)
    with refuses(refusal):
        describe(cast, person, by=username, given_name="Ana")
    for add in ADDITIONS.values():
        with refuses(refusal):
            add(person, cast.who(username) if username else None)


@pytest.mark.parametrize(
    ("kind", "verb", "category"),
    [
        ("contact", "contact.added", Category.CONTACT),
        ("nhs", "identifier.added", IDENTITY),
        ("pnc", "identifier.added", Category.OFFENDING),
        ("relative", "relative.added", Category.FAMILY),
    ],
)
def test_each_addition_belongs_to_its_category(cast, person, kind, verb, category):
    ADDITIONS[kind](person, cast.who("lead-worker"))
    event = told(verb)
    assert event.categories == to_bits([category])
    for words in ("07700", "9434765919", "0062845", "Ama"):
        assert words not in f"{event.digests.keys()}{event.detail}"
    rows = [model.rows.count() for model in (ContactPoint, Identifier, Relative)]
    assert sum(rows) == 1


def test_a_pnc_number_needs_more_than_identity(cast, person):
    from casework.models import Case

    cast.agree("lead-charity", "borough-unit")
    cast.join(Case.rows.get(person=person), "unit-worker", POINTER, IDENTITY)
    by = cast.who("unit-worker")
    ADDITIONS["nhs"](person, by)
    with refuses(NotAllowed):
        ADDITIONS["pnc"](person, by)


def test_the_same_number_on_a_hidden_person_is_no_error(cast, person):
    ADDITIONS["nhs"](person, cast.who("lead-worker"))
    hidden = cast.refer(to="other-borough", by=cast.who("outsider")).person
    assert sees(cast, "lead-worker", hidden) == set()
    assert IDENTITY in writes(cast, "outside-manager", hidden)
    ADDITIONS["nhs"](hidden, cast.who("outside-manager"))
    assert Identifier.rows.count() == 2
