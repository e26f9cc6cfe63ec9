"""What was tasked about Malachi, and how he steps down."""

from __future__ import annotations

from access.actor import Actor, System
from casework.actions import step_down
from casework.enums import FollowUpOutcome
from casework.models import FollowUp, StepDown
from config.demo.meetings import Agendas, Job
from config.demo.services import service
from config.demo.story import Story
from config.demo.worked_example.contacts import HOUSING, PEERS, WORK
from tasking.actions import alert

LEAD, MANAGER = "lead-worker", "charity-manager"


def tell_tasking(story: Story, unit: Agendas) -> None:
    """Alerts, the unit's meeting after the shooting, tasks."""
    story.tell(
        213, "08:50", "unit-worker", "shooting",
        "He may be near the shooting on the estate. Has anybody seen him?", "020 7946 0102",
    )  # fmt: skip
    story.seen(213, "09:02", LEAD, "shooting")
    unit.add(
        211, story, "Shooting on the estate; knife at probation",
        "Keep him away from the parade; the unit asks probation to see him elsewhere; Threshold"
        " writes to the court.",
        Job("court", LEAD, "Write to the court before the hearing", 204),
        Job("office", "unit-worker", "Ask probation to move his appointments", 209),
    )  # fmt: skip
    story.answer(211, "12:00", "unit-worker", "office", "accepted")
    story.answer(210, "16:10", "unit-worker", "office", "done", "Moved to the Dock Street office.")
    story.answer(210, "17:00", LEAD, "court", "accepted")
    story.answer(204, "16:30", LEAD, "court", "done", "Letter with his solicitor.")
    story.tell(
        127, "19:10", "family-worker", "nan",
        "His grandmother was taken to hospital tonight; he is there and shaken.", "07700 900112",
    )  # fmt: skip
    story.step(
        127, "19:26", System("tasking.climb_alerts"),
        lambda by: alert.climb(alert_id=story.alerts["nan"].pk, by=by),
    )  # fmt: skip
    story.seen(127, "19:31", "duty-worker", "nan")
    story.task(40, "09:30", MANAGER, "movein", LEAD, "Read the move-on offer with him", 33)
    story.answer(38, "10:00", LEAD, "movein", "accepted")
    story.answer(34, "17:00", LEAD, "movein", "done", "Read and signed.")
    story.task(6, "09:40", MANAGER, "last", LEAD, "Agree the last review day with him", -5)
    story.answer(5, "11:00", LEAD, "last", "accepted")


def tell_ending(story: Story) -> None:
    """The step-down to a service that said yes, approved; its first check."""
    proposed: list[StepDown] = []

    def propose(by: Actor) -> None:
        proposed.append(
            step_down.propose(
                case=story.case,
                service=service("The Carriageworks mentoring"),
                service_contact="Denise Hall, 020 7946 0150",
                said_yes_on=story.stage.calendar.day(42),
                said_yes_by="Denise Hall, mentoring lead",
                categories=[HOUSING, WORK, PEERS],
                why="Housed since spring, in training and not late once, sleeping. He asks for"
                " somebody to talk work over with, not for casework.",
                first_attendance_on=story.stage.calendar.day(20),
                by=by,
            )
        )

    def decide(by: Actor) -> None:
        step_down.decide(
            step_down=proposed[0], approve=True, reason="Agreed; Aaliyah stays until the new"
            " year’s review.", by=by,
        )  # fmt: skip

    def check(by: Actor) -> None:
        step_down.follow_up(
            check=FollowUp.rows.get(step_down=proposed[0], weeks=4),
            outcome=FollowUpOutcome.GOING_WELL,
            note="Goes on Mondays; his mentor rang to say so.",
            by=by,
        )

    story.step(41, "16:00", LEAD, propose)
    story.step(36, "11:15", MANAGER, decide)
    story.step(8, "19:45", LEAD, check)
