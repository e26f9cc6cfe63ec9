"""What an action says when it refuses."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """An action was asked for that can't be done as asked; nothing has changed."""


class Invalid(Refused):
    """What was given is wrong. `errors` says what, field by field ("" for the whole)."""

    def __init__(self, errors: Mapping[str, str] | None = None, /, **fields: str) -> None:
        self.errors: dict[str, list[str]] = {
            name: [message] for name, message in {**(errors or {}), **fields}.items()
        }
        super().__init__("; ".join(message for [message] in self.errors.values()))


class Conflict(Refused):
    """The state of things does not allow it: somebody was quicker, or it is over."""
