"""One transaction with one actor: what it knows, and for how long."""

from django.db import connection
from django.db.transaction import on_commit
from django.test.utils import CaptureQueriesContext

from access.categories import Category, to_bits
from access.context import record_early, transact
from access.reading import sight
from agencies.models import Membership
from agencies.queries import actor_facts, permissions_of
from audit import trail
from audit.models import AccessRecord
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


def test_what_waits_for_the_commit_finds_what_was_recorded_early(transactional_db):
    with transact(OPERATOR, route="test"):
        cast = build_cast()
        case = cast.open_case()
    actor = cast.who("lead-worker")
    found = []
    with transact(actor, route="test"):
        assert sight(actor, case.person_id).shows(Category.HOUSING)
        record_early("early")
        on_commit(lambda: found.extend(raw("SELECT route FROM audit_accessrecord")))
    assert found == [("early",)]


def test_within_another_transaction_records_wait_for_nothing_of_their_own(transactional_db):
    with transact(OPERATOR, route="test"):
        cast = build_cast()
        case = cast.open_case()
    actor = cast.who("lead-worker")
    with transact(OPERATOR, route="outer"):
        with transact(actor, route="inner"):
            assert sight(actor, case.person_id).shows(Category.HOUSING)
            record_early("inner")
            assert AccessRecord.objects.count() == 1
        assert AccessRecord.objects.count() == 1
