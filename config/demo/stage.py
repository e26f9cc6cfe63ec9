"""The stage: who is in the demo, and what each does when.

Every step of every story is put on one schedule and played in the order of its moments,
each in a transaction of its actor at that instant, as a request would have been: so the
trail, the histories and the access records are those that the real thing leaves.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from django.db import connection

from access.actor import Actor, Member, Operator
from access.categories import Category
from access.context import transact
from access.reading import sight, state_purpose
from access.roles import Role
from agencies.models import Agency, Membership
from config.demo.calendar import Calendar

OPERATOR = Operator("load_demo")
Step = Callable[[Actor], object]


@dataclass
class Stage:
    """The demo's agencies, who works there, and the schedule of what happens."""

    calendar: Calendar
    agencies: dict[str, Agency] = field(default_factory=dict)
    hats: dict[str, Membership] = field(default_factory=dict)
    """By user name, or "user@agency" for a second hat."""
    steps: list[tuple[datetime, int, str | Actor, str, Step]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def actor(self, who: str | Actor) -> Actor:
        """The actor behind a user name; any other actor as it is."""
        if not isinstance(who, str):
            return who
        hat = self.hats[who]
        return Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role))

    def user_id(self, who: str) -> UUID:
        """The user behind a user name."""
        return self.hats[who].user_id

    def agency_of(self, who: str) -> Agency:
        """Where somebody works."""
        return self.hats[who].agency

    def plan(self, at: datetime, who: str | Actor, step: Step, *, route: str = "load_demo") -> None:
        """Have somebody do something at a moment."""
        heapq.heappush(self.steps, (at, next(self._order), who, route, step))

    def read(
        self,
        at: datetime,
        who: str,
        person_id: Callable[[], UUID],
        categories: Iterable[Category],
        *,
        route: str = "person",
        purpose: str = "",
    ) -> None:
        """Have somebody look at a person: what they see of it stands in the access records."""
        wanted = list(categories)

        def look(actor: Actor) -> None:
            found = person_id()
            seen = sight(actor, found)
            for category in wanted:
                seen.shows(category)
            if purpose:
                state_purpose(found, purpose)

        self.plan(at, who, look, route=route)

    def play(self) -> int:
        """Carry out the schedule, the earliest first; the number of steps."""
        played = 0
        while self.steps:
            at, _, who, route, step = heapq.heappop(self.steps)
            actor = self.actor(who)
            with transact(actor, route=route, at=at):
                step(actor)
                settle()
            played += 1
        return played


def settle() -> None:
    """Check what the database checks at the end of a transaction, now and as this actor.

    The whole demo is one transaction, so that it is there or not; without this its
    deferred checks would all run at the very end, as nobody in particular.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
