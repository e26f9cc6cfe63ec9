"""One invented episode of work, from its referral to today or to its closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from access.actor import Public
from access.categories import COMPONENTS, Category
from casework.enums import Attendance, Mode
from config.demo import words
from config.demo.people import Somebody
from config.demo.stage import Stage
from config.demo.story import Story

REFERRERS: dict[str, str] = {
    "hospital": "hospital-worker",
    "prison": "prison-worker",
    "police": "police-officer@police",
    "school": "school-lead",
}
"""Doors at which somebody with a sign-in refers; at the others it is the public page."""

MANAGERS = {
    "lead-charity": "charity-manager",
    "borough-unit": "unit-manager",
    "hospital-charity": "hospital-manager",
    "other-borough": "other-manager",
}


@dataclass
class Episode:
    """Somebody's episode: who leads it where, and between which days."""

    story: Story
    somebody: Somebody
    slug: str
    worker: str
    """The lead worker; empty while nobody has been assigned."""
    door: str
    began: int
    """Days ago on which the lead was assigned, or should have been."""
    random: Random
    ended: int = 0
    """Days ago on which it ended; 0 while it goes on."""
    components: tuple[Category, ...] = ()

    @property
    def manager(self) -> str:
        """Who decides at its agency."""
        return MANAGERS[self.slug]

    @property
    def stage(self) -> Stage:
        """Where it is played."""
        return self.story.stage

    def refer(self, ago: int, clock: str = "") -> None:
        """The referral, through its door."""
        who, calendar = self.somebody, self.stage.calendar
        born = calendar.today - timedelta(
            days=round(who.age * 365.25) + self.random.randint(20, 330)
        )
        by: str | Public = REFERRERS.get(self.door, Public("refer"))
        self.story.refer(
            ago,
            clock or f"{self.random.randint(9, 19):02}:{self.random.randint(0, 59):02}",
            by,
            self.slug,
            given_name=who.given_name,
            family_name=who.family_name,
            known_as=who.known_as,
            date_of_birth=born,
            borough=who.borough,
            door=self.door,
            why_now=self.random.choice(words.WHY_NOW[self.door]),
            wants=self.random.choice(words.WANTS),
            knows=self.random.choice(("yes", "yes", "unknown")),
            agrees=self.random.choice(("yes", "yes", "unknown")),
            safe_contact=self.random.choice(("Text first.", "", "Through college.")),
            referrer_name="" if isinstance(by, str) else self._referrer(),
            referrer_contact="" if isinstance(by, str) else "020 7946 0170",
        )

    def _referrer(self) -> str:
        return self.random.choice(("P. Adjei", "S. Norton", "M. Rahman", "L. Greene", "A. Costa"))

    def take_on(self) -> None:
        """Accepted, and a lead worker assigned."""
        age = self.somebody.age
        self.story.accept(
            self.began + self.random.randint(1, 3),
            "11:20",
            self.manager,
            # As old as that today; the referral may be more than a year ago.
            "" if 18 <= age <= 25 else "Nobody else nearby works with this age.",
        )
        if self.worker:
            self.story.assign(self.began, "09:50", self.manager, self.worker)

    def work(self, contacts: int) -> None:
        """Getting to know each other, a plan, contacts until today or the end."""
        last = max(self.ended, 1)
        self._describe()
        if self.began - last > 12:
            self._plan(last)
        days = sorted(
            {
                self.stage.calendar.weekday(ago)
                for ago in self._days(last, contacts)
                if self.began > self.stage.calendar.weekday(ago)
            },
            reverse=True,
        )
        for place, ago in enumerate(days):
            self._contact(ago, missed=bool(self.ended) and place >= len(days) - 2)

    def _days(self, last: int, contacts: int) -> list[int]:
        """Often at first, then further apart; the last one lately."""
        span = self.began - last
        return [
            self.began - 1 - round((span - 2) * (place / contacts) ** 1.4)
            for place in range(contacts + 1)
        ]

    def _describe(self) -> None:
        who = self.somebody
        self.story.describe(
            self.began, "15:00", self.worker,
            pronouns=who.pronouns,
            languages=list(who.languages),
            strengths=self.random.choice(
                ("Funny; good with younger children.", "Cooks for everybody.", "Draws.",
                 "Plays striker.", "Never late.", "Writes lyrics.", "Good with engines.")
            ),
            **({"ethnicity": who.ethnicity, "ethnicity_source": "self"} if who.ethnicity else {}),
        )  # fmt: skip
        self.story.contact(
            self.began, "15:05", self.worker, "phone",
            f"07700 900{self.random.randint(100, 999)}",
            is_safe=self.random.choice((True, True, None)),
        )  # fmt: skip

    def _plan(self, last: int) -> None:
        self.components = tuple(self.random.sample(COMPONENTS, self.random.randint(2, 3)))
        start = self.began - 8
        for place, component in enumerate(self.components[:2]):
            self.story.goal(
                start, f"14:{place}0", self.worker, f"goal{place}", component,
                self.random.choice(words.GOALS[component]),
                # The second is often too near to say a number.
                rating=None if place else self.random.randint(1, 4),
            )  # fmt: skip
        if start - 6 <= last:
            return
        self.story.agree(start - 5, "15:00", self.worker, "Read through together, and signed")
        # A review is due every twelve weeks; here and there one is late.
        for ago in range(start - 89, last, -84):
            if self.random.random() < 0.8:
                self.story.review(
                    ago, "16:00", self.worker, "Looked back together at what has changed.",
                    goal0=self.random.randint(3, 8),
                )  # fmt: skip

    def _contact(self, ago: int, *, missed: bool) -> None:
        component = self.random.choice(self.components or (Category.RELATIONSHIPS,))
        came = not missed and self.random.random() < 0.86
        self.story.log(
            ago,
            f"{self.random.randint(10, 18)}:{self.random.choice(('00', '15', '30'))}",
            self.worker,
            [component],
            self.random.choice(words.KINDS[component]),
            self.random.choice(words.NOTES[component]) if came else "",
            minutes=self.random.choice((30, 45, 60, 60, 90)) if came else 15,
            place=self.random.choice(words.PLACES),
            attendance=self.random.choice((Attendance.CAME, Attendance.CAME, Attendance.LATE))
            if came
            else Attendance.DID_NOT_COME,
            mode=self.random.choice((Mode.FACE_TO_FACE, Mode.FACE_TO_FACE, Mode.PHONE)),
            next_step=self.random.choice(words.NEXT),
        )

    def safety(self, ago: int, review_in: int) -> None:
        """A safety plan; some are overdue for review."""
        self.story.safety(
            ago, "16:20", self.worker, review_in,
            dangers=self.random.choice(words.DANGERS),
            unsafe_places=self.random.choice(words.UNSAFE),
            safe_places=self.random.choice(words.SAFE),
            what_helps=self.random.choice(words.HELPS),
            whom_to_call="The lead worker, then whoever is on duty.",
        )  # fmt: skip

    def event(self, ago: int) -> None:
        """Something happened."""
        kind, part, categories, what, source = self.random.choice(words.EVENTS)
        self.story.event(
            ago, "17:30", self.worker, categories, kind, what, source, part=part,
            happened=ago + self.random.randint(0, 3),
        )  # fmt: skip
