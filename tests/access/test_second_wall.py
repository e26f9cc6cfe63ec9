"""The second wall: what PostgreSQL gives to raw SQL, whatever the code above it does."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.test import Client

from access.actor import Operator, Public, System
from access.wall import THROUGH, NotListed, through
from core.clock import instant
from sharing import facts
from sharing.scope import SharingScope
from sharing.wall import APPENDED, BESIDES, OWN_ONLY, walled
from tests.access.behind import behind_the_wall, is_coarsely_visible, people_in, raw
from tests.access.test_matrix import CANARY, address, matrix, signed_in

assert matrix  # The fixture, found by its name.

TABLES = dict(walled())
OF_PEOPLE = {table: column for table, column in TABLES.items() if table not in BESIDES}


@pytest.fixture
def world(matrix, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield matrix
        transaction.set_rollback(True)


def coarse(matrix, username):
    """The people whom the wall should let this persona's agency have rows of."""
    member = matrix.cast.who(username)
    everybody = people_in("people_youngperson", "id")
    found = facts.worlds(member, everybody)
    return {person for person, told in found.items() if is_coarsely_visible(told)}


def test_every_table_about_a_person_stands_behind_it(world):
    forced = {
        name
        for (name,) in raw(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        )
    }
    personal = {
        name
        for (name,) in raw(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'person_id' AND table_schema = 'public'"
        )
    }
    print(f"{len(forced)} tables behind the wall")
    assert len(TABLES) > 40
    # The projection stands behind a wall of its own: its principals.
    assert forced == {*TABLES, "sharing_reach"}
    assert personal <= forced


def test_the_application_can_not_take_it_down(world):
    assert raw("SELECT current_user") == [("tl_app",)]
    for statement in (
        "ALTER TABLE casework_goal DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE casework_goal NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY wall_opens ON casework_goal",
        "CREATE POLICY mine ON casework_goal USING (true)",
        "SET ROLE tl_definer",
        "SET row_security = off; SELECT * FROM casework_goal",
        "CREATE OR REPLACE FUNCTION wall_free() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "SELECT wall_agreed(uuidv7(), uuidv7(), false)",
    ):
        with behind_the_wall(None), pytest.raises(DatabaseError), transaction.atomic():
            raw(statement)


def test_no_view_is_a_way_round_it(world):
    open_views = raw(
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')"
        " AND relnamespace = 'public'::regnamespace"
        " AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)"
    )
    assert open_views == []


@pytest.mark.parametrize("actor", [None, Public("refer")])
def test_with_nobody_acting_there_is_no_row_in_any_table(world, actor):
    tried = sum(bool(people_in(table, column)) for table, column in OF_PEOPLE.items())
    with behind_the_wall(actor):
        for table in TABLES:
            about = "" if table not in APPENDED else " WHERE person_id IS NOT NULL"
            assert raw(f"SELECT count(*) FROM {table}{about}") == [(0,)], table
    print(f"{tried} tables with rows, none shown")
    assert tried > 30


@pytest.mark.parametrize("actor", [System("tests"), Operator("tests")])
def test_jobs_and_commands_read_what_they_need(world, actor):
    everybody = people_in("people_youngperson", "id")
    with behind_the_wall(actor):
        assert people_in("people_youngperson", "id") == everybody


def test_no_persona_gets_a_row_of_somebody_foreign(world):
    tried = shown = 0
    for username in world.personas:
        allowed = coarse(world, username)
        role = world.cast.who(username).role
        with behind_the_wall(world.cast.who(username)):
            for table, column in OF_PEOPLE.items():
                seen = people_in(table, column)
                shown += len(seen)
                tried += 1
                # An auditor reviews the shares of people whom they don't see.
                if role != "auditor" or not table.startswith("sharing_"):
                    assert seen <= allowed, (username, table)
            assert people_in("people_youngperson", "id") == allowed, username
    print(f"tried {tried} tables as a persona, {shown} people shown")
    assert shown


@pytest.mark.parametrize("username", ["barred-lead", "barred-team", "barred-auditor"])
def test_a_barred_user_gets_no_row_in_any_table(world, username):
    barred = world.cast.who(username)
    with behind_the_wall(barred):
        for table, column in TABLES.items():
            assert world.person.pk not in people_in(table, column), table


def test_nobody_counts_or_adds_up_what_is_foreign(world):
    with behind_the_wall(world.cast.who("outsider")):
        assert raw("SELECT count(*), min(given_name) FROM people_youngperson") == [(0, None)]
        assert raw("SELECT count(*) FROM casework_goal WHERE own_words LIKE %s", "%C%") == [(0,)]
        assert raw("SELECT sum(minutes) FROM casework_intervention") == [(None,)]


def test_nobody_changes_what_is_foreign(world):
    with behind_the_wall(world.cast.who("outsider")), connection.cursor() as cursor:
        for table, column in OF_PEOPLE.items():
            cursor.execute(f"UPDATE {table} SET {column} = {column}")
            assert cursor.rowcount == 0, table
    add = (
        "INSERT INTO sharing_involvement (id, person_id, agency_id, basis, categories,"
        " one_off, starts, source_type) VALUES (%s, %s, %s, 'lead', 131071, false, %s, '')"
        " RETURNING id"
    )
    charity = world.cast.agencies["lead-charity"].pk
    with behind_the_wall(world.cast.who("outsider")):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            raw(add, uuid4(), world.person.pk, charity, instant())


def test_drafts_are_for_nobody_but_who_typed_them(world):
    assert {"agencies_draft"} == OWN_ONLY
    mine = world.cast.who("lead-worker")
    with behind_the_wall(mine):
        raw(
            "INSERT INTO agencies_draft (id, membership_id, key, person_id, sealed_values,"
            " saved_at) VALUES (%s, %s, 'k', %s, '', %s) RETURNING id",
            uuid4(),
            mine.membership_id,
            world.person.pk,
            instant(),
        )
        assert raw("SELECT count(*) FROM agencies_draft WHERE key = 'k'") == [(1,)]
    with behind_the_wall(world.cast.who("charity-manager")):
        assert raw("SELECT count(*) FROM agencies_draft WHERE key = 'k'") == [(0,)]


def test_with_scoping_switched_off_lists_and_pages_still_show_nobody_foreign(world, monkeypatch):
    monkeypatch.setattr(SharingScope, "sees", lambda self, actor, lookup, **_: Q())
    tried = 0
    client: Client = signed_in(world, "outsider")
    for path in ("/people/", "/people/?q=Kofi", "/cases/", "/log/", "/people/{person}/"):
        page = client.get(address(world, path))
        tried += 1
        assert not CANARY.search(page.content.decode())
        assert world.person.family_name not in page.content.decode()
    assert client.get(address(world, "/people/{person}/")).status_code == 404
    # The same switch, thrown where the wall is down, shows that it was the wall.
    assert world.person.pk in people_in("people_youngperson", "id")
    print(f"tried {tried} pages without scoping")


def test_only_listed_functions_read_past_it(world):
    assert all(why for why in THROUGH.values())
    with pytest.raises(NotListed), through("curiosity"):
        pass


def test_past_it_is_past_it_only_inside_the_block(world):
    name = next(iter(THROUGH))
    with behind_the_wall(world.cast.who("outsider")):
        with through(name):
            assert people_in("people_youngperson", "id")
        assert not people_in("people_youngperson", "id")
        with pytest.raises(ZeroDivisionError), through(name):
            raise ZeroDivisionError
        assert not people_in("people_youngperson", "id")
        with pytest.raises(DatabaseError), transaction.atomic(), through(name):
            raw("SELECT 1 / 0")
        assert not people_in("people_youngperson", "id")
