"""Two pages that stop somewhere and say so: a search, and who leads how many."""

from tests.factories.browsing import sign_in

assert sign_in  # The fixture, found by its name.

CUT = "These are the first 2 people by name"


def test_a_search_that_found_more_than_it_shows_says_so(cast, sign_in, monkeypatch):
    for name in ("Ama", "Esi", "Yaw"):
        cast.open_case(given_name=name, family_name="Mensah")
    for module in ("casework.views.person", "sharing.scope"):
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
