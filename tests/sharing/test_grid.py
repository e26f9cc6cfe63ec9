"""The grid, and asking for consent: with whom first, then one form to read together."""

import json
import re
import zlib
from datetime import date

import pytest

from access.categories import Category
from access.reading import sight
from agencies.models import Notice
from core.clock import today
from core.models import OutboxMessage
from sharing import queries
from sharing.actions import decision
from sharing.models import Consent, ConsentLine, LawfulBasis
from sharing.tasks import find_due
from tasking.actions import task
from tests.factories.browsing import later, sign_in
from tests.factories.watching import sees

__all__ = ["later", "sign_in"]

HOUSING, HEALTH = Category.HOUSING, Category.HEALTH
ANSWERS = {
    "r0-categories": ["housing"],
    "r0-length": "12",
    "purposes": ["support"],
    "channel": "face_to_face",
    "place": "community",
    "language": "English",
}


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case()


def key(cast, slug="borough-unit", username="unit-worker"):
    agency = f"{cast.agencies[slug].pk}"
    return f"worker:{agency}:{cast.user(username).pk}" if username else f"agency:{agency}"


def ask(browser, person, *to, **said):
    query = "&".join(f"to={one}" for one in to)
    return browser.post(f"/people/{person.reference}/sharing/consent/?{query}", ANSWERS | said)


def page(browser, person):
    return " ".join(browser.get(f"/people/{person.reference}/sharing/").content.decode().split())


def test_only_those_under_an_agreement_can_be_asked_for_and_nobody_is_ticked(cast, case, sign_in):
    path = f"/people/{case.person.reference}/sharing/consent/"
    found = sign_in("lead-worker").get(path).content.decode()
    assert "Unit Worker, Borough Unit" in found
    assert "School Lead" not in found
    assert "checked" not in found
    assert "all agencies" not in found.lower()


def test_nothing_is_ticked_in_the_form_and_it_speaks_to_the_young_person(cast, case, sign_in):
    cast.share(case.person, "borough-unit", Category.OFFENDING, worker="unit-worker")
    path = f"/people/{case.person.reference}/sharing/consent/?to={key(cast)}"
    found = sign_in("lead-worker").get(path).content.decode()
    assert "checked" not in found
    assert "A place to live" in found
    assert "Now: Staying out of trouble" in found
    assert "Saying no changes nothing about the help" in found
    for label in ("Offending", "Exiting a gang", "Therapy", "Safe address"):
        assert label not in found


def test_several_recipients_are_asked_for_in_one_form(cast, case, sign_in):
    whole = key(cast, username=None)
    done = ask(
        sign_in("lead-worker"),
        case.person,
        key(cast),
        whole,
        **{
            "r1-categories": ["health"],
            "r1-length": "2",
            "r1-whole_agency_reason": "A rota of four",
        },
    )
    assert done.status_code == 302
    given = Consent.rows.get()
    lines = {line.worker_id: line.categories for line in ConsentLine.rows.all()}
    assert lines == {cast.user("unit-worker").pk: {HOUSING}, None: {HEALTH}}
    assert (given.competence, given.giver) == ("presumed", "young_person")


def test_a_whole_agency_needs_a_reason(cast, case, sign_in):
    answer = ask(sign_in("lead-worker"), case.person, key(cast, username=None))
    assert "whole agency need" in answer.content.decode()
    assert Consent.rows.count() == 0


def test_the_page_shows_each_cell_with_its_basis_and_its_end(cast, case, sign_in):
    cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    cast.join(case, "unit-worker", HEALTH)
    found = page(sign_in("lead-worker"), case.person)
    assert "<strong>Agreed</strong><br>26 May 2026" in found
    assert "<strong>Team</strong><br>no end" in found


def test_a_cell_that_no_agreement_carries_says_so(cast, case, sign_in):
    cast.share(case.person, "school", HOUSING, worker="school-lead")
    found = page(sign_in("lead-worker"), case.person)
    assert "No agreement in force" in found
    assert "no agreement: not seen" in found


def test_what_is_changed_takes_the_place_of_what_was_agreed(cast, case, sign_in):
    cast.share(case.person, "borough-unit", HOUSING, HEALTH, worker="unit-worker")
    ask(sign_in("lead-worker"), case.person, key(cast))
    assert sees(cast, "unit-worker", case.person) == {Category.POINTER, HOUSING}
    old = ConsentLine.rows.exclude(replaced_by=None).get()
    assert old.ended_at == old.involvement.ends


def test_a_partner_sees_only_their_own_row(cast, case, sign_in):
    cast.agree("lead-charity", "housing")
    cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    cast.share(case.person, "housing", HOUSING, worker="housing-officer")
    found = page(sign_in("unit-worker"), case.person)
    assert "Unit Worker" in found
    assert "Housing Officer" not in found
    assert "Take back" not in found


# Who decides, and what a careful worker thinks about first.


def young(cast, **born):
    cast.agree("lead-charity", "borough-unit")
    return cast.refer(date_of_birth=date(2012, 6, 1)).person


def test_at_thirteen_somebody_says_who_decides_and_why(cast, sign_in):
    person = young(cast)
    browser = sign_in("charity-manager")
    assert ask(browser, person, key(cast)).status_code == 200
    assert ask(browser, person, key(cast), competence="assessed").status_code == 200
    assert Consent.rows.count() == 0
    ask(browser, person, key(cast), competence="assessed", assessed_reasons="Said it back to me")
    assert Consent.rows.get().competence_reasons == "Said it back to me"


def test_a_parent_is_named_and_what_was_warned_of_is_kept(cast, sign_in):
    person = young(cast)
    parent = {
        "competence": "parent",
        "giver_name": "Ama Mensah",
        "parental_responsibility": "not_known",
        "parent_reasons": "Does not follow what it means",
    }
    browser = sign_in("charity-manager")
    first = ask(browser, person, key(cast), **parent)
    assert "No parental responsibility is recorded" in first.content.decode()
    assert Consent.rows.count() == 0
    ask(browser, person, key(cast), **parent, thought="1")
    given = Consent.rows.get()
    assert (given.giver, given.giver_name) == ("parent", "Ama Mensah")
    assert "parental responsibility" in given.warned[0]


def test_consent_in_custody_is_thought_about_before_it_is_written_down(cast, case, sign_in):
    browser = sign_in("lead-worker")
    first = ask(browser, case.person, key(cast), place="custody").content.decode()
    assert "easily regretted" in first
    assert Consent.rows.count() == 0
    ask(browser, case.person, key(cast), place="custody", thought="1")
    assert Consent.rows.get().warned


def test_nobody_is_asked_for_what_has_been_decided_anyway(cast, case, sign_in):
    decision.propose(
        person=case.person,
        share=True,
        kind="routine",
        agency=cast.agencies["borough-unit"],
        worker_id=None,
        categories=[HOUSING],
        lawful_basis=LawfulBasis.objects.get(code="vital-interests"),
        necessity="Needed",
        proportionality="No more",
        told=True,
        until=date_in(cast),
        by=cast.who("lead-worker"),
    )
    answer = ask(sign_in("lead-worker"), case.person, key(cast)).content.decode()
    assert "tell the young person instead of asking" in answer
    assert Consent.rows.count() == 0


def date_in(cast):
    from datetime import timedelta

    from core.clock import instant

    return instant() + timedelta(days=20)


# Asking again.


def test_a_birthday_since_is_shown_and_the_lead_worker_is_told_once(cast, sign_in, later):
    cast.agree("lead-charity", "borough-unit")
    person = cast.open_case(date_of_birth=date(2008, 3, 10)).person
    cast.share(person, "borough-unit", HOUSING, worker="unit-worker")
    assert "Ask again" not in page(sign_in("lead-worker"), person)
    with later(days=7):
        assert "turned 18 on 10 March 2026" in page(sign_in("lead-worker"), person)
        find_due()
        find_due()
    told = OutboxMessage.objects.filter(arguments__kind="consent_refresh")
    assert [row.arguments["user_id"] for row in told] == [str(cast.user("lead-worker").pk)]
    assert Notice.objects.filter(kind="consent_refresh").count() <= 1
    assert "2008" not in json.dumps([row.arguments for row in told])


# On paper.


def test_the_receipt_is_a_tagged_pdf_of_the_young_persons_words(cast, case, sign_in):
    given = cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    made = sign_in("lead-worker").get(f"/consents/{given.pk}/receipt/pdf/")
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made.content, re.S)
    plain = b"".join(zlib.decompress(one) if one[:1] == b"x" else one for one in streams)
    assert b"pdfuaid:part" in plain
    assert b"/StructTreeRoot" in made.content + plain
    assert "Kofi" not in made["Content-Disposition"]


@pytest.mark.parametrize("username", ["unit-worker", "outsider", "auditor"])
def test_nobody_else_gets_the_paper(cast, case, sign_in, username):
    given = cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    assert sign_in(username).get(f"/consents/{given.pk}/receipt/pdf/").status_code == 404


def test_a_consent_that_was_changed_can_not_be_taken_back_any_more(cast, case, sign_in):
    old = cast.share(case.person, "borough-unit", HOUSING, HEALTH, worker="unit-worker")
    browser = sign_in("lead-worker")
    ask(browser, case.person, key(cast))
    found = page(browser, case.person)
    assert "Over, or changed since" in found
    assert f'/consents/{old.pk}/withdraw/"' not in found
    assert "taken back already" in browser.get(f"/consents/{old.pk}/withdraw/").content.decode()


def test_the_young_persons_names_are_those_of_the_plan():
    from casework.enums import PRINTED_NAMES
    from sharing.wording import CALLED

    assert {category: CALLED[category] for category in PRINTED_NAMES} == PRINTED_NAMES


def test_who_leads_has_no_row_that_says_less_than_they_see(cast, case, sign_in):
    for owner, slug in (("lead-worker", "lead-charity"), ("unit-worker", "borough-unit")):
        task.assign(
            person=case.person,
            what="Ring the hostel",
            owner_id=cast.user(owner).pk,
            owner_agency_id=cast.agencies[slug].pk,
            due_on=today(),
            by=cast.who("charity-manager"),
        )
    with cast.acting("lead-worker"):
        actor = cast.who("lead-worker")
        found = queries.recipients(actor, sight(actor, case.person_id))
    assert [row.worker.username for row in found] == ["unit-worker"]
