"""Between a value of a file and one of a column.

A column that can't hold a value exactly holds the nearest one, for searching, and the
original is kept in `extra` under the same key; writing it out again prefers the original.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import models

from core.clock import LONDON

_KEYS = UUID("7d0b6cbe-9a5e-5d0c-8f0e-3f6f4b1c6a11")


def key_of(kind: str, source_id: str) -> UUID:
    """The key of a thing: its own when that is a UUID, else always the same one made of it."""
    return as_uuid(source_id) or uuid5(_KEYS, f"{kind}/{source_id}")


def part_key(parent: UUID, key: str, source_id: str) -> UUID:
    """The key of a detail: files give the same detail of several things the same id."""
    return uuid5(parent, f"{key}/{source_id}")


def as_uuid(text: str) -> UUID | None:
    """A UUID in its usual form, or none: `UUID` alone would also take braces and prefixes."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def to_column(field: models.Field, value: Any, key: str) -> Any:  # type: ignore[type-arg]
    """The value as the column holds it, the nearest if it can't hold it exactly."""
    if value is None or value == "":
        return "" if isinstance(field, models.CharField | models.TextField) else None
    convert = next((made for kind, made in _TO.items() if isinstance(field, kind)), None)
    return convert(value, key) if convert else value


def from_column(value: Any) -> Any:
    """The column's value as JSON has it."""
    match value:
        case datetime():
            moment = value.astimezone(UTC).isoformat(timespec="milliseconds")
            return moment.replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case UUID():
            return str(value)
    return value


def same(original: Any, held: Any) -> bool:
    """Whether what a column holds says all that the original says."""
    if isinstance(held, datetime):
        return True
    written = from_column(held)
    return bool(written == original) or (written is None and original == "")


def _whole(value: float, key: str) -> int | None:
    """Ages are rounded so that a search finds rather too much than too little."""
    number = math.floor(value) if key.startswith("minimum") else math.ceil(value)
    return number if 0 <= number <= 32767 else None


def _amount(value: float, key: str) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _day(value: str, key: str) -> date:
    return date.fromisoformat(value)


def _moment(value: str, key: str) -> datetime:
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


# A date and time is a date to Django: the narrower kind first.
_TO: dict[type[models.Field], Callable[[Any, str], Any]] = {  # type: ignore[type-arg]
    models.DateTimeField: _moment,
    models.DateField: _day,
    models.DecimalField: _amount,
    models.IntegerField: _whole,
    models.FloatField: lambda value, key: float(value),
}
