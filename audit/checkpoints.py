"""A checkpoint and the records under it, as one line that stands outside the database too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from audit import signing

START = "0" * 64
"""What the first checkpoint names as the digest before it."""

GONE = "f" * 64
"""Stands for the digest of a record that was gone before it could be sealed."""


class Malformed(ValueError):
    """A line of a sink that is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record's place in the chain."""

    kind: str
    record_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Line:
    """One signed checkpoint with the digests of its records."""

    number: int
    first: int
    last: int
    count: int
    previous: str
    root: str
    version: int
    at: str
    key: str
    digest: str
    signature: str
    entries: tuple[Entry, ...]

    @classmethod
    def seal(
        cls,
        *,
        number: int,
        first: int,
        previous: str,
        version: int,
        at: str,
        entries: Sequence[Entry],
    ) -> Self:
        """A new checkpoint over these records, signed."""
        draft = cls(
            number=number,
            first=first,
            last=first + len(entries) - 1,
            count=len(entries),
            previous=previous,
            root=root(first, entries),
            version=version,
            at=at,
            key=signing.public_key(),
            digest="",
            signature="",
            entries=tuple(entries),
        )
        digest = draft.true_digest()
        return cls(
            **{
                **draft.header(),
                "digest": digest,
                "signature": signing.sign(digest),
                "entries": draft.entries,
            }
        )

    def header(self) -> dict[str, Any]:
        """Everything but the records."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "entries"}

    def true_digest(self) -> str:
        """The digest that follows from the header."""
        said = {
            name: value
            for name, value in self.header().items()
            if name not in {"digest", "signature"}
        }
        return hashlib.sha256(_compact(said).encode()).hexdigest()

    def fault(self) -> str:
        """What is wrong with this line taken by itself; empty when nothing is."""
        if self.count != len(self.entries) or self.last - self.first + 1 != self.count:
            return "does not hold as many records as it says"
        if self.root != root(self.first, self.entries):
            return "does not fit the digests of its records"
        if self.digest != self.true_digest():
            return "does not fit its own digest"
        if not signing.is_signed(self.digest, self.signature, self.key):
            return "is not signed with our key"
        return ""

    def to_json(self) -> str:
        """The line as a sink keeps it, without its end."""
        entries = [[entry.kind, entry.record_id, entry.digest] for entry in self.entries]
        return _compact({"checkpoint": self.header(), "records": entries})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The line in a sink. Raises Malformed."""
        try:
            found = json.loads(text)
            entries = tuple(Entry(*map(str, entry)) for entry in found["records"])
            return cls(**found["checkpoint"], entries=entries)
        except (ValueError, TypeError, KeyError) as error:
            raise Malformed(str(error)) from None


def root(first: int, entries: Sequence[Entry]) -> str:
    """The digest of records in their order, each with its position."""
    total = hashlib.sha256()
    for position, entry in enumerate(entries, first):
        total.update(f"{position} {entry.kind} {entry.record_id} {entry.digest}\n".encode())
    return total.hexdigest()


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
