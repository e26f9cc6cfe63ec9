"""Consents and sharing decisions of a story, as steps on the schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from access.actor import Actor
from access.categories import Category
from config.demo.story import Story
from core.clock import instant
from sharing.actions import consent, decision
from sharing.enums import Channel, Competence, ConsentPlace, DecisionKind, Giver, Purpose
from sharing.models import Consent, ConsentLine, LawfulBasis, SharingDecision
from sharing.rules import Line


@dataclass(frozen=True, slots=True)
class To:
    """One recipient: a worker, or a whole agency with the reason why."""

    recipient: str
    categories: frozenset[Category]
    weeks: int
    why_all: str = ""
    """Given when the whole agency is meant, then `recipient` is its slug."""


def to(recipient: str, *categories: Category, weeks: int = 12, why_all: str = "") -> To:
    """A line of the grid."""
    return To(recipient, frozenset(categories), weeks, why_all)


@dataclass
class Agreed:
    """A consent once it has been recorded."""

    row: Consent | None = None


def agree(
    story: Story, ago: int, clock: str, who: str, *lines: To, place: str = "", **more: Any
) -> Agreed:
    """The young person agrees that these recipients see these categories."""
    agreed = Agreed()

    def record(by: Actor) -> None:
        agreed.row = consent.record(
            person=story.person,
            lines=[_line(story, line) for line in lines],
            giver=more.pop("giver", Giver.YOUNG_PERSON),
            competence=more.pop("competence", Competence.PRESUMED),
            channel=more.pop("channel", Channel.FACE_TO_FACE),
            place=place or ConsentPlace.COMMUNITY,
            purposes=more.pop("purposes", [Purpose.SUPPORT, Purpose.SAFETY]),
            **more,
            by=by,
        )

    story.step(ago, clock, who, record)
    return agreed


def withdraw(
    story: Story,
    ago: int,
    clock: str,
    who: str,
    agreed: Agreed,
    words: str,
    line: int | None = None,
) -> None:
    """The young person takes a consent back, or one line of it."""

    def take_back(by: Actor) -> None:
        assert agreed.row is not None
        lines = list(ConsentLine.rows.filter(consent=agreed.row).order_by("pk"))
        consent.withdraw(
            consent=agreed.row, words=words, line=None if line is None else lines[line], by=by
        )

    story.step(ago, clock, who, take_back)


@dataclass
class Decided:
    """A sharing decision once it has been proposed."""

    row: SharingDecision | None = None


def propose(
    story: Story,
    ago: int,
    clock: str,
    who: str,
    recipient: str,
    categories: Sequence[Category],
    *,
    basis: str,
    necessity: str,
    kind: str = DecisionKind.ROUTINE,
    share: bool = True,
    days: int = 28,
    told: bool = True,
    **more: Any,
) -> Decided:
    """Somebody proposes to share on another lawful basis, or records not to.

    `recipient` is a worker, or the slug of an agency.
    """
    decided = Decided()
    stage = story.stage

    def propose(by: Actor) -> None:
        whole = recipient in stage.agencies
        decided.row = decision.propose(
            person=story.person,
            share=share,
            kind=kind,
            agency=stage.agencies[recipient] if whole else stage.agency_of(recipient),
            worker_id=None if whole else stage.user_id(recipient),
            categories=categories,
            lawful_basis=LawfulBasis.objects.get(code=basis),
            necessity=necessity,
            told=told,
            until=instant() + timedelta(days=days),
            **more,
            by=by,
        )

    story.step(ago, clock, who, propose)
    return decided


def approve(story: Story, ago: int, clock: str, who: str, decided: Decided, reason: str) -> None:
    """A second user approves."""
    story.step(
        ago, clock, who, lambda by: decision.approve(decision=_row(decided), reason=reason, by=by)
    )


def refuse(story: Story, ago: int, clock: str, who: str, decided: Decided, reason: str) -> None:
    """A second user refuses."""
    story.step(
        ago, clock, who, lambda by: decision.refuse(decision=_row(decided), reason=reason, by=by)
    )


def review(story: Story, ago: int, clock: str, who: str, decided: Decided, words: str) -> None:
    """A second user writes down what the review of a one-off found."""
    story.step(
        ago, clock, who, lambda by: decision.review(decision=_row(decided), words=words, by=by)
    )


def end(story: Story, ago: int, clock: str, who: str, decided: Decided) -> None:
    """The share ends before its time."""
    story.step(ago, clock, who, lambda by: decision.end(decision=_row(decided), by=by))


def _row(decided: Decided) -> SharingDecision:
    assert decided.row is not None
    return decided.row


def _line(story: Story, line: To) -> Line:
    stage = story.stage
    return Line(
        agency_id=stage.agencies[line.recipient].pk
        if line.why_all
        else stage.agency_of(line.recipient).pk,
        worker_id=None if line.why_all else stage.user_id(line.recipient),
        categories=line.categories,
        until=instant() + timedelta(weeks=line.weeks),
        whole_agency_reason=line.why_all,
    )
