"""The directory's pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from directory.models import Service
from tests.directory import files

pytestmark = pytest.mark.django_db

TYPED = {
    "organization": "Canal Street Boxing",
    "name": "Open door",
    "description": "Somebody to talk to",
    "status": "active",
    "takes_step_down": "yes",
    "in_feed": "no",
    "areas": "Islington\n\nHackney",
    "postcode": "n19gu",
    "address": "2 Canal Street",
    "url": "canal-street.example.org",
    "minimum_age": "16",
}


@pytest.fixture
def manager(signed_in: Any) -> Client:
    return signed_in("charity-manager")


@pytest.fixture
def worker(signed_in: Any) -> Client:
    return signed_in("lead-worker")


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def test_without_a_session_one_is_asked_to_sign_in(bring):
    bring(files.service())

    for path in ("", "new/", f"{Service.objects.get().pk}/"):
        response = Client().get(f"/directory/{path}")
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("who", ["lead-worker", "auditor", "analyst", "lead-charity-administrator"])
def test_everybody_with_a_hat_may_read(who, signed_in, bring):
    bring(files.service())
    client = signed_in(who)
    service = Service.objects.get()

    assert "Evening boxing" in text(client.get("/directory/"))
    page = text(client.get(f"/directory/{service.pk}/"))
    for words in ("11 to 25", "Tuesdays and Thursdays 5pm to 8.30pm", "N1 9GU", "020 7946 0018"):
        assert words in page
    assert "Checked today" not in page


def test_filters_stay_through_pages_and_back(worker, bring):
    bring([files.service(f"Boxing {number:02}") for number in range(25)])

    first = text(worker.get("/directory/?text=boxing&age=17&status=any"))
    second = text(worker.get("/directory/?text=boxing&age=17&status=any&page=2"))
    one = text(worker.get(f"/directory/{Service.objects.first().pk}/?text=boxing&age=17"))

    assert first.count("<article") == 20
    assert second.count("<article") == 5
    assert escape("?text=boxing&age=17&status=any&page=2") in first
    assert escape("/?text=boxing&age=17&status=any") in second
    assert escape("/directory/?text=boxing&age=17") in one
    assert 'value="17"' in first


def test_what_does_not_run_is_listed_only_when_asked_for(worker, bring):
    bring(files.service("Old club", status="defunct"))

    assert "Old club" not in text(worker.get("/directory/"))
    assert "Old club" in text(worker.get("/directory/?status=any"))
    assert "Old club" in text(worker.get("/directory/?status=defunct"))


@pytest.mark.parametrize(
    "query", ["age=old", "age=-1", "age=99999999999", "text=a%00b", "area=X", "status=%00"]
)
def test_a_bad_filter_is_told_and_kept(query, worker, bring):
    bring(files.service())

    page = text(worker.get(f"/directory/?{query}"))

    assert "There is a problem" in page
    assert "Evening boxing" not in page


@pytest.mark.parametrize("page", ["0", "-3", "x", "9" * 30, "%00", "499"])
def test_no_page_number_is_too_strange(page, worker):
    assert worker.get(f"/directory/?page={page}").status_code == 200


def test_a_service_that_does_not_exist_is_not_found(worker):
    for path in (f"{uuid4()}/", f"{uuid4()}/print/", "not-a-key/"):
        assert worker.get(f"/directory/{path}").status_code == 404


def test_a_manager_adds_a_service(manager):
    response = manager.post("/directory/new/", TYPED)

    service = Service.objects.get()
    assert response["Location"] == f"/directory/{service.pk}/"
    assert service.url == "https://canal-street.example.org"
    assert service.takes_step_down
    assert not service.in_feed
    page = text(manager.get(f"/directory/{service.pk}/"))
    assert "N1 9GU" in page
    assert "16 and over" in page


def test_no_question_comes_answered(manager):
    page = text(manager.get("/directory/new/"))

    assert "checked" not in page.split('<form method="post" novalidate')[1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Enter the name of the service"),
        ({"in_feed": ""}, "Select yes if anybody"),
        ({"in_feed": "perhaps"}, "Choose one of the answers"),
        ({"minimum_age": "30", "maximum_age": "20"}, "must not be below"),
        ({"minimum_age": "9" * 30}, "less than or equal to 120"),
        ({"url": "javascript:alert(1)"}, "Enter a web address"),
        ({"email": "somebody"}, "Enter an email address"),
        ({"postcode": "here"}, "Enter a full UK postcode"),
        ({"description": "a\x00b"}, "Remove the hidden characters"),
        ({"funding_ends_on_day": "1"}, "must include a month and year"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(changes, told, manager):
    page = text(manager.post("/directory/new/", TYPED | changes))

    assert "There is a problem" in page
    assert told in page
    assert "2 Canal Street" in page
    assert not Service.objects.exists()


def test_a_worker_may_not_edit(worker, bring):
    bring(files.service())
    pk = Service.objects.get().pk

    for path in ("new/", f"{pk}/edit/"):
        assert worker.get(f"/directory/{path}").status_code == 403
        assert worker.post(f"/directory/{path}", TYPED).status_code == 403
    assert worker.post(f"/directory/{pk}/checked/").status_code == 403

    service = Service.objects.get()
    assert (service.name, service.version, service.last_checked_on) == ("Evening boxing", 1, None)


def edit_form(client: Client, pk: Any) -> dict[str, Any]:
    """What a browser would send back from the form as it stands."""
    form = client.get(f"/directory/{pk}/edit/").context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None} | {
        "takes_step_down": "no",
        "in_feed": "yes",
    }


def test_the_form_shows_what_is_there_and_saves_it_unchanged(manager, bring):
    bring(files.service())
    pk = Service.objects.get().pk

    sent = edit_form(manager, pk)
    response = manager.post(f"/directory/{pk}/edit/", sent)

    assert response.status_code == 302
    service = Service.objects.get()
    assert sent["postcode"] == "N1 9GU"
    assert sent["areas"] == "Islington"
    assert (service.version, service.minimum_age) == (2, 11)
    assert service.service_areas.get().uri == "http://example.org"
    assert service.service_at_locations.get().location.latitude == 51.55


def test_what_somebody_else_has_written_is_not_overwritten_unseen(manager, signed_in, bring):
    bring(files.service())
    pk = Service.objects.get().pk
    mine, theirs = edit_form(manager, pk), edit_form(manager, pk)
    signed_in("second-manager").post(f"/directory/{pk}/edit/", theirs | {"alert": "Theirs"})

    page = text(manager.post(f"/directory/{pk}/edit/", mine | {"wait_time": "Mine"}), 412)

    assert Service.objects.get().wait_time == "None"
    assert "Somebody has changed this service" in page
    assert "Anything to know first" in page
    assert 'value="Mine"' in page


def test_an_edit_without_its_version_is_not_taken(manager, bring):
    bring(files.service())
    pk = Service.objects.get().pk
    sent = edit_form(manager, pk)
    del sent["version"]

    assert manager.post(f"/directory/{pk}/edit/", sent).status_code == 412
    assert Service.objects.get().version == 1


def test_a_manager_says_that_it_was_checked_today(manager, bring):
    bring(files.service())
    pk = Service.objects.get().pk

    assert manager.get(f"/directory/{pk}/checked/").status_code == 405
    manager.post(f"/directory/{pk}/checked/")

    assert "3 March 2026, by Charity Manager" in text(manager.get(f"/directory/{pk}/"))


def test_funding_that_has_ended_is_a_warning(worker, bring):
    bring(files.service())
    Service.objects.update(funding_ends_on="2026-03-02")

    assert "Its funding has ended" in text(worker.get(f"/directory/{Service.objects.get().pk}/"))


def test_the_paper_has_what_matters_and_nothing_for_us(worker, bring):
    bring(files.service())

    page = text(worker.get(f"/directory/{Service.objects.get().pk}/print/"))

    assert "Canal Street Hall" in page
    assert "<form" not in page
    assert "open feed" not in page


def test_markup_in_a_file_is_only_text(worker, bring):
    bring(files.service(description="<script>alert(1)</script>", name="<b>Boxing</b>"))

    page = text(worker.get(f"/directory/{Service.objects.get().pk}/"))

    assert "<script>alert" not in page
    assert "<b>Boxing" not in page


def test_a_service_page_asks_the_database_no_more_for_more(
    worker, bring, django_assert_max_num_queries
):
    bring(files.service(phones=[files.phone() | {"id": str(n)} for n in range(20)]))
    pk = Service.objects.get().pk

    with django_assert_max_num_queries(70):
        worker.get(f"/directory/{pk}/")
