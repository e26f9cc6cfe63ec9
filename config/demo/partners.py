"""Who else is part of the crowd's episodes: consents, decisions, teams, reads."""

from __future__ import annotations

from access.actor import Actor
from access.categories import Category
from config.demo import shares
from config.demo.episode import Episode
from config.demo.shares import To
from sharing.actions import protection
from sharing.enums import Competence, DecisionKind, Purpose

SAFETY, HARM, TASKING = Category.SAFETY, Category.HARM, Category.TASKING
HOUSING, CONTACT, WORK = Category.HOUSING, Category.CONTACT, Category.EMPLOYMENT
EDUCATION, FAMILY, HEALTH = Category.EDUCATION, Category.FAMILY, Category.HEALTH
OFFENDING, ENFORCEMENT = Category.OFFENDING, Category.ENFORCEMENT

WHY_UNIT = "Whoever of the unit is out that day may meet them"
RISK = "DPA 2018 Schedule 1 paragraph 18: asking would have made the danger greater"


def share(episodes: list[Episode]) -> None:
    """Put consents, decisions, teams and reads of all on the schedule."""
    charity = [one for one in episodes if one.slug == "lead-charity" and one.worker != "barred"]
    unit = [one for one in episodes if one.slug == "borough-unit"]
    for place, one in enumerate(charity):
        _charity_shares(one, place)
    for place, one in enumerate(unit):
        _unit_shares(one, place)
    _decide(charity, unit)
    _restrict(unit[8])
    for place, one in enumerate(episodes):
        _look(one, place)


def agrees_to_unit(one: Episode, place: int) -> bool:
    """Whether somebody whom the charity leads has agreed that the unit tasks."""
    return one.slug == "lead-charity" and place % 5 != 4 and one.began < 340


def _consent(one: Episode, ago: int, *lines: To) -> shares.Agreed:
    under = one.somebody.age <= 16
    return shares.agree(
        one.story, ago, "15:40", one.worker, *lines,
        competence=Competence.ASSESSED if under else Competence.PRESUMED,
        competence_reasons="Explained it back in their own words, and asked who would not see it."
        if under
        else "",
        purposes=[Purpose.SUPPORT, Purpose.SAFETY],
    )  # fmt: skip


def _charity_shares(one: Episode, place: int) -> None:
    after = max(one.began - 6, 1)
    if place % 5 != 4:
        # A year is the longest: those who came before that have lapsed by themselves.
        _consent(
            one,
            after,
            shares.to("borough-unit", SAFETY, HARM, TASKING, weeks=52, why_all=WHY_UNIT),
        )
    if place % 3 == 0:
        _consent(one, after, shares.to("housing-officer", HOUSING, CONTACT, weeks=50))
    for every, worker, categories in (
        (4, "jobcentre-adviser", (WORK,)),
        (6, "family-worker", (CONTACT, SAFETY, FAMILY)),
        (7, "clinician", (SAFETY, HEALTH, Category.CLINICAL)),
    ):
        if place % every == 1 and worker != one.worker:
            one.story.join(after, "16:30", one.manager, worker, *categories)
    if place in {2, 11} and one.began > 60:
        asked = _consent(
            one, one.began - 20, shares.to("jobcentre-adviser", WORK, CONTACT, weeks=40)
        )
        shares.withdraw(
            one.story, one.began - 41, "11:30", one.worker, asked, "I’d rather ring them myself."
        )


def _unit_shares(one: Episode, place: int) -> None:
    after = max(one.began - 6, 1)
    if place % 4 == 0:
        one.story.join(
            after, "16:10", one.manager, "police-officer", SAFETY, HARM, OFFENDING, TASKING,
            *((ENFORCEMENT,) if place == 4 else ()),
        )  # fmt: skip
    if place % 3 == 1:
        _consent(one, after, shares.to("housing-officer", HOUSING, CONTACT, weeks=50))
    if place % 4 == 2:
        one.story.join(after, "16:20", one.manager, "jobcentre-adviser", WORK)
    if place % 5 == 3:
        _consent(one, after, shares.to("family-worker", FAMILY, CONTACT, weeks=50))
    if place % 3 == 0:
        # Statutory partners on the plan: renewed at each review, twelve weeks at most.
        decided = shares.propose(
            one.story, min(after, 40), "10:10", one.worker, "school-lead", [EDUCATION, SAFETY],
            basis="children-act-2004-s10-s11",
            days=80,
            necessity="The school plans the day and the way home around what is known.",
            proportionality="The one lead, education and the safety plan only.",
        )  # fmt: skip
        shares.approve(
            one.story, max(min(after, 40) - 1, 0), "11:40", "unit-deputy", decided, "Agreed."
        )


def _decide(charity: list[Episode], unit: list[Episode]) -> None:
    """Decisions in every state, for the queues of managers and auditors."""
    old = [one for one in charity if one.began > 60]
    police = shares.propose(
        old[0].story, 33, "14:20", old[0].worker, "police", [HARM],
        basis="vital-interests", kind=DecisionKind.ONE_OFF, condition=RISK,
        necessity="A named threat to life; the police need the place and the day.",
        proportionality="The threat alone, nothing else of the record.",
        told=False, not_told_reason="Would have warned those who made the threat.",
    )  # fmt: skip
    shares.approve(old[0].story, 33, "15:05", "charity-manager", police, "Necessary today.")
    refused = shares.propose(
        old[1].story, 52, "10:30", old[1].worker, "police", [HARM, OFFENDING],
        basis="legitimate-interests", kind=DecisionKind.ONE_OFF, condition=RISK,
        necessity="Asked for everything on the record ahead of an operation.",
    )  # fmt: skip
    shares.refuse(
        old[1].story, 51, "09:20", "charity-manager", refused,
        "Everything is not necessary. Ask again for what is.",
    )  # fmt: skip
    for one, days in ((old[2], 75), (old[3], 21)):
        shares.propose(
            one.story, days, "12:00", one.worker, "school", [EDUCATION],
            basis="public-task", kind=DecisionKind.ONE_OFF, share=False,
            necessity="College asked why a day was missed. It was a hospital day, and private.",
        )  # fmt: skip
    for one, ago, clock in ((old[4], 1, "16:20"), (old[5], 2, "11:10")):
        shares.propose(
            one.story, ago, clock, one.worker, "housing", [HOUSING, CONTACT],
            basis="legitimate-interests", days=80,
            necessity="Homelessness application: the team that decides needs the history.",
            proportionality="Housing history and a way to make contact.",
        )  # fmt: skip
    shares.propose(
        unit[1].story, 1, "19:50", unit[1].worker, "police", [SAFETY],
        basis="vital-interests", kind=DecisionKind.URGENT, days=14,
        necessity="Missing since the morning after a threat; officers are searching now.",
    )  # fmt: skip
    housing = shares.propose(
        old[6].story, 30, "10:20", old[6].worker, "housing", [HOUSING, CONTACT],
        basis="legitimate-interests", days=80,
        necessity="Move on medical grounds: the team needs the history once, and updates.",
    )  # fmt: skip
    shares.approve(old[6].story, 29, "09:15", "charity-manager", housing, "Agreed.")


def _restrict(one: Episode) -> None:
    """A record that only those named on it see."""
    # Nobody opens anything to themselves: her colleague adds her.
    one.story.join(
        min(one.began - 2, 30),
        "09:10",
        "unit-second-manager",
        "unit-manager",
        SAFETY,
        CONTACT,
        TASKING,
    )

    def restrict(by: Actor) -> None:
        protection.restrict(
            person=one.story.person,
            reason="A relative works for one of the partners.",
            review_on=one.stage.calendar.day(-45),
            by=by,
        )

    one.story.step(min(one.began - 3, 29), "09:30", one.manager, restrict)


def _look(one: Episode, place: int) -> None:
    """Some reads: the lead often, the manager now and then."""
    stage, random = one.stage, one.random
    looks = [
        (random.randint(1, max(one.began - 8, 1)), one.worker, (SAFETY, CONTACT)),
        (random.randint(1, 6), one.worker, (CONTACT,)),
    ]
    if place % 2:
        looks.append((random.randint(1, max(one.began - 8, 1)), one.manager, (SAFETY, HOUSING)))
    if place % 9 == 0 and one.slug == "lead-charity":
        looks.append((1, "second-manager", (SAFETY, FAMILY, OFFENDING)))
    for ago, who, categories in looks:
        stage.read(
            stage.calendar.at(ago, f"{random.randint(9, 18):02}:{random.randint(0, 59):02}"),
            who,
            lambda: one.story.person_id,
            categories,
        )
