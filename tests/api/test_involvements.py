"""`involvements/`: which agencies are involved, to those who may know."""

from access.bases import Basis
from access.categories import Category
from sharing.actions import involvement
from sharing.models import Involvement


def agencies(caller):
    return {row["agency"]["slug"] for row in caller.get("involvements/").json()["results"]}


def test_the_lead_knows_of_every_agency(cast, call, housing):
    cast.agree("lead-charity", "school")
    cast.share(housing.person, "school", Category.EDUCATION, worker="school-lead")

    known = agencies(call("lead-worker"))
    assert known == {"lead-charity", "housing", "school", "prison-charity"}


def test_a_partner_knows_of_its_own_alone(cast, call, housing):
    cast.agree("lead-charity", "school")
    cast.share(housing.person, "school", Category.EDUCATION, worker="school-lead")

    assert agencies(call("housing-officer")) == {"housing"}


def test_what_a_partner_may_not_know_has_no_address(call, housing):
    rows = call("lead-worker").get("involvements/").json()["results"]
    officer = call("housing-officer")
    statuses = {
        row["agency"]["slug"]: officer.get(f"involvements/{row['id']}/").status_code for row in rows
    }

    assert statuses == {"lead-charity": 404, "prison-charity": 404, "housing": 200}


def test_a_colleague_with_the_card_knows_of_none(call, kofi):
    assert agencies(call("colleague")) == set()


def test_an_outsider_knows_nothing(call, kofi):
    assert agencies(call("outsider")) == set()


def test_agencies_involved_are_cut_on_the_person_too(cast, call, housing):
    cast.share(housing.person, "housing", Category.IDENTITY, worker="housing-officer")
    path = f"people/{housing.person.reference}/"
    partner = call("housing-officer").get(path).json()["identity"]["agencies_involved"]
    lead = call("lead-worker").get(path).json()["identity"]["agencies_involved"]

    assert {row["slug"] for row in partner} == {"housing", "lead-charity"}
    assert {row["slug"] for row in lead} == {"housing", "lead-charity", "prison-charity"}


def test_a_page_is_filled_with_what_may_be_known(cast, call, housing):
    for _ in range(3):
        cast.share(housing.person, "housing", Category.HOUSING, worker="housing-officer")
    page = call("housing-officer").get("involvements/?page_size=2").json()

    assert len(page["results"]) == 2
    assert page["next"] is not None


def test_an_enforcement_task_is_walled_off_from_those_who_support(cast, call, kofi):
    officer = cast.hats["police-officer"]
    involvement.begin(
        person_id=kofi.person_id,
        agency_id=officer.agency_id,
        worker_id=officer.user_id,
        basis=Basis.TASK,
        categories=[Category.ENFORCEMENT],
        by=cast.who("charity-manager"),
    )
    worker = call("lead-worker")
    rows = worker.get("involvements/").json()["results"]
    assert "enforcement" not in str(rows)
    row = Involvement.rows.get(categories=frozenset({Category.ENFORCEMENT}))
    assert worker.get(f"involvements/{row.pk}/").status_code == 404
