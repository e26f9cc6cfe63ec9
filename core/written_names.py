"""Names as they are compared with what somebody writes: word by word, without accents or case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

BETWEEN = "().,;:-–—'’\"/&+_"
"""What parts words as a space does. The database's `agencies_name_parts` has the same."""

_APART = str.maketrans(BETWEEN, " " * len(BETWEEN))


def parts(text: str) -> list[str]:
    """The words of a name as they are compared: Zoë is found by whoever writes Zoe."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return text.casefold().translate(_APART).split()


def begins(word: str, name: Iterable[str]) -> bool:
    """Whether a part of a name begins with this word; both as `parts` gives them."""
    return any(part.startswith(word) for part in name)
