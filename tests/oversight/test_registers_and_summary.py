"""The newer registers, saved views, who viewed whom, and the quarter's summary."""

from __future__ import annotations

import csv
import io
import re
import zlib
from datetime import UTC, date, datetime, timedelta

import pytest

from access import reading
from access.bases import Basis
from access.categories import Category
from audit import trail
from audit.models import Event
from core.clock import instant, today
from oversight import facts, summary
from oversight.actions import look
from oversight.actions import sample as samples
from oversight.enums import Risk
from oversight.models import SavedView
from oversight.summary import Quarter
from people.matching import Facts
from sharing.actions import involvement
from sharing.models import Consent, LawfulBasis, SharingDecision
from tasking.actions import ring_me
from tests.conftest import NOW

SECRETS = ("Kofi", "Mensah", "plan for")


def main(answer):
    return answer.text.split("<main")[1]


def broken(cast, case, who="outsider"):
    return involvement.begin(
        person_id=case.person_id,
        agency_id=cast.hats[who].agency_id,
        worker_id=cast.user(who).pk,
        basis=Basis.BREAK_GLASS,
        categories=[Category.SAFETY],
        ends=instant() + timedelta(hours=8),
        by=cast.who(who),
    )


def test_emergency_access_stands_in_a_register_by_reference(cast, shares, sign_in):
    broken(cast, shares[0])
    body = main(sign_in("auditor").get("/oversight/emergency-access/"))
    assert "Outsider" in body
    assert shares[0].person.reference in body
    assert not [secret for secret in SECRETS if secret in body]
    assert "Outsider" not in main(sign_in("unit-auditor").get("/oversight/emergency-access/"))


def test_what_left_as_a_file_stands_in_a_register(cast, shares, sign_in):
    consent = Consent.rows.get(person=shares[0].person)
    assert sign_in("lead-worker").get(f"/consents/{consent.pk}/receipt/pdf/").status_code == 200
    body = main(sign_in("auditor").get("/oversight/exports/"))
    assert "Receipt of a consent (PDF)" in body
    assert consent.person.reference in body
    assert not [secret for secret in SECRETS if secret in body]
    other = main(sign_in("unit-auditor").get("/oversight/exports/"))
    assert "Receipt of a consent (PDF)" not in other


def test_matching_requests_say_which_kinds_of_facts_and_never_the_facts(cast, shares, sign_in):
    ring_me.ask(
        facts=Facts(name="Nobody Here", phone="07700900999"),
        callback="020 7946 0000",
        message="",
        by=cast.who("colleague"),
    )
    body = main(sign_in("auditor").get("/oversight/matching/"))
    assert "left a number" in body
    assert "Name" in body
    assert "Phone" in body
    assert "Nobody" not in body
    assert "07700900999" not in body
    assert "left a number" not in main(sign_in("unit-auditor").get("/oversight/matching/"))


def test_agreements_are_those_of_the_auditors_own_agency(cast, sign_in):
    cast.agree("lead-charity", "housing", ends=instant() + timedelta(days=20))
    cast.agree("borough-unit", "police")
    body = main(sign_in("auditor").get("/oversight/agreements/"))
    assert "lead-charity and housing" in body
    assert "In force; ends soon" in body
    assert "police" not in body.split("</form>")[-1]
    soon = main(sign_in("auditor").get("/oversight/agreements/?kind=soon"))
    assert "lead-charity and housing" in soon
    over = main(sign_in("auditor").get("/oversight/agreements/?kind=over"))
    assert "Nothing fits" in over


def test_an_agreement_of_somebody_elses_is_not_found_by_its_party(cast, sign_in):
    cast.agree("borough-unit", "police")
    path = f"/oversight/agreements/?agency={cast.agencies['police'].pk}"
    assert "Nothing fits" in main(sign_in("auditor").get(path))


def test_a_view_keeps_what_is_right_of_what_was_typed(shares, sign_in):
    browser = sign_in("auditor")
    browser.get("/oversight/decisions/?user=a%00b&since_day=41&since_month=6&sort=one_off")
    assert browser.post("/oversight/decisions/views/", {"name": "One-offs"}).status_code == 302
    assert SavedView.objects.get().filters == {"sort": "one_off"}


def test_the_day_leads_to_the_day_in_london_on_which_one_last_looked(cast, later, sign_in):
    case = cast.open_case()
    # An hour before midnight by Greenwich is the next day in summer.
    summer = (datetime(2026, 6, 10, 23, 30, tzinfo=UTC) - NOW).total_seconds()
    with later(seconds=summer):
        look.mark_looked(by=cast.who("auditor"))
    with later(seconds=summer, hours=9):
        cast.share(case.person, "housing", Category.HOUSING)
        assert "since_day=11&amp;since_month=06" in sign_in("auditor").get("/oversight/").text


def test_a_place_at_which_nothing_is_left_leads_to_the_first_page(cast, sign_in):
    case = cast.open_case()
    past = "2001-01-01T00:00:00%2B00:00~ffffffff-ffff-ffff-ffff-ffffffffffff"
    path = f"/oversight/people/{case.person.reference}/"
    browser = sign_in("auditor")
    assert "There is no such entry" not in browser.get(f"{path}?older={past}").text
    assert browser.get(f"{path}?kind=events&older={past}").text.count("data-entry") > 2


def test_filters_stick_and_are_saved_for_the_whole_team_without_the_person(cast, shares, sign_in):
    mine, reference = sign_in("auditor"), shares[0].person.reference
    mine.get(f"/oversight/decisions/?sort=one_off&person={reference}")
    assert mine.get("/oversight/decisions/")["Location"].endswith(
        f"?person={reference}&sort=one_off"
    )
    saved = mine.post("/oversight/decisions/views/", {"name": "One-offs"}, follow=True)
    assert "Every auditor of your agency has it" in saved.text
    view = SavedView.objects.get()
    assert view.filters == {"sort": "one_off"}
    theirs = sign_in("second-auditor").get("/oversight/decisions/").text
    assert "/oversight/decisions/?sort=one_off" in theirs
    assert "One-offs" not in sign_in("unit-auditor").get("/oversight/decisions/").text
    foreign = sign_in("unit-auditor").post(f"/oversight/views/{view.pk}/remove/")
    assert foreign.status_code == 404
    sign_in("second-auditor").post(f"/oversight/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()
    done = Event.objects.filter(verb__startswith="view.").order_by("id")
    assert [event.verb for event in done] == ["view.saved", "view.removed"]


@pytest.mark.parametrize("name", ["", "One-offs"])
def test_a_view_needs_a_name_of_its_own(cast, shares, sign_in, name):
    browser = sign_in("auditor")
    browser.get("/oversight/decisions/?sort=one_off")
    browser.post("/oversight/decisions/views/", {"name": "One-offs"})
    answer = browser.post("/oversight/decisions/views/", {"name": name}, follow=True)
    assert "There is a problem" in answer.text
    assert SavedView.objects.count() == 1


def test_a_view_of_nothing_but_a_person_is_refused(cast, shares, sign_in):
    browser = sign_in("auditor")
    browser.get(f"/oversight/decisions/?person={shares[0].person.reference}")
    browser.post("/oversight/decisions/views/", {"name": "Him"})
    assert not SavedView.objects.exists()


def test_who_viewed_whom_is_summed_up_both_ways(cast, shares, sign_in):
    person = shares[0].person
    for _ in range(3):
        trail.record_reads(
            cast.who("lead-worker"), [trail.Read(person.pk, 0b1000010)], route="people:show"
        )
    viewers = main(sign_in("auditor").get(f"/oversight/people/{person.reference}/viewers/"))
    assert "Lead Worker" in viewers
    assert ">3<" in viewers
    viewed = main(sign_in("auditor").get(f"/oversight/users/{cast.user('lead-worker').pk}/viewed/"))
    assert person.reference in viewed
    assert "Kofi" not in viewers + viewed
    hidden = sign_in("unit-auditor").get(f"/oversight/people/{person.reference}/viewers/")
    missing = sign_in("unit-auditor").get("/oversight/people/YP-222222/viewers/")
    assert hidden.status_code == missing.status_code == 404


def test_a_colleagues_surname_stands_out(cast):
    case = cast.open_case(family_name="Worker")
    other = cast.open_case(family_name="Adeyemi")
    for one in (case, other):
        cast.share(one.person, "borough-unit", Category.HARM)
    found = facts.shares(cast.who("auditor"), today(), today()).values()
    named = {share.row.person_id for share in found if Risk.SURNAME in share.risks}
    assert named == {case.person_id}


# The summary.


@pytest.mark.parametrize(
    ("year", "number", "first", "last"),
    [
        (2026, 1, date(2026, 1, 1), date(2026, 3, 31)),
        (2026, 4, date(2026, 10, 1), date(2026, 12, 31)),
        (2028, 1, date(2028, 1, 1), date(2028, 3, 31)),
    ],
)
def test_a_quarter_has_three_months(year, number, first, last):
    assert (Quarter(year, number).first, Quarter(year, number).last) == (first, last)


def test_the_quarters_offered_end_with_this_one(at_now):
    assert [quarter.code for quarter in summary.quarters(5)] == [
        "2026-1", "2025-4", "2025-3", "2025-2", "2025-1",
    ]  # fmt: skip
    assert summary.chosen("1999-1").code == summary.chosen("nonsense").code == "2026-1"


def numbers(cast, who="auditor", quarter=None):
    parts, _ = summary.sections(cast.who(who), quarter or Quarter(2026, 1))
    return {what: number for part in parts for what, number in part.rows}


def test_the_summary_counts_what_the_auditor_may_review(cast, shares):
    broken(cast, shares[0])
    sample = samples.draw(
        kind="random", since=today(), until=today(), size=3, by=cast.who("auditor")
    )
    share = sample.shares(manager="rows").first()
    samples.answer(share=share, answers={"told": "no"}, by=cast.who("auditor"))
    found = numbers(cast)
    assert found["Consents recorded"] == 2
    assert found["Decisions to share: one-off"] == 1
    assert found["Emergency accesses"] == 1
    assert (found["Samples drawn"], found["Shares in them"]) == (1, 3)
    assert found["Shares checked in full"] == 0
    told = "“Was the young person told, or is there a good reason why not?” answered with no"
    assert found[told] == 1
    assert numbers(cast, "unit-auditor")["Samples drawn"] == 0
    assert not any(numbers(cast, quarter=Quarter(2025, 4)).values())


def test_each_number_of_the_summary_counts_its_own(cast):
    """A different number in each row, so that none can stand in another's place."""
    cases = [cast.open_case() for _ in range(3)]
    basis = LawfulBasis.objects.order_by("code")[0]

    def decide(number, **how):
        for _ in range(number):
            SharingDecision(
                **{
                    "person": cases[0].person, "share": True, "kind": "routine",
                    "agency": cast.agencies["school"], "categories": frozenset(),
                    "lawful_basis": basis, "necessity": "x", "told": True,
                    "until": instant() + timedelta(days=3),
                    "proposed_by": cast.user("lead-worker"), "proposed_at": instant(),
                }
                | how
            ).sealed_save(force_insert=True)  # fmt: skip

    decided = {"decided_by": cast.user("charity-manager"), "decided_at": instant()}
    decide(1)
    decide(2, kind="one_off")
    decide(3, kind="urgent")
    decide(6, kind="enforcement")
    decide(4, share=False, told=False, not_told_reason="danger")
    decide(5, share=False, state="refused", **decided)
    # Of the quarter before.
    decide(20, proposed_at=instant() - timedelta(days=100))
    for case in (*cases, cast.open_case(), cast.open_case()):
        cast.share(case.person, "housing", Category.HOUSING)
    keys = list(Consent.rows.order_by("pk").values_list("pk", flat=True))
    Consent.rows.filter(pk__in=keys[:2]).update(withdrawn_at=instant())
    Consent.rows.filter(pk=keys[2]).update(withdrawn_at=instant() + timedelta(days=60))
    for username, shown in (
        ("lead-worker", (0, 1)),
        ("charity-manager", (0,)),
        ("lead-worker", (0,)),
    ):
        with cast.acting(username):
            for place in shown:
                reading.sight(cast.who(username), cases[place].person_id).shows("identity")
    found = numbers(cast)
    assert {what: found[what] for what in found if what.startswith(("Cons", "Deci"))} == {
        "Consents recorded": 5,
        "Consents withdrawn": 2,
        "Decisions to share: routine partner on the plan": 1,
        "Decisions to share: one-off": 2,
        "Decisions to share: for enforcement": 6,
        "Decisions to share: urgent": 3,
        "Decisions not to share": 9,
        "Decisions refused by the second person": 5,
        "Decisions of which the young person was not told": 4,
    }
    after = numbers(cast, quarter=Quarter(2026, 2))
    assert (after["Consents recorded"], after["Consents withdrawn"]) == (0, 1)
    assert found["Times a record was shown"] == 4
    assert found["People whose records were shown"] == 2
    assert found["Users to whom they were shown"] == 2


def test_the_csv_holds_the_same_and_no_formula(cast, shares, sign_in):
    cast.agencies["lead-charity"].__class__.objects.filter(slug="lead-charity").update(
        name="=HYPERLINK(1)"
    )
    answer = sign_in("auditor").get("/oversight/summary/csv/?quarter=2026-1")
    assert answer["Content-Disposition"] == 'attachment; filename="oversight-2026-1.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {5}
    assert {row[3]: int(row[4]) for row in rows[1:]} == numbers(cast)
    assert {row[0] for row in rows[1:]} == {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_cell_that_begins_like_a_formula_is_neutralised(cell):
    assert summary.harmless(cell) == f"'{cell}"
    assert summary.harmless("1 = 1") == "1 = 1"


def test_the_page_and_the_pdf_show_it(cast, shares, sign_in):
    body = main(sign_in("auditor").get("/oversight/summary/"))
    assert "January to March 2026" in body
    assert "Consents recorded" in body
    answer = sign_in("auditor").get("/oversight/summary/pdf/")
    try:
        import weasyprint  # noqa: F401
    except ImportError:
        assert answer.status_code == 409, "says so where no PDF can be made"
        return
    assert answer.content.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
    assert any(b"pdfuaid" in _unpacked(stream) for stream in streams), "says that it is PDF/UA"
    assert answer["Content-Type"] == "application/pdf"


def _unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.parametrize("who", ["lead-worker", "charity-manager", "analyst"])
def test_nobody_else_opens_registers_or_summary(cast, sign_in, who):
    for path in ("agreements/", "emergency-access/", "exports/", "matching/", "summary/",
                 "summary/csv/", "summary/pdf/", "findings/", "alerts/", "causes/"):  # fmt: skip
        assert sign_in(who).get(f"/oversight/{path}").status_code == 403, path
