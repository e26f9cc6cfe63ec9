"""The timeline goes on to the beginning: each entry once, and nothing of what is hidden."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from access.categories import Category
from casework.actions import intervention
from casework.models import Intervention, KindOfIntervention, LifeEvent
from core.clock import LONDON, instant
from core.paging import cursor
from tests.factories.browsing import sign_in
from tests.factories.watching import sees

assert sign_in  # The fixture, found by its name.

HOUSING, FAMILY = Category.HOUSING, Category.FAMILY
ROW = re.compile(r'data-label="Date">([^<]*)<.*?data-label="What"[^>]*>(.*?)</td>', re.S)


@pytest.fixture
def case(cast, monkeypatch):
    monkeypatch.setattr("casework.views.person.ENTRIES", 3)
    return cast.open_case()


def log(cast, case, at, *categories):
    return intervention.log(
        person=case.person,
        categories=categories or [HOUSING],
        kind=KindOfIntervention.objects.filter(component="housing").first(),
        at=at,
        minutes=30,
        attendance="came",
        by=cast.who("lead-worker"),
    )


def happened(cast, case, on, what):
    return intervention.record_event(
        person=case.person,
        categories=[HOUSING],
        kind="move",
        on=on,
        what=what,
        source="Himself",
        by=cast.who("lead-worker"),
    )


def keys_on(page):
    """What stands on a page, from top to bottom: keys of contacts, words of events."""
    return [
        (re.search(r"/interventions/([0-9a-f-]{36})/", what) or re.search(r": (.*)", what))[1]
        for _, what in ROW.findall(page)
    ]


def link(page, words):
    """The address behind “Earlier” or “Later”; none where the page has no such link."""
    found = re.search(rf'href="([^"]*)" rel="\w+">(?:(?!</a>).)*>{words}<', page, re.S)
    return found[1].replace("&amp;", "&") if found else None


def walk(browser, path, words, address=""):
    """The pages from an address on, as long as there is a link with these words."""
    pages = [browser.get(path + address).content.decode()]
    while address := link(pages[-1], words):
        pages.append(browser.get(path + address).content.decode())
    return pages


@pytest.fixture
def story(cast, case):
    """Eight entries, from the top: three at one instant, two on the day of one late at night."""
    now = instant()
    same = [str(log(cast, case, now - timedelta(days=2)).pk) for _ in range(3)]
    night = (now - timedelta(days=4)).astimezone(LONDON).replace(hour=23, minute=59)
    late = str(log(cast, case, night).pk)
    events = ["He moved out", "He moved in"]
    for what in events:
        happened(cast, case, night.date(), what)
    old = str(log(cast, case, now - timedelta(days=9)).pk)
    happened(cast, case, date(2025, 12, 1), "He came to London")
    return [*reversed(same), *reversed(events), late, old, "He came to London"]


def test_every_entry_stands_on_one_page_in_one_order(case, story, sign_in):
    worker, path = sign_in("lead-worker"), f"/people/{case.person.reference}/timeline/"
    pages = walk(worker, path, "Earlier")
    assert [keys_on(page) for page in pages] == [story[:3], story[3:6], story[6:]]
    assert (
        "The newest entries from 1 March 2026 to 1 March 2026. There are earlier ones."
        in (pages[0])
    )
    assert "Entries from 27 February 2026 to 27 February 2026. There are earlier ones." in pages[1]
    assert "The oldest entries from 1 December 2025 to 22 February 2026." in pages[2]
    assert "There are earlier ones." not in pages[2]
    assert link(pages[0], "Later") is None


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7])
def test_no_entry_is_left_out_or_stands_twice_whatever_a_page_holds(
    case, story, sign_in, monkeypatch, size
):
    monkeypatch.setattr("casework.views.person.ENTRIES", size)
    worker, path = sign_in("lead-worker"), f"/people/{case.person.reference}/timeline/"
    pages = walk(worker, path, "Earlier")
    assert [key for page in pages for key in keys_on(page)] == story
    last = keys_on(pages[-1])
    back = walk(worker, path, "Later", link(pages[-1], "Later"))
    assert [key for page in reversed(back) for key in keys_on(page)] + last == story


def test_what_comes_meanwhile_moves_no_page(cast, case, story, sign_in):
    worker, path = sign_in("lead-worker"), f"/people/{case.person.reference}/timeline/"
    first = worker.get(path).content.decode()
    log(cast, case, instant() - timedelta(minutes=5))
    assert keys_on(worker.get(path + link(first, "Earlier")).content.decode()) == story[3:6]


def test_other_words_of_the_address_stay_in_it(case, story, sign_in):
    page = sign_in("lead-worker").get(f"/people/{case.person.reference}/timeline/?kind=a+b")
    assert link(page.content.decode(), "Earlier").startswith("?kind=a+b&earlier=")


def test_a_short_history_says_nothing_of_pages(cast, case, sign_in):
    log(cast, case, instant() - timedelta(days=1))
    page = sign_in("lead-worker").get(f"/people/{case.person.reference}/timeline/")
    assert b"entries from" not in page.content
    assert link(page.content.decode(), "Earlier") is None


def test_hidden_entries_count_towards_no_page_and_are_no_place(cast, case, sign_in):
    cast.agree("lead-charity", "housing")
    cast.share(case.person, "housing", HOUSING)
    now = instant()
    seen = [log(cast, case, now - timedelta(days=days)) for days in (1, 3, 5, 7)]
    hidden = [log(cast, case, now - timedelta(days=days), FAMILY) for days in (2, 4, 6)]
    assert FAMILY not in sees(cast, "housing-officer", case.person)
    officer, path = sign_in("housing-officer"), f"/people/{case.person.reference}/timeline/"
    pages = walk(officer, path, "Earlier")
    assert [keys_on(page) for page in pages] == [
        [str(row.pk) for row in seen[:3]],
        [str(seen[3].pk)],
    ]
    nowhere = UUID("01890000-0000-7000-8000-000000000000")
    for typed in (cursor(hidden[1].pk), cursor(nowhere), "x", "%00", "é", "a" * 5000):
        for way in ("earlier", "later"):
            page = officer.get(f"{path}?{way}={typed}").content.decode()
            assert keys_on(page) == keys_on(pages[0])
            assert link(page, "Earlier") == link(pages[0], "Earlier")
            assert link(page, "Later") is None


def test_a_locked_entry_is_a_place_and_shows_its_date_alone(cast, case, sign_in):
    cast.agree("lead-charity", "housing")
    cast.share(case.person, "housing", HOUSING)
    now = instant()
    for days in range(1, 6):
        log(cast, case, now - timedelta(days=days), HOUSING, FAMILY)
    pages = walk(
        sign_in("housing-officer"), f"/people/{case.person.reference}/timeline/", "Earlier"
    )
    assert [page.count("data-locked") for page in pages] == [3, 2]
    assert not any("/interventions/" in page for page in pages)
    assert (Intervention.rows.count(), LifeEvent.rows.count()) == (5, 0)
