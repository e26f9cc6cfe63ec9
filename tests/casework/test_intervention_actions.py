"""Logging: once, in the past, by who may; locked where only a part is visible."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from access.actor import NotAllowed, NotVisible
from access.categories import Category, to_bits
from access.reading import sight
from casework.actions import intervention, step_down
from casework.models import Case, Intervention, KindOfIntervention, LifeEvent
from core.clock import instant, today
from core.errors import Conflict, Invalid
from core.versions import Stale
from tests.factories.browsing import sign_in
from tests.factories.watching import refuses, told

__all__ = ["sign_in"]

HOUSING, FAMILY, CLINICAL = Category.HOUSING, Category.FAMILY, Category.CLINICAL


@pytest.fixture
def case(cast):
    return cast.open_case()


def log(cast, case, *categories, by="lead-worker", **more):
    said = {
        "at": instant() - timedelta(hours=1),
        "minutes": 45,
        "attendance": "came",
        "note": "Looked at rooms together",
    } | more
    return intervention.log(
        person=case.person,
        categories=categories or [HOUSING],
        kind=KindOfIntervention.objects.first(),
        by=cast.who(by),
        **said,
    )


def event(cast, case, by="lead-worker", **more):
    said = {
        "categories": [Category.HARM],
        "kind": "injury",
        "on": today(),
        "what": "Was stabbed in the leg",
        "source": "The hospital",
        "part": "harmed",
    } | more
    return intervention.record_event(person=case.person, by=cast.who(by), **said)


def test_it_is_the_workers_entry_and_the_cases_last_contact(cast, case):
    row = log(cast, case, next_on=today() + timedelta(days=7))
    case.refresh_from_db()
    assert (row.logged_by, row.agency, row.case) == (cast.user("lead-worker"), case.agency, case)
    assert (case.last_contact_at, case.next_contact_on) == (row.at, date(2026, 3, 10))
    assert told("intervention.logged").categories == to_bits([HOUSING])
    assert "rooms" not in str(told("intervention.logged").digests)


def test_an_older_contact_logged_late_is_not_the_last_one(cast, case):
    newest = log(cast, case)
    log(cast, case, at=instant() - timedelta(days=9))
    assert Case.rows.get(pk=case.pk).last_contact_at == newest.at


def test_who_did_not_come_was_not_met_and_the_next_plan_stands(cast, case):
    met = log(cast, case, at=instant() - timedelta(days=9))
    log(cast, case, attendance="did_not_come", next_on=today() + timedelta(days=2))
    case.refresh_from_db()
    assert (case.last_contact_at, case.next_contact_on) == (met.at, today() + timedelta(days=2))


def test_therapy_moves_no_date_that_others_read(cast, case):
    cast.join(case, "clinician", HOUSING, CLINICAL)
    log(cast, case, CLINICAL, by="clinician", next_on=today() + timedelta(days=2))
    log(cast, case, HOUSING, CLINICAL, by="clinician")
    case.refresh_from_db()
    assert (case.last_contact_at, case.next_contact_on) == (None, None)


def test_where_it_could_be_therapy_nothing_is_ticked_beforehand(cast, case, sign_in):
    cast.join(case, "clinician", HOUSING, CLINICAL)
    cast.join(case, "family-worker", HOUSING)
    path = f"/log/{case.person.reference}/"
    assert sign_in("family-worker").get(path).context["form"].initial["categories"] == [HOUSING]
    assert "categories" not in sign_in("clinician").get(path).context["form"].initial


def test_the_same_key_logs_once(cast, case):
    key = uuid4()
    first = log(cast, case, key=key)
    again = log(cast, case, key=key, note="Sent twice")
    assert again.pk == first.pk == key
    assert Intervention.rows.get().note == "Looked at rooms together"
    assert told("intervention.logged").subject_id == key


def test_somebody_elses_key_shows_nothing_of_what_they_logged(cast, case):
    key = uuid4()
    log(cast, case, key=key)
    for username, refusal in (("colleague", NotAllowed), ("outsider", NotVisible)):
        with refuses(refusal):
            log(cast, case, key=key, by=username)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"at": timedelta(seconds=1)}, "at"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"attendance": "maybe"}, "attendance"),
        ({"mode": "pigeon"}, "mode"),
        ({"next_on": date(2026, 3, 2)}, "next_on"),
    ],
)
def test_what_can_not_be_is_named(cast, case, wrong, field):
    if "at" in wrong:
        wrong = {"at": instant() + wrong["at"]}
    with refuses(Invalid, field):
        log(cast, case, **wrong)


def test_it_belongs_to_components_and_not_to_anything_else(cast, case):
    with refuses(Invalid, "categories"):
        log(cast, case, Category.IDENTITY)
    with refuses(Invalid, "categories"):
        intervention.log(
            person=case.person,
            categories=[],
            kind=KindOfIntervention.objects.first(),
            at=instant(),
            minutes=1,
            attendance="came",
            by=cast.who("lead-worker"),
        )


def test_only_clinicians_write_therapy_notes(cast):
    case = cast.open_case(led_by="clinician")
    log(cast, case, CLINICAL, by="clinician")
    for username in ("charity-manager", "second-manager"):
        with refuses(NotAllowed):
            log(cast, case, CLINICAL, by=username)
    assert not sight(cast.who("charity-manager"), case.person_id).sees(CLINICAL)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("colleague", NotAllowed),
        ("auditor", NotAllowed),
        ("unit-worker", NotAllowed),
        ("outsider", NotVisible),
        ("outside-manager", NotVisible),
    ],
)
def test_only_who_may_write_in_all_its_categories_logs(cast, case, username, refusal):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    with refuses(refusal):
        log(cast, case, HOUSING, FAMILY, by=username)
    with refuses(refusal):
        event(cast, case, by=username)


def test_after_closing_nobody_logs(cast, case):
    step_down.close(case=case, reason="moved", by=cast.who("charity-manager"))
    with refuses((NotAllowed, Conflict)):
        log(cast, case)


def test_words_are_corrected_by_who_wrote_them_from_the_last_version(cast, case):
    row = log(cast, case)
    said = {"intervention": row, "next_step": "", "version": 1}
    with refuses(NotAllowed):
        intervention.amend(note="x", by=cast.who("charity-manager"), **said)
    with refuses(NotVisible):
        intervention.amend(note="x", by=cast.who("outsider"), **said)
    intervention.amend(note="Looked at flats", by=cast.who("lead-worker"), **said)
    with refuses(Stale):
        intervention.amend(note="Looked at houses", by=cast.who("lead-worker"), **said)
    assert Intervention.rows.get().note == "Looked at flats"


def test_an_event_has_a_source_a_day_and_the_part_played_in_it(cast, case):
    row = event(cast, case)
    assert (row.part, row.source, row.on) == ("harmed", "The hospital", today())
    assert LifeEvent.rows.get().recorded_by == cast.user("lead-worker")
    assert "stabbed" not in str(told("event.recorded").digests)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": date(2026, 3, 4)}, "on"),
        ({"source": " "}, "source"),
        ({"kind": "rumour"}, "kind"),
        ({"categories": []}, "categories"),
        ({"categories": [Category.ENFORCEMENT]}, "categories"),
    ],
)
def test_an_event_that_can_not_be_is_named(cast, case, wrong, field):
    with refuses(Invalid, field):
        event(cast, case, **wrong)


def test_who_sees_a_part_gets_a_locked_entry_and_who_sees_none_gets_none(cast, case, sign_in):
    cast.agree("lead-charity", "borough-unit")
    cast.agree("lead-charity", "school")
    cast.share(case.person, "borough-unit", HOUSING)
    cast.share(case.person, "school", Category.EDUCATION)
    row = log(cast, case, HOUSING, FAMILY)
    seen = sight(cast.who("unit-worker"), case.person_id)
    assert (seen.sees(*row.categories), seen.sees_some(row.categories)) == (False, True)
    none = sight(cast.who("school-lead"), case.person_id)
    assert not none.sees_some(row.categories)
    path = f"/people/{case.person.reference}/timeline/"
    for username, shown in (("unit-worker", True), ("school-lead", False)):
        page = sign_in(username).get(path).content.decode()
        assert "rooms" not in page
        assert ("data-locked" in page) == shown
