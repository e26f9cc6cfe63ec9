"""Recording consent: what opens, to whom alone, and what would be no consent."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from access.actor import NotAllowed, NotVisible, System
from access.categories import Category, to_bits
from casework.models import Case
from core.clock import instant
from core.errors import Invalid
from sharing.actions import consent
from sharing.models import Consent, ConsentLine, Involvement
from sharing.rules import Line
from tests.factories.browsing import later
from tests.factories.watching import refuses, sees, told

__all__ = ["later"]

HOUSING, HEALTH, POINTER = Category.HOUSING, Category.HEALTH, Category.POINTER


@pytest.fixture
def person(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case().person


def line(cast, **more):
    return Line(
        **{
            "agency_id": cast.agencies["borough-unit"].pk,
            "worker_id": cast.user("unit-worker").pk,
            "categories": frozenset({HOUSING}),
            "until": instant() + timedelta(days=84),
        }
        | more
    )


def record(cast, person, *lines, by="lead-worker", **more):
    said = {
        "giver": "young_person",
        "competence": "presumed",
        "channel": "phone",
        "place": "home",
        "purposes": ["support"],
    } | more
    return consent.record(
        person=person, lines=lines or [line(cast)], by=cast.who(by) if by else None, **said
    )


def test_the_named_worker_sees_what_was_agreed_and_nothing_else(cast, person):
    record(cast, person)
    assert sees(cast, "unit-worker", person) == {POINTER, HOUSING}
    assert sees(cast, "unit-manager", person) == {POINTER, HOUSING}
    assert sees(cast, "school-lead", person) == set()
    assert sees(cast, "outsider", person) == set()


def test_a_colleague_of_the_named_worker_only_learns_whom_to_ask(cast, person):
    cast.hire("other-unit-worker", "borough-unit")
    record(cast, person)
    assert sees(cast, "other-unit-worker", person) == {POINTER}


def test_a_whole_agency_sees_it_when_there_is_a_reason(cast, person):
    cast.hire("other-unit-worker", "borough-unit")
    record(cast, person, line(cast, worker_id=None, whole_agency_reason="A rota of four"))
    assert HOUSING in sees(cast, "other-unit-worker", person)
    assert HEALTH not in sees(cast, "other-unit-worker", person)


def test_it_opens_nothing_without_an_agreement_between_the_agencies(cast):
    person = cast.open_case().person
    record(cast, person)
    assert sees(cast, "unit-worker", person) == set()


def test_it_says_who_gave_it_how_and_for_what(cast, person):
    given = record(cast, person, language="Twi")
    row = ConsentLine.rows.get(consent=given)
    assert (given.wording_version, given.language, given.place) == (consent.WORDING, "Twi", "home")
    assert given.recorded_by == cast.user("lead-worker")
    assert row.involvement.starts == instant() == given.given_at
    assert row.involvement.ends == row.until


def test_the_trail_tells_what_was_shared_with_whom_but_no_words(cast, person):
    record(cast, person)
    event = told("consent.recorded", person)
    assert event.categories == to_bits([HOUSING])
    assert event.detail["recipients"] == [str(cast.agencies["borough-unit"].pk)]
    assert "home" not in str(event.digests)


def test_it_ends_by_itself_on_its_day(cast, person, later):
    record(cast, person)
    with later(days=84, seconds=-1):
        assert HOUSING in sees(cast, "unit-worker", person)
    with later(days=84):
        assert sees(cast, "unit-worker", person) == set()


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("colleague", NotAllowed),
        ("auditor", NotAllowed),
        ("lead-charity-administrator", NotAllowed),
        ("outsider", NotVisible),
        ("outside-manager", NotVisible),
    ],
)
def test_only_who_may_write_it_records_it(cast, person, username, refusal):
    with refuses(refusal):
        record(cast, person, by=username)


def test_nobody_and_no_job_records_it(cast, person):
    with refuses(NotAllowed):
        record(cast, person, by=None)
    with refuses(NotAllowed):
        consent.record(
            person=person,
            lines=[line(cast)],
            giver="young_person",
            competence="presumed",
            channel="phone",
            place="home",
            purposes=["support"],
            by=System("anything"),
        )


def test_nobody_shares_what_they_may_not_write_themselves(cast, person):
    case = Case.rows.get(person=person)
    cast.join(case, "unit-worker", POINTER, HOUSING)
    school = line(
        cast,
        agency_id=cast.agencies["school"].pk,
        worker_id=cast.user("school-lead").pk,
        categories=frozenset({HOUSING, HEALTH}),
    )
    with refuses(NotAllowed):
        record(cast, person, school, by="unit-worker")


def test_without_a_recipient_it_is_no_consent(cast, person):
    with refuses(Invalid, "lines"):
        consent.record(
            person=person,
            lines=[],
            giver="young_person",
            competence="presumed",
            channel="phone",
            place="home",
            purposes=["support"],
            by=cast.who("lead-worker"),
        )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"categories": frozenset()}, "categories"),
        ({"until": "now"}, "until"),
        ({"until": "too late"}, "until"),
        ({"worker_id": None}, "whole_agency_reason"),
        ({"worker_id": None, "whole_agency_reason": "  "}, "whole_agency_reason"),
        ({"worker_id": uuid4()}, "worker"),
    ],
)
def test_a_line_that_can_not_be_changes_nothing(cast, person, wrong, field):
    ends = {"now": instant(), "too late": instant() + timedelta(days=367)}
    if "until" in wrong:
        wrong = wrong | {"until": ends[wrong["until"]]}
    with refuses(Invalid, field):
        record(cast, person, line(cast, **wrong))


def test_one_wrong_line_takes_the_others_with_it(cast, person):
    with refuses(Invalid, "worker"):
        record(cast, person, line(cast), line(cast, worker_id=cast.user("school-lead").pk))
    assert sees(cast, "unit-worker", person) == set()


def test_clinical_notes_are_not_shared_in_the_grid_even_by_a_clinician(cast):
    person = cast.open_case(led_by="clinician").person
    with refuses(Invalid, "categories"):
        record(cast, person, line(cast, categories=frozenset({Category.CLINICAL})), by="clinician")


def test_a_safe_address_is_not_shared_in_the_grid_even_by_who_sees_it(cast, person):
    lead = cast.who("lead-worker", stepped_up_at=instant())
    with refuses(Invalid, "categories"):
        consent.record(
            person=person,
            lines=[line(cast, categories=frozenset({Category.SAFE_ADDRESS}))],
            giver="young_person",
            competence="presumed",
            channel="phone",
            place="home",
            purposes=["support"],
            by=lead,
        )


def test_the_agency_itself_needs_no_consent(cast, person):
    own = line(
        cast,
        agency_id=cast.agencies["lead-charity"].pk,
        worker_id=None,
        whole_agency_reason="We all work with him",
    )
    with refuses(Invalid, "agency"):
        record(cast, person, own)


def test_somebody_of_fifteen_is_assessed_with_reasons(cast):
    cast.agree("lead-charity", "borough-unit")
    made = cast.refer(date_of_birth=date(2010, 3, 4))
    person = made.person
    with refuses(Invalid, "competence"):
        record(cast, person, by="charity-manager")
    with refuses(Invalid, "competence_reasons"):
        record(cast, person, by="charity-manager", competence="assessed")
    record(
        cast,
        person,
        by="charity-manager",
        competence="assessed",
        competence_reasons="Said in his own words what it means",
    )
    assert HOUSING in sees(cast, "unit-worker", person)


def test_from_sixteen_no_parent_consents_for_them(cast, person):
    with refuses(Invalid, "giver"):
        record(
            cast,
            person,
            giver="parent",
            competence="parent",
            competence_reasons="He asked her to",
            giver_name="Ama",
        )


def test_the_database_too_wants_a_reason_for_a_whole_agency(cast, person):
    row = ConsentLine.rows.get(consent=record(cast, person))
    row.worker = None
    with pytest.raises(Exception, match="whole_agency_with_reason"):
        row.sealed_save()


def test_it_can_not_be_written_beside_its_action(cast, person):
    given = record(cast, person)
    for row in (
        given,
        ConsentLine.rows.get(consent=given),
        Involvement.rows.filter(source_id=given.pk).get(),
    ):
        with pytest.raises(RuntimeError, match="actions only"):
            row.save()
        with pytest.raises(RuntimeError, match="never deleted"):
            row.delete()
    assert Consent.rows.filter(pk=given.pk).exists()
