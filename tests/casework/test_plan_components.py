"""The components of a plan: theirs to name, and printed only where they are in use."""

from __future__ import annotations

import pytest

from access.categories import Category
from casework.models import PlanComponent
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def case(cast):
    return cast.open_case()


def test_a_component_is_named_by_the_young_person_and_printed_so(cast, case, sign_in):
    worker = sign_in("lead-worker")
    plan = f"/people/{case.person.reference}/plan/"
    assert f"{plan}housing/name/" in worker.get(plan).text
    answer = worker.post(f"{plan}housing/name/", {"own_name": "My own door", "in_use": "yes"})
    assert answer.status_code == 302
    assert "My own door" in worker.get(plan).text
    assert "My own door" in worker.get(f"{plan}print/").text
    worker.post(f"{plan}housing/name/", {"own_name": "My own door", "in_use": "no"})
    assert "My own door" not in worker.get(f"{plan}print/").text
    assert PlanComponent.rows.get(component="housing").own_name == "My own door"


def test_what_is_hidden_or_no_component_has_no_such_page(cast, case, sign_in):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", Category.HOUSING)
    plan = f"/people/{case.person.reference}/plan/"
    worker = sign_in("unit-worker")
    assert worker.get(f"{plan}housing/name/").status_code == 200
    for component in ("health", "clinical", "nonsense"):
        assert worker.get(f"{plan}{component}/name/").status_code == 404
    assert sign_in("colleague").get(f"{plan}housing/name/").status_code == 404
