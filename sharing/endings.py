"""What higher rooms do when a share ends: tasks go home, exports die.

The rooms register themselves at start-up; `sharing` calls them in the same transaction
and knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from access.actor import Actor
from sharing.models import Involvement

Follower = Callable[[Involvement, Actor], None]

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Have `follower` called with each involvement that a withdrawal or an ending closes."""
    if follower not in _followers:
        _followers.append(follower)


def ended(involvement: Involvement, by: Actor) -> None:
    """Tell the followers, inside the caller's transaction."""
    for follower in _followers:
        follower(involvement, by)
