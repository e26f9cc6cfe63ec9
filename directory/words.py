"""Ages, opening times and prices as people say them. Pure."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

_DAYS = {
    "MO": "Mondays",
    "TU": "Tuesdays",
    "WE": "Wednesdays",
    "TH": "Thursdays",
    "FR": "Fridays",
    "SA": "Saturdays",
    "SU": "Sundays",
}
_NUMBERS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
# Publishers write "no limit" as an age that nobody reaches.
_NO_LIMIT = 99


def ages(youngest: int | None, oldest: int | None) -> str:
    """An age range: "12 to 25", "12 and over", "up to 25"; "" when there is none."""
    low = youngest or None
    high = oldest if oldest is not None and oldest < _NO_LIMIT else None
    if low is None and high is None:
        return ""
    if high is None:
        return f"{low} and over"
    if low is None:
        return f"up to {high}"
    return str(low) if low == high else f"{low} to {high}"


def days(byday: str, freq: str = "") -> str:
    """Days of the week, in words: "TH,FR" is "Thursdays and Fridays"; "" for anything else."""
    found = []
    for part in byday.upper().replace(" ", "").split(","):
        match = re.fullmatch(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", part)
        if match is None:
            return ""
        number, day = match.groups()
        if number and freq != "WEEKLY":
            found.append(f"{_NUMBERS.get(number, number)} {_DAYS[day][:-1]} of the month")
        else:
            found.append(_DAYS[day])
    return _listed(found)


def hours(opens_at: str, closes_at: str) -> str:
    """Opening hours in words: "10am to 6.30pm"."""
    start, end = _clock(opens_at), _clock(closes_at)
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"until {end}" if end else ""


def day(text: str) -> str:
    """An ISO date in words, or the text as it stands."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def price(amount: Decimal | None, currency: str) -> str:
    """A price: "free", "£35", "£2.50", "35 CHF"."""
    if amount is None:
        return ""
    if amount == 0:
        return "free"
    number = f"{amount:,.2f}".removesuffix(".00")
    code = currency.upper()
    # Here a price without its currency is in pounds.
    sign = _SIGNS.get(code or "GBP", "")
    return f"{sign}{number}" if sign else f"{number} {code}"


def _clock(text: str) -> str:
    match = re.match(r"T?([0-9]{2}):?([0-9]{2})", text)
    if match is None:
        return text
    try:
        moment = time(int(match[1]), int(match[2]))
    except ValueError:
        return text
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midday" if moment.hour else "midnight"
    minutes = f".{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
