"""Queries that are compiled once: other values, the same statement."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership
from core.clock import instant
from core.prepared import Prepared

HATS = Prepared(
    lambda at, user: Membership.objects.live(at).filter(user_id=user).values_list("pk", "role"),
    at=datetime,
    user=UUID,
)


def test_each_value_goes_where_it_stood(cast):
    for username in ("lead-worker", "charity-manager"):
        hat = cast.hats[username]
        found = HATS.rows(at=instant(), user=hat.user_id)
        assert found == [(hat.pk, hat.role)]
        assert HATS.rows(at=hat.starts - timedelta(seconds=1), user=hat.user_id) == []


def test_instances_come_with_what_is_read_along_and_ask_no_more(cast):
    query = Prepared(
        lambda user: Membership.objects.filter(user_id=user).select_related(
            "agency", "home_agency"
        ),
        user=UUID,
    )
    for username in ("lead-worker", "police-officer"):
        hat = cast.hats[username]
        with CaptureQueriesContext(connection) as asked:
            [found] = query.instances(user=hat.user_id)
            told = (found, found.agency, found.home_agency, found.role, found.starts)
        assert told == (hat, hat.agency, hat.home_agency, hat.role, hat.starts)
        assert len(asked) == 1


def test_it_is_one_statement_and_none_to_find_out_how(cast):
    with CaptureQueriesContext(connection) as asked:
        HATS.rows(at=instant(), user=cast.hats["lead-worker"].user_id)
    assert len(asked) == 1


def test_a_value_too_few_or_too_many_is_a_mistake(db):
    with pytest.raises(TypeError):
        HATS.rows(at=instant())
    with pytest.raises(TypeError):
        HATS.rows(at=instant(), user=UUID(int=1), role="manager")
