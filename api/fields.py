"""Fields of what clients send: exact types, sensible ranges, no unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from access.categories import LABELS, Category
from core.postcodes import postcodes

EARLIEST, LATEST = 1900, 2200
"""Years between which anything told here lies: date arithmetic never leaves the calendar."""

MEANT = "Postcodes-Meant"
"""The header that names the postcodes which belong into a text."""

LONG = 10_000
"""The most signs in a narrative."""

CATEGORY_CHOICES = [(category.value, LABELS[category]) for category in Category]


class Strict(serializers.Serializer):
    """Input in which a field that is not asked for is an error, not ignored."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The validated fields. Raises ValidationError, also for an unknown field."""
        if isinstance(data, Mapping):
            unknown = {str(name)[:100] for name in data} - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: ["There is no such field here."] for name in sorted(unknown)}
                )
        return super().to_internal_value(data)


class Words(serializers.CharField):
    """Text, and not a number that looks like it.

    A narrative (text without a length of its own) notices a postcode, so that no address is
    carried into a note unseen: the header `Postcodes-Meant` says which belong there.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.notices = "max_length" not in kwargs
        kwargs.setdefault("max_length", LONG)
        # What need not be said may be said to be nothing.
        kwargs.setdefault("allow_blank", not kwargs.get("required", True))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The text. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if self.notices:
            meant = postcodes(self.context.get(MEANT, ""))
            if new := [one for one in postcodes(text) if one not in meant]:
                raise serializers.ValidationError(
                    f"There is a postcode in it: {', '.join(new)}. Take it out if somebody lives"
                    f" there. If anybody may know the place, send it again with {MEANT}:"
                    f" {', '.join(new)}.",
                    code="postcode",
                )
        return text


class WholeNumber(serializers.IntegerField):
    """A number without a fraction, and not text that looks like it."""

    def to_internal_value(self, data: Any) -> int:
        """The number. Raises ValidationError."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(str(data) if abs(data) < 10**15 else "none")


class YesNo(serializers.BooleanField):
    """True or false, and nothing that might be meant so."""

    def to_internal_value(self, data: Any) -> bool:
        """The truth. Raises ValidationError."""
        if not isinstance(data, bool):
            self.fail("invalid", input="This")
        return data


class Choice(serializers.ChoiceField):
    """One of the words that are known."""

    default_error_messages = {"invalid_choice": "Choose one of the known words."}

    def to_internal_value(self, data: Any) -> str:
        """The word. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day, as 2026-03-03."""

    def to_internal_value(self, value: Any) -> date:
        """The day. Raises ValidationError, also for a day in no year that is meant here."""
        try:
            day = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day.year < LATEST:
            self.fail("invalid", format="YYYY-MM-DD")
        return day


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field):
    """An instant, as 2026-03-03T14:02:00+00:00: the offset must be there."""

    default_error_messages = {"invalid": "Give the time with its offset, in ISO 8601."}

    def to_internal_value(self, data: Any) -> datetime:
        """The instant in UTC. Raises ValidationError."""
        try:
            moment = parse_datetime(data) if isinstance(data, str) and len(data) <= 40 else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail("invalid")
        if not EARLIEST < moment.year < LATEST - 1:
            self.fail("invalid")
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        """ISO 8601 with offset."""
        return value.isoformat()


class Categories(serializers.ListField):
    """Categories by name; each once, whatever was sent."""

    child = Choice(choices=CATEGORY_CHOICES)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", len(Category))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> frozenset[Category]:  # type: ignore[override]
        """The set. Raises ValidationError."""
        return frozenset(Category(name) for name in super().to_internal_value(data))


class AgencyName(Words):
    """An agency, by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, help_text="Slug of the agency.", **kwargs)


class WorkerName(Words):
    """A worker, by user name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=150, help_text="User name of the worker.", **kwargs)


class Reference(Words):
    """A record, by reference."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
