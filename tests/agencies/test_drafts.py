"""Drafts come back to who typed them, while they may see whom they are about."""

import pytest
from django.test import Client

from access.categories import Category
from access.roles import Role
from agencies.actions import draft
from agencies.models import Draft
from sharing.actions import withdrawal
from tests.agencies.conftest import PASSWORD
from tests.factories.cast import PASSWORD as CAST_PASSWORD

WORDS = "He said that the flat is not safe any more."


def test_what_was_typed_comes_back_as_it_was(world, sign_in):
    world.hat()
    client = sign_in()
    assert client.get("/drafts/note-1/").status_code == 204
    saved = client.post("/drafts/note-1/", {"words": WORDS, "who": ["a", "b"]}).json()
    given = client.get("/drafts/note-1/").json()
    assert given == {"values": {"words": [WORDS], "who": ["a", "b"]}, "saved_at": saved["saved_at"]}


def test_saving_again_replaces_it(world, sign_in):
    world.hat()
    client = sign_in()
    client.post("/drafts/a/", {"words": "one", "more": "two"})
    client.post("/drafts/a/", {"words": "three"})
    assert client.get("/drafts/a/").json()["values"] == {"words": ["three"]}
    assert Draft.objects.count() == 1


def test_a_forgotten_draft_is_gone_and_forgetting_twice_is_fine(world, sign_in):
    world.hat()
    client = sign_in()
    client.post("/drafts/a/", {"words": WORDS})
    assert client.delete("/drafts/a/").status_code == 204
    assert client.delete("/drafts/a/").status_code == 204
    assert client.get("/drafts/a/").status_code == 204
    assert not Draft.objects.exists()


def test_nobody_reads_overwrites_or_forgets_the_draft_of_another(world, sign_in):
    world.hat("ann")
    world.hat("bea")
    ann, bea = sign_in("ann"), sign_in("bea")
    ann.post("/drafts/a/", {"words": WORDS})
    assert bea.get("/drafts/a/").status_code == 204
    bea.post("/drafts/a/", {"words": "mine"})
    bea.delete("/drafts/a/")
    assert ann.get("/drafts/a/").json()["values"]["words"] == [WORDS]


def test_what_was_typed_as_one_membership_is_not_there_as_another(world, sign_in):
    charity = world.hat("ann", "lead-charity")
    unit = world.hat("ann", "borough-unit", Role.MANAGER)
    client = sign_in()
    client.post("/working-as/", {"membership": str(charity.pk)})
    client.post("/drafts/a/", {"words": WORDS})
    client.post("/working-as/", {"membership": str(unit.pk)})
    assert client.get("/drafts/a/").status_code == 204
    client.post("/working-as/", {"membership": str(charity.pk)})
    assert client.get("/drafts/a/").status_code == 200


def test_the_row_holds_nothing_that_can_be_read(world, sign_in):
    world.hat()
    sign_in().post("/drafts/a/", {"words": WORDS})
    stored = bytes(Draft.objects.get().sealed_values)
    assert b"flat" not in stored
    assert b"words" not in stored


def test_a_row_that_was_tampered_with_gives_nothing(world, sign_in):
    world.hat()
    client = sign_in()
    client.post("/drafts/a/", {"words": WORDS})
    Draft.objects.update(sealed_values=b"gAAAAABnonsense")
    assert client.get("/drafts/a/").status_code == 204


def test_the_token_of_the_form_is_not_kept(world, sign_in):
    world.hat()
    client = sign_in()
    client.post("/drafts/a/", {"words": WORDS, "csrfmiddlewaretoken": "secret"})
    assert list(client.get("/drafts/a/").json()["values"]) == ["words"]


def test_the_longest_draft_is_kept_and_a_longer_one_is_not(world, sign_in):
    world.hat()
    client = sign_in()
    fits = "x" * (draft.LONGEST - len("words"))
    assert client.post("/drafts/a/", {"words": fits}).status_code == 200
    assert client.post("/drafts/a/", {"words": fits + "x"}).status_code == 413
    assert client.get("/drafts/a/").json()["values"]["words"] == [fits]


@pytest.mark.parametrize("key", ["a b", "a.b", "é", "x" * 121, "a%00"])
def test_a_key_of_any_other_shape_is_no_page(world, sign_in, key):
    world.hat()
    assert sign_in().get(f"/drafts/{key}/").status_code == 404


def test_keeping_needs_the_token(world):
    world.hat()
    client = Client(enforce_csrf_checks=True)
    token = client.get("/sign-in/").cookies["csrftoken"].value
    client.post("/sign-in/", {"login": "ann", "password": PASSWORD, "csrfmiddlewaretoken": token})
    assert client.post("/drafts/a/", {"words": WORDS}).status_code == 403
    assert client.delete("/drafts/a/").status_code == 403
    token = client.cookies["csrftoken"].value
    assert (
        client.post("/drafts/a/", {"words": WORDS}, headers={"X-CSRFToken": token}).status_code
        == 200
    )


def test_other_methods_are_refused(world, sign_in):
    world.hat()
    assert sign_in().put("/drafts/a/").status_code == 405


@pytest.fixture
def case(cast):
    return cast.open_case()


def as_member(username: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": username, "password": CAST_PASSWORD})
    return client


def test_a_draft_about_somebody_remembers_whom(case):
    client = as_member("lead-worker")
    url = f"/drafts/intervention-{case.person.reference}/"
    assert client.post(url, {"words": WORDS}).status_code == 200
    assert Draft.objects.get().person_id == case.person_id
    assert client.get(url).json()["values"]["words"] == [WORDS]


def test_nothing_is_kept_about_somebody_hidden_or_missing(case):
    client = as_member("outsider")
    bodies = set()
    for reference in (case.person.reference, "YP-ZZZZZ2"):
        response = client.post(f"/drafts/note-{reference}/", {"words": WORDS})
        assert response.status_code == 404
        bodies.add(response.content.replace(reference.encode(), b""))
        assert client.get(f"/drafts/note-{reference}/").status_code == 204
    assert not Draft.objects.exists()


def test_a_draft_does_not_come_back_once_its_person_is_hidden(cast, case):
    client = as_member("colleague")
    url = f"/drafts/note-{case.person.reference}/"
    client.post(url, {"words": WORDS})
    assert client.get(url).status_code == 200
    cast.bar(case.person, "colleague")
    response = client.get(url)
    assert (response.status_code, response.content) == (204, b"")
    assert client.post(url, {"words": "more"}).status_code == 404
    assert client.delete(url).status_code == 204


def test_nor_once_what_was_shared_has_ended_and_the_row_itself_may_still_be_read(cast, case):
    cast.agree("lead-charity", "housing")
    consent = cast.share(case.person, "housing", Category.HOUSING)
    client = as_member("housing-officer")
    url = f"/drafts/note-{case.person.reference}/"
    client.post(url, {"words": WORDS})
    assert client.get(url).status_code == 200
    withdrawal.withdraw(consent=consent, by=cast.who("lead-worker"))
    response = client.get(url)
    assert (response.status_code, response.content) == (204, b"")


def test_a_reference_that_leads_to_somebody_else_now_brings_nothing_back(case):
    from core.ids import new_id

    client = as_member("lead-worker")
    url = f"/drafts/note-{case.person.reference}/"
    client.post(url, {"words": WORDS})
    Draft.objects.update(person_id=new_id())
    assert client.get(url).status_code == 204


def test_old_drafts_are_forgotten(world, sign_in):
    from core.clock import instant

    world.hat()
    client = sign_in()
    client.post("/drafts/new/", {"words": WORDS})
    client.post("/drafts/old/", {"words": WORDS})
    Draft.objects.filter(key="old").update(saved_at=instant() - draft.KEPT * 1.01)
    assert draft.forget_old() == 1
    assert client.get("/drafts/new/").status_code == 200
