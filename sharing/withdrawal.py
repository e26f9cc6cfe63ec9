"""What a withdrawal would do, worked out before it is done.

`plan` is pure. The page shows it, and the action carries out the very same: it works the
plan out again under lock, and refuses when the mark is not that of the plan that was
shown. "Who loses what" is the one rule, asked before and after.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from uuid import UUID

from django.db.models import Q

from access.bases import Basis
from access.categories import NONE, Category, from_bits, to_bits
from access.facts import World
from access.roles import WORKERS
from access.rule import decide_each
from agencies.queries import managers
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
    effects: tuple[Effect, ...]
    looks: tuple[Look, ...]
    managers: frozenset[UUID]
    """Who manages an agency with which a share as a whole ends."""
    watches: Callable[[], Iterable[Watch]]
    """Everybody at the recipients' agencies: looked up when it is asked who loses what."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Who loses which categories, the pointer included when nothing is left."""

    user: UUID
    agency: UUID
    categories: frozenset[Category]
    keeps: frozenset[Category]


@dataclass(frozen=True)
class Plan:
    """What ends, who loses what by it, what goes where, and what stays behind.

    Who loses what is worked out when it is asked for, since it takes everybody at the
    recipients' agencies: before the plan is carried out.
    """

    at: datetime
    ending: tuple[Share, ...]
    moves: tuple[Effect, ...]
    holders: tuple[Look, ...]
    goes_on: tuple[Share, ...]
    told: tuple[UUID, ...]
    watches: Callable[[], Iterable[Watch]]

    @cached_property
    def losses(self) -> tuple[Loss, ...]:
        """Who loses what, by the rule asked with the shares and without them."""
        return _losses(tuple(self.watches()))

    @cached_property
    def mark(self) -> str:
        """The same for the same plan: a page that shows another one is out of date."""
        said = [
            *(f"ends {share.row}" for share in self.ending),
            *(
                f"loses {loss.user} {loss.agency} {to_bits(loss.categories)}"
                for loss in self.losses
            ),
            *(f"goes {move.subject_id} {move.to_user} {move.to_agency}" for move in self.moves),
            *(f"stays {other.involvement} {to_bits(other.categories)}" for other in self.goes_on),
            # Who holds copies, not when they last looked: looking again changes nothing.
            *(f"read {look.user} {to_bits(look.categories)}" for look in self.holders),
        ]
        return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:32]


def plan(situation: Situation) -> Plan:
    """What the withdrawal does in this situation. Pure: no database, no clock."""
    told = {share.worker for share in situation.ending if share.worker is not None}
    told |= situation.managers
    told |= {look.user for look in situation.looks}
    return Plan(
        at=situation.at,
        ending=situation.ending,
        moves=tuple(sorted(situation.effects, key=lambda effect: effect.subject_id)),
        holders=situation.looks,
        goes_on=situation.beside,
        told=tuple(sorted(told)),
        watches=situation.watches,
    )


def _losses(watches: Sequence[Watch]) -> tuple[Loss, ...]:
    losses: dict[tuple[UUID, UUID], Loss] = {}
    for watch, was, will_be in zip(
        watches,
        decide_each(watch.before for watch in watches),
        decide_each(watch.after for watch in watches),
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
    return tuple(losses[key] for key in sorted(losses))


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
        effects=tuple(effects),
        looks=_looks(consent.person_id, ending),
        managers=frozenset(
            key
            for share in ending
            if share.worker is None
            for key in managers(share.agency).values_list("user_id", flat=True)
        ),
        watches=partial(_watches, consent.person_id, agencies, rows, gone),
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
