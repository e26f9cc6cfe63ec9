"""References: said aloud, typed wrong, and found to be wrong."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.ids import ALPHABET, LENGTH, check_letter, is_reference, new_reference, tidy_reference

signs = st.sampled_from(ALPHABET)
bodies = st.text(signs, min_size=LENGTH - 1, max_size=LENGTH - 1).filter(check_letter)
prefixes = st.sampled_from(["YP", "CA", "RF", "AG"])


def whole(prefix, body):
    return f"{prefix}-{body}{check_letter(body)}"


def test_the_signs_are_thirty_and_none_is_mistaken_for_another():
    assert len(set(ALPHABET)) == len(ALPHABET) == 30
    assert not set(ALPHABET) & set("01OILU")
    assert set(ALPHABET) <= set(string.ascii_uppercase + string.digits)


@given(prefixes)
def test_a_new_reference_is_right_and_without_confusable_signs(prefix):
    made = new_reference(prefix)
    assert is_reference(made)
    assert made.startswith(f"{prefix}-")
    assert set(made[3:]) <= set(ALPHABET)


@given(prefixes, bodies, st.integers(0, LENGTH - 1), signs)
def test_any_one_wrong_sign_is_found(prefix, body, place, sign):
    right = whole(prefix, body)
    at = len(prefix) + 1 + place
    wrong = right[:at] + sign + right[at + 1 :]
    assert is_reference(wrong) == (wrong == right)


@given(prefixes, bodies, st.integers(0, LENGTH - 2))
def test_any_two_swapped_neighbours_are_found(prefix, body, place):
    right = whole(prefix, body)
    at = len(prefix) + 1 + place
    wrong = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assume(not wrong[3:].startswith("DEMO"))
    assert is_reference(wrong) == (wrong == right)


@given(bodies, st.sampled_from("01OILU"), st.integers(0, LENGTH - 1))
def test_a_confusable_sign_makes_it_wrong(body, sign, place):
    right = whole("YP", body)
    assert not is_reference(right[: 3 + place] + sign + right[4 + place :])


@given(bodies)
def test_it_is_known_as_typed_and_as_heard(body):
    right = whole("YP", body)
    for typed in (right.lower(), f" {right} ", right.replace("-", "–"), " ".join(right)):
        assert tidy_reference(typed) == right


@pytest.mark.parametrize("text", ["", "YP", "YP-", "YP7K3M9Q", "Y-7K3M9Q", "YP-7K3M9Q2", "YP-\x00"])
def test_what_has_not_the_shape_is_none(text):
    assert not is_reference(text)


def test_references_are_no_counters():
    made = [new_reference("YP") for _ in range(200)]
    assert len(set(made)) == 200
    assert made != sorted(made)
