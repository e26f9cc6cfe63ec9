"""Agreements on the administrator's pages."""

import pytest

from access.categories import Category
from access.reading import sights
from sharing.models import Agreement, AgreementSuspension
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]

ADMINISTRATOR = "lead-charity-administrator"


def typed(cast, **more):
    return {
        "title": "Housing together",
        "parties": [str(cast.agencies["housing"].pk)],
        "purposes": "To find homes",
        "categories": ["housing", "contact"],
        "review_on_day": "1",
        "review_on_month": "9",
        "review_on_year": "2026",
    } | more


def housing_sees(cast, person):
    return set(sights(cast.who("housing-officer"), [person.pk])[person.pk].answer.visible)


def test_it_is_drawn_up_and_counts_when_all_have_confirmed(cast, sign_in):
    drawn = sign_in(ADMINISTRATOR).post("/manage/agreements/new/", typed(cast))
    path = drawn["Location"]
    assert Agreement.objects.get().confirmed_at is None
    sign_in(ADMINISTRATOR).post(f"{path}confirm/")
    assert Agreement.objects.get().confirmed_at is None
    assert (
        "has not confirmed"
        in sign_in("housing-administrator").get("/manage/agreements/").content.decode()
    )
    sign_in("housing-administrator").post(f"{path}confirm/")
    assert Agreement.objects.get().confirmed_at is not None
    assert sign_in("housing-administrator").post(f"{path}confirm/").status_code == 409


def test_it_is_suspended_with_what_stops_shown_and_resumed(cast, sign_in, later):
    case = cast.open_case()
    drawn = cast.agree("lead-charity", "housing", categories=[Category.HOUSING, Category.CONTACT])
    cast.agree("lead-charity", "housing", categories=[Category.CONTACT])
    cast.share(case.person, "housing", Category.HOUSING, worker="housing-officer")
    path = f"/manage/agreements/{drawn.pk}/"
    with later(hours=1):
        browser = sign_in(ADMINISTRATOR)
        page = " ".join(browser.get(f"{path}suspend/").content.decode().split())
        assert "of the people whom the other leads: Housing." in page
        assert "going on: Contact" in page
        assert "Say why" in browser.post(f"{path}suspend/", {"reason": " "}).content.decode()
        assert Category.HOUSING in housing_sees(cast, case.person)
        browser.post(f"{path}suspend/", {"reason": "A breach is looked into"})
        assert housing_sees(cast, case.person) == set()
        assert browser.post(f"{path}suspend/", {"reason": "Again"}).status_code == 409
    with later(hours=2):
        other = sign_in("housing-administrator")
        page = other.get(path).content.decode()
        assert "A breach is looked into" in page
        assert "By Lead Charity, from" in page
        assert "Only Lead Charity can let it count again" in page
        assert other.post(f"{path}resume/").status_code == 403
        assert housing_sees(cast, case.person) == set()
        browser = sign_in(ADMINISTRATOR)
        assert "Let it count again" in browser.get(path).content.decode()
        browser.post(f"{path}resume/")
        assert browser.post(f"{path}resume/").status_code == 409
    with later(hours=3):
        assert Category.HOUSING in housing_sees(cast, case.person)
        assert AgreementSuspension.objects.count() == 1


def test_an_agency_that_is_no_party_finds_nothing(cast, sign_in):
    drawn = cast.agree("lead-charity", "housing")
    browser = sign_in("school-administrator")
    assert "lead-charity and housing" not in browser.get("/manage/agreements/").content.decode()
    for end in ("", "suspend/"):
        assert browser.get(f"/manage/agreements/{drawn.pk}/{end}").status_code == 404
    for end in ("confirm/", "suspend/", "resume/"):
        assert browser.post(f"/manage/agreements/{drawn.pk}/{end}").status_code == 404


@pytest.mark.parametrize("username", ["charity-manager", "auditor", "lead-worker"])
def test_nobody_but_an_administrator_may(cast, sign_in, username):
    drawn = cast.agree("lead-charity", "housing")
    browser = sign_in(username)
    assert browser.get(f"/manage/agreements/{drawn.pk}/").status_code == 403
    assert (
        browser.post(f"/manage/agreements/{drawn.pk}/suspend/", {"reason": "x"}).status_code == 403
    )
    assert browser.post("/manage/agreements/new/", typed(cast)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "\x00"},
        {"parties": []},
        {"parties": ["nonsense"]},
        {"parties": ["\x00"]},
        {"categories": []},
        {"categories": ["gossip"]},
        {"review_on_day": "31", "review_on_month": "2"},
        {"review_on_year": "2020"},
        {"ends_day": "31", "ends_month": "12", "ends_year": "9999"},
        {
            "ends_day": "4",
            "ends_month": "3",
            "ends_year": "2026",
            "starts_day": "5",
            "starts_month": "3",
            "starts_year": "2026",
        },
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, sign_in, wrong):
    answer = sign_in(ADMINISTRATOR).post("/manage/agreements/new/", typed(cast, **wrong))
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert "To find homes" in answer.content.decode()
    assert not Agreement.objects.exists()


def test_nothing_is_ticked_before_somebody_ticks_it(cast, sign_in):
    page = sign_in(ADMINISTRATOR).get("/manage/agreements/new/").content.decode()
    assert " checked" not in page


def test_an_agreement_of_somebody_elses_only_can_not_be_drawn_up(cast, sign_in):
    own = str(cast.agencies["lead-charity"].pk)
    answer = sign_in(ADMINISTRATOR).post("/manage/agreements/new/", typed(cast, parties=[own]))
    assert answer.status_code == 200
    assert not Agreement.objects.exists()
