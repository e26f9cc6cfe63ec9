"""Working days in England and Wales, in London time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from core.clock import LONDON


@cache
def _holidays() -> BankHolidays:
    # The list that came with the library: nothing is fetched at run time.
    return BankHolidays(use_cached_holidays=True)


def within_one_working_day(moment: datetime) -> datetime:
    """The end (midnight, London) of the first working day after the day of `moment`."""
    day = moment.astimezone(LONDON).date()
    following = _holidays().get_next_work_day(division=BankHolidays.ENGLAND_AND_WALES, date=day)
    return datetime.combine(following + timedelta(days=1), time.min, tzinfo=LONDON)
