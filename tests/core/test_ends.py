"""Until when something holds, as people say it."""

from datetime import UTC, datetime

import pytest

from core.templatetags.ends import until


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (datetime(2026, 12, 6, tzinfo=UTC), "the end of 5 December 2026"),
        # Summer time: midnight in London is an hour earlier.
        (datetime(2026, 6, 30, 23, tzinfo=UTC), "the end of 30 June 2026"),
        (datetime(2027, 1, 1, tzinfo=UTC), "the end of 31 December 2026"),
        (datetime(2026, 7, 1, tzinfo=UTC), "1 July 2026, 01:00"),
        (datetime(2026, 12, 5, 14, 30, tzinfo=UTC), "5 December 2026, 14:30"),
        (None, ""),
    ],
)
def test_a_whole_day_is_said_to_its_end(ends, said):
    assert until(ends) == said
