"""What a withdrawal would do, worked out before it is done.

`plan` is pure. The page shows it, and the action carries out the very same: it works the
plan out again under lock, and refuses when the mark is not that of the plan that was
shown. "Who loses what" is the one rule, asked before and after.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from access.bases import Basis
from access.categories import NONE, Category, from_bits, to_bits
from access.facts import World
from access.roles import WORKERS, Role
from access.rule import decide_each
from audit.models import AccessRecord
from core.clock import instant
from sharing import endings, facts
from sharing.endings import Effect
from sharing.models import Consent, ConsentLine, Involvement

PRINTED = frozenset({"print_plan"})
"""Routes whose answers are meant for paper."""


@dataclass(frozen=True, slots=True)
class Share:
    """One recipient's part in a consent, or another involvement beside it."""

    row: UUID
    """The line that ends, or the involvement that goes on."""
    involvement: UUID
    agency: UUID
    worker: UUID | None
    basis: str
    categories: frozenset[Category]
    starts: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody of a recipient's agency: the facts about them as they are, and without it."""

    user: UUID
    agency: UUID
    manages: bool
    before: World
    after: World


@dataclass(frozen=True, slots=True)
class Look:
    """What one user has read since the share began."""

    user: UUID
    agency: UUID
    categories: frozenset[Category]
    last_at: datetime
    ways: frozenset[str]
    """`page`, `paper` or `system` (by a token of the API)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the plan depends on."""

    at: datetime
    ending: tuple[Share, ...]
    beside: tuple[Share, ...]
    watches: tuple[Watch, ...]
    effects: tuple[Effect, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """Who loses which categories, the pointer included when nothing is left."""

    user: UUID
    agency: UUID
    categories: frozenset[Category]
    keeps: frozenset[Category]


@dataclass(frozen=True, slots=True)
class Plan:
    """What ends, who loses what by it, what goes where, and what stays behind."""

    at: datetime
    ending: tuple[Share, ...]
    losses: tuple[Loss, ...]
    moves: tuple[Effect, ...]
    holders: tuple[Look, ...]
    goes_on: tuple[Share, ...]
    told: tuple[UUID, ...]
    mark: str
    """The same for the same plan: a page that shows another one is out of date."""


def plan(situation: Situation) -> Plan:
    """What the withdrawal does in this situation. Pure: no database, no clock."""
    losses: dict[tuple[UUID, UUID], Loss] = {}
    for watch, was, will_be in zip(
        situation.watches,
        decide_each(watch.before for watch in situation.watches),
        decide_each(watch.after for watch in situation.watches),
        strict=True,
    ):
        before, after = was.visible, will_be.visible
        if not before - after:
            continue
        key = (watch.user, watch.agency)
        had = losses.get(key)
        lost = (before - after) | (had.categories if had else NONE)
        kept = after | (had.keeps if had else NONE)
        losses[key] = Loss(*key, lost, kept)
    told = {share.worker for share in situation.ending if share.worker is not None}
    whole = {share.agency for share in situation.ending if share.worker is None}
    told |= {watch.user for watch in situation.watches if watch.manages and watch.agency in whole}
    told |= {look.user for look in situation.looks}
    moves = tuple(sorted(situation.effects, key=lambda effect: effect.subject_id))
    ordered = tuple(losses[key] for key in sorted(losses))
    return Plan(
        at=situation.at,
        ending=situation.ending,
        losses=ordered,
        moves=moves,
        holders=situation.looks,
        goes_on=situation.beside,
        told=tuple(sorted(told)),
        mark=_mark(situation, ordered, moves),
    )


def _mark(situation: Situation, losses: Sequence[Loss], moves: Sequence[Effect]) -> str:
    said = [
        *(f"ends {share.row}" for share in situation.ending),
        *(f"loses {loss.user} {loss.agency} {to_bits(loss.categories)}" for loss in losses),
        *(f"goes {move.subject_id} {move.to_user} {move.to_agency}" for move in moves),
        *(f"stays {share.involvement} {to_bits(share.categories)}" for share in situation.beside),
        # Who holds copies, not when they last looked: looking again changes nothing.
        *(f"read {look.user} {to_bits(look.categories)}" for look in situation.looks),
    ]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:32]


def situation(consent: Consent, lines: Sequence[ConsentLine]) -> Situation:
    """What is so now about these lines of a consent, that have not ended."""
    ending = tuple(
        Share(
            line.pk,
            line.involvement_id,
            line.agency_id,
            line.worker_id,
            Basis.CONSENT,
            line.categories,
            line.involvement.starts,
            line.until,
        )
        for line in lines
    )
    involvements = [line.involvement for line in lines]
    effects = endings.foreseen(involvements)
    gone = {row.pk for row in involvements}
    gone |= set(
        Involvement.rows.live()
        .filter(basis=Basis.TASK, source_id__in=[effect.subject_id for effect in effects])
        .values_list("pk", flat=True)
    )
    agencies = {share.agency for share in ending}
    rows = list(
        Involvement.rows.filter(person_id=consent.person_id, agency_id__in=agencies).order_by("pk")
    )
    return Situation(
        at=instant(),
        ending=ending,
        beside=_beside(rows, gone, ending),
        watches=_watches(consent.person_id, agencies, rows, gone),
        effects=tuple(effects),
        looks=_looks(consent.person_id, ending),
    )


def _beside(
    rows: Iterable[Involvement], gone: set[UUID], ending: Sequence[Share]
) -> tuple[Share, ...]:
    """What the same recipients go on having on other bases; never an auditor's sample."""
    return tuple(
        Share(
            row.pk,
            row.pk,
            row.agency_id,
            row.worker_id,
            row.basis,
            row.categories,
            row.starts,
            row.ends,
        )
        for row in rows
        if row.pk not in gone
        and row.is_live()
        and row.basis not in {Basis.AUDIT_SAMPLE, Basis.AGENDA}
        and any(
            share.agency == row.agency_id
            and (share.worker is None or row.worker_id in {None, share.worker})
            for share in ending
        )
    )


def _watches(
    person_id: UUID, agencies: set[UUID], rows: Iterable[Involvement], gone: set[UUID]
) -> tuple[Watch, ...]:
    staying = defaultdict(list)
    for row in rows:
        if row.pk not in gone:
            staying[row.agency_id].append(facts.involvement_fact(row))
    return tuple(
        Watch(
            watcher.user,
            watcher.agency,
            watcher.world.actor.role is Role.MANAGER,
            watcher.world,
            replace(watcher.world, involvements=staying[watcher.agency]),
        )
        for watcher in facts.watchers(person_id, agencies)
    )


def _looks(person_id: UUID, ending: Sequence[Share]) -> tuple[Look, ...]:
    """Who has read what of these shares since they began, the last reader first."""
    wanted = Q()
    for share in ending:
        wanted |= Q(agency_id=share.agency, at__gte=share.starts)
    found: dict[tuple[UUID, UUID], Look] = {}
    if not ending:
        return ()
    records = AccessRecord.objects.filter(
        wanted, person_id=person_id, user_id__isnull=False, role__in=sorted(WORKERS)
    ).order_by("-at", "-id")
    for record in records:
        carried = NONE.union(
            *(
                share.categories
                for share in ending
                if share.agency == record.agency_id and share.starts <= record.at
            )
        )
        read = from_bits(record.categories) & carried
        if not read or record.user_id is None or record.agency_id is None:
            continue
        key = (record.user_id, record.agency_id)
        had = found.get(key)
        found[key] = Look(
            *key,
            read | (had.categories if had else NONE),
            had.last_at if had else record.at,
            frozenset({_way(record.route)}) | (had.ways if had else frozenset()),
        )
    return tuple(found.values())


def _way(route: str) -> str:
    if route.startswith("api:"):
        return "system"
    return "paper" if route in PRINTED else "page"
