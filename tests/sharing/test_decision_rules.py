"""What a sharing decision needs, as arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.categories import Category
from core.errors import Invalid
from sharing.enums import DecisionKind
from sharing.rules import LONGEST_DECISION, NEEDS_CONDITION, check_decision

NOW = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
LIMITS = {"routine": 84, "one_off": 28, "enforcement": 28, "urgent": 28}
kinds = st.sampled_from(DecisionKind.values)
some = st.frozensets(st.sampled_from(list(Category)), min_size=1)


def faults(**more):
    said = {
        "share": True,
        "kind": "one_off",
        "categories": frozenset({Category.HOUSING}),
        "condition": "",
        "told": True,
        "not_told_reason": "",
        "until": NOW + timedelta(days=1),
        "at": NOW,
    } | more
    try:
        check_decision(**said)
    except Invalid as refusal:
        return set(refusal.errors)
    return set()


def test_the_limits_are_the_designs():
    assert {kind: limit.days for kind, limit in LONGEST_DECISION.items()} == LIMITS


@given(kinds, st.timedeltas(timedelta(days=-5), timedelta(days=120)))
def test_it_ends_in_time(kind, length):
    fits = timedelta(0) < length <= timedelta(days=LIMITS[kind])
    assert faults(kind=kind, until=NOW + length) == (set() if fits else {"until"})


@given(some)
def test_sensitive_information_needs_a_condition_to_be_shared_not_to_be_kept(categories):
    needs = bool(categories & NEEDS_CONDITION)
    assert ("condition" in faults(categories=categories)) == needs
    assert "condition" not in faults(categories=categories, share=False)
    assert "condition" not in faults(categories=categories, condition="DPA 2018 Sch 1 para 18")


@given(kinds, some)
def test_a_safe_address_never_goes_with_other_things(kind, categories):
    wanted = categories | {Category.SAFE_ADDRESS}
    assert "categories" in faults(kind=kind, categories=wanted, condition="x")


@given(kinds)
def test_enforcement_goes_by_an_enforcement_decision_only(kind):
    found = faults(kind=kind, categories=frozenset({Category.ENFORCEMENT}), condition="x")
    assert found == (set() if kind == "enforcement" else {"kind"})


@given(kinds)
def test_therapy_notes_are_never_a_routine(kind):
    found = faults(kind=kind, categories=frozenset({Category.CLINICAL}), condition="x")
    assert found == ({"categories"} if kind == "routine" else set())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"categories": frozenset()}, "categories"),
        ({"told": False}, "not_told_reason"),
        ({"told": False, "not_told_reason": " "}, "not_told_reason"),
        ({"kind": "by-the-way"}, "kind"),
    ],
)
def test_what_could_not_be_defended_is_named(wrong, field):
    assert faults(**wrong) == {field}


def test_not_telling_them_is_possible_with_a_reason():
    assert faults(told=False, not_told_reason="It would put his sister in danger") == set()
