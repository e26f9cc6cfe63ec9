"""Numbers and dates that can be told to be wrong without asking anybody."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from people.rules import birth_date_fault, nhs_fault, pnc_fault, upn_fault

TODAY = date(2026, 3, 3)
digits = st.text(string.digits, min_size=9, max_size=9)


def nhs(nine):
    """The number with its check digit, by the NHS data dictionary; none when there is none."""
    check = 11 - sum((10 - place) * int(sign) for place, sign in enumerate(nine)) % 11
    return None if check == 10 else nine + str(check % 11)


def pnc(year, serial):
    """The number with its letter: the remainder by 23."""
    return f"{year}/{serial:07}{'ZABCDEFGHJKLMNPQRTUVWXY'[int(f'{year % 100:02}{serial:07}') % 23]}"


def test_the_pnc_number_of_the_standard_is_right():
    assert pnc_fault("2003/0062845E") == ""
    assert pnc_fault(" 2003/0062845e ") == ""


@given(st.integers(1950, 2049), st.integers(0, 9_999_999), st.sampled_from(string.ascii_uppercase))
def test_a_pnc_number_has_one_right_letter(year, serial, letter):
    right = pnc(year, serial)
    assert pnc_fault(right) == ""
    assert bool(pnc_fault(right[:-1] + letter)) == (letter != right[-1])


@given(st.integers(0, 9_999_999), st.integers(0, 6), st.sampled_from(string.digits))
def test_a_wrong_digit_in_a_pnc_number_is_found(serial, place, digit):
    right = pnc(2003, serial)
    wrong = right[: 5 + place] + digit + right[6 + place :]
    assert bool(pnc_fault(wrong)) == (wrong != right)


@pytest.mark.parametrize("text", ["", "03/0062845E", "2003/62845E", "2003-0062845E", "x\x00"])
def test_what_has_not_the_shape_of_a_pnc_number_is_none(text):
    assert pnc_fault(text)


def test_the_nhs_number_of_the_standard_is_right():
    assert nhs_fault("943 476 5919") == nhs_fault("9434765919") == ""


@given(digits, st.integers(0, 9), st.sampled_from(string.digits))
def test_a_wrong_digit_in_an_nhs_number_is_found(nine, place, digit):
    right = nhs(nine)
    assume(right is not None and set(right) != {"0"})
    wrong = right[:place] + digit + right[place + 1 :]
    assume(set(wrong) != {"0"})
    assert nhs_fault(right) == ""
    assert bool(nhs_fault(wrong)) == (wrong != right)


@pytest.mark.parametrize("text", ["0000000000", "", "943476591", "943476591X", "9434765918"])
def test_what_is_no_nhs_number_is_refused(text):
    assert nhs_fault(text)


def test_a_pupil_number_has_thirteen_signs_and_its_letter():
    assert upn_fault("B801200005001") == ""
    for wrong in ("C801200005001", "B801200005002", "B80120000500", "", "801200005001B"):
        assert upn_fault(wrong)


@given(st.dates(date(1700, 1, 1), date(2200, 1, 1)))
def test_a_birth_is_in_the_past_and_within_a_lifetime(born):
    assert bool(birth_date_fault(born, TODAY)) == (born > TODAY or born.year < TODAY.year - 130)


def test_somebody_born_today_and_somebody_whose_birthday_nobody_knows_pass():
    assert birth_date_fault(TODAY, TODAY) == birth_date_fault(None, TODAY) == ""
    assert birth_date_fault(TODAY + timedelta(days=1), TODAY)
