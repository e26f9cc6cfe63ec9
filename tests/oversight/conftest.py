"""The auditor's pages are tried as somebody who has signed in."""

from datetime import date, timedelta

import pytest

from access.categories import Category
from access.roles import Role
from core.clock import instant
from sharing.actions import decision
from sharing.models import LawfulBasis
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]


@pytest.fixture
def shares(cast):
    """Two people with a consent each, and a one-off decision about the first; two auditors."""
    cast.hire("second-auditor", "lead-charity", Role.AUDITOR)
    first, second = cast.open_case(), cast.open_case(family_name="Housing-Officer")
    cast.share(first.person, "housing", Category.HOUSING, Category.CONTACT)
    cast.share(second.person, "borough-unit", Category.HARM)
    basis, _ = LawfulBasis.objects.get_or_create(
        code="legitimate-interests",
        defaults={
            "name": "Public task",
            "categories": frozenset(Category),
            "effective_from": date(2018, 5, 25),
        },
    )
    proposed = decision.propose(
        person=first.person,
        share=True,
        kind="one_off",
        agency=cast.agencies["school"],
        worker_id=cast.user("school-lead").pk,
        categories=[Category.EDUCATION],
        lawful_basis=basis,
        necessity="The school must plan for Kofi",
        told=True,
        until=instant() + timedelta(days=20),
        by=cast.who("lead-worker"),
    )
    decision.approve(decision=proposed, by=cast.who("charity-manager"))
    return first, second, proposed
