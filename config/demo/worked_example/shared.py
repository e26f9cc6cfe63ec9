"""What of Malachi's story was shared, with whom, on what basis; and who looked."""

from __future__ import annotations

from access.categories import Category
from config.demo import shares
from config.demo.story import Story
from sharing.enums import ConsentPlace, DecisionKind, Purpose

LEAD, MANAGER = "lead-worker", "charity-manager"
UNIT = "Whoever of the unit is out that day may meet him"
SAFETY, HARM, WORK = Category.SAFETY, Category.HARM, Category.EMPLOYMENT
CONTACT, HOUSING, FAMILY = Category.CONTACT, Category.HOUSING, Category.FAMILY
EDUCATION, TASKING, IDENTITY = Category.EDUCATION, Category.TASKING, Category.IDENTITY


def tell_sharing(story: Story) -> None:
    """Put consents, decisions and reads on the schedule."""
    first = shares.agree(
        story, 290, "13:30", LEAD,
        shares.to("borough-unit", SAFETY, HARM, TASKING, weeks=12, why_all=UNIT),
        shares.to("housing-officer", HOUSING, CONTACT, weeks=26),
    )  # fmt: skip
    assert first is not None
    family = shares.agree(
        story, 262, "16:00", LEAD,
        shares.to("borough-unit", FAMILY, weeks=26, why_all="He wants the unit to know his Nan"),
    )  # fmt: skip
    shares.withdraw(
        story, 247, "12:10", LEAD, family, "I don’t want them ringing my Nan when I’m late."
    )
    shares.agree(
        story, 208, "12:30", LEAD,
        shares.to(
            "borough-unit", SAFETY, HARM, EDUCATION, WORK, TASKING, weeks=50, why_all=UNIT
        ),
        purposes=[Purpose.SUPPORT, Purpose.SAFETY, Purpose.WORK],
        place=ConsentPlace.OFFICE,
    )  # fmt: skip
    shares.agree(
        story, 110, "18:20", LEAD,
        shares.to("housing-officer", HOUSING, CONTACT, weeks=50),
        purposes=[Purpose.SUPPORT, Purpose.REFERRAL],
    )  # fmt: skip
    school = shares.propose(
        story, 289, "11:00", LEAD, "school-lead", [EDUCATION],
        basis="legitimate-interests",
        kind=DecisionKind.ONE_OFF,
        necessity="The sixth form holds his last results and has asked which courses he finished;"
        " without an answer he can’t be enrolled for maths.",
        proportionality="Results and support needs only, to the one lead.",
    )  # fmt: skip
    shares.approve(story, 288, "09:10", MANAGER, school, "Narrow, and he wants it.")
    shares.end(story, 270, "11:20", LEAD, school)
    shares.review(story, 262, "16:40", MANAGER, school, "Used for the enrolment and nothing else.")
    shares.propose(
        story, 210, "11:00", LEAD, "police", [HARM],
        basis="law-enforcement",
        kind=DecisionKind.ONE_OFF,
        share=False,
        necessity="Asked who his friends on the estate are, after the shooting. He was at risk,"
        " not a suspect; it would end his trust and protect nobody.",
    )  # fmt: skip
    _reads(story)


def _reads(story: Story) -> None:
    """Some of those who looked, and at what."""
    stage = story.stage
    for ago, clock, who, categories, route in (
        (304, "10:30", LEAD, (IDENTITY, SAFETY, Category.OFFENDING), "person"),
        (288, "14:00", "family-worker", (CONTACT, SAFETY, FAMILY), "person"),
        (287, "09:20", "clinician", (SAFETY, Category.HEALTH), "person"),
        (282, "13:40", "jobcentre-adviser", (WORK,), "plan"),
        (289, "10:00", "unit-worker", (SAFETY, HARM), "person"),
        (280, "10:00", "school-lead", (EDUCATION,), "person"),
        (272, "09:45", "housing-officer", (HOUSING, CONTACT), "person"),
        (213, "08:40", "unit-worker", (SAFETY,), "person"),
        (211, "09:05", "unit-manager", (SAFETY, HARM, TASKING), "person"),
        (211, "09:00", "police-officer", (SAFETY, HARM, TASKING), "person"),
        (204, "13:30", LEAD, (Category.OFFENDING, HOUSING, WORK), "timeline"),
        (187, "11:00", "housing-officer", (HOUSING, CONTACT), "plan"),
        (140, "13:30", "jobcentre-adviser", (WORK,), "timeline"),
        (127, "19:33", "duty-worker", (CONTACT, SAFETY, FAMILY), "person"),
        (60, "15:00", "unit-manager", (SAFETY, EDUCATION, WORK, TASKING), "person"),
        (36, "11:00", MANAGER, (HOUSING, WORK, Category.RELATIONSHIPS), "plan"),
        (16, "10:20", "housing-officer", (HOUSING, CONTACT), "person"),
        (8, "18:10", LEAD, (CONTACT, SAFETY, WORK, HOUSING), "person"),
        (2, "09:30", MANAGER, (SAFETY, HOUSING), "person"),
        (1, "16:45", "unit-worker", (SAFETY,), "person"),
        (1, "17:20", LEAD, (CONTACT, SAFETY), "person"),
    ):  # fmt: skip
        stage.read(
            stage.calendar.at(ago, clock), who, lambda: story.person_id, categories, route=route
        )
