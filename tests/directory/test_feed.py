"""The open feed: what everybody may know, and what nobody may."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from directory.hsds.checking import check
from directory.models import Location, Organization, Service, Taxonomy
from tests.directory import files
from tests.directory.files import an_id

pytestmark = pytest.mark.django_db

ROOT = "/open-referral/v3"
REFUGE = {
    "name": "Willow House refuge",
    "id": an_id("refuge"),
    "organization": files.organization() | {"id": an_id("willow"), "name": "Willow"},
    "service_at_locations": [
        {
            "id": an_id("willow there"),
            "location": files.location() | {"id": an_id("willow house"), "name": "9 Hidden Row"},
        }
    ],
}


def get(path: str = "", status: int = 200) -> Any:
    """What anybody is told at an address of the feed."""
    response = Client().get(f"{ROOT}{path}")
    assert response.status_code == status, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def ids(path: str) -> list[str]:
    return [thing["id"] for thing in get(path)["contents"]]


def test_it_says_which_standard_it_follows():
    assert get("/")["version"] == "3.0"


def test_anybody_may_read_it_from_any_page(bring):
    bring(files.service())

    preflight = Client().options(f"{ROOT}/services")

    assert ids("/services") == [an_id("Evening boxing")]
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "sessionid" not in Client().get(f"{ROOT}/services").cookies


def test_only_what_anybody_is_told_may_be_kept(signed_in):
    anybody, somebody = Client(), signed_in("lead-worker")

    assert anybody.get(f"{ROOT}/services")["Cache-Control"] == "public, max-age=60"
    assert "no-store" in somebody.get(f"{ROOT}/services")["Cache-Control"]


def test_it_can_only_be_read(bring):
    bring(files.service())

    for method in ("post", "put", "patch", "delete"):
        response = getattr(Client(enforce_csrf_checks=True), method)(f"{ROOT}/services")
        assert response.status_code == 405
        assert response["Content-Type"] == "application/problem+json"


def test_a_service_comes_back_as_it_went_in(bring):
    sent = files.service()
    bring(sent)

    told = get(f"/services/{sent['id']}")

    del sent["metadata"]
    place = sent["service_at_locations"][0]
    assert told == sent | {"service_at_locations": [place]}


def test_who_changed_what_is_not_published(bring):
    bring(files.service())

    assert "metadata" not in json.dumps(get(f"/services/{an_id('Evening boxing')}"))


def test_what_hsds_does_not_know_is_not_published(bring):
    bring(files.service(note_to_self="She sleeps there"))

    assert "sleeps" not in json.dumps(get("/services?full=true"))


def test_empty_fields_are_left_out(bring):
    bring({"id": "1", "name": "Boxing", "status": "active", "description": "", "phones": []})

    assert get("/services/1") == {"id": "1", "name": "Boxing", "status": "active"}


def everything_told() -> str:
    """All that the feed says anywhere."""
    lists = ("services", "organizations", "service_at_locations")
    return json.dumps([get(f"/{name}?full=true&full_service=true") for name in lists])


def test_a_refuge_is_nowhere_in_it(bring):
    bring([files.service(), files.service() | REFUGE])

    told = everything_told()

    assert "Canal Street Hall" in told
    assert "Willow" not in told
    assert "Hidden Row" not in told
    for path in ("services/refuge", "organizations/willow", "service_at_locations/willow there"):
        folder, name = path.split("/")
        assert get(f"/{folder}/{an_id(name)}", 404) == get(f"/{folder}/{an_id('none')}", 404)


def test_a_refuges_location_is_not_told_by_its_organisation(bring):
    same_organization = REFUGE | {"organization": files.organization()}
    bring([files.service(), files.service() | same_organization])
    Location.objects.update(organization=Organization.objects.get())

    told = get(f"/organizations/{an_id('organization')}?full_service=true")

    assert [place["name"] for place in told["locations"]] == ["Canal Street Hall"]
    assert "Hidden Row" not in everything_told()


def test_a_safe_venue_is_not_told_though_its_service_is(bring):
    bring(files.service())
    Location.objects.update(in_feed=False)

    assert ids("/services") == [an_id("Evening boxing")]
    assert "Canal Street Hall" not in everything_told()
    assert ids("/service_at_locations") == []


@pytest.mark.parametrize("status", ["inactive", "defunct", "temporarily closed"])
def test_what_does_not_run_is_not_in_it(status, bring):
    bring(files.service(status=status))

    assert "boxing" not in everything_told().lower()
    get(f"/services/{an_id('Evening boxing')}", 404)
    get(f"/organizations/{an_id('organization')}", 404)


def test_what_is_not_open_is_not_in_it(bring):
    bring(files.service())
    Service.objects.update(in_feed=False)

    assert "boxing" not in everything_told().lower()


def test_pages_are_counted_as_the_standard_says(bring):
    bring([files.service(f"Club {number}") for number in range(5)])

    first, last, beyond = (get(f"/services?per_page=2&page={n}") for n in (1, 3, 4))

    assert [first[key] for key in ("total_items", "total_pages", "size")] == [5, 3, 2]
    assert (first["first_page"], first["last_page"], first["empty"]) == (True, False, False)
    assert (last["size"], last["last_page"]) == (1, True)
    assert (beyond["empty"], beyond["contents"]) == (True, [])


def test_a_list_has_no_lists_inside_unless_all_is_asked_for(bring):
    bring(files.service())

    [short] = get("/services")["contents"]
    [whole] = get("/services?full=true")["contents"]
    [minimal] = get("/services?minimal=true")["contents"]

    assert short["organization"]["name"] == "Canal Street Boxing"
    assert not any(isinstance(value, list) for value in short.values())
    assert whole["phones"][0]["number"] == "020 7946 0018"
    assert minimal.keys() == {"id", "last_modified"}


def test_full_lists_ask_the_database_no_more_for_more(bring, django_assert_max_num_queries):
    bring([files.service(f"Club {number}") for number in range(12)])

    with django_assert_max_num_queries(60):
        get("/services?full=true")


def test_all_that_it_says_is_hsds(bring):
    bring(
        [files.service(), files.full_organization(), {"id": "1", "name": "X", "status": "active"}]
    )

    for path in ("services", "organizations", "taxonomies", "taxonomy_terms"):
        contents = get(f"/{path}?full=true&full_service=true")["contents"]
        assert contents
        assert check(contents)
    assert get(f"/taxonomies/{an_id('taxonomy')}")["name"] == "Activities"
    assert get(f"/taxonomy_terms/{an_id('term')}")["taxonomy_detail"]["version"] == "2"


@pytest.mark.skipif("HSDS" not in os.environ, reason="HSDS names no copy of the standard")
def test_all_that_it_says_is_valid_by_the_standards_own_schema(bring):
    bring([files.service(), files.full_organization()])
    schema = Path(os.environ["HSDS"]) / "schema" / "service.compiled.json"
    validator = Draft202012Validator(
        json.loads(schema.read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER
    )

    for service in get("/services?full=true")["contents"]:
        validator.validate(service)
        validator.validate(get(f"/services/{service['id']}"))


def test_what_is_told_can_be_brought_in_elsewhere(bring):
    bring(files.service())
    told = get("/services?full=true")
    before = get(f"/services/{an_id('Evening boxing')}")
    Service.objects.all().delete()

    bring(told)

    assert get(f"/services/{an_id('Evening boxing')}") == before


def test_where_a_service_is(bring):
    bring(files.service())

    [place] = get("/service_at_locations")["contents"]
    whole = get(f"/service_at_locations/{place['id']}")

    assert place["service_id"] == an_id("Evening boxing")
    assert place["location"]["name"] == "Canal Street Hall"
    assert whole["location"]["addresses"][0]["postal_code"] == "N1 9GU"


def test_all_taxonomies_are_told(bring):
    bring(files.page(files.term()))

    assert ids("/taxonomies") == [str(Taxonomy.objects.get().pk)]
    assert ids(f"/taxonomy_terms?parent_id={an_id('parent term')}") == [an_id("term")]
    assert ids("/taxonomy_terms?top_only=true") == []
