"""One young person's story so far, and how a step of it gets on the stage's schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from access.actor import Actor
from casework.models import Case, Goal, Plan
from config.demo.stage import Stage
from people.models import YoungPerson
from referrals.models import Referral
from sharing.models import Involvement
from tasking.models import Alert, Task


@dataclass
class Steps:
    """Somebody whose story is told, and what it has brought forth so far."""

    stage: Stage
    referral: Referral = field(init=False)
    case: Case = field(init=False)
    goals: dict[str, Goal] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    team: dict[str, Involvement] = field(default_factory=dict)

    @property
    def person(self) -> YoungPerson:
        """The young person, from their referral on."""
        return self.referral.person

    @property
    def person_id(self) -> UUID:
        """Their key."""
        return self.referral.person_id

    def plan_of(self) -> Plan:
        """The plan of the open case."""
        return Plan.rows.get(case=self.case)

    def step(self, ago: int, clock: str, who: str | Actor, what: Callable[[Actor], object]) -> None:
        """Any other step."""
        self.stage.plan(self.stage.calendar.at(ago, clock), who, what)
