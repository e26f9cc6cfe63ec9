"""What a client may ask of the feed, and what it is told when it asks wrongly."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.directory import files
from tests.directory.files import an_id

pytestmark = pytest.mark.django_db

ROOT = "/open-referral/v3"
LISTS = ("services", "organizations", "taxonomies", "taxonomy_terms", "service_at_locations")
NEVER_WRONG = {200, 400, 404}


def names(**query: Any) -> list[str]:
    """The services that fit."""
    response = Client().get(f"{ROOT}/services", query)
    assert response.status_code == 200, response.content
    return [service["name"] for service in response.json()["contents"]]


def club(name: str, latitude: float, longitude: float, postcode: str) -> files.Document:
    """A service at a place."""
    location = files.location() | {"id": an_id(f"{name} hall")}
    location |= {"latitude": latitude, "longitude": longitude}
    location["addresses"] = [location["addresses"][0] | {"postal_code": postcode}]
    return files.service(
        name, service_at_locations=[{"id": an_id(f"{name} there"), "location": location}]
    )


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "one"},
        {"page": "9" * 40},
        {"page": "١"},
        {"per_page": "0"},
        {"per_page": "501"},
        {"per_page": "1e3"},
        {"search": "a\x00b"},
        {"search": "x" * 201},
        {"full": "perhaps"},
        {"format": "xml"},
    ],
)
@pytest.mark.parametrize("name", LISTS)
def test_a_parameter_that_makes_no_sense_is_a_bad_request(name, query):
    response = Client().get(f"{ROOT}/{name}", query)

    if response.status_code == 200:
        assert set(query) <= {"full", "search"}
        assert not {"full", "search"} & known(name, query)
    else:
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 400
        assert next(iter(query)) in response.json()["detail"]


def known(name: str, query: dict[str, str]) -> set[str]:
    """Which of the parameters a list knows; the others are not looked at."""
    knows = {"search"} | ({"full"} if "taxonom" not in name else set())
    return knows & set(query)


@pytest.mark.parametrize(
    "query",
    [
        {"organization_id": "nobody"},
        {"organization_id": "a\x00b"},
        {"taxonomy_term_id": "{" + an_id("term") + "}"},
        {"taxonomy_id": "1; DROP TABLE"},
        {"modified_after": "yesterday"},
        {"modified_after": "9999-12-31T23:59:59-12:00"},
        {"proximity": "100"},
        {"postcode": "N1 9GU", "proximity": "near"},
        {"postcode": "N1 9GU", "proximity": "1e9"},
        {"postcode": "'"},
        {"postcode": "N\x001"},
    ],
)
def test_a_filter_that_makes_no_sense_is_a_bad_request(query):
    for name in ("services", "service_at_locations"):
        assert Client().get(f"{ROOT}/{name}", query).status_code == 400


@pytest.mark.parametrize("identifier", ["x", "%00", "9" * 400, an_id("none"), "%F0%9F%A5%8A", "'"])
@pytest.mark.parametrize("name", LISTS)
def test_a_key_of_nothing_is_not_found(name, identifier):
    response = Client().get(f"{ROOT}/{name}/{identifier}")

    assert response.status_code == 404
    assert response.json()["title"] == "Not found"


@given(
    name=st.sampled_from(LISTS),
    parameter=st.sampled_from(
        [
            "search",
            "page",
            "per_page",
            "postcode",
            "proximity",
            "organization_id",
            "taxonomy_id",
            "modified_after",
        ]
    ),
    value=st.text(max_size=40),
)
def test_nothing_that_a_client_sends_is_our_fault(name, parameter, value, db):
    client = Client(raise_request_exception=True)

    assert client.get(f"{ROOT}/{name}", {parameter: value}).status_code in NEVER_WRONG
    assert client.get(f"{ROOT}/{name}", {"postcode": "N1", parameter: value}).status_code in (
        NEVER_WRONG
    )


def test_it_is_searched_by_words_also_half_typed(bring):
    bring([files.service(), files.service("Chess", description="A quiet game")])

    assert names(search="quiet gam") == ["Chess"]
    assert names(search="football") == []


def test_it_is_filtered_by_organisation_and_word(bring):
    other = files.organization() | {"id": an_id("other"), "name": "Other"}
    bring([files.service(), files.service("Chess", organization=other, attributes=[])])

    assert names(organization_id=an_id("other")) == ["Chess"]
    assert names(taxonomy_term_id=an_id("term")) == ["Evening boxing"]
    assert names(taxonomy_id=an_id("taxonomy")) == ["Evening boxing"]
    assert names(taxonomy_id=an_id("none")) == []


def test_it_is_filtered_by_when_it_changed(bring):
    bring([files.service(), files.service("Chess", last_modified="2026-03-01T10:00:00Z")])

    assert names(modified_after="2026-02-15") == ["Chess"]
    assert len(names(modified_after="2026-02-01T09:30:00+00:00")) == 2


def test_near_is_measured_in_metres(bring):
    bring(
        [
            club("Here", 51.5500, -0.1000, "N1 9GU"),
            club("Round the corner", 51.5545, -0.1000, "N1 8AA"),
            club("Across the river", 51.4500, -0.1000, "SE5 0AA"),
            club("Nowhere on earth", 100, 101, "SE5 0AA"),
        ]
    )

    assert names(postcode="n19gu", proximity="100") == ["Here"]
    assert names(postcode="N1 9GU", proximity="600") == ["Here", "Round the corner"]
    assert len(names(postcode="N1 9GU", proximity="12000")) == 3


def test_without_a_distance_near_is_the_postcode_district(bring):
    bring([club("Here", 51.55, -0.1, "N1 9GU"), club("Further", 51.6, -0.1, "N10 1AA")])

    assert names(postcode="N1 1AA") == ["Here"]
    assert names(postcode="N1") == ["Here"]
    assert names(postcode="N10") == ["Further"]
    assert names(postcode="E8 1EA", proximity="5000") == []
