"""A file's bytes as JSON, within limits that a hostile file can't get round."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 64
MAX_OBJECTS = 1_000_000
# Longer numbers are refused by name: reading them takes time that grows with their square.
MAX_DIGITS = 20

# Whole strings are skipped in one step, closed or not, so that no text makes this slow.
_MARKS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


class NotJson(Exception):
    """The file is not JSON at all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a document, and where (RFC 6901)."""

    pointer: str
    words: str

    def __str__(self) -> str:
        return f"{self.pointer or '(the whole file)'}: {self.words}"


class Faulty(Exception):
    """The document can't be taken in. `faults` says why; `more` that there are others."""

    def __init__(self, faults: list[Fault], *, more: bool = False) -> None:
        self.faults = faults
        self.more = more
        super().__init__("; ".join(str(fault) for fault in faults[:3]))


def read(content: bytes) -> Any:
    """The document. Raises NotJson, or Faulty when it is beyond the limits.

    A number that can't be kept is given as infinity, for the checks to find with its place.
    """
    if len(content) > MAX_BYTES:
        raise Faulty([Fault("", f"is larger than {MAX_BYTES // 1024 // 1024} MB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson(f"it is not UTF-8 text (byte {error.start + 1})") from None
    _measure(text)
    try:
        return json.loads(text, parse_int=_integer, parse_constant=lambda _: math.inf)
    except json.JSONDecodeError as error:
        raise NotJson(f"line {error.lineno}, column {error.colno}: {error.msg}") from None


def _measure(text: str) -> None:
    """Raise Faulty for a document that is too deep or has too many parts."""
    depth = objects = 0
    for mark in _MARKS.finditer(text):
        sign = mark[0][0]
        if sign in "[{":
            depth += 1
            objects += 1
            if depth > MAX_DEPTH:
                raise Faulty([Fault("", f"is more than {MAX_DEPTH} levels deep")])
            if objects > MAX_OBJECTS:
                raise Faulty([Fault("", f"has more than {MAX_OBJECTS:,} objects and lists")])
        elif sign in "]}":
            depth -= 1


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else math.inf
