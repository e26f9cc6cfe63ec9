"""What a refusal says, and what happens after it."""

import pytest
from django.core.exceptions import ValidationError

from access.categories import Category
from agencies.submitting import who_changed
from casework.actions import goal
from casework.models import Plan
from core.errors import Conflict, Invalid, Refused
from core.versions import Stale


def test_a_refusal_names_each_field():
    refusal = Invalid({"until": "Too late"}, worker="Not there")
    assert refusal.errors == {"until": ["Too late"], "worker": ["Not there"]}
    assert isinstance(refusal, Refused)
    assert isinstance(Conflict("x"), Refused)
    assert not issubclass(Invalid, ValidationError)


def test_a_stale_edit_is_told_who_changed_what_and_when(cast):
    made = goal.add_goal(
        plan=Plan.rows.get(case=cast.open_case()),
        component=Category.HOUSING,
        own_words="A room",
        by=cast.who("lead-worker"),
    )
    by = cast.who("charity-manager")
    goal.reword(goal=made, own_words="A flat", worker_words="", version=1, by=by)
    with pytest.raises(Stale) as refusal:
        goal.reword(goal=made, own_words="x", worker_words="", version=1, by=by)
    said = who_changed(refusal.value)
    assert said.startswith("Charity Manager changed own words, worker words on 3 March 2026")
    assert "flat" not in said
