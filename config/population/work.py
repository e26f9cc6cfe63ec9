"""What is done with a synthetic young person day by day: tasks, messages, goals, moves, events."""

from __future__ import annotations

from random import Random

from access.bases import Basis
from access.categories import COMPONENTS, Category, to_bits
from casework.enums import EventKind, FollowUpOutcome
from casework.models import (
    FollowUp,
    Goal,
    GoalRating,
    LifeEvent,
    PlannedIntervention,
    Review,
    StepDown,
)
from casework.workflow import FOLLOW_UP_WEEKS
from config.population import names
from config.population.agencies import Agencies, Place
from config.population.rows import AGENDA, BROKEN, SHARED, Rows
from config.population.seeded import Days, Keys
from config.population.tables import NULL, Table
from people.enums import RelationshipKind
from people.models import ContactPoint, Relative
from sharing.models import BreakGlass, LawfulBasis, SharingDecision
from tasking.models import Alert, Task

TASKS = ("Ring the school about the exclusion", "Go along to the housing appointment",
         "Find out when the hearing is", "Bring the form to the club",
         "Ask about the football trials", "Call their mother back")  # fmt: skip
GOALS = ("I want a place on the course", "I want to sleep in my own bed", "Get my driving licence",
         "Not look over my shoulder", "See my little brother every week",
         "Finish the year at college")  # fmt: skip
EVENTS = {EventKind.COURT: Category.OFFENDING, EventKind.ARREST: Category.OFFENDING,
          EventKind.INJURY: Category.SAFETY, EventKind.SUSPENSION: Category.EDUCATION,
          EventKind.MOVE: Category.HOUSING, EventKind.GOOD_NEWS: Category.POINTER}  # fmt: skip
KIN = (RelationshipKind.MOTHER, RelationshipKind.FATHER, RelationshipKind.GRANDPARENT,
       RelationshipKind.SIBLING, RelationshipKind.AUNT_UNCLE)  # fmt: skip


class Work(Rows):
    """The daily work around a young person."""

    def __init__(
        self, random: Random, key: Keys, days: Days, agencies: Agencies, taken: set[str]
    ) -> None:
        super().__init__(random, key, days, agencies, taken)
        self._basis = LawfulBasis.objects.order_by("code").values_list("pk", flat=True)[0].hex
        self.task = Table(
            Task, "id", "person_id", "kind", "what", "owner_id", "owner_agency_id", "due_on",
            "state", "agency_id", "set_by_id", "set_at", "closed_at", "carried",
        )  # fmt: skip
        self.alert = Table(
            Alert, "id", "person_id", "message", "callback", "raised_by_id", "raised_at",
            "agency_id", "owner_id", "level", "seen_at", "seen_by_id",
        )  # fmt: skip
        self.goal = Table(
            Goal, "id", "person_id", "plan_id", "component", "own_words", "set_at", "set_by_id",
            "reached_at",
        )  # fmt: skip
        self.rating = Table(
            GoalRating, "id", "person_id", "goal_id", "rating", "moment", "rated_at",
            "recorded_by_id",
        )  # fmt: skip
        self.planned = Table(
            PlannedIntervention, "id", "person_id", "plan_id", "component", "kind", "what",
            "by_when", "done_at",
        )  # fmt: skip
        self.review = Table(
            Review, "id", "person_id", "plan_id", "held_on", "with_young_person", "notes",
            "held_by_id", "recorded_at",
        )  # fmt: skip
        self.step_down = Table(
            StepDown, "id", "person_id", "case_id", "service_id", "said_yes_on", "why", "state",
            "proposed_by_id", "proposed_at", "decided_by_id", "decided_at",
            categories={Category.POINTER, Category.CONTACT}, service_contact="The front desk",
            said_yes_by="Their coordinator",
        )  # fmt: skip
        self.follow_up = Table(
            FollowUp, "id", "person_id", "case_id", "step_down_id", "weeks", "due_on", "owner_id",
            "done_at", "done_by_id", "outcome",
        )  # fmt: skip
        self.event = Table(
            LifeEvent, "id", "person_id", "categories", "on", "kind", "what", "source",
            "agency_id", "recorded_by_id", "recorded_at",
        )  # fmt: skip
        self.contact = Table(
            ContactPoint, "id", "person_id", "kind", "value", "is_safe", "note", "since"
        )
        self.relative = Table(
            Relative, "id", "person_id", "name", "kind", "same_household",
            "parental_responsibility", "main_carer", "phone",
        )  # fmt: skip
        self.decision = Table(
            SharingDecision, "id", "person_id", "kind", "agency_id", "worker_id", "categories",
            "until", "state", "proposed_by_id", "proposed_at", "decided_by_id", "decided_at",
            "involvement_id", share="t", lawful_basis_id=self._basis, necessity="They need it.",
            proportionality="No less would do.", told="t",
        )  # fmt: skip
        self.emergency = Table(
            BreakGlass, "id", "person_id", "user_id", "agency_id", "lead_agency_id",
            "involvement_id", "opened_at", "account_due_at", "account", "accounted_at",
            "review_due_at", "reviewed_by_id", "reviewed_at", "outcome", "review_note",
            risk="life", reason="A threat to life was reported.", fitted=[],
        )  # fmt: skip

    @property
    def tables(self) -> list[Table]:
        """In the order in which they can be written."""
        return [
            *super().tables, self.task, self.alert, self.goal, self.rating, self.planned,
            self.review, self.step_down, self.follow_up, self.event, self.contact, self.relative,
            self.decision, self.emergency,
        ]  # fmt: skip

    def _know(self, person: str, place: Place, worker: str, known: int) -> None:
        """How to reach them, their family, and what has happened to them."""
        random, rnd, key, days = self._random, self._random.random, self._key, self._days
        for _ in range(int(2.2 * rnd())):
            self.contact.add(
                key(), person, "phone", f"07700 900{int(1000 * rnd()):03}",
                random.choice(("t", "t", "f", NULL)), "", days.start(known),
            )  # fmt: skip
        for _ in range(int(1.7 * rnd())):
            home = "t" if rnd() < 0.6 else "f"
            self.relative.add(
                key(), person, f"{random.choice(names.GIVEN)} {random.choice(names.FAMILY)}",
                random.choice(KIN).value, home, random.choice(("t", "f", NULL)), home,
                f"07700 900{int(1000 * rnd()):03}",
            )  # fmt: skip
        for _ in range(int(1.8 * rnd())):
            kind, about = random.choice(tuple(EVENTS.items()))
            ago = int(known * rnd())
            self.event.add(
                key(), person, str(to_bits({about})), days.day(ago), kind.value,
                f"{kind.label}.", "Told by the young person", place.key, worker, days.at(ago),
            )  # fmt: skip

    def _pursue(self, person: str, plan: str, worker: str, known: int, ended: int) -> None:
        """Goals with how far they are, what is planned, and reviews."""
        random, rnd, key, days = self._random, self._random.random, self._key, self._days
        begun = max(known - 20, ended + 1)
        for component in random.sample(COMPONENTS, int(2.4 * rnd())):
            goal = key()
            reached = days.at(int(begun * rnd())) if rnd() < 0.2 else NULL
            self.goal.add(
                goal, person, plan, component.value, random.choice(GOALS), days.start(begun),
                worker, reached,
            )  # fmt: skip
            self.rating.add(
                key(), person, goal, str(int(6 * rnd())), "start", days.start(begun), worker
            )
            if rnd() < 0.5:
                due = int(60 * rnd()) - 25
                done = days.at(due) if due > 0 and rnd() < 0.8 else NULL
                self.planned.add(
                    key(), person, plan, component.value, "", random.choice(TASKS), days.day(due),
                    done,
                )  # fmt: skip
        for ago in range(begun - 84, ended, -84):
            if rnd() < 0.4:
                self.review.add(
                    key(), person, plan, days.day(ago), "t" if rnd() < 0.8 else "f",
                    "Went over the plan together.", worker, days.start(ago),
                )  # fmt: skip

    def _message(self, person: str, place: Place, worker: str) -> None:
        """A message for the lead worker; of the last two weeks' one in four waits to be read."""
        random, days = self._random, self._days
        ago = random.randint(1, 60)
        seen = random.random() < 0.75 or ago > 14
        other = random.choice(place.partners or [place])
        self.alert.add(
            self._key(), person, "Please ring me about next week.",
            f"020 7946 0{int(1000 * random.random()):03}", random.choice(other.workers),
            days.start(ago), place.key, worker, random.choice(("lead", "lead", "duty", "manager")),
            days.at(ago) if seen else NULL, worker if seen else NULL,
        )  # fmt: skip

    def _task(
        self, person: str, place: Place, owner: str, where: Place, since: int, done: int
    ) -> None:
        """A task, open or (`done` days ago) done, and what its owner sees for it."""
        random, days, task = self._random, self._days, self._key()
        self.task.add(
            task, person, "enforcement" if random.random() < 0.1 else "tasking",
            random.choice(TASKS), owner, where.key, days.day(since - random.randint(3, 28)),
            "done" if done else random.choice(("set", "accepted", "accepted", "blocked")),
            place.key, random.choice(place.managers), days.start(since),
            days.start(done) if done else NULL, str(int(3 * random.random())),
        )  # fmt: skip
        self._involve(
            person, where, [owner], Basis.TASK, AGENDA, since, days.start(done) if done else NULL,
            task, "tasking.task",
        )  # fmt: skip

    def _move(self, person: str, place: Place, case: str, worker: str, ago: int) -> None:
        """A step-down that waits for a manager (`ago` 0), or was approved so many days ago."""
        random, days, row = self._random, self._days, self._key()
        said = ago + random.randint(2, 9)
        self.step_down.add(
            row, person, case, random.choice(self._agencies.services), days.day(said),
            "They go there by themselves.", "approved" if ago else "proposed", worker,
            days.start(said - 1), random.choice(place.managers) if ago else NULL,
            days.start(ago) if ago else NULL,
        )  # fmt: skip
        for weeks in FOLLOW_UP_WEEKS if ago else ():
            due = ago - 7 * weeks
            done = due > 0 and random.random() < 0.8
            self.follow_up.add(
                self._key(), person, case, row, str(weeks), days.day(due), worker,
                days.start(due) if done else NULL, worker if done else NULL,
                random.choice(FollowUpOutcome.values) if done else "",
            )  # fmt: skip

    def _decide(
        self, person: str, other: Place, by: Place, worker: str, since: int, *, one_off: bool
    ) -> None:
        """A decision to share without consent; one in fifteen waits for the second person."""
        random, days, key = self._random, self._days, self._key()
        recipient = random.choice(other.workers) if random.random() < 0.6 else NULL
        waits = random.random() < 0.07
        since, weeks = (random.randint(1, 4), 4) if waits else (since, 12)
        until, shared = days.start(since - 7 * weeks), random.choice(SHARED)
        opened = NULL if waits else self._involve(
            person, other, None if recipient == NULL else [recipient], Basis.DECISION, shared,
            since, until, key, "sharing.sharingdecision", one_off="t" if one_off else "f",
        )  # fmt: skip
        self.decision.add(
            key, person, "one_off" if one_off else "routine", other.key, recipient, shared, until,
            "proposed" if waits else "approved", worker, days.start(since),
            NULL if waits else random.choice(by.managers), NULL if waits else days.start(since),
            opened,
        )  # fmt: skip

    def _break(self, person: str, place: Place, other: Place, since: int) -> None:
        """An emergency access, accounted for, and reviewed unless it was in these days."""
        random, days, row = self._random, self._days, self._key()
        user = random.choice(other.workers)
        opened = self._involve(
            person, other, [user], Basis.BREAK_GLASS, BROKEN, since, days.start(since - 1), row,
            "sharing.breakglass",
        )  # fmt: skip
        reviewed = since > 3
        self.emergency.add(
            row, person, user, other.key, place.key, opened, days.start(since),
            days.start(since - 1), "I rang the hospital.", days.start(since), days.start(since - 2),
            random.choice(place.managers) if reviewed else NULL,
            days.start(since - 1) if reviewed else NULL, "right" if reviewed else "",
            "It was needed." if reviewed else "",
        )  # fmt: skip
