"""Whether a document is HSDS 3, and what is wrong with it in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from directory.hsds.reading import Fault, Faulty
from directory.hsds.shapes import SCHEMA, properties, required

MAX_FAULTS = 100
MAX_TEXT = 50_000

TOP = ("service", "organization", "taxonomy_term", "taxonomy", "location")
"""What a file may hold, the likelier first."""

_NAMES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
_TYPES = {"string": "text", "number": "a number", "array": "a list", "object": "an object"}
_FORMATS = {
    "email": "must be an email address",
    "web": "must be a web address that begins with http:// or https://",
    "uri": "must be an address with its scheme, like https://example.org/",
    "date": "must be a date, like 2026-11-22",
    "date-time": "must be a date and time, like 2026-11-22T09:30:00Z",
}

formats = FormatChecker(formats=())


@formats.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"|[^@\s]+@[^@\s]+", value) is not None


@formats.checks("web")
def is_web_address(value: object) -> bool:
    """Whether a text is empty or an address that is safe to link to."""
    return (
        not isinstance(value, str) or re.fullmatch(r"(?i)|https?://[^\s<>\"]+", value) is not None
    )


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"|[A-Za-z][\w+.-]*:\S+", value) is not None


@formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or not value or _near(date.fromisoformat(value))


@formats.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or not value or _near(datetime.fromisoformat(value))


def _near(day: date) -> bool:
    """Far-off years can't be turned into another time zone."""
    return 1900 <= day.year <= 2200


def check(document: Any) -> list[tuple[str, dict[str, Any]]]:
    """The things that a document holds, each with its kind. Raises Faulty.

    A document is one thing, a list of things, or a page of a feed (`contents`).
    """
    if isinstance(document, dict) and "contents" in document:
        base, things = "/contents", document["contents"]
        if not isinstance(things, list):
            raise Faulty([Fault(base, f"must be a list, not {_name(things)}")])
    elif isinstance(document, list):
        base, things = "", document
    elif isinstance(document, dict):
        base, things = None, [document]
    else:
        raise Faulty([Fault("", f"must be an object or a list, not {_name(document)}")])

    listed = list(islice(_all_faults(things, base), MAX_FAULTS + 1))
    if listed:
        raise Faulty(listed[:MAX_FAULTS], more=len(listed) > MAX_FAULTS)
    return [(kind_of(thing) or "", thing) for thing in things]


def _all_faults(things: list[Any], base: str | None) -> Iterator[Fault]:
    for index, thing in enumerate(things):
        pointer = "" if base is None else f"{base}/{index}"
        yield from _unkeepable(thing, pointer)
        yield from _faults(thing, kind_of(thing), pointer)


def kind_of(thing: Any) -> str | None:
    """What a thing most likely is: what knows the most of its keys, then what needs no more."""
    if not isinstance(thing, dict):
        return None
    keys = set(thing)

    def likeness(kind: str) -> tuple[int, bool, int]:
        return (
            len(keys & properties(kind).keys()),
            keys >= required(kind),
            -TOP.index(kind),
        )

    best = max(TOP, key=likeness)
    return best if likeness(best)[0] else None


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = {**SCHEMA, "$ref": f"#/$defs/{kind}"}
    return Draft202012Validator(schema, format_checker=formats)


def _faults(thing: Any, kind: str | None, pointer: str) -> Iterator[Fault]:
    if not isinstance(thing, dict):
        yield Fault(pointer, f"must be an object, not {_name(thing)}")
    elif kind is None:
        yield Fault(
            pointer, "has nothing of a service, an organization, a taxonomy or a taxonomy term"
        )
    else:
        for error in _validator(kind).iter_errors(thing):
            yield _in_words(error, pointer)
        yield from _ages(thing, kind, pointer)


def _ages(thing: dict[str, Any], kind: str, pointer: str) -> Iterator[Fault]:
    """Services whose oldest age is below the youngest, wherever they are."""
    if kind == "service":
        low, high = thing.get("minimum_age"), thing.get("maximum_age")
        if isinstance(low, int | float) and isinstance(high, int | float) and high < low:
            yield Fault(f"{pointer}/maximum_age", "must not be below minimum_age")
    services = thing.get("services") if kind == "organization" else None
    for index, service in enumerate(services if isinstance(services, list) else ()):
        if isinstance(service, dict):
            yield from _ages(service, "service", f"{pointer}/services/{index}")


def _in_words(error: ValidationError, base: str) -> Fault:
    """A fault of the schema, in words; a missing key is named by its own pointer."""
    pointer = base + "".join(f"/{_escape(step)}" for step in error.absolute_path)
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            # One error comes for each missing key; its message begins with the key.
            missing = next(key for key in wanted if error.message.startswith(repr(key)))
            return Fault(f"{pointer}/{_escape(missing)}", "is missing")
        case "type":
            return Fault(pointer, f"must be {_TYPES[wanted]}, not {_name(error.instance)}")
        case "enum":
            return Fault(pointer, f"must be one of: {', '.join(map(str, wanted))}")
        case "format":
            return Fault(pointer, _FORMATS[wanted])
        case "minLength":
            return Fault(pointer, "must not be empty")
        case "maxLength":
            return Fault(pointer, f"must be {wanted} characters or fewer")
        case "minimum":
            return Fault(pointer, f"must be {wanted} or more")
        case "maximum":
            return Fault(pointer, f"must be {wanted} or less")
    return Fault(pointer, error.message[:200])


def _unkeepable(value: Any, pointer: str) -> Iterator[Fault]:
    """What no database column can hold, wherever it is."""
    match value:
        case str():
            if wrong := _wrong_text(value):
                yield Fault(pointer, wrong)
        case float() if not math.isfinite(value):
            yield Fault(pointer, "is not a number that can be kept")
        case list():
            for index, item in enumerate(value):
                yield from _unkeepable(item, f"{pointer}/{index}")
        case dict():
            for key, item in value.items():
                # A key that can't be kept may not be printable either.
                if wrong := _wrong_text(key):
                    yield Fault(pointer, f"has a key that {wrong}")
                else:
                    yield from _unkeepable(item, f"{pointer}/{_escape(key)}")


def _wrong_text(text: str) -> str:
    if "\x00" in text:
        return "has a NUL character"
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        return "has half a character (a lone surrogate)"
    return f"is longer than {MAX_TEXT:,} characters" if len(text) > MAX_TEXT else ""


def _escape(step: str | int) -> str:
    """A step of a JSON pointer, shortened and without what would disturb a terminal."""
    plain = str(step).replace("~", "~0").replace("/", "~1")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in plain)[
        :200
    ]


def _name(value: Any) -> str:
    return _NAMES.get(type(value), "something else")
