"""Ages, times and prices as people say them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from directory import words


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (11, 25, "11 to 25"),
        (16, None, "16 and over"),
        (12, 100, "12 and over"),
        (0, 18, "up to 18"),
        (None, 25, "up to 25"),
        (18, 18, "18"),
        (None, None, ""),
        (0, 999, ""),
    ],
)
def test_ages(low, high, said):
    assert words.ages(low, high) == said


@pytest.mark.parametrize(
    ("byday", "freq", "said"),
    [
        ("TH,FR", "WEEKLY", "Thursdays and Fridays"),
        ("MO, TU ,WE", "", "Mondays, Tuesdays and Wednesdays"),
        ("1TU", "MONTHLY", "first Tuesday of the month"),
        ("-1FR", "MONTHLY", "last Friday of the month"),
        ("every day", "", ""),
    ],
)
def test_days(byday, freq, said):
    assert words.days(byday, freq) == said


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        ("17:00:00", "20:30:00", "5pm to 8.30pm"),
        ("09:00", "12:00", "9am to midday"),
        ("T10:00Z", "", "from 10am"),
        ("", "00:00", "until midnight"),
        ("after school", "99:99", "after school to 99:99"),
        ("", "", ""),
    ],
)
def test_hours(opens, closes, said):
    assert words.hours(opens, closes) == said


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("35", "gbp", "£35"),
        ("2.5", "", "£2.50"),
        ("0", "GBP", "free"),
        ("1200", "CHF", "1,200 CHF"),
    ],
)
def test_prices(amount, currency, said):
    assert words.price(Decimal(amount), currency) == said


def test_what_has_no_words_stays_as_it_is():
    assert words.price(None, "GBP") == ""
    assert words.day("2027-12-21") == "21 December 2027"
    assert words.day("at half-term") == "at half-term"
