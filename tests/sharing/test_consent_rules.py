"""What makes a consent valid, as arithmetic."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.categories import Category
from core.errors import Invalid
from sharing.rules import (
    LONGEST_CONSENT,
    NEVER_BY_GRID,
    Giving,
    Line,
    check_consent,
    check_line,
    consent_warnings,
    refresh_reasons,
)

NOW = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
LINE = Line(uuid4(), uuid4(), frozenset({Category.HOUSING}), NOW + timedelta(days=1))
ages = st.integers(0, 120)


def faults(**more):
    said = {
        "giver": "young_person",
        "competence": "presumed",
        "reasons": "",
        "age": 19,
        "purposes": ["support"],
    } | more
    try:
        check_consent(**said)
    except Invalid as refusal:
        return set(refusal.errors)
    return set()


@given(ages)
def test_competence_is_presumed_from_sixteen_and_never_before(age):
    assert faults(age=age) == ({"competence"} if age < 16 else set())


@given(ages)
def test_a_parent_consents_before_sixteen_and_never_after(age):
    said = {"giver": "parent", "competence": "parent", "reasons": "Can’t weigh it up"}
    assert faults(age=age, **said) == ({"giver"} if age >= 16 else set())


def test_a_parent_is_named_responsible_and_the_reason_is_given():
    said = {"giver": "parent", "competence": "parent", "age": 12}
    assert faults(**said) == {"competence_reasons"}
    said["reasons"] = "Can’t weigh it up"
    assert faults(**said, giver_name=" ") == {"giver_name"}
    assert faults(**said, responsibility="no") == {"parental_responsibility"}
    assert faults(**said, responsibility="not_known") == set()


@given(ages, st.text(" \t\n", max_size=5))
def test_an_assessment_without_reasons_is_none(age, blank):
    assert faults(age=age, competence="assessed", reasons=blank) == {"competence_reasons"}


@pytest.mark.parametrize(
    ("giver", "competence"),
    [("parent", "presumed"), ("parent", "assessed"), ("young_person", "parent")],
)
def test_giver_and_competence_belong_together(giver, competence):
    assert faults(giver=giver, competence=competence, reasons="x", age=15) == {"competence"}


def test_it_is_for_something():
    assert faults(purposes=[]) == {"purposes"}


def test_an_age_that_nobody_knows_blocks_nothing_but_is_warned_of():
    assert faults(age=None) == set()
    assert consent_warnings(place="home", age=None, born=None, today=date(2026, 3, 3))


def test_a_parents_consent_ends_by_the_sixteenth_birthday():
    birthday = NOW + timedelta(days=10)
    check_line(replace(LINE, until=birthday), NOW, birthday)
    with pytest.raises(Invalid, match="16th birthday"):
        check_line(replace(LINE, until=birthday + timedelta(microseconds=1)), NOW, birthday)


@pytest.mark.parametrize(
    ("born", "given_on", "today", "reasons"),
    [
        (date(2010, 3, 3), date(2026, 3, 2), date(2026, 3, 3), ["turned 16 on 3 March 2026"]),
        (date(2010, 3, 3), date(2026, 3, 2), date(2026, 3, 2), []),
        (date(2010, 3, 3), date(2026, 3, 3), date(2026, 3, 4), []),
        (date(2008, 2, 29), date(2026, 2, 28), date(2026, 3, 1), ["turned 18 on 1 March 2026"]),
        (date(2014, 5, 1), date(2026, 1, 1), date(2026, 5, 1), ["turned 12 on 1 May 2026"]),
        (None, date(2025, 3, 3), date(2026, 3, 2), []),
        (None, date(2025, 3, 3), date(2026, 3, 3), ["given more than 12 months ago"]),
    ],
)
def test_when_consent_is_asked_for_again(born, given_on, today, reasons):
    assert refresh_reasons(given_on=given_on, born=born, today=today) == reasons


def test_what_a_careful_worker_thinks_about():
    def warned(age=13, **giving):
        return " ".join(
            consent_warnings(
                place="home",
                age=age,
                born=None,
                today=date(2026, 3, 3),
                giving=Giving(**giving),
            )
        )

    assert "public body" in warned(statutory=True)
    assert "parental responsibility" in warned(giver="parent", responsibility="not_known")
    assert "parental responsibility" not in warned(giver="parent", responsibility="yes")
    assert "1 May 2025" in warned(giver="parent", competent_before=date(2025, 5, 1))
    assert "Under 12" in warned(age=11, competence="assessed")
    assert not warned(age=12, competence="assessed")


@given(st.timedeltas(timedelta(days=-800), timedelta(days=800)))
def test_it_lasts_longer_than_no_time_and_no_longer_than_a_year(length):
    row = replace(LINE, until=NOW + length)
    if timedelta(0) < length <= LONGEST_CONSENT:
        check_line(row, NOW)
    else:
        with pytest.raises(Invalid, match="end must be"):
            check_line(row, NOW)


@given(st.frozensets(st.sampled_from(list(Category)), min_size=1))
def test_the_grid_never_carries_what_it_must_not(categories):
    row = replace(LINE, categories=categories)
    if categories & NEVER_BY_GRID:
        with pytest.raises(Invalid, match="not shared in this way"):
            check_line(row, NOW)
    else:
        check_line(row, NOW)


def test_a_bed_in_the_emergency_department_and_a_cell_are_warned_of():
    def warned(place):
        return consent_warnings(place=place, age=19, born=date(2007, 2, 11), today=date(2026, 3, 3))

    assert warned("emergency_department")
    assert warned("custody")
    assert not warned("home")


@given(st.dates(date(2000, 1, 1), date(2020, 12, 31)))
def test_a_birthday_at_which_consent_is_asked_again_is_foretold(born):
    today = date(2026, 3, 3)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    for warning in consent_warnings(place="home", age=age, born=born, today=today):
        assert any(f"Turns {birthday} " in warning for birthday in (12, 16, 18) if birthday > age)
