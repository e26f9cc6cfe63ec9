"""The daily work of the crowd: tasking meetings, tasks, alerts, step-downs that wait."""

from __future__ import annotations

from itertools import count
from random import Random

from access.actor import Actor
from casework.actions import step_down
from config.demo import words
from config.demo.episode import Episode
from config.demo.meetings import Agendas, Job
from config.demo.partners import agrees_to_unit
from config.demo.services import service
from tasking.actions import alert
from tasking.enums import TaskKind, TaskState

LATELY = 15
"""Days in which the unit's meetings are told one by one; before, one a fortnight."""


def tasking(episodes: list[Episode], unit: Agendas, charity: Agendas) -> None:
    """Fill the meetings, and give everybody something to do today."""
    random = Random(7)  # noqa: S311 (a story, not a secret)
    numbers = count()
    led = [one for one in episodes if one.slug == "lead-charity" and one.worker != "barred"]
    ours = [one for one in episodes if one.slug == "borough-unit"]
    restricted = ours[8]
    known = [one for one in ours if one is not restricted] + [
        one for place, one in enumerate(led) if agrees_to_unit(one, place)
    ]
    calendar = unit.stage.calendar
    for ago in range(1, LATELY):
        if ago == 1 or calendar.day(ago).weekday() < 5:
            _agenda(unit, ago, known, random, numbers, 3 if ago < 8 else 2)
    for ago in range(LATELY + 6, 130, 14):
        _agenda(unit, ago, known, random, numbers, 2)
    for ago in (1, *range(8, 100, 14)):
        _agenda(charity, ago, led, random, numbers, 2)
    _today(led, ours)
    _alerts(led, ours)
    _step_downs(led, ours)


def _agenda(
    agendas: Agendas,
    ago: int,
    people: list[Episode],
    random: Random,
    numbers: count[int],
    most: int,
) -> None:
    agendas.hold(ago)
    # Somebody is on an agenda once consent or the lead is there.
    there = [one for one in people if one.began - 7 > ago]
    for one in random.sample(there, min(most, len(there))):
        jobs = []
        if random.random() < 0.6:
            name = f"job{next(numbers)}"
            jobs.append(Job(name, one.worker, random.choice(words.JOBS), max(ago - 3, 0)))
            _answer(one, name, ago, random)
        agendas.add(
            ago, one.story, random.choice(words.WHY_AGENDA), random.choice(words.DECISIONS), *jobs
        )


def _answer(one: Episode, name: str, ago: int, random: Random) -> None:
    """Most tasks are done in time; some wait for somebody, a few are forgotten."""
    luck = random.random()
    if ago > 6 and luck < 0.93:
        one.story.answer(ago - random.randint(1, 4), "16:30", one.worker, name, TaskState.DONE)
    elif ago > 1 and luck > 0.9:
        one.story.answer(
            ago - 1, "13:10", one.worker, name, TaskState.BLOCKED, "No answer from the council yet."
        )
    elif ago > 2:
        one.story.answer(ago - 1, "13:20", one.worker, name, TaskState.ACCEPTED)


def _today(led: list[Episode], ours: list[Episode]) -> None:
    """For each of those who sign in: something due today, something late, something to come."""
    for who in ("lead-worker", "colleague", "family-worker", "youth-worker", "unit-worker"):
        one, other, third = [one for one in led + ours if one.worker == who][:3]
        manager = one.manager
        one.story.task(3, "09:50", manager, "today", who, "Ring before the weekend", 0)
        one.story.answer(2, "10:00", who, "today", TaskState.ACCEPTED)
        other.story.task(9, "09:50", manager, "late", who, "Send the form to the council", 3)
        third.story.task(2, "09:55", manager, "soon", who, "Visit with the lead of the club", -4)
    partners = (
        ("jobcentre-adviser", led[5], "Ask about the driving-theory fund"),
        ("housing-officer", led[3], "Say which rooms are free in the south"),
        ("clinician", led[8], "Offer a first meeting at the club"),
        ("unit-keyworker", led[0], "Walk with them to the appointment"),
    )
    for who, one, what in partners:
        one.story.task(4, "10:30", "charity-manager", f"today-{who}", who, what, 0)
    for who, one, what in (
        ("police-officer", ours[0], "Find out which officer has the case"),
        ("housing-officer", ours[1], "Ask whether the transfer was agreed"),
    ):
        one.story.task(4, "10:40", "unit-manager", f"today-{who}", who, what, 0)
        one.story.answer(3, "11:00", who, f"today-{who}", TaskState.ACCEPTED)
    # Support was offered before anything is enforced, and the two are walled off.
    ours[4].story.task(
        2, "10:50", "unit-manager", "enforce", "police-officer",
        "Serve the notice at the office, not at home", -2, kind=TaskKind.ENFORCEMENT,
    )  # fmt: skip


def _alerts(led: list[Episode], ours: list[Episode]) -> None:
    told = (
        (ours[2], 3, "17:45", "unit-keyworker", "Outside the office and very upset; went north."),
        (ours[6], 12, "20:15", "police-officer", "Seen at the station with two older men."),
        (led[1], 6, "12:05", "unit-worker", "Asked for you by name at the parade."),
        (led[7], 20, "21:30", "youth-worker", "Rang the club from a hospital."),
    )
    for one, ago, clock, who, message in told:
        hour, minute = clock.split(":")
        one.story.tell(ago, clock, who, "told", message, "020 7946 0102")
        one.story.seen(ago, f"{hour}:{int(minute) + 9:02}", one.worker, "told")
    one = led[0]

    def tell(by: Actor) -> None:
        alert.tell_lead(
            person=one.story.person,
            message="Says that somebody waits outside college. Please ring.",
            callback="020 7946 0102",
            by=by,
        )

    one.stage.plan(one.stage.calendar.before(minutes=9), "unit-keyworker", tell)


def _step_downs(led: list[Episode], ours: list[Episode]) -> None:
    """One waits for a manager, one has been approved."""
    for one, ago, decided in ((led[6], 2, False), (ours[5], 30, True)):
        _step_down(one, ago, decided)


def _step_down(one: Episode, ago: int, decided: bool) -> None:
    proposed = []

    def propose(by: Actor) -> None:
        proposed.append(
            step_down.propose(
                case=one.story.case,
                service=service("Second Kitchen training café"),
                service_contact="Marie, 020 7946 0161",
                said_yes_on=one.stage.calendar.day(ago + 1),
                said_yes_by="Marie Dunne, who runs it",
                categories=one.components,
                why="Has what they came for, and wants the kitchen.",
                by=by,
            )
        )

    one.story.step(ago, "15:15", one.worker, propose)
    if decided:
        one.story.step(
            ago - 2,
            "10:15",
            one.manager,
            lambda by: step_down.decide(step_down=proposed[0], approve=True, by=by),
        )
