"""Nothing is shown without a committed record of who was shown it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client

from access import context
from access.categories import Category
from access.reading import sight
from agencies.models import ApiToken
from api.v1.person import ShownPerson
from audit import trail
from audit.models import AccessRecord
from tests.factories.cast import OPERATOR

PEOPLE = "/api/v1/people/"
SECRETS = ("Kofi", "Mensah", "February 2007", "Text, not calls")


@pytest.fixture
def page(cast):
    """A page with content, and a browser that is told of failures as everybody is."""
    case = cast.open_case()
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.user("lead-worker"))
    path = f"/people/{case.person.reference}/"
    shown = browser.get(path)
    assert shown.status_code == 200
    assert "Kofi" in shown.text
    assert AccessRecord.objects.filter(person_id=case.person_id).count() == 1
    return browser, path, case.person_id


def nothing_leaves(answer):
    assert answer.status_code >= 500
    body = answer.content.decode()
    for secret in SECRETS:
        assert secret not in body, secret
    for name, value in answer.items():
        assert "Kofi" not in value, name


BREAKS = {
    "the record can't be made": (trail, "_who"),
    "its proof can't be made": (trail.canonical, "proofs"),
    "it can't be added": (trail._READS, "run"),
    "the notes of the response can't be read": (context, "record_reads"),
    "the records can't be written": (trail, "record_reads"),
}


@pytest.mark.parametrize("step", BREAKS)
def test_a_step_that_fails_in_the_application_shows_nothing(page, monkeypatch, step):
    browser, path, person = page
    where, name = BREAKS[step]

    def failing(*_, **__):
        raise OperationalError("the server closed the connection for Kofi")

    monkeypatch.setattr(where, name, failing)
    nothing_leaves(browser.get(path))
    monkeypatch.undo()
    assert AccessRecord.objects.filter(person_id=person).count() == 1
    assert browser.get(path).status_code == 200


@pytest.fixture
def as_owner(committed):
    """Does something to the database as its owner."""
    import os

    import psycopg

    from ops.databases import address

    name = connection.settings_dict["NAME"]
    with psycopg.connect(address(name, os.environ["DATABASE_OWNER_URL"]), autocommit=True) as owner:
        yield owner.execute


@pytest.fixture
def committed_case(committed, at_now):
    from access.reading import ledger
    from tests.factories.cast import build_cast

    with ledger():
        cast = build_cast()
        return cast, cast.open_case()


@pytest.fixture
def committed_page(committed_case):
    cast, case = committed_case
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.user("lead-worker"))
    path = f"/people/{case.person.reference}/"
    assert "Kofi" in browser.get(path).text
    return browser, path, case.person_id


@pytest.fixture
def committed_list(committed_case):
    """A list of the API."""
    cast, case = committed_case
    hat = cast.hats["lead-worker"]
    _, secret = ApiToken.objects.create(user=hat.user, expiry=timedelta(days=1), membership=hat)
    caller = Client(raise_request_exception=False, headers={"Authorization": f"Token {secret}"})
    assert "Kofi" in caller.get(PEOPLE).text
    return caller, PEOPLE, case.person_id


def refuse(when: str) -> str:
    constraint = "CONSTRAINT" if when == "commit" else ""
    deferred = "DEFERRABLE INITIALLY DEFERRED" if when == "commit" else ""
    return f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'disk full while writing of Kofi'; END $$;
        CREATE {constraint} TRIGGER refuse AFTER INSERT ON audit_accessrecord
        {deferred} FOR EACH ROW EXECUTE FUNCTION refuse()
    """


BROKEN_DATABASE = {
    "the insert fails": refuse("insert"),
    "the commit fails": refuse("commit"),
    "the queue can't be added to": "REVOKE INSERT ON audit_unsealed FROM tl_definer",
    "the connection is lost before the commit": """
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER die AFTER INSERT ON audit_accessrecord
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()
    """,
}


def test_steps_of_both_kinds_are_broken():
    print(f"broke {len(BREAKS)} steps in the application, {len(BROKEN_DATABASE)} in the database")
    assert len(BREAKS) >= 5
    assert len(BROKEN_DATABASE) >= 4


@pytest.mark.parametrize("shown", ["committed_page", "committed_list"])
@pytest.mark.parametrize("step", BROKEN_DATABASE)
def test_a_step_that_fails_in_the_database_shows_nothing(request, as_owner, shown, step):
    browser, path, person = request.getfixturevalue(shown)
    before = AccessRecord.objects.filter(person_id=person).count()
    as_owner(BROKEN_DATABASE[step])
    nothing_leaves(browser.get(path))
    connection.close()
    assert AccessRecord.objects.filter(person_id=person).count() == before


def test_a_list_that_fails_once_it_has_been_read_leaves_no_records(committed_list, monkeypatch):
    caller, path, person = committed_list
    before = AccessRecord.objects.filter(person_id=person).count()
    monkeypatch.setattr(ShownPerson, "body", lambda self: 1 / 0)
    nothing_leaves(caller.get(path))
    monkeypatch.undo()
    assert AccessRecord.objects.filter(person_id=person).count() == before
    assert "Kofi" in caller.get(path).text
    assert AccessRecord.objects.filter(person_id=person).count() == before + 1


def show(actor, case, afterwards):
    """Show something in a transaction, and have something wait for its commit."""
    with context.transact(actor, route="test"):
        assert sight(actor, case.person_id).shows(Category.HOUSING)
        transaction.on_commit(afterwards)


def test_what_waits_for_a_commit_that_fails_is_never_done(committed_case, as_owner):
    cast, case = committed_case
    as_owner(BROKEN_DATABASE["the commit fails"])
    done: list[str] = []
    with pytest.raises(DatabaseError):
        show(cast.who("lead-worker"), case, lambda: done.append("done"))
    assert done == []


def test_a_transaction_goes_on_when_one_within_it_could_not_record(committed_case, as_owner):
    cast, case = committed_case
    as_owner(BROKEN_DATABASE["the insert fails"])
    with context.transact(OPERATOR, route="outer"):
        with pytest.raises(DatabaseError):
            show(cast.who("lead-worker"), case, lambda: None)
        assert AccessRecord.objects.count() == 0


def test_when_too_many_records_wait_nothing_more_is_shown(committed_page):
    browser, path, _ = committed_page
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.most_waiting', '3', false)")
    nothing_leaves(browser.get(path))
    connection.close()
    assert browser.get(path).status_code == 200


def test_an_action_whose_event_fails_changes_nothing(committed_page, monkeypatch):
    from tasking.models import Alert

    browser, path, person = committed_page
    monkeypatch.setattr(trail.Event, "prove", lambda self: 1 / 0)
    answer = browser.post(f"{path}tell-the-lead/", {"message": "Ring me"})
    assert answer.status_code >= 500
    assert not Alert.rows.filter(person_id=person).exists()
