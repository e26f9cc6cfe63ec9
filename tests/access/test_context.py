"""One transaction with one actor: what it knows, and for how long."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.actor import System
from access.categories import Category
from access.context import one_by_one, transact
from access.reading import sight
from agencies.models import Membership
from agencies.queries import actor_facts, permissions_of
from audit import trail
from audit.models import Event
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


def test_what_fails_in_a_job_holds_up_nothing_that_comes_after_it(db, caplog):
    job = System("tests.job")

    def act(number):
        trail.record(job, "test.done", detail={"number": number})
        if number in {1, 3}:
            raise ValueError(f"Amina Yusuf {number}")
        return number

    with pytest.raises(ValueError, match="Amina Yusuf 1"):
        one_by_one(job, range(5), act)
    done = Event.objects.filter(verb="test.done")
    assert sorted(event.detail["number"] for event in done) == [0, 2, 4]
    assert {event.actor_name for event in done} == {"tests.job"}
    assert caplog.text.count("tests.job: one failed with ValueError") == 2
    assert "Amina" not in caplog.text
    assert one_by_one(job, [2, 4], act) == 6
