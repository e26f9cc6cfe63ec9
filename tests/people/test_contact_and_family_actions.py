"""Ways to make contact and the family: corrected and ended by who may, never silently."""

import pytest

from access.actor import NotAllowed, NotVisible
from access.categories import Category, to_bits
from core.clock import instant
from core.errors import Conflict, Invalid
from core.versions import Stale
from people.actions import contact, family
from people.matching import Facts, match
from people.models import ContactPoint, Relative
from tests.factories.watching import refuses, told

NUMBER = "07700 900123"


@pytest.fixture
def person(cast):
    return cast.open_case().person


@pytest.fixture
def phone(cast, person):
    return contact.add(
        person=person, kind="phone", value=NUMBER, is_safe=True, by=cast.who("lead-worker")
    )


@pytest.fixture
def aunt(cast, person):
    return family.add(
        person=person, name="Abena Mensah", kind="aunt_uncle", by=cast.who("lead-worker")
    )


def correct(cast, phone, by="lead-worker", **said):
    said = {"value": NUMBER, "is_safe": True, "note": ""} | said
    return contact.change(point=phone, **said, by=cast.who(by))


WAYS = {
    "change a number": lambda cast, phone, aunt, by: contact.change(
        point=phone, value="07700 900456", is_safe=False, note="", by=by
    ),
    "end a number": lambda cast, phone, aunt, by: contact.end(
        point=phone, reason="Somebody took the phone", by=by
    ),
    "change a relative": lambda cast, phone, aunt, by: family.change(
        relative=aunt, changes={"phone": "07700 900789"}, by=by
    ),
    "end a relative": lambda cast, phone, aunt, by: family.end(
        relative=aunt, reason="Written down by mistake", by=by
    ),
}


def test_a_number_that_is_not_safe_any_more_says_so(cast, phone):
    correct(cast, phone, is_safe=False, note="His brother has the phone")
    assert ContactPoint.rows.get().is_safe is False
    event = told("contact.changed")
    assert event.categories == to_bits([Category.CONTACT])
    assert event.fields == ["is_safe", "note"]
    assert "brother" not in f"{event.digests}{event.detail}"


def test_a_number_that_has_ended_stays_on_record_with_the_reason(cast, phone):
    contact.end(point=phone, reason="Somebody took the phone", by=cast.who("lead-worker"))
    ended = ContactPoint.rows.get()
    assert (ended.value, ended.ended_at) == (NUMBER, instant())
    assert ended.end_reason == "Somebody took the phone"
    assert told("contact.ended").fields == ["end_reason"]
    assert "took" not in f"{told('contact.ended').digests}{told('contact.ended').detail}"


def test_earlier_numbers_stay_in_its_history(cast, phone):
    correct(cast, phone, value="07700 900456")
    assert [row.value for row in phone.history.model.rows.order_by("pgh_id")] == [
        NUMBER,
        "07700 900456",
    ]


def test_a_relative_is_corrected_and_ended(cast, aunt):
    by = cast.who("lead-worker")
    family.change(relative=aunt, changes={"kind": "foster_carer", "main_carer": True}, by=by)
    assert told("relative.changed").fields == ["kind", "main_carer"]
    family.end(relative=aunt, reason="He lives elsewhere now", by=by)
    row = Relative.rows.get()
    assert (row.kind, row.main_carer, row.ended_at) == ("foster_carer", True, instant())
    assert told("relative.ended").categories == to_bits([Category.FAMILY])
    assert "elsewhere" not in f"{told('relative.ended').digests}{told('relative.ended').detail}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("colleague", NotAllowed),
        ("unit-worker", NotAllowed),
        ("auditor", NotVisible),
        ("outsider", NotVisible),
    ],
)
def test_only_who_may_write_it_corrects_or_ends_it(
    cast, person, phone, aunt, way, username, refusal
):
    cast.agree("lead-charity", "borough-unit")
    cast.share(person, "borough-unit", Category.CONTACT, Category.FAMILY)
    with refuses(refusal):
        WAYS[way](cast, phone, aunt, cast.who(username))


@pytest.mark.parametrize("way", WAYS)
def test_what_has_ended_is_neither_changed_nor_ended_again(cast, phone, aunt, way):
    by = cast.who("lead-worker")
    WAYS["end a number"](cast, phone, aunt, by)
    WAYS["end a relative"](cast, phone, aunt, by)
    with refuses(Conflict):
        WAYS[way](cast, phone, aunt, by)


def test_who_corrects_or_ends_an_old_version_is_told(cast, phone, aunt):
    by = cast.who("charity-manager")
    correct(cast, phone, is_safe=False)
    family.change(relative=aunt, changes={"phone": "07700 900789"}, by=cast.who("lead-worker"))
    with refuses(Stale):
        correct(cast, phone, by="charity-manager", note="Text only", version=1)
    with refuses(Stale):
        contact.end(point=phone, reason="Lost", version=1, by=by)
    with refuses(Stale):
        family.change(relative=aunt, changes={"phone": ""}, version=1, by=by)
    with refuses(Stale):
        family.end(relative=aunt, reason="Moved", version=1, by=by)
    assert ContactPoint.rows.get().is_safe is False


def test_nothing_is_ended_without_a_reason_or_corrected_to_nothing(cast, phone, aunt):
    by = cast.who("lead-worker")
    with refuses(Invalid, "reason"):
        contact.end(point=phone, reason=" ", by=by)
    with refuses(Invalid, "reason"):
        family.end(relative=aunt, reason="", by=by)
    with refuses(Invalid, "value"):
        correct(cast, phone, value=" ")
    with refuses(Invalid, "name"):
        family.change(relative=aunt, changes={"name": ""}, by=by)


@pytest.mark.parametrize("name", ["person", "other", "ended_at", "id", "nonsense"])
def test_whose_relative_somebody_is_can_not_be_changed(cast, aunt, name):
    with refuses(KeyError):
        family.change(relative=aunt, changes={name: "x"}, by=cast.who("lead-worker"))


def test_nobody_is_found_by_a_number_that_is_no_longer_theirs(cast, person, phone):
    stated = Facts(phone=NUMBER, born=person.date_of_birth)
    assert match(stated).person_id == person.pk
    contact.end(point=phone, reason="Somebody took it", by=cast.who("lead-worker"))
    assert match(stated).person_id is None
