"""Two pages that stop somewhere and say so: a search, and who leads how many."""

import re

from tests.factories.browsing import sign_in

assert sign_in  # The fixture, found by its name.

CUT = "These are the first 2 people by name"


def test_a_search_that_found_more_than_it_shows_says_so(cast, sign_in, monkeypatch):
    for name in ("Ama", "Esi", "Yaw"):
        cast.open_case(given_name=name, family_name="Mensah")
    for module in ("casework.views.person", "access.reading"):
        monkeypatch.setattr(f"{module}.MOST_NAMED", 2)
    worker = sign_in("lead-worker")
    page = worker.get("/people/?q=mensah").content.decode()
    assert CUT in page
    assert "Ama Mensah" in page
    assert "Yaw Mensah" not in page
    narrowed = worker.get("/people/?q=yaw+mensah").content.decode()
    assert CUT not in narrowed
    assert "Yaw Mensah" in narrowed
    assert CUT not in worker.get("/people/").content.decode()


def names_on(page):
    return re.findall(r">(\w+ Mensah)</a>", page.content.decode())


def test_a_search_goes_on_by_name_from_page_to_page(cast, sign_in, monkeypatch):
    for name in ("Yaw", "Ama", "Kojo", "Esi", "Abena"):
        cast.open_case(given_name=name, family_name="Mensah")
    hidden = cast.open_case(given_name="Akua", family_name="Mensah")
    cast.bar(hidden.person, "colleague")
    monkeypatch.setattr("casework.views.person.PAGE", 2)
    colleague = sign_in("colleague")
    pages = [colleague.get(f"/people/?q=mensah&page={number}") for number in (1, 2, 3, 4)]
    assert [names_on(page) for page in pages] == [
        ["Abena Mensah", "Ama Mensah"],
        ["Esi Mensah", "Kojo Mensah"],
        ["Yaw Mensah"],
        [],
    ]
    following = ["page=3" in page.content.decode() for page in pages[1:3]]
    assert following == [True, False]
    assert "page=4" not in pages[2].content.decode()


def test_a_search_among_ones_own_finds_them_however_many_are_called_so(cast, sign_in, monkeypatch):
    monkeypatch.setattr("access.reading.MOST_NAMED", 1)
    cast.open_case(given_name="Ama", family_name="Mensah")
    cast.open_case(given_name="Yaw", family_name="Mensah", led_by="colleague")
    colleague = sign_in("colleague")
    assert names_on(colleague.get("/people/?q=mensah&show=mine")) == ["Yaw Mensah"]
    assert names_on(colleague.get("/people/?show=mine")) == ["Yaw Mensah"]
    assert names_on(colleague.get("/people/?q=ama&show=mine")) == []


def test_who_leads_how_many_is_for_managers_and_in_pages(cast, sign_in, monkeypatch):
    cast.open_case()
    monkeypatch.setattr("casework.views.my_day.WORKERS", 2)
    manager = sign_in("charity-manager")
    assert "Everybody’s workload" in manager.get("/").content.decode()
    first = manager.get("/workload/").content.decode()
    assert "?page=2" in first
    assert first != manager.get("/workload/?page=2").content.decode()
    assert "Nobody works here" in manager.get("/workload/?page=400").content.decode()
    assert sign_in("lead-worker").get("/workload/").status_code == 403
    assert sign_in("outsider").get("/workload/").status_code == 403
