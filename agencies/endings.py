"""What higher rooms do when somebody leaves: leads move on, shares with them end.

The rooms register themselves at start-up, lowest first; ending a membership calls them in
the same transaction, highest first, so that work moves before what opened it is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from access.actor import Actor
from agencies.models import Membership


@dataclass(frozen=True, slots=True)
class Ending:
    """A membership that has just ended."""

    membership: Membership
    manager_id: UUID | None
    """The manager who takes over the cases that the user leads; none: any manager."""
    still_works_there: bool
    """Whether the user has another membership by which they work with young people there.

    Involvements name a user at an agency, not a membership: they go on then.
    """


Follower = Callable[[Ending, Actor], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Have `follower` called with each membership that ends."""
    if follower not in _followers:
        _followers.append(follower)


def ended(ending: Ending, by: Actor) -> None:
    """Tell the followers, inside the caller's transaction."""
    for follower in reversed(_followers):
        follower(ending, by)
