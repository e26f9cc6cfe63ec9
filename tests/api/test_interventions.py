"""`interventions/`: in full, locked, or not there."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.categories import Category
from casework.models import Intervention


def logged(case, **said):
    return {
        "person": case.person.reference,
        "categories": ["housing"],
        "kind": "housing-advice",
        "at": "2026-03-03T10:00:00+00:00",
        "minutes": 45,
        "attendance": "came",
        "note": "We rang the hostel together.",
    } | said


def test_the_lead_worker_logs_one(call, kofi):
    made = call("lead-worker").post("interventions/", logged(kofi))

    assert made.status_code == 201
    assert made.json()["note"] == "We rang the hostel together."
    assert call("lead-worker").get(made["Location"]).json() == made.json()


def test_a_partner_with_one_of_two_categories_sees_it_locked(call, housing, reads):
    made = call("lead-worker").post(
        "interventions/", logged(housing, categories=["housing", "health"])
    )
    before = reads(housing.person)
    seen = call("housing-officer").get(made["Location"]).json()

    assert seen == {"id": made.json()["id"], "date": "2026-03-03", "locked": True}
    assert reads(housing.person) == before


def test_with_none_of_its_categories_it_does_not_exist(call, housing):
    made = call("lead-worker").post("interventions/", logged(housing, categories=["health"]))
    officer = call("housing-officer")
    hidden = officer.get(made["Location"])
    missing = officer.get("interventions/01890a5d-ac96-774b-bcce-b302099a8057/")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert officer.get("interventions/").json()["results"] == []


def test_what_is_hidden_takes_no_place_in_a_page(call, housing):
    lead = call("lead-worker")
    for categories in (["housing"], ["health"], ["housing"], ["health"], ["health", "housing"]):
        lead.post("interventions/", logged(housing, categories=categories))
    first = call("housing-officer").get("interventions/?page_size=2").json()
    second = call("housing-officer").get(first["next"]).json()

    assert [row["locked"] for row in first["results"]] == [True, False]
    assert [row["locked"] for row in second["results"]] == [False]
    assert second["next"] is None


def test_a_postcode_gets_into_a_note_only_where_it_is_meant(call, kofi):
    lead = call("lead-worker")
    note = "We met at the job centre, se5 8ab, and then N1 9GU."
    refused = lead.post("interventions/", logged(kofi, note=note))
    assert refused.status_code == 400
    assert "SE5 8AB, N1 9GU" in refused.json()["errors"]["note"][0]
    half = lead.post("interventions/", logged(kofi, note=note), postcodes_meant="SE5 8AB")
    assert "N1 9GU" in half.json()["errors"]["note"][0]
    assert "SE5" not in half.json()["errors"]["note"][0]
    assert not Intervention.rows.exists()
    made = lead.post("interventions/", logged(kofi, note=note), postcodes_meant="n1 9gu,SE58AB")
    assert made.status_code == 201
    assert made.json()["note"] == note


def test_reading_one_in_full_is_recorded(call, housing, reads):
    made = call("lead-worker").post("interventions/", logged(housing))
    before = reads(housing.person)
    call("housing-officer").get(made["Location"])

    assert reads(housing.person) == before + 1


def test_a_reader_does_not_log(call, housing):
    assert call("housing-officer").post("interventions/", logged(housing)).status_code == 403
    assert call("outsider").post("interventions/", logged(housing)).status_code == 404


def test_a_practitioner_writes_no_clinical_note(call, kofi):
    answer = call("lead-worker").post("interventions/", logged(kofi, categories=["clinical"]))

    assert answer.status_code == 403


def test_who_logged_it_corrects_its_words(call, kofi):
    lead = call("lead-worker")
    made = lead.post("interventions/", logged(kofi))
    changed = lead.patch(made["Location"], {"note": "We rang twice."}, if_match=made["ETag"])
    stale = lead.patch(made["Location"], {"note": "Thrice."}, if_match=made["ETag"])

    assert changed.json()["note"] == "We rang twice."
    assert stale.status_code == 412
    assert Intervention.rows.get().note == "We rang twice."


def test_nobody_else_corrects_them(call, kofi):
    made = call("lead-worker").post("interventions/", logged(kofi))
    manager = call("charity-manager")
    tag = manager.get(made["Location"])["ETag"]

    answer = manager.patch(made["Location"], {"note": "Other"}, if_match=tag)
    assert answer.status_code == 403


def test_what_cannot_be_is_refused(call, kofi):
    for wrong in (
        {"at": "2027-01-01T00:00:00+00:00"},
        {"at": "2026-03-03T10:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": 5},
        {"minutes": -1},
        {"minutes": 10**30},
        {"minutes": "45"},
        {"minutes": 4.5},
        {"minutes": True},
        {"categories": []},
        {"categories": "housing"},
        {"categories": ["safe_address"]},
        {"categories": [[]]},
        {"kind": "unknown"},
        {"worker_came": "yes"},
        {"next_on": "2026-03-02"},
        {"logged_by": "colleague"},
    ):
        answer = call("lead-worker").post("interventions/", logged(kofi, **wrong))
        assert answer.status_code == 400, wrong


def test_the_number_of_queries_does_not_grow_with_the_list(cast, call, kofi):
    from casework.actions import intervention
    from casework.models import KindOfIntervention

    lead, counts = call("lead-worker"), []
    for more in (3, 27):
        for _ in range(more):
            intervention.log(
                person=kofi.person,
                categories=[Category.HOUSING],
                kind=KindOfIntervention.objects.get(code="housing-advice"),
                at=kofi.opened_at,
                minutes=10,
                attendance="came",
                by=cast.who("lead-worker"),
            )
        with CaptureQueriesContext(connection) as queries:
            page = lead.get("interventions/?page_size=100")
        counts.append(len(queries))

    assert len(page.json()["results"]) == 30
    assert counts[0] == counts[1] <= 35
