"""Drafts and the people whom they are about.

`agencies` is below `people`: it can't look anybody up. `people` registers at start-up how
to find the person that a reference names, for whoever may see them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from access.actor import Member, NotVisible

Resolver = Callable[[Member, str], UUID]
"""The key of the person with a reference. Raises NotVisible unless the member sees them."""

# A page opens by its reference in small letters too, and its form's draft is named by that.
_REFERENCE = re.compile(r"(?:^|-)(YP-[0-9A-Z]{4,8})$", re.IGNORECASE)
_registered: list[Resolver] = []


def register(resolver: Resolver) -> None:
    """Make this the way to find people; called once, when `people` starts."""
    _registered[:] = [resolver]


def person_of(actor: Member, key: str) -> UUID | None:
    """The person whom a draft's key names at its end, or none when it names nobody.

    Raises NotVisible when the member does not see that person (now).
    """
    named = _REFERENCE.search(key)
    if named is None:
        return None
    if not _registered:
        raise NotVisible
    return _registered[0](actor, named[1])
