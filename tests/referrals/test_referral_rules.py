"""Age asks for a reason and never blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from referrals.rules import check_accept, check_decline, needs_age_reason

ages = st.none() | st.integers(0, 130)


@given(ages)
def test_outside_sixteen_to_twenty_five_a_reason_is_asked_for(age):
    assert needs_age_reason(age) == (age is not None and not 16 <= age <= 25)


@given(ages)
def test_with_a_reason_no_age_is_refused(age):
    check_accept(age=age, age_reason="Her brother is with us")


@given(st.text(" \t", max_size=3), st.booleans(), st.text(" \t", max_size=3))
def test_one_next_place_is_enough_and_none_is_not(place, has_service, contact):
    said = {"pointed_to": place, "has_service": has_service, "next_contact": contact}
    if has_service:
        check_decline(reason="no_capacity", **said)
    else:
        with pytest.raises(Invalid, match="pointed to"):
            check_decline(reason="no_capacity", **said)
