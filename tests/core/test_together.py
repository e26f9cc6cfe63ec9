"""Several queries in one statement, each left with its rows as if asked by itself."""

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from access.categories import Category
from access.reading import sights
from agencies.models import Membership, User
from casework.models import Case, Goal, LeadPeriod, Plan
from core import together


def test_each_query_has_what_it_would_have_had_by_itself(cast):
    case = cast.open_case()
    cast.add_goal(case, Category.HOUSING, "A place of my own")
    seen = sights(cast.who("lead-worker"), [case.person_id])

    def queries():
        return (
            Case.objects.of(seen, Category.POINTER).select_related("person", "agency"),
            LeadPeriod.objects.of(seen, Category.POINTER).select_related("worker"),
            Goal.objects.of(seen, Category.POINTER).order_by("-set_at")[:1],
            Plan.objects.of(seen, Category.POINTER).select_related("agreed_by"),
            Membership.objects.order_by("-pk").annotate(others=Count("user__memberships")),
            User.objects.none(),
        )

    fetched = queries()
    with CaptureQueriesContext(connection) as asked:
        together.fetch(*fetched)
        read = [list(query) for query in fetched]
        assert read[0][0].person.name
        assert read[0][0].agency.slug == "lead-charity"
        assert read[3][0].agreed_by is None
    assert len(asked) == 1
    for got, query in zip(read, queries(), strict=True):
        alone = list(query)
        assert got == alone
        for one, other in zip(got, alone, strict=True):
            values = {name: value for name, value in vars(one).items() if name != "_state"}
            assert values == {name: vars(other)[name] for name in values}


def test_only_whole_rows_can_be_fetched_together(db):
    with pytest.raises(TypeError):
        together.fetch(User.objects.values("pk"))
    with pytest.raises(TypeError):
        together.fetch(User.objects.prefetch_related("memberships"))


def test_what_has_been_read_is_not_asked_again(db):
    users = User.objects.all()
    list(users)
    with CaptureQueriesContext(connection) as asked:
        together.fetch(users)
    assert len(asked) == 0
