"""How a kept connection is looked at before it is used again."""

import select

import pytest
from django.db import connection, connections


@pytest.fixture
def kept(transactional_db):
    """A connection beside the test's own, as a process keeps one between two requests."""
    beside = connections.create_connection("default")
    beside.ensure_connection()
    yield beside
    beside.close()


def asked_by(kept):
    """The last statement that the database has had from this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s", [kept.connection.info.backend_pid]
        )
        return cursor.fetchone()[0]


def test_a_connection_that_stands_is_asked_nothing(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'the last request'")
    assert kept.is_usable()
    assert asked_by(kept) == "SELECT 'the last request'"


def test_a_connection_that_was_ended_is_not_used_again(kept):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])
    assert not kept.is_usable()


def test_a_closed_connection_is_not_used_again(kept):
    kept.close()
    assert not kept.is_usable()


def test_something_said_without_being_asked_is_looked_into(kept):
    with kept.cursor() as cursor:
        cursor.execute("LISTEN somebody")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY somebody")
    look = select.poll()
    look.register(kept.connection.fileno(), select.POLLIN)
    assert look.poll(10_000)
    assert kept.is_usable()
    assert asked_by(kept) == "SELECT 1"
