"""Numbers of other systems and the borough: entered by who may, and found in an emergency."""

import pytest

from access.categories import Category
from casework.models import Case
from core.ids import new_id
from people.actions import young_person
from people.matching import Facts, match
from people.models import Identifier, YoungPerson
from referrals.models import Referral
from tests.factories.browsing import sign_in

assert sign_in  # The fixture, found by its name.

NHS, PNC, CAMDEN = "9434765919", "2003/0062845E", "E09000007"


@pytest.fixture
def person(cast):
    return cast.open_case().person


@pytest.fixture
def path(person):
    return f"/people/{person.reference}/identifiers/"


def test_a_number_is_kept_as_it_is_sought_however_it_was_typed(person, path, sign_in):
    worker = sign_in("lead-worker")
    worker.post(path, {"scheme": "nhs", "value": "943 476 5919"})
    worker.post(path, {"scheme": "pnc", "value": "2003/0062845e"})
    worker.post(path, {"scheme": "upn", "value": "b801200005001"})
    assert list(Identifier.rows.order_by("scheme").values_list("value", flat=True)) == [
        NHS,
        PNC,
        "B801200005001",
    ]
    stated = Facts(nhs_number="943-476-5919", born=person.date_of_birth)
    assert match(stated).person_id == person.pk
    page = worker.get(f"/people/{person.reference}/").content.decode()
    assert NHS in page
    assert f'href="{path}"' in page


@pytest.mark.parametrize(
    ("scheme", "value", "says"),
    [
        ("nhs", "943 476 5918", "Enter an NHS number in the format 943 476 5919"),
        ("upn", "801200005001", "Check the unique pupil number"),
        ("pnc", "2003/0062845F", "Enter a PNC number in the format 2003/0062845E"),
    ],
)
def test_a_number_that_can_not_be_is_asked_for_again(path, sign_in, scheme, value, says):
    page = sign_in("lead-worker").post(path, {"scheme": scheme, "value": value}).content.decode()
    assert says in page
    assert f'value="{value}"' in page
    assert not Identifier.rows.exists()


def test_the_same_number_again_is_said_to_be_there_and_the_same_form_is_not(path, sign_in):
    worker, key = sign_in("lead-worker"), new_id()
    for _ in range(2):
        answer = worker.post(path, {"scheme": "nhs", "value": NHS, "key": key})
        assert answer.status_code == 302
    page = worker.post(path, {"scheme": "nhs", "value": "943 476 5919", "key": new_id()})
    assert "This number is written down already" in page.content.decode()
    assert Identifier.rows.get().pk == key


def test_a_number_on_somebody_else_is_no_error_and_tells_nothing(cast, path, sign_in):
    hidden = cast.refer(to="other-borough", by=cast.who("outsider")).person
    young_person.add_identifier(
        person=hidden, scheme="nhs", value=NHS, by=cast.who("outside-manager")
    )
    answer = sign_in("lead-worker").post(path, {"scheme": "nhs", "value": NHS})
    assert answer.status_code == 302
    assert Identifier.rows.count() == 2


def test_who_writes_identity_alone_is_offered_and_shown_no_pnc(cast, person, path, sign_in):
    cast.agree("lead-charity", "borough-unit")
    cast.join(Case.rows.get(person=person), "unit-worker", Category.POINTER, Category.IDENTITY)
    young_person.add_identifier(person=person, scheme="pnc", value=PNC, by=cast.who("lead-worker"))
    worker = sign_in("unit-worker")
    page = worker.get(path).content.decode()
    assert "NHS number" in page
    assert "PNC" not in page
    assert PNC not in page
    assert worker.post(path, {"scheme": "pnc", "value": PNC}).status_code == 200
    assert worker.post(path, {"scheme": "nhs", "value": NHS}).status_code == 302
    assert Identifier.rows.count() == 2


def test_who_reads_may_not_add_and_who_sees_nothing_finds_nothing(cast, person, path, sign_in):
    cast.agree("lead-charity", "housing")
    cast.share(person, "housing", Category.IDENTITY, Category.OFFENDING)
    for username, status in (
        ("housing-officer", 403),
        ("colleague", 403),
        ("outsider", 404),
        ("auditor", 404),
    ):
        browser = sign_in(username)
        browser.raise_request_exception = False
        assert browser.get(path).status_code == status, username
        assert browser.post(path, {"scheme": "nhs", "value": NHS}).status_code == status, username
    assert not Identifier.rows.exists()
    page = sign_in("housing-officer").get(f"/people/{person.reference}/").content.decode()
    assert path not in page


IDENTITY = {"version": "1", "given_name": "Kofi", "interpreter_needed": "no"}


def test_the_borough_is_written_down_shown_and_found_by(person, sign_in):
    worker = sign_in("lead-worker")
    form = f"/people/{person.reference}/who-they-are/"
    version = YoungPerson.rows.get().version
    worker.post(form, IDENTITY | {"version": version, "borough": CAMDEN})
    assert YoungPerson.rows.get().borough == CAMDEN
    assert "Camden" in worker.get(f"/people/{person.reference}/").content.decode()
    assert match(Facts(name="Kofi", area=CAMDEN)).person_id == person.pk
    page = worker.post(form, IDENTITY | {"version": version + 1, "borough": "E99999999"})
    assert page.status_code == 200
    assert YoungPerson.rows.get().borough == CAMDEN


def test_a_borough_elsewhere_is_not_lost_when_something_else_is_changed(cast, person, sign_in):
    elsewhere = "W06000015"
    young_person.describe(person=person, changes={"borough": elsewhere}, by=cast.who("lead-worker"))
    worker, form = sign_in("lead-worker"), f"/people/{person.reference}/who-they-are/"
    assert f'value="{elsewhere}" selected' in worker.get(form).content.decode()
    version = YoungPerson.rows.get().version
    said = IDENTITY | {"version": version, "borough": elsewhere, "pronouns": "he"}
    worker.post(form, said)
    row = YoungPerson.rows.get()
    assert (row.borough, row.pronouns) == (elsewhere, "he")


def test_who_sees_no_identity_sees_no_borough(cast, person, sign_in):
    young_person.describe(person=person, changes={"borough": CAMDEN}, by=cast.who("lead-worker"))
    page = sign_in("colleague").get(f"/people/{person.reference}/").content.decode()
    assert "Camden" not in page


@pytest.mark.parametrize("door", ["/referrals/new/", "/refer/"])
def test_a_referral_says_in_which_borough_they_live(cast, client, sign_in, door):
    browser = client if door == "/refer/" else sign_in("prison-worker")
    said = {
        "sent_to": cast.agencies["lead-charity"].pk,
        "given_name": "Ama",
        "borough": CAMDEN,
        "door": "family",
        "why_now": "She asked for help",
        "components": "housing",
        "knows": "yes",
        "agrees": "yes",
        "referrer_contact": "020 7946 0000",
    }
    assert browser.post(door, said).status_code == 302
    referral = Referral.rows.get()
    assert referral.person.borough == CAMDEN
    page = sign_in("charity-manager").get(f"/referrals/{referral.reference}/").content.decode()
    assert "Camden" in page
