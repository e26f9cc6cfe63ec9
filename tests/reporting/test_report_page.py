"""The analyst's page."""

import re

import pytest

from casework.actions import step_down
from reporting import queries
from reporting.periods import Quarter, quarter, quarters
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]

FIRST = Quarter(2026, 1)


def numbers(page):
    return re.findall(r"tl-table__number\">([^<]+)<", page)


def test_an_analyst_sees_suppressed_figures_of_their_own_agency(cast, sign_in, later):
    for number in range(6):
        cast.open_case(given_name=f"Somebody{number}")
    cast.hire("charity-analyst", "lead-charity", "analyst")
    with later(days=60):
        page = sign_in("charity-analyst").get("/reports/").content.decode()
        assert "January to March 2026" in page
        assert numbers(page)[:3] == ["6", "6", "fewer than 5"]
        other = sign_in("analyst").get("/reports/").content.decode()
        assert set(numbers(other)) == {"fewer than 5"}
        for word in ("Somebody", "YP-", "CA-"):
            assert word not in page


def test_the_quarter_that_goes_on_is_not_shown(cast, sign_in):
    cast.open_case()
    page = sign_in("analyst").get("/reports/?quarter=2026-1").content.decode()
    assert "October to December 2025" in page
    assert "January to March 2026" not in page


@pytest.mark.parametrize("username", ["lead-worker", "charity-manager", "auditor"])
def test_nobody_else_opens_it(cast, sign_in, username):
    assert sign_in(username).get("/reports/").status_code == 403


@pytest.mark.parametrize("asked", ["%00", "nonsense", "9999-9", "2026-0"])
def test_a_bad_quarter_is_the_latest(cast, sign_in, asked):
    assert sign_in("analyst").get(f"/reports/?quarter={asked}").status_code == 200


def test_a_case_that_closes_moves_from_open_to_closed(cast, later):
    cases = [cast.open_case(given_name=f"Somebody{number}") for number in range(6)]
    charity = cast.agencies["lead-charity"].pk
    with later(days=40):
        assert queries.figures(charity, FIRST).open_cases == "6"
        for case in cases:
            step_down.close(
                case=case, reason="goals_met", note="Done", by=cast.who("charity-manager")
            )
        # What was open at the end of March stays so for ever.
        assert queries.figures(charity, FIRST).open_cases == "6"
    with later(days=140):
        second = queries.figures(charity, quarter("2026-2"))
        assert second.open_cases == "fewer than 5"
        assert second.closed.total in {"6", "not shown"}


def test_quarters_meet_and_turn_with_the_year(cast):
    assert quarters()[0] == Quarter(2025, 4)
    assert Quarter(2025, 4).ends == FIRST.starts
