"""Who acts. There is no read and no write without one of these.

A Member is a user working as one membership. The other kinds read nothing through
`visible_to`; what they may do is a short list of named functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from access.roles import Role


@dataclass(frozen=True, slots=True)
class Member:
    """A user working as one membership."""

    user_id: UUID
    membership_id: UUID
    agency_id: UUID
    role: Role
    stepped_up_at: datetime | None = None
    """When this session last re-authenticated; always none for an API token."""
    token: bool = False
    kind: str = field(default="member", init=False)


@dataclass(frozen=True, slots=True)
class Public:
    """Somebody without an account, at one named door."""

    door: str
    kind: str = field(default="public", init=False)


@dataclass(frozen=True, slots=True)
class System:
    """A background job, by name."""

    job: str
    kind: str = field(default="system", init=False)


@dataclass(frozen=True, slots=True)
class Operator:
    """A management command, run by somebody with access to the machine."""

    command: str
    kind: str = field(default="operator", init=False)


Actor = Member | Public | System | Operator


class ActorRequired(RuntimeError):
    """Somebody's information was asked for without saying who asks."""


class NotAllowed(Exception):
    """The actor can see this but may not do that to it: 403 on pages and in the API."""


class NotVisible(Exception):
    """The actor can't see this, or it does not exist: the same 404 for both."""
