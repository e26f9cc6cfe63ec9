"""The one rule: what may this actor see and write of this person at this instant?

Pure: no database, no clock, no settings. The English in the access design decides; this
is its Python form. `sharing.rule_sql` is its SQL form, and both are tested against an
oracle that shares no code with them.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from access import bases
from access.bases import OPENINGS, Basis
from access.categories import EVERY, NONE, Category
from access.facts import InvolvementFact, World
from access.roles import MAY_EVER_SEE, WORKERS, Role

logger = logging.getLogger(__name__)

GRACE = timedelta(hours=14 * 24)
"""How long team and cover keep pointer and safety after an agreement has ended."""

STEP_UP = timedelta(minutes=5)
"""How long a re-authentication opens a safe address."""

_GRACE_CATEGORIES = frozenset({Category.POINTER, Category.SAFETY})
BREAK_GLASS = frozenset({Category.POINTER, Category.IDENTITY, Category.CONTACT, Category.SAFETY})
DUTY = frozenset({Category.POINTER, Category.CONTACT, Category.SAFETY})
_POINTER = frozenset({Category.POINTER})
_SAFE_ADDRESS = frozenset({Category.SAFE_ADDRESS})
_TASKS = frozenset({Category.TASKING, Category.ENFORCEMENT})


_IMPLIED = frozenset({"implied"})
_WHY = {basis: basis.value for basis in Basis}

Opening = tuple[str, frozenset[Category]]
"""A basis, or "duty", and what it opens."""
Effective = Sequence[tuple[InvolvementFact, Basis, frozenset[Category]]]
"""The involvements that count, each with what is left of its categories."""


class Forbid(StrEnum):
    """What empties the answer whatever else holds."""

    USER_INACTIVE = "user_inactive"
    AGENCY_INACTIVE = "agency_inactive"
    MEMBERSHIP_NOT_LIVE = "membership_not_live"
    BARRED = "barred"
    UNKNOWN_ROLE = "unknown_role"
    SECONDMENT_NOT_COVERED = "secondment_not_covered"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is visible, what may be written, whether the shares are this auditor's, and why."""

    visible: frozenset[Category] = NONE
    write: frozenset[Category] = NONE
    auditable: bool = False
    opened: tuple[Opening, ...] | None = ()
    """What opened what, as far as the role may ever see it; none where nobody worked it out."""
    forbids: tuple[str, ...] = ()
    """On an empty answer: each forbid that holds, or else "restricted" or "nothing_opens"."""
    lead_agency: str | None = None
    """Who answers for the person, for whoever sees anything of them."""

    @property
    def reasons(self) -> Mapping[Category, frozenset[str]]:
        """For each visible category: the bases that opened it, "duty", or else "implied".

        Raises LookupError where nobody worked it out.
        """
        if self.opened is None:
            raise LookupError("What is seen was judged for a list, without the reasons.")
        return {
            category: frozenset(why for why, opened in self.opened if category in opened)
            or _IMPLIED
            for category in self.visible
        }

    def to_json(self) -> dict[str, object]:
        """The answer in the form that `manage.py decide` prints."""
        reasons = {str(category): sorted(whys) for category, whys in sorted(self.reasons.items())}
        return {
            "visible": sorted(self.visible),
            "write": sorted(self.write),
            "auditable": self.auditable,
            "reasons": reasons if self.visible else {"forbid": sorted(self.forbids)},
        }


def decide(world: World) -> Answer:
    """What the actor of this world may see and write of its person.

    An exception inside the rule is a no, never a yes.
    """
    try:
        return _decide(world)
    except Exception:
        # The facts themselves are personal: the log tells that, not what.
        logger.exception("The access rule failed; nothing is shown")
        return Answer(forbids=("nothing_opens",))


def decide_each(worlds: Iterable[World]) -> Iterator[Answer]:
    """What `decide` answers in each of some worlds, asked once of those that it can't tell apart.

    Meant for the many people of one agency and one young person, whose worlds share their
    lists of involvements and agreements.
    """
    # With the world, so that no other list takes the place of one of its own meanwhile.
    answers: dict[Hashable, tuple[World, Answer]] = {}
    for world in worlds:
        alike = _alike(world)
        if alike not in answers:
            answers[alike] = world, decide(world)
        yield answers[alike][1]


def _alike(world: World) -> Hashable:
    """All by which the rule can tell this world from others: of a user no more than whether
    anything names them."""
    actor, person = world.actor, world.person
    named = actor.user in person.barred or any(
        fact.worker == actor.user for fact in world.involvements
    )
    return (
        world.at,
        person,
        id(world.involvements),
        id(world.agreements),
        actor.user if named else None,
        actor.user_active,
        actor.agency,
        actor.agency_active,
        actor.role,
        is_live(world.at, actor.starts, actor.ends),
        actor.home_agency,
        actor.on_duty,
        actor.stepped_up_at,
    )


def is_live(at: datetime, starts: datetime, ends: datetime | None) -> bool:
    """Whether the half-open interval from `starts` to `ends` holds `at`."""
    return starts <= at and (ends is None or at < ends)


def _decide(world: World) -> Answer:
    actor, person = world.actor, world.person
    forbids = tuple(_forbids(world))
    auditable = _is_auditable(world, forbids)
    if forbids or actor.role is None:
        return Answer(auditable=auditable, forbids=forbids)

    effective = list(_effective(world))
    opened = _opened(world, effective)

    allowed = MAY_EVER_SEE[actor.role]
    if _is_seconded(world):
        assert actor.home_agency is not None
        allowed &= _POINTER | _agreed(world, actor.agency, actor.home_agency)
    left = tuple((why, categories & allowed) for why, categories in opened)
    visible = NONE.union(*(categories for _, categories in left))
    if Category.SAFE_ADDRESS in visible and not _shows_safe_address(world, effective):
        visible -= _SAFE_ADDRESS
    if visible or _has_card(world, effective):
        visible |= _POINTER
    if not visible:
        return Answer(
            auditable=auditable,
            forbids=("restricted" if person.restricted else "nothing_opens",),
        )
    return Answer(
        visible=visible,
        write=_writable(world, effective, opened, visible),
        auditable=auditable,
        opened=left,
        lead_agency=person.lead_agency,
    )


def _forbids(world: World) -> Iterator[Forbid]:
    actor = world.actor
    if not actor.user_active:
        yield Forbid.USER_INACTIVE
    if not actor.agency_active:
        yield Forbid.AGENCY_INACTIVE
    if not is_live(world.at, actor.starts, actor.ends):
        yield Forbid.MEMBERSHIP_NOT_LIVE
    if actor.user in world.person.barred:
        yield Forbid.BARRED
    if actor.role is None:
        yield Forbid.UNKNOWN_ROLE
    if _is_seconded(world) and not any(
        {actor.agency, actor.home_agency} <= agreement.parties
        and not agreement.suspended
        and is_live(world.at, agreement.starts, agreement.ends)
        for agreement in world.agreements
    ):
        yield Forbid.SECONDMENT_NOT_COVERED


def _is_seconded(world: World) -> bool:
    home = world.actor.home_agency
    return home is not None and home != world.actor.agency


def _agreed(world: World, one: str, other: str | None) -> frozenset[Category]:
    """The categories of the agreements in force between two agencies."""
    categories = NONE
    for agreement in world.agreements:
        if (
            one in agreement.parties
            and other in agreement.parties
            and not agreement.suspended
            and is_live(world.at, agreement.starts, agreement.ends)
        ):
            categories |= agreement.categories
    return categories


def _graced(world: World) -> frozenset[Category]:
    """What agreements with the lead agency still carry in the 14 days after their end."""
    actor, lead = world.actor.agency, world.person.lead_agency
    categories = NONE
    for agreement in world.agreements:
        if (
            actor in agreement.parties
            and lead in agreement.parties
            and not agreement.suspended
            and agreement.ends is not None
            and agreement.starts < agreement.ends <= world.at
            and world.at - agreement.ends < GRACE
        ):
            categories |= agreement.categories & _GRACE_CATEGORIES
    return categories


def _effective(world: World) -> Iterator[tuple[InvolvementFact, Basis, frozenset[Category]]]:
    """The involvements of the actor's agency that count now, with what is left of each."""
    agency, lead = world.actor.agency, world.person.lead_agency
    agreed = EVERY if agency == lead else _agreed(world, agency, lead)
    graced = NONE if agency == lead else _graced(world)
    for fact in world.involvements:
        basis = fact.basis
        if fact.agency != agency or basis is None or not is_live(world.at, fact.starts, fact.ends):
            continue
        categories = fact.categories
        one_off = basis is Basis.DECISION and fact.one_off
        if OPENINGS[basis].needs_agreement and not one_off:
            categories &= agreed | graced if basis in bases.GRACE else agreed
        if basis is Basis.RECORD and agency != lead:
            continue
        if basis is Basis.BREAK_GLASS:
            categories &= BREAK_GLASS
        if categories:
            yield fact, basis, categories


def held_by_agency(world: World) -> frozenset[Category]:
    """What the actor's agency as a whole may know of the person now: all of it where it leads.

    Not what was opened in an emergency, or to its auditors. It bounds what an auditor may
    have opened; it opens nothing to anybody.
    """
    if world.actor.agency == world.person.lead_agency:
        return EVERY
    held = (
        categories for _, basis, categories in _effective(world) if basis not in bases.NOT_AUDITABLE
    )
    return NONE.union(*held)


def _opens(world: World, fact: InvolvementFact, basis: Basis) -> bool:
    """Whether this effective involvement opens to this actor."""
    actor, opening = world.actor, OPENINGS[basis]
    named = fact.worker == actor.user
    if (actor.role is Role.AUDITOR) != (basis is Basis.AUDIT_SAMPLE):
        return False
    if world.person.restricted:
        # By the table *and* by name: a name alone opens every basis of the table.
        return named
    return (
        named
        or (opening.to_managers and actor.role is Role.MANAGER)
        or (opening.to_whole_agency and fact.worker is None)
        or (opening.to_duty and actor.on_duty)
    )


def _opened(world: World, effective: Effective) -> list[Opening]:
    """What each of these involvements opens to this actor, and what being on duty does."""
    opened = [
        (_WHY[basis], categories)
        for fact, basis, categories in effective
        if _opens(world, fact, basis)
    ]
    actor, person = world.actor, world.person
    if (
        actor.on_duty
        and actor.role in WORKERS
        and not person.restricted
        and person.lead_agency == actor.agency
        and any(basis is Basis.LEAD for _, basis, _ in effective)
    ):
        opened.append(("duty", DUTY))
    return opened


def is_stepped_up(since: datetime | None, at: datetime) -> bool:
    """Whether a session that re-authenticated then has done so in the last five minutes."""
    return since is not None and timedelta(0) <= at - since < STEP_UP


def _shows_safe_address(world: World, effective: Effective) -> bool:
    if not is_stepped_up(world.actor.stepped_up_at, world.at):
        return False
    return any(
        basis in bases.SAFE_ADDRESS
        and fact.worker == world.actor.user
        and Category.SAFE_ADDRESS in categories
        for fact, basis, categories in effective
    )


def _has_card(world: World, effective: Effective) -> bool:
    """Whether the actor sees the "exists, ask the lead worker" card."""
    return (
        world.actor.role in WORKERS
        and not world.person.restricted
        and any(basis not in bases.NO_CARD for _, basis, _ in effective)
    )


def _writable(
    world: World,
    effective: Effective,
    opened: Iterable[Opening],
    visible: frozenset[Category],
) -> frozenset[Category]:
    actor, person = world.actor, world.person
    if actor.role not in WORKERS:
        return NONE
    if (
        actor.role is Role.MANAGER
        and person.lead_agency == actor.agency
        and any(basis in bases.MANAGED_WRITE for _, basis, _ in effective)
    ):
        return visible
    write = {Category.SAFE_ADDRESS}
    for fact, basis, categories in effective:
        named = fact.worker == actor.user and basis in bases.NAMED_WRITE
        on_duty = basis is Basis.INTAKE and actor.on_duty and not person.restricted
        if named or on_duty:
            write |= categories
    for why, categories in opened:
        if why in bases.TASKING_WRITE:
            write |= categories & _TASKS
        if why == "duty":
            write.add(Category.SAFETY)
    return visible & write


def _is_auditable(world: World, forbids: tuple[Forbid, ...]) -> bool:
    actor, person = world.actor, world.person
    if actor.role is not Role.AUDITOR or forbids:
        return False
    return person.lead_agency == actor.agency or any(
        fact.agency == actor.agency
        and fact.basis is not None
        and fact.basis not in bases.NOT_AUDITABLE
        and fact.starts <= world.at
        for fact in world.involvements
    )
