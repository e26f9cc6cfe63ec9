"""Everybody else in the demo: who leads whom where, and how each episode went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random

from access.actor import Actor
from casework.actions import step_down
from casework.enums import CloseReason, FollowUpOutcome
from casework.models import FollowUp, StepDown
from config.demo.episode import Episode
from config.demo.people import PEOPLE
from config.demo.services import OFFERS, service
from config.demo.stage import Stage
from config.demo.story import Story
from referrals.enums import DeclineReason

SEED = 2026
"""The same world each time, but for its keys and references."""

OPEN: tuple[tuple[str, str, int], ...] = (
    ("lead-charity", "lead-worker", 7),
    ("lead-charity", "colleague", 5),
    ("lead-charity", "family-worker", 3),
    ("lead-charity", "duty-worker", 3),
    ("lead-charity", "barred", 1),
    ("lead-charity", "youth-worker", 5),
    ("borough-unit", "unit-worker", 6),
    ("borough-unit", "unit-keyworker", 5),
    ("borough-unit", "unit-duty-worker", 4),
    ("other-borough", "outsider", 5),
    ("hospital-charity", "hospital-worker", 3),
    # Accepted, and nobody leads yet.
    ("lead-charity", "", 1),
    ("borough-unit", "", 1),
)
"""Agency, lead worker and how many: with YP-DEMO1, fifty open cases."""

CLOSED: tuple[tuple[str, str, CloseReason, int, int], ...] = (
    ("lead-charity", "lead-worker", CloseReason.STEPPED_DOWN, 470, 150),
    ("lead-charity", "colleague", CloseReason.STOPPED_COMING, 330, 240),
    ("lead-charity", "youth-worker", CloseReason.STOPPED_COMING, 210, 95),
    ("lead-charity", "duty-worker", CloseReason.GOALS_MET, 520, 260),
    ("lead-charity", "lead-worker", CloseReason.MOVED, 300, 170),
    ("borough-unit", "unit-worker", CloseReason.STEPPED_DOWN, 500, 200),
    ("borough-unit", "unit-keyworker", CloseReason.STOPPED_COMING, 280, 190),
    ("borough-unit", "unit-duty-worker", CloseReason.STEPPED_DOWN, 430, 60),
    ("borough-unit", "unit-worker", CloseReason.STOPPED_COMING, 160, 75),
    ("other-borough", "outsider", CloseReason.OTHER_SERVICE, 240, 120),
)
"""Agency, worker, why it was closed, first and last day: four in ten stopped coming."""

DECLINED: tuple[tuple[str, DeclineReason, int, str], ...] = (
    ("lead-charity", DeclineReason.BETTER_PLACED, 140, "Open Door for young adults"),
    ("lead-charity", DeclineReason.DOES_NOT_WANT, 48, "The Arches youth club"),
    ("borough-unit", DeclineReason.OTHER_BOROUGH, 96, ""),
    ("borough-unit", DeclineReason.ALREADY_SUPPORTED, 17, "Gloves and Homework"),
)

DOORS = (
    "hospital", "self", "school", "prison", "police", "social_care", "family", "youth_justice",
    "outreach", "charity", "probation", "housing", "peer", "jobcentre",
)  # fmt: skip
"""One after the other: a rough balance."""


def gather(stage: Stage) -> list[Episode]:
    """Put everybody's episode on the schedule; those that go on and are led."""
    random = Random(SEED)  # noqa: S311 (a story, not a secret)
    people, doors = iter(PEOPLE), cycle(DOORS)

    def episode(slug: str, worker: str, began: int, door: str = "", ended: int = 0) -> Episode:
        return Episode(
            Story(stage), next(people), slug, worker, door or next(doors), began, random, ended
        )

    open_ones = [episode(slug, worker, began) for slug, worker, began in _openings(random)]
    for one in open_ones:
        _go_on(one)
    for slug, worker, reason, began, ended in CLOSED:
        _come_and_go(episode(slug, worker, began, ended=ended), reason)
    for slug, why, ago, name in DECLINED:
        _turn_away(episode(slug, "", ago), why, name)
    _wait(episode)
    return [one for one in open_ones if one.worker]


def _openings(random: Random) -> Iterator[tuple[str, str, int]]:
    for slug, worker, number in OPEN:
        for place in range(number):
            # From the newest to those of more than a year, whoever leads.
            began = 12 + round(390 * (place + random.random() * 0.8) / max(number, 3))
            yield slug, worker, began if worker else 2


def _go_on(one: Episode) -> None:
    one.refer(one.began + one.random.randint(4, 9))
    one.take_on()
    if not one.worker:
        return
    one.work(min(6, 2 + one.began // 25))
    if one.random.random() < 0.55:
        # Some are overdue for review: what protects never lapses silently.
        one.safety(max(one.began - 4, 1), one.random.choice((60, 84, 120, one.began + 30)))
    if one.began > 60 and one.random.random() < 0.5:
        one.event(one.random.randint(5, one.began - 30))


def _come_and_go(one: Episode, reason: CloseReason) -> None:
    one.refer(one.began + one.random.randint(4, 9))
    one.take_on()
    one.work(3 if reason == CloseReason.STOPPED_COMING else 6)
    if reason == CloseReason.STEPPED_DOWN:
        _step_down(one)
    one.story.step(
        one.ended,
        "16:50",
        one.manager,
        lambda by: step_down.close(case=one.story.case, reason=reason, note=_note(reason), by=by),
    )


def _note(reason: CloseReason) -> str:
    if reason == CloseReason.STOPPED_COMING:
        return "Four tries in a month, twice at the door. The door stays open."
    return ""


def _step_down(one: Episode) -> None:
    story, days = one.story, one.stage.calendar
    name = one.random.choice([offer.name for offer in OFFERS if offer.step_down])
    proposed: list[StepDown] = []

    def propose(by: Actor) -> None:
        proposed.append(
            step_down.propose(
                case=story.case,
                service=service(name),
                service_contact="Reception, 020 7946 0160",
                said_yes_on=days.day(one.ended + 44),
                said_yes_by="The coordinator",
                categories=one.components,
                why="Settled, and asks for company rather than casework.",
                by=by,
            )
        )

    def check(weeks: int) -> None:
        story.step(
            one.ended + 40 - weeks * 7,
            "17:40",
            one.worker,
            lambda by: step_down.follow_up(
                check=FollowUp.rows.get(step_down=proposed[0], weeks=weeks),
                outcome=FollowUpOutcome.GOING_WELL,
                note="Still going.",
                by=by,
            ),
        )

    story.step(one.ended + 42, "12:00", one.worker, propose)
    story.step(
        one.ended + 40,
        "12:00",
        one.manager,
        lambda by: step_down.decide(step_down=proposed[0], approve=True, by=by),
    )
    for weeks in (4, 12, 26):
        if one.ended + 40 - weeks * 7 > 1:
            check(weeks)


def _turn_away(one: Episode, reason: DeclineReason, name: str) -> None:
    one.refer(one.began + 3)
    one.story.decline(
        one.began + 1,
        "12:15",
        one.manager,
        reason=reason,
        note="Rang the referrer and the young person first.",
        pointed_service=name,
        pointed_to="" if name else "Eastmere Integrated Unit",
        next_contact="" if name else "Their duty line, 020 7946 0109",
    )


def _wait(episode: Callable[..., Episode]) -> None:
    for slug, door, ago, clock in (
        ("lead-charity", "prison", 4, "15:10"),
        ("lead-charity", "hospital", 1, "23:35"),
        ("lead-charity", "self", 1, "18:20"),
        ("borough-unit", "school", 2, "12:45"),
        ("borough-unit", "police", 1, "08:25"),
    ):
        episode(slug, "", ago, door).refer(ago, clock)
