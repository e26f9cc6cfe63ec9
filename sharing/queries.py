"""Reading what is shared about a person, for those who may know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from access.actor import Member, NotVisible
from access.bases import LABELS as BASIS_LABELS
from access.bases import Basis
from access.categories import EVERY, LABELS, NONE, Category
from access.first import first_past, first_shown
from access.models import VisibleQuerySet
from access.reading import Sight, sights
from access.wall import passage
from agencies.models import Agency, User
from core.clock import LONDON, instant, today
from core.periods import live
from people.models import YoungPerson
from sharing import facts, withdrawal
from sharing.enums import DecisionKind, DecisionState
from sharing.gates import gate_open as gate_open  # Asked here by the rooms above.
from sharing.models import (
    Consent,
    ConsentLine,
    Involvement,
    LawfulBasis,
    ProcessingCondition,
    SharingDecision,
    SharingRound,
)
from sharing.recipients import agreed_with, key_of
from sharing.rules import NEVER_BY_GRID, refresh_reasons
from sharing.wording import CALLED

GRID: tuple[Category, ...] = tuple(
    category
    for category in Category
    if category not in NEVER_BY_GRID and category is not Category.POINTER
)
"""The columns of the grid."""

SHARES = (Basis.CONSENT, Basis.DECISION)


ON_GRID = (*SHARES, Basis.TEAM, Basis.COVER, Basis.TASK)
"""The bases whose involvements make up the grid."""

WORDS: dict[str, str] = {
    Basis.CONSENT: "Agreed",
    Basis.DECISION: "Decided",
    Basis.TEAM: "Team",
    Basis.COVER: "Cover",
    Basis.TASK: "Task",
}
"""A basis in a word."""

_MOST_WAITING = 100
"""So many decisions that wait are looked at."""


@dataclass(frozen=True, slots=True)
class Part:
    """One basis on which a cell is shared, and until when."""

    basis: str
    until: datetime | None
    effective: bool
    """Whether an agreement in force lets it have its effect."""

    @property
    def words(self) -> str:
        """The basis in a word."""
        return WORDS.get(self.basis, "Yes")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one recipient sees of one category: on which bases, until when."""

    category: Category
    parts: Sequence[Part] = ()

    @property
    def name(self) -> str:
        """What the category is called."""
        return LABELS[self.category]

    @property
    def called(self) -> str:
        """What the category is called to the young person."""
        return CALLED[self.category]

    @property
    def shared(self) -> bool:
        """Whether it is shared."""
        return bool(self.parts)

    @property
    def effective(self) -> bool:
        """Whether they see it by at least one of the bases."""
        return any(part.effective for part in self.parts)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of the grid: an agency, or one worker in it."""

    agency: Agency
    worker: User | None
    cells: Sequence[Cell]
    involvements: Sequence[Involvement]
    covered: bool
    """Whether an agreement in force lets anything of it have its effect."""
    lines: Sequence[ConsentLine] = ()
    """What can be taken back."""

    @property
    def key(self) -> str:
        """How an address names the recipient."""
        return key_of(self.agency.pk, self.worker.pk if self.worker else None)

    @property
    def why(self) -> list[str]:
        """On which bases."""
        return list(dict.fromkeys(BASIS_LABELS[row.basis] for row in self.involvements))

    @property
    def shared(self) -> list[Cell]:
        """The cells in which something is shared."""
        return [cell for cell in self.cells if cell.shared]


def sees_whole_grid(actor: Member, sight: Sight) -> bool:
    """Whether the actor sees all shares of a person: the lead agency's who see identity."""
    return sight.sees(Category.IDENTITY) and sight.lead_agency == actor.agency_id


def recipients(actor: Member, sight: Sight) -> list[Recipient]:
    """Who sees what now, a row for each recipient; to a partner only their own agency's.

    Not the lead worker, who sees all of it: a row for what they have to do would say less.
    """
    whole = sees_whole_grid(actor, sight)
    rows = Involvement.objects.visible_to(actor).filter(
        live(), person_id=sight.person_id, basis__in=(*ON_GRID, Basis.LEAD)
    )
    if not whole:
        rows = rows.filter(agency_id=actor.agency_id).filter(
            Q(worker_id=None) | Q(worker_id=actor.user_id)
        )
    grouped: dict[tuple[UUID, UUID | None], list[Involvement]] = {}
    found_rows = list(
        rows.select_related("agency", "worker").order_by("agency__name", "starts", "pk")
    )
    leading = {row.worker_id for row in found_rows if row.basis == Basis.LEAD}
    for row in found_rows:
        if row.basis == Basis.LEAD or (row.basis == Basis.TASK and row.worker_id in leading):
            continue
        # That there is an enforcement task is itself enforcement information.
        if row.basis == Basis.TASK and not row.categories <= sight.answer.visible:
            continue
        grouped.setdefault((row.agency_id, row.worker_id), []).append(row)
    lead = sight.lead_agency
    agreed = agreed_with(lead) if lead else {}
    lines = _open_lines_of(actor, sight) if whole else {}
    found = []
    for key, involvements in grouped.items():
        allowed = EVERY if key[0] == lead else agreed.get(str(key[0]), NONE)
        cells = [_cell(category, involvements, allowed) for category in GRID]
        found.append(
            Recipient(
                agency=involvements[0].agency,
                worker=involvements[0].worker,
                cells=cells,
                involvements=involvements,
                covered=any(row.one_off or row.categories & allowed for row in involvements),
                lines=lines.get(key, ()),
            )
        )
    return found


def columns(found: Sequence[Recipient]) -> list[str]:
    """The names of the columns that the rows have."""
    return [cell.name for cell in found[0].cells] if found else []


def _open_lines_of(
    actor: Member, sight: Sight
) -> dict[tuple[UUID, UUID | None], list[ConsentLine]]:
    found: dict[tuple[UUID, UUID | None], list[ConsentLine]] = {}
    rows = ConsentLine.objects.visible_to(actor).filter(
        person_id=sight.person_id, ended_at=None, until__gt=instant()
    )
    for line in rows.select_related("consent").order_by("consent__given_at", "pk"):
        found.setdefault((line.agency_id, line.worker_id), []).append(line)
    return found


def consents(actor: Member, sight: Sight) -> list[Consent]:
    """The consents of a person, for those who see the whole grid."""
    if not sees_whole_grid(actor, sight) or not sight.shows(Category.IDENTITY):
        return []
    return list(
        Consent.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .annotate(opens=Count("lines", filter=Q(lines__ended_at=None, lines__until__gt=instant())))
        .select_related("recorded_by")
        .order_by("-given_at", "-pk")
    )


def load_consent(actor: Member, key: UUID) -> tuple[Consent, Sight]:
    """A consent, for the lead agency's. Raises NotVisible for any other and none alike."""
    return _load(actor, Consent.objects.visible_to(actor).select_related("recorded_by"), key)


@dataclass(frozen=True, slots=True)
class AskAgain:
    """A consent that has to be asked for again, and why."""

    consent: Consent
    reasons: Sequence[str]


def to_ask_again(actor: Member, sight: Sight, person: YoungPerson) -> list[AskAgain]:
    """The consents that still open something and are too old: a birthday, or twelve months."""
    if not sight.shows(Category.IDENTITY):
        return []
    rows = (
        Consent.objects.visible_to(actor)
        .filter(person_id=sight.person_id, lines__ended_at=None, lines__until__gt=instant())
        .distinct()
        .order_by("given_at", "pk")
    )
    found = []
    for row in rows:
        given_on = row.given_at.astimezone(LONDON).date()
        reasons = refresh_reasons(given_on=given_on, born=person.date_of_birth, today=today())
        if reasons:
            found.append(AskAgain(row, reasons))
    return found


def open_lines(actor: Member, consent: Consent) -> list[ConsentLine]:
    """The lines of a consent, loaded by `load_consent`, that have not been taken back."""
    return list(
        ConsentLine.objects.visible_to(actor)
        .filter(consent=consent, ended_at=None)
        .select_related("agency", "worker", "involvement")
        .order_by("pk")
    )


def withdrawal_plan(
    consent: Consent, line: ConsentLine | None, lines: Sequence[ConsentLine]
) -> withdrawal.Plan:
    """What taking back a consent, or one line of it, would do now."""
    ending = [row for row in lines if line is None or row.pk == line.pk]
    return withdrawal.plan(withdrawal.situation(consent, ending))


def decisions(actor: Member, sight: Sight) -> list[SharingDecision]:
    """The sharing decisions about a person, for those who see the whole grid."""
    if not sees_whole_grid(actor, sight) or not sight.shows(Category.IDENTITY):
        return []
    return list(
        SharingDecision.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .select_related("agency", "worker", "lawful_basis", "proposed_by", "decided_by")
        .order_by("-proposed_at", "-pk")
    )


def load_decision(actor: Member, key: UUID) -> tuple[SharingDecision, Sight]:
    """A decision, for the lead agency's. Raises NotVisible for any other and none alike."""
    related = ("agency", "worker", "lawful_basis", "proposed_by", "involvement")
    rows = SharingDecision.objects.visible_to(actor).select_related(*related)
    return _load(actor, rows, key)


def waiting_for_approval(actor: Member, *, limit: int) -> tuple[list[SharingDecision], bool]:
    """Decisions proposed in the actor's agency's cases, that somebody else must decide.

    Those that act already, then the oldest, and whether there are more. The partners of a round
    are approved together, on one page: of each round the first stands for all.
    """
    urgent = Q(kind=DecisionKind.URGENT)
    rows: list[tuple[SharingDecision, Sight]] = []
    for kind in (urgent, ~urgent):
        proposed = kind & Q(state=DecisionState.PROPOSED)
        rows += _in_own_cases(actor, proposed, "proposed_at", but=len(rows))
    rounds: set[UUID] = set()
    found = []
    for decision, seen in rows:
        if decision.round_id in rounds:
            continue
        if decision.round_id is not None:
            rounds.add(decision.round_id)
        found.append((decision, seen))
    beyond = len(rows) > _MOST_WAITING
    return first_shown(found, Category.IDENTITY, limit=limit, beyond=beyond)


def bases_for(person_id: UUID, actor: Member) -> list[LawfulBasis]:
    """The lawful bases in force today that the agency that shares may use."""
    sharing_agency = facts.lead_agency(person_id) or actor.agency_id
    kind = Agency.objects.values_list("kind", flat=True).get(pk=sharing_agency)
    rows = LawfulBasis.objects.filter(in_force())
    return [row for row in rows if not row.who or kind in row.who]


def conditions_in_force() -> list[ProcessingCondition]:
    """The conditions for sensitive information that may be used today."""
    return list(ProcessingCondition.objects.filter(in_force()))


def in_force() -> Q:
    """The condition that a row of a register holds today."""
    day: date = today()
    return Q(effective_from__lte=day) & (Q(effective_to=None) | Q(effective_to__gt=day))


def load_round(actor: Member, key: UUID) -> tuple[SharingRound, Sight]:
    """A round, for the lead agency's. Raises NotVisible for any other and none alike."""
    rows = SharingRound.objects.visible_to(actor).select_related("proposed_by")
    return _load(actor, rows, key)


def _load(actor: Member, rows: VisibleQuerySet, key: UUID) -> tuple[Any, Sight]:
    """One row of the whole grid, with what the actor sees of its person."""
    row = rows.filter(pk=key).select_related("person").first()
    if row is None:
        raise NotVisible
    sight = sights(actor, [row.person_id])[row.person_id]
    if not sees_whole_grid(actor, sight) or not sight.shows(Category.IDENTITY):
        raise NotVisible
    return row, sight


def routine_now(actor: Member, sight: Sight) -> list[SharingDecision]:
    """The routine shares of a plan that are in force now."""
    return [
        row
        for row in decisions(actor, sight)
        if row.kind == DecisionKind.ROUTINE
        and row.state == DecisionState.APPROVED
        and row.ended_at is None
        and row.until > instant()
    ]


def reviews_waiting(actor: Member, *, limit: int) -> tuple[list[SharingDecision], bool]:
    """One-off shares of the actor's agency's cases whose review is due within a week, or late.

    So many of them, and whether there are more.
    """
    due = Q(reviewed_at=None, review_by__lte=instant() + timedelta(days=7))
    rows = _in_own_cases(actor, due & ~Q(state=DecisionState.PROPOSED), "review_by")
    return first_shown(rows, Category.IDENTITY, limit=limit, beyond=len(rows) > _MOST_WAITING)


_WAITING = passage(
    "sharing.waiting", "what waits in an agency's own cases; the rule decides about each before any"
)


def _in_own_cases(
    actor: Member, which: Q, by: str, *, but: int = 0
) -> list[tuple[SharingDecision, Sight]]:
    """The first of these decisions that somebody else has proposed about whom the agency leads.

    Those that may be shown, by this date; so many as are looked at, but for those there are.
    """
    most = _MOST_WAITING + 1 - but
    if most <= 0:
        return []
    identity = (Category.IDENTITY,)
    return first_past(
        _WAITING,
        actor,
        SharingDecision,
        "person",
        "agency",
        "proposed_by",
        narrow=lambda rows: (
            rows.filter(which, facts.led_by(actor.agency_id))
            .exclude(proposed_by_id=actor.user_id)
            .order_by(by, "pk")
        ),
        categories=lambda _: identity,
        most=most,
    )


def _cell(category: Category, found: Sequence[Involvement], allowed: frozenset[Category]) -> Cell:
    return Cell(
        category,
        [
            Part(row.basis, row.ends, row.one_off or category in allowed)
            for row in found
            if category in row.categories
        ],
    )
