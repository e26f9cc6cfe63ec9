"""Keys and references.

A key is a UUIDv7, made here so that a row can be named before it is written. A reference
is what people say aloud: random, never a counter, with a check letter, and without the
letters and digits that are mistaken for each other.
"""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty signs: no 0 and O, 1, I and L, no U."""

LENGTH = 6
_SHAPE = re.compile(r"^([A-Z]{2})-([0-9A-Z]{4,8})$")


def new_id() -> UUID:
    """A new key, later ones sorting after earlier ones."""
    return uuid7()


def check_letter(body: str) -> str:
    """The sign that completes a reference's body.

    A weighted sum over a prime (31) finds any one wrong sign and any two swapped
    neighbours; a body whose sum has no sign in the alphabet (30) is not given out.
    """
    total = sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(body)) % 31
    return ALPHABET[total] if total < len(ALPHABET) else ""


def new_reference(prefix: str) -> str:
    """A new random reference, for example YP-7K3M9Q: five random signs and their check."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        if letter := check_letter(body):
            return f"{prefix}-{body}{letter}"


def tidy_reference(text: str) -> str:
    """A reference as typed or heard, in the form in which it is stored."""
    return text.strip().upper().replace(" ", "").replace("–", "-")


def is_reference(text: str) -> bool:
    """Whether the text has a reference's shape and its check letter is right.

    Demonstration references (YP-DEMO1) are written by hand and have no check letter.
    """
    match = _SHAPE.match(text)
    if not match:
        return False
    body = match[2]
    if body.startswith("DEMO"):
        return True
    if len(body) != LENGTH or any(sign not in ALPHABET for sign in body):
        return False
    return check_letter(body[:-1]) == body[-1]
