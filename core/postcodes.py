"""Finding UK postcodes in free text, where a safe address would slip in unnoticed."""

from __future__ import annotations

import re

# The shape published by the Cabinet Office for government data (BS 7666), without GIR 0AA;
# whole postcodes only: half of one names a district and not a home.
_POSTCODE = re.compile(
    r"\b([A-PR-UWYZ](?:[0-9][0-9A-HJKPSTUW]?|[A-HK-Y][0-9][0-9ABEHMNPRVWXY]?))"
    r"[ \t\N{NO-BREAK SPACE}]{0,2}([0-9][ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)


def postcodes(text: str) -> list[str]:
    """The whole postcodes in a text, tidied ("SE5 8AB"), each once, in their order."""
    found = (f"{match[1]} {match[2]}".upper() for match in _POSTCODE.finditer(text))
    return list(dict.fromkeys(found))
