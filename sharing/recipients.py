"""With whom something can be shared: workers and agencies that an agreement covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from access.actor import Member
from access.categories import NONE, Category
from access.rule import is_live
from agencies.colleagues import Colleague, Colleagues, uuids
from agencies.models import Agency
from core.clock import instant
from core.errors import Conflict
from core.long_choices import Choice, Listed
from core.periods import live
from sharing import facts


@dataclass(frozen=True, slots=True)
class Option:
    """One recipient as a choice of a form."""

    key: str
    agency_id: UUID
    worker_id: UUID | None
    who: str
    agency: str

    @property
    def words(self) -> str:
        """The recipient in a line."""
        return f"{self.who}, {self.agency}" if self.worker_id else f"{self.agency}, all of it"


def key_of(agency_id: UUID, worker_id: UUID | None = None) -> str:
    """How an address names a recipient."""
    return f"worker:{agency_id}:{worker_id}" if worker_id else f"agency:{agency_id}"


@dataclass(frozen=True, slots=True)
class Recipients:
    """With whom one may share: the choices of a form, read as far as it needs them."""

    workers: Colleagues
    agencies: tuple[Option, ...] = ()
    """Those that may be chosen as a whole."""

    def __bool__(self) -> bool:
        return bool(self.agencies or self.workers.first(1))

    def first(self, most: int) -> list[Choice]:
        """All of them, workers before agencies, if they are no more than that; else so many."""
        return _choices([*_options(self.workers.first(most)), *self.agencies][:most])

    def fitting(self, words: Sequence[str], most: int) -> list[Choice]:
        """So many of those at most in whose words each of these begins a part."""
        wholes = Listed(_choices(self.agencies)).fitting(words, most)
        return [*_choices(_options(self.workers.named(words, most))), *wholes][:most]

    def keyed(self, keys: Collection[str]) -> list[Choice]:
        """Those with one of these keys."""
        return _choices(self.options(keys).values())

    def options(self, keys: Iterable[str]) -> dict[str, Option]:
        """Those with one of these keys, by their keys, in the order in which they are given."""
        asked = list(dict.fromkeys(keys))
        users = uuids(key.rpartition(":")[2] for key in asked if key.startswith("worker:"))
        found = {one.key: one for one in self.agencies}
        found |= {one.key: one for one in _options(self.workers.with_("user", users))}
        return {key: found[key] for key in asked if key in found}

    def one(self, key: str) -> Option:
        """The one with this key. Raises Conflict for what can't be chosen (any more)."""
        for found in self.options([key]).values():
            return found
        raise Conflict("Somebody else has to be chosen: they no longer work there.")


def _options(found: Iterable[Colleague]) -> list[Option]:
    # Somebody may work there in two roles.
    return list({
        key_of(one.agency, one.user):
            Option(key_of(one.agency, one.user), one.agency, one.user, one.who, one.agency_name)
        for one in found
    }.values())  # fmt: skip


def _choices(options: Iterable[Option]) -> list[Choice]:
    return [(option.key, option.words) for option in options]


def anybody(actor: Member) -> Recipients:
    """Workers under an agreement or of the actor's own agency, and every other agency."""
    return Recipients(_workers(actor), _wholes(other_agencies(actor)))


def under_agreement(actor: Member) -> Recipients:
    """The recipients whom consent can reach: there is an agreement in force."""
    partners = covered_partners(actor.agency_id)
    agencies = [agency for agency in other_agencies(actor) if str(agency.pk) in partners]
    return Recipients(_workers(actor), _wholes(agencies))


def partners(actor: Member) -> Recipients:
    """The recipients of other agencies under an agreement: who can be a partner on a plan."""
    reached = under_agreement(actor)
    return replace(reached, workers=_workers(actor, own=False))


def _workers(actor: Member, *, own: bool = True) -> Colleagues:
    """Workers of agencies with which an agreement is in force, and of the actor's own."""
    found = coworkers(actor)
    assert found.agencies is not None
    agencies = found.agencies if own else found.agencies - {actor.agency_id}
    return replace(found, agencies=agencies, without=frozenset({actor.user_id}))


def _wholes(agencies: Iterable[Agency]) -> tuple[Option, ...]:
    return tuple(
        Option(key_of(agency.pk), agency.pk, None, agency.name, agency.name) for agency in agencies
    )


def agreed_with(agency_id: UUID) -> dict[str, frozenset[Category]]:
    """By partner: what the agreements in force with an agency carry now."""
    agreed: dict[str, frozenset[Category]] = {}
    for agreement in facts.agreement_facts(agency_id):
        if not agreement.suspended and is_live(instant(), agreement.starts, agreement.ends):
            for party in agreement.parties:
                agreed[party] = agreed.get(party, NONE) | agreement.categories
    return agreed


def covered_partners(agency_id: UUID) -> set[str]:
    """The agencies with which an agreement is in force now."""
    return set(agreed_with(agency_id))


def coworkers(actor: Member) -> Colleagues:
    """Who works at the actor's agency, and at those with which an agreement is in force."""
    partners = {UUID(partner) for partner in covered_partners(actor.agency_id)}
    return Colleagues(frozenset(partners | {actor.agency_id}))


def other_agencies(actor: Member) -> list[Agency]:
    """Every other agency that works here: a decision may reach one without an agreement."""
    return list(Agency.objects.filter(live(prefix="activities__")).exclude(pk=actor.agency_id))
