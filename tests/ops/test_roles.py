"""What the database's three roles may do, asked of the PostgreSQL that the tests run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors

from ops import databases

TEMPLATE = f"roles_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
COPY = f"{TEMPLATE}_copy"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A copy of a database in which the owner has made a table, an extension and a function."""
    databases.create_empty(TEMPLATE)
    with psycopg.connect(address("OWNER_", TEMPLATE), autocommit=True) as owner:
        owner.execute("CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, words text)")
        owner.execute("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        for name in ("btree_gist", "pg_trgm", "unaccent", "citext"):
            owner.execute(f"CREATE EXTENSION {name}")
    databases.clone(TEMPLATE, COPY)
    yield COPY
    databases.drop(COPY)
    databases.drop(TEMPLATE)


def address(role: str, name: str) -> str:
    return databases.address(name, os.environ[f"DATABASE_{role}URL"])


@pytest.fixture
def app(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address("", database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address("OWNER_", database), autocommit=True) as connection:
        yield connection


def test_the_app_has_no_power_over_the_server(app: psycopg.Connection) -> None:
    row = app.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row == ("tl_app", False, False, False, False, False)


def test_a_copy_has_the_planner_s_prices_too(app: psycopg.Connection) -> None:
    asked = "SELECT current_setting('random_page_cost'), current_setting('jit')"
    assert app.execute(asked).fetchone() == ("1.1", "off")


def test_the_app_is_a_member_of_nothing(app: psycopg.Connection) -> None:
    statement = "SELECT * FROM pg_auth_members WHERE member = 'tl_app'::regrole"
    assert app.execute(statement).fetchall() == []


def test_the_app_owns_nothing(app: psycopg.Connection) -> None:
    owned = app.execute(
        "SELECT * FROM pg_shdepend WHERE refobjid = 'tl_app'::regrole AND deptype = 'o'"
    )
    assert owned.fetchall() == []


def test_the_app_reads_and_writes_what_the_owner_made(app: psycopg.Connection) -> None:
    app.execute("INSERT INTO note (words) VALUES ('a')")
    app.execute("UPDATE note SET words = 'b'")
    assert app.execute("SELECT words, one() FROM note").fetchone() == ("b", 1)
    app.execute("DELETE FROM note")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION hstore",
        "TRUNCATE note",
        "ALTER TABLE note DISABLE TRIGGER ALL",
        "DROP TABLE note",
        "SET session_replication_role = replica",
        "SET ROLE tl_owner",
        "SET ROLE tl_definer",
        "CREATE DATABASE mine",
    ],
)
def test_the_app_is_refused(app: psycopg.Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(statement)


def test_the_owner_passes_row_level_security_but_has_no_power_over_the_server(
    owner: psycopg.Connection,
) -> None:
    row = owner.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row == ("tl_owner", False, True, True, False)


def test_nobody_signs_in_as_the_definer(owner: psycopg.Connection) -> None:
    row = owner.execute(
        "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'tl_definer'"
    ).fetchone()
    assert row == (False, False, True)


def test_the_owner_hands_a_function_to_the_definer_and_the_app_calls_it(
    owner: psycopg.Connection, app: psycopg.Connection
) -> None:
    define = (
        "CREATE OR REPLACE FUNCTION who() RETURNS text LANGUAGE sql SECURITY DEFINER"
        " SET search_path = pg_catalog AS 'SELECT current_user::text'"
    )
    owner.execute(define)
    owner.execute("ALTER FUNCTION who() OWNER TO tl_definer")
    owner.execute(define)  # a later migration changes it again
    assert app.execute("SELECT who()").fetchone() == ("tl_definer",)


def test_functions_are_not_open_to_everybody(owner: psycopg.Connection) -> None:
    statement = "SELECT has_function_privilege('public', 'one()', 'EXECUTE')"
    assert owner.execute(statement).fetchone() == (False,)


def test_a_copy_lets_in_the_app_and_the_owner_only(owner: psycopg.Connection) -> None:
    row = owner.execute(
        "SELECT has_database_privilege('public', current_database(), 'CONNECT'),"
        " has_database_privilege('tl_app', current_database(), 'CONNECT'),"
        " has_database_privilege('tl_app', current_database(), 'TEMPORARY')"
    ).fetchone()
    assert row == (False, True, False)


def test_a_database_is_dropped_although_the_app_is_connected() -> None:
    name = f"{TEMPLATE}_short_lived"
    databases.create_empty(name)
    with psycopg.connect(address("", name)):
        databases.drop(name)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address("", name))


def test_no_password_is_among_the_statements_that_the_server_counts(database: str) -> None:
    with psycopg.connect(address("OWNER_", "postgres"), autocommit=True) as owner:
        if not owner.execute("SELECT to_regclass('pg_stat_statements')").fetchone()[0]:  # type: ignore[index]
            pytest.skip("this PostgreSQL does not come with pg_stat_statements")
        asked = "SELECT count(*) FROM pg_stat_statements WHERE strpos(query, %s) > 0"
        assert owner.execute(asked, ["pg_stat_statements"]).fetchone() != (0,)
        for role in ("", "OWNER_"):
            password = urlsplit(os.environ[f"DATABASE_{role}URL"]).password
            assert owner.execute(asked, [password]).fetchone() == (0,), role
        assert owner.execute(asked, ["PASSWORD"]).fetchone() == (0,)
