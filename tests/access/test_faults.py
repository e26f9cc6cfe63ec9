"""The faults of `tests.access.faults` can still be made, and each is caught."""

from __future__ import annotations

import pytest

from tests.access.faults import FAULTS, ROOT, main


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_the_fault_fits_the_code_and_its_tests_are_there(fault):
    text = (ROOT / fault.path).read_text()
    assert fault.made_in(text) != text
    assert any((ROOT / one).exists() for one in fault.caught_by)


def test_there_are_enough_of_them():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20


@pytest.mark.deep
def test_every_fault_is_caught():
    assert main([]) == 0
