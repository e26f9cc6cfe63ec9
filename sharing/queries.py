"""Reading what is shared about a person, for those who may know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from access.actor import Member, NotVisible
from access.bases import LABELS as BASIS_LABELS
from access.bases import Basis
from access.categories import LABELS, Category
from access.models import VisibleQuerySet
from access.reading import Sight, sights
from agencies.models import Agency, Membership
from core.clock import instant, today
from core.periods import live
from sharing import facts
from sharing.models import Consent, Involvement, LawfulBasis, SharingDecision
from sharing.rules import NEVER_BY_GRID

GRID: tuple[Category, ...] = tuple(
    category
    for category in Category
    if category not in NEVER_BY_GRID and category is not Category.POINTER
)
"""The columns of the grid."""

SHARES = (Basis.CONSENT, Basis.DECISION)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one recipient sees of one category, until when, on which basis."""

    category: Category
    basis: str = ""
    until: datetime | None = None

    @property
    def shared(self) -> bool:
        """Whether it is shared."""
        return bool(self.basis)

    @property
    def words(self) -> str:
        """The basis in a word."""
        words = {"consent": "Agreed", "decision": "Decided", "team": "Team", "cover": "Cover"}
        return words.get(self.basis, "Yes")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of the grid: an agency, or one worker in it."""

    agency: Agency
    worker: object
    cells: Sequence[Cell]
    involvements: Sequence[Involvement]
    covered: bool
    """Whether an agreement in force lets the share have its effect."""

    @property
    def why(self) -> list[str]:
        """On which bases."""
        return list(dict.fromkeys(BASIS_LABELS[row.basis] for row in self.involvements))

    @property
    def shared(self) -> list[str]:
        """What is shared, by name."""
        return [LABELS[cell.category] for cell in self.cells if cell.shared]


def sees_whole_grid(actor: Member, sight: Sight) -> bool:
    """Whether the actor sees all shares of a person: the lead agency's who see identity."""
    return facts.lead_agency(sight.person_id) == actor.agency_id and sight.sees(Category.IDENTITY)


def recipients(actor: Member, sight: Sight) -> list[Recipient]:
    """Who sees what now, a row for each recipient; to a partner only their own agency's."""
    rows = Involvement.objects.visible_to(actor).filter(
        live(), person_id=sight.person_id, basis__in=[*SHARES, Basis.TEAM, Basis.COVER]
    )
    if not sees_whole_grid(actor, sight):
        rows = rows.filter(agency_id=actor.agency_id).filter(
            Q(worker_id=None) | Q(worker_id=actor.user_id)
        )
    grouped: dict[tuple[UUID, UUID | None], list[Involvement]] = {}
    for row in rows.select_related("agency", "worker").order_by("agency__name", "starts", "pk"):
        grouped.setdefault((row.agency_id, row.worker_id), []).append(row)
    lead = facts.lead_agency(sight.person_id)
    partners = covered_partners(lead) if lead else set()
    return [
        Recipient(
            agency=found[0].agency,
            worker=found[0].worker,
            cells=[_cell(category, found) for category in GRID],
            involvements=found,
            covered=found[0].agency_id == lead
            or str(found[0].agency_id) in partners
            or any(row.one_off for row in found),
        )
        for found in grouped.values()
    ]


def covered_partners(agency_id: UUID) -> set[str]:
    """The agencies with which an agreement is in force now."""
    partners: set[str] = set()
    for agreement in facts.agreement_facts(agency_id):
        if (
            not agreement.suspended
            and agreement.starts <= instant()
            and (agreement.ends is None or instant() < agreement.ends)
        ):
            partners |= agreement.parties
    return partners


def consents(actor: Member, sight: Sight) -> list[Consent]:
    """The consents of a person, for those who see the whole grid."""
    if not sees_whole_grid(actor, sight) or not sight.shows(Category.IDENTITY):
        return []
    return list(
        Consent.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .select_related("recorded_by")
        .order_by("-given_at", "-pk")
    )


def load_consent(actor: Member, key: UUID) -> tuple[Consent, Sight]:
    """A consent, for the lead agency's. Raises NotVisible for any other and none alike."""
    consent = (
        Consent.objects.visible_to(actor)
        .filter(pk=key)
        .select_related("person", "recorded_by")
        .first()
    )
    if consent is None:
        raise NotVisible
    sight = sights(actor, [consent.person_id])[consent.person_id]
    if not sees_whole_grid(actor, sight) or not sight.shows(Category.IDENTITY):
        raise NotVisible
    return consent, sight


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
    decision = (
        SharingDecision.objects.visible_to(actor)
        .filter(pk=key)
        .select_related("person", "agency", "worker", "lawful_basis", "proposed_by", "involvement")
        .first()
    )
    if decision is None:
        raise NotVisible
    sight = sights(actor, [decision.person_id])[decision.person_id]
    if not sees_whole_grid(actor, sight) or not sight.shows(Category.IDENTITY):
        raise NotVisible
    return decision, sight


def waiting_for_approval(actor: Member) -> list[SharingDecision]:
    """Decisions proposed in the actor's agency's cases, that somebody else must decide."""
    waiting: VisibleQuerySet = (
        SharingDecision.objects.visible_to(actor)
        .filter(state="proposed", person__lead_agencies__agency_id=actor.agency_id)
        .filter(live(prefix="person__lead_agencies__"))
        .exclude(proposed_by_id=actor.user_id)
        .select_related("person", "agency", "proposed_by")
        .order_by("proposed_at", "pk")
    )
    found = list(waiting[:100])
    seen = sights(actor, {decision.person_id for decision in found})
    return [decision for decision in found if seen[decision.person_id].shows(Category.IDENTITY)]


def possible_recipients(actor: Member) -> list[Membership]:
    """Workers of agencies with which an agreement is in force, and of the actor's own."""
    partners = {UUID(partner) for partner in covered_partners(actor.agency_id)}
    return list(
        Membership.objects.live()
        .filter(
            live(prefix="user__activities__"),
            agency_id__in=partners | {actor.agency_id},
            role__in=["practitioner", "clinician", "manager"],
        )
        .exclude(user_id=actor.user_id)
        .select_related("user", "agency")
        .order_by("agency__name", "user__name", "pk")
    )


def other_agencies(actor: Member) -> list[Agency]:
    """Every other agency that works here: a decision may reach one without an agreement."""
    return list(Agency.objects.filter(live(prefix="activities__")).exclude(pk=actor.agency_id))


def bases_in_force() -> list[LawfulBasis]:
    """The lawful bases that may be used today."""
    day: date = today()
    return list(
        LawfulBasis.objects.filter(effective_from__lte=day).filter(
            Q(effective_to=None) | Q(effective_to__gt=day)
        )
    )


def _cell(category: Category, found: Sequence[Involvement]) -> Cell:
    carrying = [row for row in found if category in row.categories]
    if not carrying:
        return Cell(category)
    latest = max(carrying, key=lambda row: (row.ends is None, row.ends or row.starts))
    return Cell(category, latest.basis, latest.ends)
