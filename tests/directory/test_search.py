"""Finding services."""

from __future__ import annotations

import pytest

from directory import areas, queries
from directory.models import Service
from tests.directory import files

pytestmark = pytest.mark.django_db

ISLINGTON, HACKNEY = "E09000019", "E09000012"


def names(*args, **kwargs) -> list[str]:
    return [service.name for service in queries.find(*args, **kwargs)]


def area(name: str) -> list[files.Document]:
    return [{"id": name, "name": name}]


def test_without_a_question_all_that_runs_is_listed_by_name(bring):
    bring([files.service("Chess"), files.service("Art"), files.service("Old", status="defunct")])

    assert names() == ["Art", "Chess"]
    assert names(status="") == ["Art", "Chess", "Old"]
    assert names(status="defunct") == ["Old"]


@pytest.mark.parametrize(
    "text", ["evening boxing", "Boxi", "evning boxing", "coached", "canal str"]
)
def test_words_are_found_half_typed_misspelt_and_in_the_organisation(text, bring):
    other = files.organization() | {"id": "2", "name": "Elsewhere"}
    bring([files.service(), files.service("Choir", description="Singing", organization=other)])

    assert names(text) == ["Evening boxing"]


@pytest.mark.parametrize(
    "text", ["' & | !", "a:*", "\\", "%%%", "_", "()", "a\x00b", "🥊", "x" * 500]
)
def test_no_text_is_too_strange(text, bring):
    bring(files.service())

    assert isinstance(names(text), list)


def test_a_name_comes_before_a_mention(bring):
    bring(
        [
            files.service("A choir", description="After the boxing"),
            files.service("Boxing", description="For all"),
        ]
    )

    assert names("boxing")[0] == "Boxing"


def test_age_leaves_out_only_those_who_say_so(bring):
    bring(
        [
            files.service("Children", minimum_age=5, maximum_age=10),
            files.service("Young people", minimum_age=11, maximum_age=25),
            {"id": "1", "name": "Anybody", "status": "active"},
        ]
    )

    assert names(age=17) == ["Anybody", "Young people"]
    assert names(age=25) == ["Anybody", "Young people"]
    assert names(age=26) == ["Anybody"]


def test_area_leaves_out_only_those_who_say_so(bring):
    bring(
        [
            files.service("There", service_areas=area("Hackney")),
            files.service("Here", service_areas=area("London Borough of Islington")),
            files.service("Everywhere", service_areas=area("Greater London")),
            files.service("In words", service_areas=area("Young people of Islington and Camden")),
            {"id": "1", "name": "Silent", "status": "active"},
            files.service("By its address", service_areas=[]),
        ]
    )

    found = names(area=ISLINGTON)

    assert found == ["By its address", "Everywhere", "Here", "In words", "Silent"]
    assert "There" in names(area=HACKNEY)
    assert "By its address" not in names(area=HACKNEY)


def test_brentwood_is_not_in_brent(bring):
    bring(files.service(service_areas=area("Brentwood and around")))

    assert names(area="E09000005") == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Islington", ISLINGTON),
        ("The London Borough of Islington", ISLINGTON),
        ("Hammersmith & Fulham", "E09000013"),
        ("http://statistics.data.gov.uk/id/statistical-geography/E09000012", HACKNEY),
        ("all London", "E12000007"),
        ("Islington Road", ""),
        ("E090000199", ""),
        ("", ""),
    ],
)
def test_an_area_is_known_by_name_or_code(words, code):
    assert areas.code_of(words) == code


def test_step_downs_are_offered_only_where_they_are_taken_and_paid_for(bring, at_now):
    bring([files.service(name) for name in ("Yes", "No", "Ended", "Ends today", "Closed")])
    Service.objects.exclude(name="No").update(takes_step_down=True)
    Service.objects.filter(name="Ended").update(funding_ends_on="2026-03-02")
    Service.objects.filter(name="Ends today").update(funding_ends_on="2026-03-03")
    Service.objects.filter(name="Closed").update(status="temporarily closed")

    assert [service.name for service in queries.taking_step_downs()] == ["Ends today", "Yes"]
    assert not queries.taking_step_downs(age=40).exists()


def test_a_search_by_words_asks_once(bring, django_assert_num_queries):
    bring([files.service(f"Boxing {number}") for number in range(10)])

    with django_assert_num_queries(1):
        found = [(one.name, str(one.organization)) for one in queries.find("boxing")]

    assert len(found) == 10
