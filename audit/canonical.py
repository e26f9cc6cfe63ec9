"""The one way in which a record is written as bytes, so that a changed bit is a changed digest.

The fields of each version are named and never change: a column added later begins a new
version, and what was sealed before is still read by its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings

EVENT, ACCESS = "event", "access"

_COMMON = (
    "id",
    "at",
    "request_id",
    "actor_kind",
    "actor_name",
    "user_id",
    "membership_id",
    "agency_id",
    "role",
    "person_id",
    "categories",
    "meeting_id",
)
FIELDS: dict[int, dict[str, tuple[str, ...]]] = {
    1: {
        EVENT: (
            *_COMMON,
            "verb",
            "subject_type",
            "subject_id",
            "refused",
            "fields",
            "digests",
            "detail",
        ),
        ACCESS: (*_COMMON, "purpose", "route"),
    }
}
"""For each version and kind of record, its columns in order; `proof` stands outside."""

VERSION = max(FIELDS)


_written = json.JSONEncoder(
    default=lambda value: _plain(value), sort_keys=True, separators=(",", ":")
).encode


def text(kind: str, values: Mapping[str, Any], version: int = VERSION) -> bytes:
    """A record as bytes: alike for what is about to be written and for what was read back."""
    pairs = [[name, values[name]] for name in FIELDS[version][kind]]
    return _written([version, kind, pairs]).encode()


def proof(kind: str, values: Mapping[str, Any], version: int = VERSION) -> str:
    """What shows that the application wrote a record: keyed, and the key is in no database."""
    return _keyed(text(kind, values, version))


def proofs(kind: str, common: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """The proof of each of some records, whose own values come column by column.

    What they have in common is written once.
    """
    before: list[str] = []
    apart: list[list[str]] = []
    so_far = f'[{VERSION},"{kind}",['
    for place, name in enumerate(FIELDS[VERSION][kind]):
        so_far += f'{"," if place else ""}["{name}",'
        if name in common:
            so_far += f"{_simply(common[name])}]"
        else:
            before.append(so_far)
            apart.append([_simply(value) for value in columns[name]])
            so_far = "]"
    # What is before the first difference is digested once for all of them.
    begun = hmac.new(_key(), _SEPARATED + before[0].encode(), hashlib.sha256)
    between = [*before[1:], f"{so_far}]]"]
    found = []
    for own in zip(*apart, strict=True):
        whole = begun.copy()
        whole.update("".join(chain.from_iterable(zip(own, between, strict=True))).encode())
        found.append(whole.hexdigest())
    return found


_PLAIN = re.compile(r"[0-9A-Za-z-]*")


def _simply(value: Any) -> str:
    """As `_written`, sooner for what needs no escaping."""
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    if type(value) is UUID or type(value) is str and _PLAIN.fullmatch(value):
        return f'"{value}"'
    return _written(value)


def _keyed(written: bytes) -> str:
    return hmac.digest(_key(), _SEPARATED + written, "sha256").hex()


def _key() -> bytes:
    return settings.AUDIT_KEY.encode()


_SEPARATED = b"record\0"


def is_ours(kind: str, values: Mapping[str, Any], version: int = VERSION) -> bool:
    """Whether the application wrote this record as it stands."""
    return hmac.compare_digest(str(values["proof"]), proof(kind, values, version))


def digest(kind: str, values: Mapping[str, Any], version: int = VERSION) -> str:
    """The digest by which a record stands in the chain, its proof included."""
    whole = text(kind, values, version) + b"\0" + str(values["proof"]).encode()
    return hashlib.sha256(whole).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"A record holds no {type(value).__name__}.")
