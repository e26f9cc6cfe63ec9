"""The pages on which ways to make contact and the family are corrected and ended."""

import pytest

from access.categories import Category
from audit.models import Event
from people.actions import contact, family
from people.models import ContactPoint, Relative
from tests.factories.browsing import sign_in

assert sign_in  # The fixture, found by its name.

NUMBER = "07700 900123"
NOWHERE = "01890000-0000-7000-8000-000000000000"


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


def page_of(browser, person):
    return browser.get(f"/people/{person.reference}/").content.decode()


def parts(page, words):
    """A page, cut where the part of what is over begins."""
    now, _, over = page.partition(words)
    return now, over


def test_a_number_is_marked_as_not_safe(person, phone, sign_in):
    worker = sign_in("lead-worker")
    assert f"/contact-points/{phone.pk}/" in page_of(worker, person)
    said = {"version": 1, "value": NUMBER, "is_safe": "no", "note": "His brother has it"}
    worker.post(f"/contact-points/{phone.pk}/", said)
    page = page_of(worker, person)
    assert "Not safe: do not use" in page
    assert "Safe to use" not in page


def test_a_number_out_of_use_leaves_the_first_screen_and_says_why(person, phone, sign_in):
    worker = sign_in("lead-worker")
    asked = worker.get(f"/contact-points/{phone.pk}/end/").content.decode()
    assert NUMBER in asked
    worker.post(f"/contact-points/{phone.pk}/end/", {"version": 1, "reason": "It was taken"})
    now, over = parts(page_of(worker, person), "Earlier, no longer in use")
    assert NUMBER not in now
    assert "Safe to use" not in now
    assert NUMBER in over
    assert "until 3 March 2026: It was taken" in over
    reader = sign_in("charity-manager")
    assert "It was taken" in page_of(reader, person)


def test_somebody_leaves_the_family_and_its_picture(person, aunt, sign_in):
    worker = sign_in("lead-worker")
    assert "Abena Mensah" in page_of(worker, person)
    worker.post(f"/relatives/{aunt.pk}/end/", {"version": 1, "reason": "Another family"})
    now, over = parts(page_of(worker, person), "Earlier, no longer family")
    assert "Abena" not in now
    assert "Abena Mensah (aunt or uncle), until 3 March 2026: Another family" in over


def test_a_relative_is_corrected_from_what_was_said_before(person, aunt, sign_in):
    worker = sign_in("lead-worker")
    asked = worker.get(f"/relatives/{aunt.pk}/").content.decode()
    assert 'value="Abena Mensah"' in asked
    said = {
        "version": 1,
        "name": "Abena Mensah-Lowe",
        "kind": "foster_carer",
        "same_household": "yes",
        "parental_responsibility": "",
        "main_carer": "yes",
        "needs": "",
        "phone": "07700 900789",
    }
    worker.post(f"/relatives/{aunt.pk}/", said)
    row = Relative.rows.get()
    assert (row.name, row.kind, row.main_carer) == ("Abena Mensah-Lowe", "foster_carer", True)
    assert row.parental_responsibility is None
    assert "07700 900789" in page_of(worker, person)


def test_a_form_that_is_refused_keeps_what_was_typed(cast, phone, sign_in):
    worker = sign_in("lead-worker")
    said = {"version": 1, "value": "", "is_safe": "no", "note": "His brother has it"}
    page = worker.post(f"/contact-points/{phone.pk}/", said).content.decode()
    assert "There is a problem" in page
    assert "His brother has it" in page
    stale = said | {"value": "07700 900456", "note": "Text only"}
    contact.change(
        point=phone, value=NUMBER, is_safe=False, note="", by=cast.who("charity-manager")
    )
    page = worker.post(f"/contact-points/{phone.pk}/", stale).content.decode()
    assert "Charity Manager changed is safe on 3 March 2026" in page
    assert "Text only" in page
    assert 'name="version" value="2"' in page
    assert ContactPoint.rows.get().value == NUMBER


def test_what_was_taken_out_of_use_meanwhile_is_said_on_the_form(cast, phone, sign_in):
    contact.end(point=phone, reason="It was taken", by=cast.who("charity-manager"))
    said = {"version": 1, "value": NUMBER, "is_safe": "yes", "note": ""}
    page = sign_in("lead-worker").post(f"/contact-points/{phone.pk}/", said).content.decode()
    assert "Somebody has taken this out of use already." in page
    assert ContactPoint.rows.get().is_safe is True
    assert not Event.objects.filter(verb="contact.changed").exists()


PAGES = [
    ("/contact-points/{phone}/", {"version": 1, "value": "07700 900456"}),
    ("/contact-points/{phone}/end/", {"version": 1, "reason": "x"}),
    ("/relatives/{aunt}/", {"version": 1, "name": "x"}),
    ("/relatives/{aunt}/end/", {"version": 1, "reason": "x"}),
]


@pytest.mark.parametrize(("path", "said"), PAGES)
def test_who_sees_neither_gets_the_page_that_is_not_there(
    cast, person, phone, aunt, path, said, sign_in
):
    cast.agree("lead-charity", "housing")
    cast.share(person, "housing", Category.HOUSING)
    there = path.format(phone=phone.pk, aunt=aunt.pk)
    nowhere = path.format(phone=NOWHERE, aunt=NOWHERE)
    for username in ("housing-officer", "colleague", "auditor", "outsider"):
        browser = sign_in(username)
        browser.raise_request_exception = False
        for answer, other in (
            (browser.get(there), browser.get(nowhere)),
            (browser.post(there, said), browser.post(nowhere, said)),
        ):
            assert answer.status_code == other.status_code == 404
            assert NUMBER not in answer.content.decode()
            assert "Abena" not in answer.content.decode()
    assert (ContactPoint.rows.get().version, Relative.rows.get().version) == (1, 1)


@pytest.mark.parametrize(("path", "said"), PAGES)
def test_who_reads_it_and_may_not_write_it_changes_nothing(
    cast, person, phone, aunt, path, said, sign_in
):
    cast.agree("lead-charity", "housing")
    cast.share(person, "housing", Category.CONTACT, Category.FAMILY)
    reader = sign_in("housing-officer")
    reader.raise_request_exception = False
    page = page_of(reader, person)
    assert NUMBER in page
    assert "/contact-points/" not in page
    assert "/relatives/" not in page
    there = path.format(phone=phone.pk, aunt=aunt.pk)
    assert reader.get(there).status_code == 403
    assert reader.post(there, said).status_code == 403
    assert (ContactPoint.rows.get().version, Relative.rows.get().version) == (1, 1)
