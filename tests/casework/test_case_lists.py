"""The list of cases, narrowed: by where they stand, to one's own agency's, page by page."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.categories import Category
from casework.actions import opening, step_down
from casework.enums import CloseReason
from casework.models import Case
from core.clock import instant
from tests.access.behind import behind_the_wall, raw
from tests.factories.browsing import sign_in

assert sign_in  # The fixture, found by its name.

LINE = re.compile(r'href="/cases/(CA-[A-Z0-9]+)/"')
NARROWED = ("?show=agency", "?state=assessment", "?show=agency&state=assessment")


def listed(browser, query=""):
    """The references of the cases on a page, in order."""
    answer = browser.get(f"/cases/{query}")
    assert answer.status_code == 200
    return LINE.findall(answer.content.decode())


def link(browser, query, way):
    """The address of the page beside this one; empty where there is none."""
    page = browser.get(f"/cases/{query}").content.decode()
    found = re.search(rf'href="(\?[^"]*{way}=[^"]*)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def close(cast, case):
    step_down.close(
        case=case, reason=CloseReason.MOVED, note="To Leeds.", by=cast.who("charity-manager")
    )
    case.refresh_from_db()
    return case


@pytest.fixture
def cases(cast):
    """One case in each of several states, the oldest person first."""
    waiting = cast.open_case(led_by="", given_name="Ana")
    assessed = cast.open_case(given_name="Ben")
    closed = close(cast, cast.open_case(given_name="Cem"))
    reopened = cast.open_case(given_name="Dee")
    close(cast, reopened)
    again = opening.reopen(case=reopened, reason="He came back.", by=cast.who("charity-manager"))
    return {"waiting": waiting, "assessed": assessed, "closed": closed, "before": reopened,
            "again": again}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["again", "assessed", "waiting"]),
        ("?state=opening", ["again", "waiting"]),
        ("?state=closed", ["before", "closed"]),
        ("?show=agency", ["again", "assessed", "waiting"]),
        ("?show=agency&state=opening", ["again", "waiting"]),
        ("?show=agency&state=closed", ["before", "closed"]),
        ("?state=active", []),
        ("?state=nonsense", ["again", "assessed", "waiting"]),
    ],
)
def test_a_list_is_narrowed_to_where_cases_stand_the_newest_person_first(
    cast, sign_in, cases, query, names
):
    assert listed(sign_in("charity-manager"), query) == [cases[name].reference for name in names]


def test_each_of_somebodys_closed_episodes_is_listed(cast, sign_in, cases):
    close(cast, cases["again"])
    shown = listed(sign_in("charity-manager"), "?state=closed")
    assert set(shown) == {cases[name].reference for name in ("before", "again", "closed")}
    assert len(shown) == 3


def test_of_a_closed_case_nobody_is_said_to_lead(cast, sign_in, cases):
    page = sign_in("charity-manager").get("/cases/?state=closed").content.decode()
    assert "Nobody yet" not in page
    assert cast.user("lead-worker").name not in page.split("<tbody")[1].split("</tbody")[0]


def test_those_of_ones_agency_are_no_partners_cases(cast, sign_in):
    case = cast.open_case()
    cast.agree("lead-charity", "housing")
    cast.share(case.person, "housing", Category.HOUSING, Category.CONTACT)
    partner = sign_in("housing-officer")
    assert listed(partner) == [case.reference]
    assert listed(partner, "?state=assessment") == [case.reference]
    assert listed(partner, "?show=agency") == []
    assert listed(partner, "?show=agency&state=assessment") == []


@pytest.mark.parametrize(
    "query", ["", "?show=agency", "?state=assessment", "?show=agency&state=assessment"]
)
def test_who_is_hidden_is_on_no_list_and_takes_nobodys_place(cast, sign_in, monkeypatch, query):
    monkeypatch.setattr("casework.views.case.PAGE", 2)
    shown = [cast.open_case(given_name=name) for name in ("Ana", "Ben", "Cem", "Dee")]
    cast.bar(shown[2].person, "colleague")
    worker = sign_in("colleague")
    first = listed(worker, query)
    assert first == [shown[3].reference, shown[1].reference]
    assert listed(worker, link(worker, query, "after")) == [shown[0].reference]


@pytest.mark.parametrize("query", ["?show=agency", "?state=assessment"])
def test_pages_lead_there_and_back_and_keep_what_narrows_them(cast, sign_in, monkeypatch, query):
    monkeypatch.setattr("casework.views.case.PAGE", 2)
    everything = [cast.open_case(given_name=name).reference for name in ("Ana", "Ben", "Cem")][::-1]
    cast.open_case(led_by="", given_name="Not assessed")
    worker = sign_in("colleague")
    if query == "?show=agency":
        everything = [case.reference for case in Case.rows.order_by("-person_id")]
    addresses = [query]
    while following := link(worker, addresses[-1], "after"):
        assert query[1:] in following
        addresses.append(following)
    walked = [listed(worker, address) for address in addresses]
    assert sum(walked, []) == everything
    assert listed(worker, link(worker, addresses[-1], "before")) == walked[-2]


def test_an_auditor_and_an_outsider_have_no_cases_whatever_they_ask_for(cast, sign_in):
    cast.open_case()
    for username in ("auditor", "outsider"):
        browser = sign_in(username)
        for query in ("", *NARROWED):
            assert listed(browser, query) == []


def test_a_narrowed_list_asks_as_often_for_many_as_for_few(cast, sign_in):
    worker = sign_in("colleague")

    def asked(query):
        listed(worker, query)
        with CaptureQueriesContext(connection) as found:
            listed(worker, query)
        return len(found)

    for name in ("Ana", "Ben"):
        cast.open_case(given_name=name)
    few = [asked(query) for query in NARROWED]
    for number in range(12):
        cast.open_case(given_name=f"One {number}")
    assert [asked(query) for query in NARROWED] == few


@pytest.mark.parametrize("way", ["beyond", "before"])
def test_whose_cases_another_agency_has_is_told_to_nobody(cast, way):
    case = cast.open_case()
    theirs = case.agency_id
    ask = (
        f"SELECT reach_{way}_casework_case_of(%s, %s, %s, %s, 9, NULL, '{{true,false}}', 0, false,"
        " '{assessment}', true)"
    )
    for username, found in (("lead-worker", [case.person_id]), ("housing-officer", [])):
        actor = cast.who(username)
        own = [actor.agency_id]
        with behind_the_wall(actor):
            assert raw(ask, own, theirs, actor.user_id, instant()) == [(found,)]
