"""One transaction with one actor: what it knows, and for how long."""

from django.db import connection
from django.db.transaction import atomic, on_commit
from django.test.utils import CaptureQueriesContext
from psycopg.pq import PipelineStatus

from access.categories import Category, to_bits
from access.context import record_early, transact
from access.reading import sight
from agencies.models import Membership
from agencies.queries import actor_facts, permissions_of
from audit import trail
from core.clock import instant
from tests.access.behind import raw
from tests.factories.cast import OPERATOR, build_cast


def test_what_is_so_of_an_actor_is_read_once_and_again_after_a_change(cast):
    actor = cast.who("lead-worker")
    with transact(actor, route="test"):
        assert "log_intervention" in permissions_of(actor)
        assert actor_facts(actor).ends is None
        with CaptureQueriesContext(connection) as asked:
            assert "log_intervention" in permissions_of(actor)
            assert actor_facts(actor).ends is None
        assert len(asked) == 0
        Membership.objects.filter(pk=actor.membership_id).update(ends=instant())
        assert permissions_of(actor) == frozenset()
        assert actor_facts(actor).ends == instant()


def test_another_transaction_knows_nothing_of_it(cast):
    actor = cast.who("lead-worker")
    with transact(actor, route="test"):
        assert "log_intervention" in permissions_of(actor)
    with transact(actor, route="test"), CaptureQueriesContext(connection) as asked:
        permissions_of(actor)
    assert len(asked) > 0


def test_what_was_read_is_recorded_by_the_very_transaction_that_showed_it(transactional_db):
    with transact(OPERATOR, route="test"):
        cast = build_cast()
        case = cast.open_case()
    actor = cast.who("lead-worker")
    with transact(actor, route="test"):
        assert sight(actor, case.person_id).shows(Category.HOUSING)
        trail.record(actor, "oversight.looked")
    # PostgreSQL keeps with each row the number of the transaction that wrote it.
    [(done,)] = raw("SELECT xmin::text FROM audit_event WHERE verb = 'oversight.looked'")
    [(read,)] = raw("SELECT xmin::text FROM audit_accessrecord")
    assert read == done


def test_what_is_recorded_early_is_recorded_once_and_what_comes_after_it_too(transactional_db):
    with transact(OPERATOR, route="test"):
        cast = build_cast()
        case = cast.open_case()
    actor = cast.who("lead-worker")
    with transact(actor, route="test"):
        seen = sight(actor, case.person_id)
        assert seen.shows(Category.HOUSING)
        record_early("early")
        assert seen.shows(Category.HOUSING)
        assert seen.shows(Category.HOUSING, Category.HEALTH)
    told = raw("SELECT route, categories FROM audit_accessrecord ORDER BY at, id")
    assert told == [
        ("early", to_bits([Category.HOUSING])),
        ("early", to_bits([Category.HEALTH])),
    ]


def test_what_waits_for_the_commit_has_the_connection_as_it_should_be(transactional_db):
    with transact(OPERATOR, route="test"):
        cast = build_cast()
        case = cast.open_case()
    actor, found = cast.who("lead-worker"), []

    def look() -> None:
        assert connection.connection.pgconn.pipeline_status == PipelineStatus.OFF
        with atomic():
            found.extend(raw("SELECT route FROM audit_accessrecord"))

    with transact(actor, route="test"):
        assert sight(actor, case.person_id).shows(Category.HOUSING)
        record_early("early")
        on_commit(look)
    assert found == [("early",)]
