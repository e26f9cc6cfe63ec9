"""With whom something can be shared: workers and agencies that an agreement covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from access.actor import Member
from access.categories import NONE, Category
from access.rule import is_live
from agencies.models import Agency
from agencies.queries import Colleague, colleagues
from core.clock import instant
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


def options(actor: Member, agencies: Iterable[Agency]) -> dict[str, Option]:
    """Workers under an agreement, and these agencies as a whole, by the key of the choice."""
    found = possible_recipients(actor)
    found += [
        Option(key_of(agency.pk), agency.pk, None, agency.name, agency.name) for agency in agencies
    ]
    return {option.key: option for option in found}


def partners(actor: Member) -> dict[str, Option]:
    """The recipients of other agencies under an agreement: who can be a partner on a plan."""
    return {
        key: option
        for key, option in under_agreement(actor).items()
        if option.agency_id != actor.agency_id
    }


def under_agreement(actor: Member) -> dict[str, Option]:
    """The recipients whom consent can reach: there is an agreement in force."""
    partners = covered_partners(actor.agency_id)
    return options(
        actor, [agency for agency in other_agencies(actor) if str(agency.pk) in partners]
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


def possible_recipients(actor: Member) -> list[Option]:
    """Workers of agencies with which an agreement is in force, and of the actor's own."""
    return [
        Option(key_of(one.agency, one.user), one.agency, one.user, one.who, one.agency_name)
        for one in coworkers(actor)
        if one.user != actor.user_id
    ]


def coworkers(actor: Member) -> list[Colleague]:
    """Who works at the actor's agency, and at those with which an agreement is in force."""
    partners = {UUID(partner) for partner in covered_partners(actor.agency_id)}
    return colleagues(partners | {actor.agency_id})


def other_agencies(actor: Member) -> list[Agency]:
    """Every other agency that works here: a decision may reach one without an agreement."""
    return list(Agency.objects.filter(live(prefix="activities__")).exclude(pk=actor.agency_id))
