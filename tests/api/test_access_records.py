"""`access-records/`: who looked, by reference; never what they saw."""


def looked(caller):
    return [
        (row["person"], row["by"]["username"])
        for row in caller.get("access-records/").json()["results"]
    ]


def test_the_lead_agency_s_auditor_sees_who_looked(call, housing):
    call("housing-officer").get(f"people/{housing.person.reference}/")
    body = call("auditor").get("access-records/")
    [row] = body.json()["results"]

    assert row["person"] == housing.person.reference
    assert row["by"]["username"] == "housing-officer"
    assert row["categories"] == ["pointer", "housing"]
    assert row["route"] == "api:person"
    assert "Kofi" not in body.content.decode()


def test_a_partner_s_auditor_sees_what_their_own_people_did(cast, call, kofi):
    cast.agree("lead-charity", "borough-unit")
    cast.join(kofi, "unit-worker", "housing")
    call("lead-worker").get(f"people/{kofi.person.reference}/")
    call("unit-worker").get(f"people/{kofi.person.reference}/")

    assert looked(call("unit-auditor")) == [(kofi.person.reference, "unit-worker")]


def test_an_auditor_of_neither_sees_nothing(call, kofi):
    call("lead-worker").get(f"people/{kofi.person.reference}/")

    assert looked(call("unit-auditor")) == []


def test_the_lead_worker_sees_who_looked_at_theirs(cast, call, housing):
    other = cast.open_case(led_by="colleague", given_name="Ama")
    call("housing-officer").get(f"people/{housing.person.reference}/")
    call("colleague").get(f"people/{other.person.reference}/")

    assert looked(call("lead-worker")) == [(housing.person.reference, "housing-officer")]


def test_nobody_else_sees_any(call, housing):
    call("lead-worker").get(f"people/{housing.person.reference}/")

    for username in ("charity-manager", "housing-officer", "outsider", "analyst"):
        assert looked(call(username)) == []


def test_the_auditor_opens_no_person(call, kofi):
    auditor = call("auditor")

    assert auditor.get(f"people/{kofi.person.reference}/").status_code == 404
    assert auditor.get("people/").json()["results"] == []
