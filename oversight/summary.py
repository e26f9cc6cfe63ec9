"""A quarter in numbers: what was shared, who looked, what was checked, what was found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from access import replica
from access.actor import Actor, Member
from audit.models import AccessRecord
from core.clock import LONDON, today
from oversight import scope
from oversight.entries import Entries
from oversight.enums import CauseState, FindingState, Question, Reply
from oversight.models import CheckAnswer, ReadingAlert
from sharing.enums import DecisionKind, DecisionState

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is read as a formula by spreadsheets."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """For addresses: 2026-1."""
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> Quarter:
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.first:%B} to {self.last:%B %Y}"


@dataclass(frozen=True, slots=True)
class Section:
    """Some numbers that belong together."""

    title: str
    rows: list[tuple[str, int]]


def quarters(number: int = 8) -> list[Quarter]:
    """The quarter of today and those before it."""
    now = today()
    at = 4 * now.year + (now.month - 1) // 3
    return [Quarter(one // 4, one % 4 + 1) for one in range(at, at - number, -1)]


def chosen(code: str) -> Quarter:
    """The quarter of a code; that of today for any that is not offered."""
    offered = quarters()
    return next((quarter for quarter in offered if quarter.code == code), offered[0])


def sections(
    actor: Actor, quarter: Quarter, *, not_before: datetime | None = None
) -> tuple[list[Section], replica.Source]:
    """The numbers of a quarter, of what the auditor may review, and as at when they are.

    What the auditors themselves did is counted on the primary, where they have just written it.
    """
    begins = datetime.combine(quarter.first, time(), tzinfo=LONDON)
    ends = datetime.combine(quarter.next.first, time(), tzinfo=LONDON)

    def within(moment: str) -> Q:
        return Q(**{f"{moment}__gte": begins, f"{moment}__lt": ends})

    def from_the_trail(using: str) -> list[Section]:
        return [
            _sharing(
                actor, within("given_at"), within("withdrawn_at"), within("proposed_at"), using
            ),
            _reading(
                actor,
                Entries(AccessRecord, scope.reach(actor), begins, ends, database=using),
                within("starts"),
                quarter,
                using,
            ),
        ]

    counted, source = replica.read(from_the_trail, not_before=not_before)
    own_work = [
        _checking(actor, within("drawn_at"), within("sample__drawn_at"), within("asked_at")),
        _finding(actor, within("raised_at"), within("closed_at"), ends),
    ]
    return [*counted, *own_work], source


def _sharing(actor: Actor, given: Q, withdrawn: Q, proposed: Q, using: str) -> Section:
    consents = scope.numbers(
        scope.consents(actor).using(using).filter(given | withdrawn),
        given=Count("pk", filter=given),
        withdrawn=Count("pk", filter=withdrawn),
    )
    share = Q(share=True)
    decisions = scope.numbers(
        scope.decisions(actor).using(using).filter(proposed),
        **{kind: Count("pk", filter=share & Q(kind=kind)) for kind in DecisionKind.values},
        not_shared=Count("pk", filter=~share),
        refused=Count("pk", filter=Q(state=DecisionState.REFUSED)),
        not_told=Count("pk", filter=Q(told=False)),
    )
    return Section(
        "What was shared",
        [
            ("Consents recorded", consents["given"]),
            ("Consents withdrawn", consents["withdrawn"]),
            *(
                (f"Decisions to share: {_short(kind.label)}", decisions[kind.value])
                for kind in DecisionKind
            ),
            ("Decisions not to share", decisions["not_shared"]),
            ("Decisions refused by the second person", decisions["refused"]),
            ("Decisions of which the young person was not told", decisions["not_told"]),
        ],
    )


def _reading(actor: Actor, entries: Entries, starts: Q, quarter: Quarter, using: str) -> Section:
    reads = entries.numbers()
    opened = scope.numbers(scope.break_glass(actor).using(using).filter(starts), times=Count("pk"))
    alerts = ReadingAlert.objects.filter(day__gte=quarter.first, day__lte=quarter.last)
    if isinstance(actor, Member):
        alerts = alerts.filter(agency_id=actor.agency_id).exclude(user_id=actor.user_id)
    return Section(
        "Who looked",
        [
            ("Times a record was shown", reads["times"]),
            ("People whose records were shown", reads["people"]),
            ("Users to whom they were shown", reads["users"]),
            ("Emergency accesses", opened["times"]),
            ("Alerts about unusual reading", _number(alerts)),
            ("Of those, answered", _number(alerts.exclude(answered_at=None))),
        ],
    )


def _checking(actor: Actor, drawn: Q, drawn_with: Q, asked: Q) -> Section:
    shares = scope.sampled(actor).filter(drawn_with)
    answers: QuerySet[CheckAnswer] = scope.answers(shares)
    complete = (
        answers.order_by().values("share").annotate(given=Count("pk")).filter(given=len(Question))
    )
    wrong = dict(
        answers.order_by()
        .filter(answer=Reply.NO)
        .values_list("question")
        .annotate(given=Count("pk"))
        .values_list("question", "given")
    )
    causes = scope.causes(actor).filter(asked)
    return Section(
        "What was checked",
        [
            ("Samples drawn", _number(scope.samples(actor).filter(drawn))),
            ("Shares in them", _number(shares)),
            ("Shares checked in full", len(complete)),
            *(
                (f"“{question.label}” answered with no", wrong.get(question.value, 0))
                for question in Question
            ),
            ("Looks for cause asked for", _number(causes)),
            ("Looks for cause approved", _number(causes.filter(state=CauseState.APPROVED))),
        ],
    )


def _finding(actor: Actor, raised: Q, closed: Q, ends: datetime) -> Section:
    findings = scope.findings(actor)
    left = findings.filter(raised_at__lt=ends).exclude(closed_at__lt=ends)
    return Section(
        "What was found",
        [
            ("Findings written", _number(findings.filter(raised))),
            ("Findings closed", _number(findings.filter(closed))),
            ("Findings open at the end", _number(left)),
            ("Of those, overdue", _number(left.filter(due_on__lt=min(ends.date(), today())))),
            ("Replied to and not closed", _number(findings.filter(state=FindingState.REPLIED))),
        ],
    )


def as_csv(agency: str, quarter: Quarter, parts: Iterable[Section]) -> str:
    """The numbers as a CSV whose cells no spreadsheet takes for formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Agency", "Quarter", "Part", "What", "Number"])
    for part in parts:
        for what, number in part.rows:
            cells = [agency, quarter.code, part.title, what]
            writer.writerow([*map(harmless, cells), number])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows rather than works out."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _number(found: QuerySet) -> int:  # type: ignore[type-arg]
    return found.order_by().count()


def _short(words: object) -> str:
    text = str(words).split(" (")[0].split(":")[0]
    return text[:1].lower() + text[1:]
