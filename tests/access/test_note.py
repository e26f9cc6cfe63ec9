"""What the wall notes while a page's facts are gathered: for whom, for whose eyes, how long."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from access.actor import Operator
from access.categories import Category
from access.context import become, tell_database, transact
from access.reading import sight_page, sights
from core.clock import instant
from sharing import facts
from sharing.models import AgreementSuspension
from tests.access.behind import people_in, raw

PEOPLE = ("people_youngperson", "id")


def noted() -> set[str]:
    """The people for whom the wall has noted that it is open."""
    [(people,)] = raw("SELECT coalesce(nullif(current_setting('app.opened', true), ''), '{}')")
    return set(str(people).strip("{}").split(",")) - {""}


def test_the_wall_notes_those_for_whom_it_is_open_and_nobody_else(cast):
    person_id = cast.open_case().person_id
    with transact(cast.who("outsider"), route="test"):
        sights(cast.who("outsider"), [person_id])
        assert noted() == set()
        assert people_in(*PEOPLE) == set()
    with transact(cast.who("lead-worker"), route="test"):
        sights(cast.who("lead-worker"), [person_id])
        assert noted() == {str(person_id)}
        assert people_in(*PEOPLE) == {person_id}


def test_jobs_have_nothing_noted(cast):
    person_id = cast.open_case().person_id
    with transact(Operator("test"), route="test"):
        facts.worlds(cast.who("lead-worker"), [person_id])
        assert noted() == set()


def test_the_next_actor_of_a_transaction_has_nothing_of_it(cast):
    person_id = cast.open_case().person_id
    lead, outsider = cast.who("lead-worker"), cast.who("outsider")
    with transact(lead, route="test"):
        sights(lead, [person_id])
        become(outsider)
        assert noted() == set()
        assert people_in(*PEOPLE) == set()
        become(lead)
    with transact(outsider, route="test"):
        assert people_in(*PEOPLE) == set()


def test_it_is_dropped_when_what_it_follows_from_changes(cast):
    person_id = cast.open_case().person_id
    lead = cast.who("lead-worker")
    with transact(lead, route="test") as notes:
        sights(lead, [person_id])
        assert noted()
        raw_change("UPDATE sharing_involvement SET ends = %s WHERE person_id = %s", person_id)
        assert noted() == set()
        # As an hour later, when what has ended is over.
        tell_database(lead, instant() + timedelta(hours=1))
        assert people_in(*PEOPLE) == set()
        notes.shown.clear()


def test_a_transaction_inside_another_gives_no_note_back(cast):
    person_id = cast.open_case().person_id
    lead = cast.who("lead-worker")
    with transact(lead, route="test"):
        sights(lead, [person_id])
        with transact(Operator("test"), route="test"):
            pass
        assert noted() == set()
        assert people_in(*PEOPLE) == {person_id}


def test_of_another_agency_facts_are_given_about_people_who_are_open_alone(cast):
    person_id = cast.open_case().person_id
    lead, outsider = cast.who("lead-worker"), cast.who("outsider")
    ask = "SELECT world_facts(%s, %s, %s, %s, true, false)::text"
    asked = ([person_id], lead.agency_id, lead.user_id, instant())
    with transact(outsider, route="test"):
        assert raw(ask, *asked) == [("[null, null, null, null, null, null]",)]
        assert raw(
            "SELECT reach_beyond(%s, %s, %s, %s, 9, NULL, '{true,false}', 0, false)",
            [lead.agency_id], lead.agency_id, lead.user_id, instant(),
        ) == [([],)]  # fmt: skip
    with transact(lead, route="test"):
        [(found,)] = raw(ask, *asked)
        assert f'["{person_id}", "{lead.user_id}", "lead"' in found


def test_what_agreements_cover_is_looked_up_again_when_one_is_suspended(cast):
    agreement = cast.agree("lead-charity", "borough-unit")
    person = cast.open_case().person
    cast.share(person, "borough-unit", Category.HOUSING, worker="unit-worker")
    partner = cast.who("unit-worker")
    with transact(partner, route="test") as notes:
        assert sight_page(partner, limit=5).people == [person.pk]
        [(kept,)] = raw("SELECT current_setting('app.covered')")
        assert str(cast.agencies["lead-charity"].pk) in str(kept)
        AgreementSuspension(agreement=agreement, starts=instant(), reason="A breach").sealed_save(
            force_insert=True
        )
        assert sight_page(partner, limit=5).people == []
        assert people_in(*PEOPLE) == set()
        notes.shown.clear()


def test_the_next_actor_is_told_nothing_of_what_the_first_ones_agreements_cover(cast):
    cast.agree("lead-charity", "borough-unit")
    cast.open_case()
    with transact(cast.who("unit-worker"), route="test"):
        sight_page(cast.who("unit-worker"), limit=5)
        become(cast.who("outsider"))
        assert raw("SELECT current_setting('app.covered')") == [("",)]


def test_a_page_notes_whom_it_shows_and_judges_for_nobody_else(cast):
    person_id = cast.open_case().person_id
    lead, outsider = cast.who("lead-worker"), cast.who("outsider")
    judge = "SELECT seen FROM wall_decided(%s, %s, %s, %s, 'practitioner', false, false, 131071)"
    asked = ([person_id], lead.agency_id, lead.user_id, instant())
    with transact(outsider, route="test"):
        assert raw(judge, *asked) == [(None,)]
        assert noted() == set()
    with transact(lead, route="test"):
        assert sight_page(lead, limit=5).people == [person_id]
        assert noted() == {str(person_id)}
        colleague = (*asked[:2], cast.who("colleague").user_id, asked[3])
        assert raw(judge, *colleague) == [(None,)]
        assert raw(judge, *asked[:3], instant() + timedelta(hours=1)) == [(None,)]


def test_a_bar_drops_it_too(cast):
    person_id = cast.open_case().person_id
    lead = cast.who("lead-worker")
    with transact(lead, route="test") as notes:
        sights(lead, [person_id])
        assert noted()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sharing_bar WHERE user_id = %s", [lead.user_id])
        assert noted() == set()
        notes.shown.clear()


def test_nobody_is_noted_from_whom_the_actor_is_barred(cast):
    person = cast.open_case().person
    cast.bar(person, "lead-worker")
    person_id, barred = person.pk, cast.who("lead-worker")
    with transact(barred, route="test"):
        sights(barred, [person_id])
        assert noted() == set()
        assert people_in(*PEOPLE) == set()


def raw_change(statement: str, person_id: object) -> None:
    """A change by plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [instant(), person_id])
