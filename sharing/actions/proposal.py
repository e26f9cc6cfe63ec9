"""Writing a sharing decision down: its grounds are checked, and nothing opens yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from access.actor import Actor, Member
from access.bases import Basis
from access.categories import NONE, Category, to_bits
from access.reading import require_write
from agencies.actions import notice
from agencies.models import Agency
from agencies.queries import managers, require, workers
from audit import trail
from core.clock import instant, today
from core.errors import Invalid
from people.models import YoungPerson
from sharing import facts
from sharing.enums import DecisionKind, DecisionState
from sharing.models import (
    Involvement,
    LawfulBasis,
    ProcessingCondition,
    SharingDecision,
    SharingRound,
)
from sharing.recipients import agreed_with
from sharing.rules import (
    ONE_OFF_REVIEW,
    URGENT_REVIEW,
    ChosenCondition,
    check_decision,
    decision_warnings,
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what a share rests, and why: the same for every partner of a round."""

    lawful_basis: LawfulBasis
    necessity: str
    proportionality: str = ""
    condition: str = ""
    conditions: Sequence[str] = ()
    limb: str = ""
    at_risk_reason: str = ""
    told: bool = True
    not_told_reason: str = ""


def write(
    *,
    person: YoungPerson,
    share: bool,
    kind: str,
    agency: Agency,
    worker_id: UUID | None,
    categories: Iterable[Category],
    grounds: Grounds,
    until: datetime,
    part_of: SharingRound | None = None,
    by: Actor,
) -> SharingDecision:
    """Write a decision down without opening anything. Within another action's transaction."""
    member = require(by, "propose_share")
    wanted = frozenset(categories)
    require_write(by, person.pk, Category.POINTER, *(wanted if share else ()))
    _check(person, share, kind, wanted, grounds, until)
    _check_basis(person, share, agency, wanted, grounds.lawful_basis, member)
    if worker_id == member.user_id:
        raise Invalid(worker="Somebody else has to propose sharing with you")
    if worker_id is not None and not workers(agency.pk).filter(user_id=worker_id).exists():
        raise Invalid(worker="This worker is not at that agency now")
    theirs = workers(agency.pk).filter(user_id=member.user_id)
    if share and kind == DecisionKind.URGENT and theirs.exists():
        # It acts before anybody else has looked: so not for where they have another hat.
        raise Invalid(agency="Somebody else has to propose sharing with where you work too")
    covered = is_covered(person.pk, agency.pk, wanted)
    decision = SharingDecision(
        person=person,
        share=share,
        kind=kind,
        agency=agency,
        worker_id=worker_id,
        categories=wanted,
        **{one.name: getattr(grounds, one.name) for one in fields(grounds)},
        until=until,
        state=DecisionState.PROPOSED if share else DecisionState.RECORDED,
        proposed_by_id=member.user_id,
        proposed_at=instant(),
        round=part_of,
        warned=warnings(person=person, share=share, kind=kind, agency=agency, categories=wanted),
        review_by=_review_by(share, kind, covered),
    ).sealed_save(force_insert=True)
    trail.record(
        by,
        "sharing_decision.proposed" if share else "sharing_decision.not_shared",
        subject=decision,
        person_id=person.pk,
        categories=to_bits(wanted),
        values={"necessity": grounds.necessity, "told": grounds.told, "until": until},
        detail={"agency": agency, "kind": kind, "basis": grounds.lawful_basis.code},
    )
    return decision


def warnings(
    *,
    person: YoungPerson,
    share: bool,
    kind: str,
    agency: Agency,
    categories: Iterable[Category],
) -> list[str]:
    """What a careful worker would think about before proposing this."""
    wanted = frozenset(categories)
    involved = (
        Involvement.rows.live()
        .filter(person=person, agency=agency)
        .exclude(basis__in=[Basis.BREAK_GLASS, Basis.AUDIT_SAMPLE])
    )
    return decision_warnings(
        share=share,
        kind=kind,
        categories=wanted,
        recipient_kind=agency.kind,
        has_role=involved.exists(),
        covered=is_covered(person.pk, agency.pk, wanted),
    )


def is_covered(person_id: UUID, agency_id: UUID, categories: frozenset[Category]) -> bool:
    """Whether agreements in force let an agency see all of this of a person now."""
    lead = facts.lead_agency(person_id)
    return lead is not None and (
        lead == agency_id or categories <= agreed_with(lead).get(str(agency_id), NONE)
    )


def tell_managers(by: Actor, person_id: UUID, about: UUID) -> None:
    """Tell the managers who decide, those of the lead agency, that something waits.

    Never the actor, who may be a partner's on the team.
    """
    assert isinstance(by, Member)
    lead = facts.lead_agency(person_id) or by.agency_id
    waiting = managers(lead).exclude(user_id=by.user_id)
    notice.tell(
        waiting.values_list("user_id", flat=True), "approval_wanted", path="/", about=str(about)
    )


def _review_by(share: bool, kind: str, covered: bool) -> datetime | None:
    if share and kind == DecisionKind.URGENT:
        return instant() + URGENT_REVIEW
    if share and kind == DecisionKind.ONE_OFF and not covered:
        return instant() + ONE_OFF_REVIEW
    return None


def _check(
    person: YoungPerson,
    share: bool,
    kind: str,
    categories: frozenset[Category],
    grounds: Grounds,
    until: datetime,
) -> None:
    day = today()
    register = {
        row.code: row
        for row in ProcessingCondition.objects.filter(code__in=list(grounds.conditions))
        if row.effective_from is not None
        and row.effective_from <= day
        and (row.effective_to is None or day < row.effective_to)
    }
    if unknown := set(grounds.conditions) - register.keys():
        raise Invalid(conditions=f"This condition is not in force: {sorted(unknown)[0]}")
    check_decision(
        share=share,
        kind=kind,
        categories=categories,
        condition=grounds.condition,
        told=grounds.told,
        not_told_reason=grounds.not_told_reason,
        until=until,
        at=instant(),
        necessity=grounds.necessity,
        conditions=[
            ChosenCondition(row.special, row.offence, row.needs_limb) for row in register.values()
        ],
        limb=grounds.limb,
        at_risk_reason=grounds.at_risk_reason,
        age=person.age_on(day),
    )


def _check_basis(
    person: YoungPerson,
    share: bool,
    agency: Agency,
    categories: frozenset[Category],
    basis: LawfulBasis,
    member: Member,
) -> None:
    """Raise Invalid for a lawful basis that is not in force, or not open to such a share.

    Who may *use* it is the agency that shares, which is the lead agency; some bases name to
    whom they reach as well. What is not shared was asked for on somebody else's basis.
    """
    day = today()
    if basis.effective_from is None or basis.effective_from > day:
        raise Invalid(lawful_basis="This lawful basis is not in force yet")
    if basis.effective_to is not None and basis.effective_to <= day:
        raise Invalid(lawful_basis="This lawful basis is no longer in force")
    if not share:
        return
    sharing_agency = facts.lead_agency(person.pk) or member.agency_id
    kind = Agency.objects.values_list("kind", flat=True).get(pk=sharing_agency)
    if basis.who and kind not in basis.who:
        raise Invalid(lawful_basis="This lawful basis is not open to your kind of agency")
    if basis.to and agency.kind not in basis.to:
        raise Invalid(lawful_basis="This lawful basis does not reach that kind of agency")
    if not categories <= basis.categories:
        raise Invalid(lawful_basis="This lawful basis does not carry all that you chose")
