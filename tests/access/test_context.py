"""One transaction with one actor: what it knows, and for how long."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.context import transact
from agencies.models import Membership
from agencies.queries import actor_facts, permissions_of
from core.clock import instant


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
