"""Lists ask as often for thirty people as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.categories import Category
from casework.queries import caseload
from people.models import YoungPerson
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def fill(cast):
    """Have the lead worker lead so many cases, each with a goal and a share."""
    cast.agree("lead-charity", "borough-unit")

    def _fill(number):
        while YoungPerson.rows.count() < number:
            case = cast.open_case(given_name=f"Kofi {YoungPerson.rows.count()}")
            cast.share(case.person, "borough-unit", Category.HOUSING, Category.TASKING)
            cast.add_goal(case, Category.HOUSING, "A room")

    return _fill


def queries(ask):
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


@pytest.mark.parametrize("username", ["lead-worker", "charity-manager", "unit-worker"])
def test_rows_and_pages_ask_as_often_for_thirty_people_as_for_three(cast, fill, sign_in, username):
    browser, actor = sign_in(username), cast.who(username)

    def counts():
        person = YoungPerson.rows.order_by("pk").first()
        asked = {
            path: lambda path=path: browser.get(path)
            for path in ("/", "/people/", "/cases/", f"/people/{person.reference}/")
        } | {"rows": lambda: caseload.rows(actor, YoungPerson.objects.visible_to(actor))}
        for ask in asked.values():
            ask()
        return {name: queries(ask) for name, ask in asked.items()}

    fill(3)
    few = counts()
    fill(30)
    assert counts() == few
    assert len(caseload.rows(actor, YoungPerson.objects.visible_to(actor))) == 30
