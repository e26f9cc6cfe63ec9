"""Lists read in the database: to each what the rule shows them, and what the wall lets by."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from access.context import transact
from access.reading import sight_found, sight_page, sights
from api.v1 import cases, person
from casework.queries.lines import LINES
from core.clock import instant
from sharing import judged
from tests.access.behind import behind_the_wall, people_in, raw
from tests.access.test_matrix import matrix

assert matrix  # The fixture, found by its name.

LISTS = {parts.name: parts for parts in (person.PARTS, cases.PARTS, LINES)}
NOBODY = UUID("01890000-0000-7000-8000-000000000000")


@pytest.fixture
def world(matrix, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield matrix
        transaction.set_rollback(True)


def plain(content):
    return {
        key: {name: list(rows) for name, rows in parts.items()} for key, parts in content.items()
    }


def asked_for(people, of, moment=None):
    """A call of a list's function in somebody's name, who is made to be a manager who sees all."""
    return (people, of.agency_id, of.user_id, moment or instant(), "manager", True, True, 131071, 9)


def given(name, *asked):
    [(found,)] = raw(f"SELECT listed_{name}(%s, %s, %s, %s, %s, %s, %s, %s, %s)::text", *asked)
    return json.loads(found)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_gives_everybody_what_they_read_behind_the_wall(world, name):
    parts = LISTS[name]
    everybody = people_in("people_youngperson", "id")
    assert len(everybody) > 1
    shown = 0
    for username in world.cast.hats:
        actor = world.cast.who(username)
        with behind_the_wall(actor):
            page = sight_page(actor, limit=100, parts=parts)
            listed = plain(page.content)
        with behind_the_wall(actor):
            # Afresh: what the list has noted for the wall is not there any more.
            seen = {key: one for key, one in sights(actor, everybody).items() if one.answer.visible}
            apart = plain(parts.read(seen, at=instant()))
        assert listed == apart, username
        assert set(page.people) == set(seen), username
        shown += sum(bool(rows) for found in listed.values() for rows in found.values())
    assert shown > 20


def test_a_search_finds_for_everybody_whom_they_see_and_gives_what_they_read(world):
    names = raw("SELECT id, given_name, family_name, known_as FROM people_youngperson")
    words = {word.lower() for _, *called in names for name in called for word in name.split()}
    shown = 0
    for username in world.cast.hats:
        actor = world.cast.who(username)
        for word in words:
            fits = {key for key, *called in names if word in " ".join(called).lower()}
            with behind_the_wall(actor):
                page = sight_found(actor, [word], parts=LINES)
                listed = plain(page.content)
            with behind_the_wall(actor):
                seen = {key: one for key, one in sights(actor, fits).items() if one.answer.visible}
                apart = plain(LINES.read(seen, at=instant()))
            assert set(page.people) == set(seen), (username, word)
            assert listed == apart, (username, word)
            shown += len(page.people)
    assert shown > 20


@pytest.mark.parametrize("name", LISTS)
def test_a_list_gives_nothing_in_the_name_of_somebody_else(cast, name):
    case = cast.open_case()
    lead, outsider = cast.who("lead-worker"), cast.who("outsider")
    everybody, reference = [case.person_id], case.person.reference
    with behind_the_wall(lead):
        # Of the rows the first is who is seen.
        assert given(name, *asked_for(everybody, lead))[0]
    for asks, named in (
        (outsider, lead),
        (outsider, outsider),
        (cast.who("colleague"), lead),
        (lead, cast.who("colleague")),
        (None, lead),
    ):
        with behind_the_wall(asks):
            found = given(name, *asked_for(everybody, named))
            assert not any(found), (asks, named)
            assert reference not in str(found)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_of_the_instant_that_the_wall_was_told(cast, name):
    people, lead = [cast.open_case().person_id], cast.who("lead-worker")
    with behind_the_wall(lead):
        later = instant() + timedelta(hours=1)
        assert not any(given(name, *asked_for(people, lead, later)))


@pytest.mark.parametrize("name", LISTS)
def test_who_is_barred_is_given_nothing_of_a_list(cast, name):
    case = cast.open_case()
    cast.bar(case.person, "lead-worker")
    lead = cast.who("lead-worker")
    with behind_the_wall(lead):
        assert not any(given(name, *asked_for([case.person_id], lead)))


def test_a_list_holds_no_more_than_are_asked_for_and_nobody_who_is_missing(cast):
    people = [cast.open_case(given_name=name).person_id for name in ("Ana", "Ben", "Cem")]
    lead = cast.who("lead-worker")
    with behind_the_wall(lead):
        *asked, _ = asked_for([NOBODY, *people], lead)
        rows, *content = given("people", *asked, 2)
        assert [key for key, *_ in rows] == [str(key) for key in people[:2]]
        assert set(content[0]) == {str(key) for key in people[:2]}


@pytest.mark.parametrize("parts", LISTS.values(), ids=LISTS)
def test_everything_that_a_list_reads_is_tied_to_the_person(parts):
    """Past the wall a joined row of somebody else would be given, too."""
    personal = {
        table
        for (table,) in _rows(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'person_id' AND table_schema = 'public'"
        )
    }
    for name, part in parts.parts.items():
        for table in part.tables & personal - {part.model._meta.db_table}:
            assert "person_id = " in part.joins, f"{name}: {table}"


@pytest.mark.django_db
def test_only_the_definer_s_functions_read_past_the_wall():
    owned = {
        name
        for (name,) in _rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND proname LIKE 'listed\\_%%'"
            " AND pg_get_userbyid(proowner) = 'tl_definer'"
        )
    }
    assert owned == {f"listed_{name}" for name in (*LISTS, "alone")}
    assert all(judged.function(parts) for parts in (None, *LISTS.values()))


def _rows(statement):
    with transact(None), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
