"""Malachi's ten months, in chapters."""

from __future__ import annotations

from datetime import timedelta

from access.actor import Actor
from access.categories import Category
from casework.actions import lead, plan
from casework.enums import EventKind, PartPlayed
from config.demo.meetings import Agendas
from config.demo.stage import Stage
from config.demo.story import Story
from config.demo.worked_example.contacts import (
    CONTACTS,
    EXIT,
    FAMILY,
    HARM,
    HEALTH,
    HOUSING,
    OFFENDING,
    WORK,
)  # fmt: skip
from config.demo.worked_example.ending import tell_ending, tell_tasking
from config.demo.worked_example.shared import tell_sharing
from core.clock import instant
from sharing.actions import protection

REFERENCE = "YP-DEMO1"
LEAD, MANAGER = "lead-worker", "charity-manager"
GOALS = ("door", "railway", "walk", "sleep", "nan", "own")
NINETEEN = timedelta(days=7270)
"""Nineteen and ten months old when the demo is loaded: nineteen all along."""


def tell(stage: Stage, unit: Agendas) -> Story:
    """Put the whole of it on the schedule."""
    story = Story(stage)
    _way_in(story)
    _who_he_is(story)
    _team(story)
    _plan(story)
    _events(story)
    tell_sharing(story)
    for contact in CONTACTS:
        story.log(
            contact.ago,
            contact.clock,
            contact.who,
            contact.categories,
            contact.kind,
            contact.note,
            minutes=contact.minutes,
            place=contact.place,
            next_step=contact.next_step,
            attendance=contact.attendance,
            mode=contact.mode,
            later=contact.later,
        )
    tell_tasking(story, unit)
    tell_ending(story)
    return story


def _way_in(story: Story) -> None:
    calendar = story.stage.calendar
    story.refer(
        306,
        "15:20",
        "prison-worker",
        "lead-charity",
        reference=REFERENCE,
        given_name="Malachi",
        family_name="Bennett-Osei",
        known_as="Mal",
        date_of_birth=calendar.today - NINETEEN,
        borough="E09000022",
        door="prison",
        why_now="Released in a week with nowhere to stay. A care leaver whom nobody has visited."
        " He asked for help himself, for the first time.",
        wants="Somewhere to live, and work on the railways.",
        knows="yes",
        agrees="yes",
        safe_contact="Text before noon, not from a number that he does not know.",
        immediate_danger="Was stabbed two years ago near the probation office.",
        release_on=calendar.day(299),
    )
    story.accept(305, "10:05", MANAGER)
    story.assign(304, "09:40", MANAGER, LEAD)


def _who_he_is(story: Story) -> None:
    story.describe(
        299,
        "16:00",
        LEAD,
        pronouns="he/him",
        ethnicity="M1",
        ethnicity_source="self",
        languages=["English", "Twi (a little)"],
        needs="Long letters are hard when he is tired: read them together.",
        strengths="Remembers every railway line and timetable. Patient with younger children."
        " Cooks.",
    )
    story.contact(
        299, "16:10", LEAD, "phone", "07700 900461", is_safe=True,
        note="Text before noon; not late at night.",
    )  # fmt: skip
    story.contact(
        299, "16:12", LEAD, "address", "A friend’s sofa, Kestrel House", is_safe=False,
        note="No letters here.",
    )  # fmt: skip
    story.contact(
        168, "13:30", LEAD, "address", "Room 4, Mariner House", is_safe=True,
        note="Letters reach him.",
    )  # fmt: skip
    story.relative(
        270, "18:00", "family-worker", "Comfort Osei", "grandparent",
        needs="Worries when he does not ring; wants to be told the truth.",
    )  # fmt: skip
    story.relative(
        270, "18:05", "family-worker", "Tia Bennett", "sibling",
        needs="Twelve; lives with a foster carer; wants to see him alone.",
    )  # fmt: skip


def _team(story: Story) -> None:
    story.join(288, "09:30", MANAGER, "family-worker", Category.CONTACT, Category.SAFETY, FAMILY)
    story.join(288, "09:35", MANAGER, "clinician", Category.SAFETY, HEALTH, Category.CLINICAL)
    story.join(283, "09:30", MANAGER, "jobcentre-adviser", WORK)
    story.join(286, "09:30", MANAGER, "barred", HOUSING)

    def bar(by: Actor) -> None:
        protection.bar(
            person=story.person,
            user=story.stage.hats["barred"].user,
            reason="A cousin of somebody with whom he is in conflict: he told us himself.",
            review_on=story.stage.calendar.day(-60),
            by=by,
        )

    def cover(by: Actor) -> None:
        lead.cover(
            case=story.case,
            worker_id=story.stage.user_id("duty-worker"),
            ends=instant() + timedelta(days=14),
            by=by,
        )

    story.step(285, "16:45", MANAGER, bar)
    story.step(130, "09:00", MANAGER, cover)


def _plan(story: Story) -> None:
    def name_them(by: Actor) -> None:
        for component, own_name in (
            (EXIT, "My own man"),
            (HARM, "Walking without looking back"),
            (HOUSING, "A door that locks"),
            (WORK, "The railway"),
        ):
            plan.use_component(
                plan=story.plan_of(), component=component, in_use=True, own_name=own_name, by=by
            )

    story.step(281, "14:00", LEAD, name_them)
    for name, component, words, beside, rating in (
        ("door", HOUSING, "I want a door that locks and my own kettle.",
         "A settled home with support, then a tenancy", 1),
        ("railway", WORK, "I want to fix trains, not just ride them.",
         "A traineeship in railway engineering", 2),
        ("walk", HARM, "I want to walk to an appointment without planning it like a war.",
         "Safe routes and appointments; no carrying", 2),
        ("sleep", HEALTH, "Sleep a whole night.", "Therapy, at his pace", 1),
        ("nan", FAMILY, "Sunday dinner with Nan and not lying at the table.",
         "Contact with his grandmother and sister", 4),
        ("own", EXIT, "Owe nobody.", "Out of the debt, and of what it brings", 2),
    ):  # fmt: skip
        story.goal(281, "14:20", LEAD, name, component, words, beside, rating)
    for ago, clock, component, what, done, due, whose in (
        (281, "14:40", HOUSING, "Homelessness application", 273, 270, "Aaliyah and Mal"),
        (281, "14:42", HOUSING, "Leaving-care adviser, pathway plan", 243, 250, "Aaliyah"),
        (281, "14:44", WORK, "Universal Credit in payment", 231, 235, "Comfort, Jobcentre"),
        (181, "16:00", WORK, "Maths at level 2", 110, 105, "Mal"),
        (24, "19:30", HOUSING, "Move-on flat: the council decides", None, -30, "Aaliyah and Mal"),
    ):
        by_when = story.stage.calendar.day(due)
        story.intend(ago, clock, LEAD, component, what, done=done, by_when=by_when, whose=whose)
    story.agree(276, "13:00", LEAD, "Read through together at the club; he signed the printed page")
    for ago, notes, ratings in (
        (192, "After court. He wanted the plan kept as it is, and the appointments moved.",
         (3, 3, 3, 4, 6, 5)),
        (108, "Moved in, and starting at the training centre.", (7, 7, 5, 6, 8, 8)),
        (24, "Ready to step down. Keeps the club.", (8, 9, 7, 8, 9, 9)),
    ):  # fmt: skip
        rated = dict(zip(GOALS, ratings, strict=True))
        story.review(ago, "18:00", LEAD, notes, **rated)
    story.reach(24, "19:00", LEAD, "own")
    story.safety(
        291, "15:00", LEAD,
        dangers="Boys from the Harland side know his face. Was stabbed two years ago.",
        unsafe_places="The parade by the probation office; the 36 stop at Harland Road.",
        safe_places="The Arches youth club; his grandmother’s.",
        what_helps="A text with the route before he leaves. Being met at the station.",
        whom_to_call="Aaliyah (work phone), then the duty worker at Threshold Youth.",
    )  # fmt: skip
    story.safety(
        210, "10:00", LEAD,
        dangers="Shooting on the estate this month; people are looking for somebody to blame."
        " He has carried when frightened.",
        unsafe_places="Kestrel House and the parade by the probation office.",
        safe_places="The Arches youth club; his grandmother’s.",
        what_helps="Appointments at the other office. Ring Aaliyah before, not after.",
        whom_to_call="Aaliyah (work phone), then the duty worker at Threshold Youth.",
    )  # fmt: skip
    story.safety(
        24, "19:10", LEAD,
        dangers="Less than there was. Harland Road after dark.",
        unsafe_places="The 36 stop at Harland Road.",
        safe_places="Mariner House; The Arches; the Carriageworks; his grandmother’s.",
        what_helps="Going by train. Saying it out loud early.",
        whom_to_call="Aaliyah (work phone); from June the Carriageworks’ mentor.",
    )  # fmt: skip


def _events(story: Story) -> None:
    for ago, clock, categories, kind, what, source, part, happened in (
        (298, "11:00", (HARM, HEALTH), EventKind.INJURY,
         "Stabbed in the thigh near the probation office; operated on the same night.",
         "Hospital discharge letter that he keeps", PartPlayed.HARMED, 1010),
        (298, "11:05", (OFFENDING,), EventKind.COURT,
         "Sentenced for a robbery of a phone, at eighteen.", "Court record, from the prison",
         PartPlayed.CAUSED_HARM, 520),
        (299, "16:30", (OFFENDING,), EventKind.RELEASE, "Released on licence.",
         "The worker who met him", PartPlayed.NONE, 299),
        (214, "20:10", (HARM,), EventKind.OTHER,
         "Shooting on the estate where he was staying; he heard it through the wall.",
         "Himself, by phone", PartPlayed.AT_RISK, 215),
        (211, "17:00", (OFFENDING, HARM), EventKind.ARREST,
         "Found with a knife at his probation appointment, in an area of conflict. Nobody was"
         " hurt. He said he was afraid.", "Probation officer, by phone", PartPlayed.AT_RISK, 212),
        (198, "14:00", (OFFENDING,), EventKind.COURT,
         "Suspended sentence with rehabilitation days.", "At court", PartPlayed.NONE, 198),
        (168, "14:00", (HOUSING,), EventKind.MOVE, "Moved into a supported room of his own.",
         "Worker, there", PartPlayed.NONE, 168),
        (119, "18:30", (WORK,), EventKind.GOOD_NEWS,
         "Offered the traineeship in railway engineering.", "The letter", PartPlayed.NONE, 121),
        (62, "18:00", (FAMILY,), EventKind.BEREAVEMENT, "His great-uncle died; he read at the"
         " funeral.", "Himself", PartPlayed.NONE, 66),
        (8, "19:30", (WORK,), EventKind.GOOD_NEWS, "Passed the first unit of his qualification.",
         "Certificate", PartPlayed.NONE, 9),
    ):  # fmt: skip
        who = "duty-worker" if ago == 119 else LEAD
        story.event(ago, clock, who, categories, kind, what, source, part=part, happened=happened)
