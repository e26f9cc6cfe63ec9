"""Small numbers stay hidden, also from somebody who can add and subtract."""

from hypothesis import given
from hypothesis import strategies as st

from reporting.rules import FEW, THRESHOLD, WITHHELD, figure, suppress

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=8).map(
    lambda numbers: {f"r{place}": number for place, number in enumerate(numbers)}
)


def possible(table, name):
    """Every value that a cell may have, for a reader of the table who knows its rules."""
    if not table.total.isdigit():
        return set(range(THRESHOLD))
    rest = int(table.total) - sum(int(cell) for cell in table.cells.values() if cell.isdigit())
    ranges = [
        range(THRESHOLD) if cell == FEW else range(THRESHOLD, rest + 1)
        for other, cell in table.cells.items()
        if not cell.isdigit() and other != name
    ]
    sums = {0}
    for values in ranges:
        sums = {one + value for one in sums for value in values if one + value <= rest}
    return {value for value in range(THRESHOLD) if rest - value in sums}


@given(COUNTS)
def test_no_small_cell_can_be_worked_out(counts):
    table = suppress(counts)
    for name, number in counts.items():
        if number < THRESHOLD:
            assert table.cells[name] == FEW
            assert possible(table, name) == set(range(THRESHOLD))


@given(COUNTS)
def test_what_is_shown_is_true(counts):
    table = suppress(counts)
    for name, cell in table.cells.items():
        assert cell in {str(counts[name]), FEW, WITHHELD}
        if cell == WITHHELD:
            assert counts[name] >= THRESHOLD
    total = sum(counts.values())
    assert table.total in ({FEW} if total < THRESHOLD else {str(total), WITHHELD})


def test_nothing_is_hidden_without_need():
    assert suppress({"a": 5, "b": 9}).cells == {"a": "5", "b": "9"}
    assert suppress({"a": 5, "b": 9}).total == "14"


def test_one_small_cell_takes_another_with_it():
    assert suppress({"a": 3, "b": 20, "c": 30}).cells == {"a": FEW, "b": WITHHELD, "c": "30"}


def test_a_neighbour_at_the_threshold_is_no_cover():
    # 0 and 5 hidden in a sum of 5 would be 0 and 5: a third has to go too.
    assert suppress({"a": 0, "b": 5, "c": 30}).cells == {"a": FEW, "b": WITHHELD, "c": WITHHELD}


def test_none_and_a_few_look_alike():
    assert figure(0) == figure(4) == FEW
    assert figure(5) == "5"
    assert suppress({"a": 0, "b": 0}) == suppress({"a": 2, "b": 0})
