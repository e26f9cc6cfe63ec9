"""`people/`: who is visible, and what of each."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.categories import Category

CONTENT = {category.value for category in Category} - {"pointer"}


def test_the_lead_worker_sees_one_object_for_each_category(call, kofi):
    body = call("lead-worker").get(f"people/{kofi.person.reference}/").json()

    assert body["pointer"]["given_name"] == "Kofi"
    assert body["pointer"]["lead_worker"]["username"] == "lead-worker"
    assert body["identity"]["date_of_birth"] == "2007-02-11"
    assert set(body) == {"reference", "visible", *body["visible"]}


def test_a_token_is_never_stepped_up_so_no_safe_address(call, kofi):
    body = call("lead-worker").get(f"people/{kofi.person.reference}/").json()

    assert "safe_address" not in body
    assert "clinical" not in body
    assert "enforcement" not in body


def test_a_partner_sees_what_is_shared_and_nothing_else(call, housing):
    body = call("housing-officer").get(f"people/{housing.person.reference}/").json()

    assert body["visible"] == ["pointer", "housing"]
    assert set(body) == {"reference", "visible", "pointer", "housing"}
    assert "2007" not in str(body)


def test_a_colleague_has_the_card_and_nothing_else(call, kofi):
    body = call("colleague").get(f"people/{kofi.person.reference}/").json()

    assert set(body) == {"reference", "visible", "pointer"}


def test_hidden_and_missing_are_the_same_to_the_byte(call, kofi):
    outsider = call("outsider")
    answers = {
        name: outsider.get(f"people/{name}/")
        for name in (kofi.person.reference, "YP-234567", "nonsense", "%00", str(kofi.person.pk))
    }

    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers.values()}) == 1


def test_hidden_and_missing_are_the_same_for_a_change(call, kofi):
    outsider = call("outsider")
    change = {"pointer": {"known_as": "K"}}
    hidden = outsider.patch(f"people/{kofi.person.reference}/", change, if_match='"x"')
    missing = outsider.patch("people/YP-234567/", change, if_match='"x"')

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_somebody_barred_sees_nobody(cast, call, kofi):
    cast.bar(kofi.person, "family-worker")

    assert call("family-worker").get(f"people/{kofi.person.reference}/").status_code == 404
    assert call("family-worker").get("people/").json()["results"] == []


def test_the_list_holds_only_who_is_visible(cast, call, kofi):
    cast.open_case(led_by="colleague", given_name="Ama")

    assert len(call("lead-worker").get("people/").json()["results"]) == 2
    assert call("outsider").get("people/").json() == {
        "next": None,
        "previous": None,
        "results": [],
    }


def test_reading_content_is_recorded_with_its_categories(call, kofi, reads):
    call("lead-worker").get(f"people/{kofi.person.reference}/")

    assert reads(kofi.person) == 1


def test_reading_a_pointer_leaves_no_record(call, kofi, reads):
    call("colleague").get(f"people/{kofi.person.reference}/")
    call("colleague").get("people/")

    assert reads(kofi.person) == 0


def test_a_list_records_each_person_shown_and_no_other(cast, call, housing, reads):
    other = cast.open_case(given_name="Ama")
    call("housing-officer").get("people/")

    assert reads(housing.person) == 1
    assert reads(other.person) == 0


def test_a_list_walks_there_and_back(cast, call, kofi):
    for name in ("Ama", "Esi", "Yaw"):
        cast.open_case(given_name=name)
    lead = call("lead-worker")
    first = lead.get("people/?page_size=2").json()
    second = lead.get(first["next"]).json()
    back = lead.get(second["previous"]).json()

    names = [row["pointer"]["given_name"] for row in first["results"] + second["results"]]
    assert names == ["Yaw", "Esi", "Ama", "Kofi"]
    assert second["next"] is None
    assert back["results"] == first["results"]
    assert back["previous"] is None


def test_a_list_says_how_many_there_are_when_it_is_asked(cast, call, kofi, monkeypatch):
    hidden = cast.open_case(given_name="Ama", led_by="colleague")
    cast.bar(hidden.person, "lead-worker")
    cast.open_case(given_name="Esi")
    lead = call("lead-worker")
    assert lead.get("people/?count=1&page_size=1").json()["count"] == "2"
    assert "count" not in lead.get("people/").json()
    assert call("outsider").get("people/?count=1").json()["count"] == "0"
    monkeypatch.setattr("access.reading.MOST_COUNTED", 1)
    assert lead.get("people/?count=1").json()["count"] == "1+"


def test_pages_hold_a_hundred_at_most(call, kofi):
    assert call("lead-worker").get("people/?page_size=5000").status_code == 200
    assert call("lead-worker").get("people/?page_size=0").status_code == 400
    assert call("lead-worker").get("people/?cursor=nonsense").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_list(cast, call):
    lead = call("lead-worker")
    counts = []
    for more in (3, 27):
        for _ in range(more):
            cast.open_case()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert lead.get("people/?page_size=100").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 45


def test_the_lead_worker_changes_names_with_if_match(call, kofi):
    lead, path = call("lead-worker"), f"people/{kofi.person.reference}/"
    tag = lead.get(path)["ETag"]
    changed = lead.patch(path, {"pointer": {"known_as": "Kwame"}}, if_match=tag)

    assert changed.status_code == 200
    assert changed.json()["pointer"]["known_as"] == "Kwame"
    assert changed["ETag"] == lead.get(path)["ETag"] != tag


def test_a_change_without_if_match_is_428_and_a_stale_one_412(call, kofi, reads):
    lead, path = call("lead-worker"), f"people/{kofi.person.reference}/"
    change = {"pointer": {"known_as": "Kwame"}}

    assert lead.patch(path, change).status_code == 428
    assert lead.patch(path, change, if_match='"stale"').status_code == 412
    assert reads(kofi.person) == 0
    assert lead.get(path).json()["pointer"]["known_as"] == ""


def test_of_two_edits_of_one_version_the_second_is_stale(call, kofi):
    lead, manager = call("lead-worker"), call("charity-manager")
    path = f"people/{kofi.person.reference}/"
    tags = lead.get(path)["ETag"], manager.get(path)["ETag"]
    first = lead.patch(path, {"identity": {"pronouns": "he"}}, if_match=tags[0])
    second = manager.patch(path, {"identity": {"pronouns": "they"}}, if_match=tags[1])

    assert (first.status_code, second.status_code) == (200, 412)


def test_who_sees_but_may_not_write_gets_403(call, housing):
    officer, path = call("housing-officer"), f"people/{housing.person.reference}/"
    tag = officer.get(path)["ETag"]
    answer = officer.patch(path, {"pointer": {"known_as": "K"}}, if_match=tag)

    assert answer.status_code == 403
    assert "detail" not in answer.json()


def test_a_change_names_known_fields_only(call, kofi):
    path = f"people/{kofi.person.reference}/"
    for change in (
        {"reference": "YP-234567"},
        {"pointer": {"provisional": True}},
        {"identity": {"id": 1}},
        {},
        {"identity": {"date_of_birth": "0001-01-01"}},
        {"identity": {"date_of_birth": "2030-01-01"}},
        {"identity": {"ethnicity": "nonsense"}},
    ):
        tag = call("lead-worker").get(path)["ETag"]
        answer = call("lead-worker").patch(path, change, if_match=tag)
        assert answer.status_code == 400, change


def test_anybody_who_has_the_card_can_tell_the_lead(call, kofi):
    colleague = call("colleague")
    sent = colleague.post(
        f"people/{kofi.person.reference}/alerts/",
        {"message": "He is at the clinic.", "callback": "020 7946 0001"},
    )

    assert sent.status_code == 201
    assert "message" not in sent.json()
    assert colleague.get(sent["Location"]).json()["seen_at"] is None
    assert call("lead-worker").get(sent["Location"]).json()["message"] == "He is at the clinic."
    assert call("outsider").get(sent["Location"]).status_code == 404


def test_nobody_tells_the_lead_of_somebody_hidden(call, kofi):
    answer = call("outsider").post(f"people/{kofi.person.reference}/alerts/", {"message": "Hello?"})

    assert answer.status_code == 404


def test_a_share_that_has_ended_shows_nothing(cast, call, housing):
    from sharing.actions import consent
    from sharing.models import Consent

    officer, path = call("housing-officer"), f"people/{housing.person.reference}/"
    assert officer.get(path).status_code == 200
    consent.withdraw(consent=Consent.rows.get(), by=cast.who("lead-worker"))

    assert officer.get(path).status_code == 404
    assert officer.get("people/").json()["results"] == []


def test_an_agreement_that_has_lapsed_shows_only_the_card(cast, call, kofi, at_now):
    cast.agree("lead-charity", "housing", ends=at_now + timedelta(microseconds=1))
    cast.share(kofi.person, "housing", Category.HOUSING, worker="housing-officer")
    path = f"people/{kofi.person.reference}/"

    assert set(call("housing-officer").get(path).json()["visible"]) == {"pointer", "housing"}
