"""The facts from which every decision is made, and how they are read from JSON.

Source: the access design, "Facts" and "Facts in, decisions out". These are plain values:
no database, no clock. Identifiers are text, times are aware datetimes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from access.bases import Basis
from access.categories import Category, known
from access.roles import Role


class Malformed(ValueError):
    """A world that is not well typed: a missing key, a wrong type, a time without offset."""


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """A user working as one membership."""

    user: str
    user_active: bool
    agency: str
    agency_active: bool
    role: Role | None
    """None stands for a role that is not known."""
    starts: datetime
    ends: datetime | None = None
    home_agency: str | None = None
    on_duty: bool = False
    stepped_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The young person, as far as the rule needs to know them."""

    lead_agency: str | None
    restricted: bool = False
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InvolvementFact:
    """The dated fact that an agency, or one worker in it, is involved with the person."""

    agency: str
    worker: str | None
    basis: Basis | None
    """None stands for a basis that is not known."""
    categories: frozenset[Category]
    starts: datetime
    ends: datetime | None = None
    one_off: bool = False


@dataclass(frozen=True, slots=True)
class AgreementFact:
    """An information-sharing agreement that every party has confirmed."""

    parties: frozenset[str]
    categories: frozenset[Category]
    starts: datetime
    ends: datetime | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """All that decides what one actor may see and write of one person at one instant."""

    at: datetime
    actor: ActorFacts
    person: PersonFacts
    involvements: Sequence[InvolvementFact] = ()
    agreements: Sequence[AgreementFact] = ()


_MISSING = object()
_ROLES = {role.value: role for role in Role}
_BASES = {basis.value: basis for basis in Basis}


def world_from(value: Any) -> World:
    """The world that a parsed JSON object describes.

    Unknown keys are ignored, unknown roles, bases and categories become "not known".
    Raises Malformed, naming the key, when the object is not well typed.
    """
    whole = _object(value, "world")
    return World(
        at=_time(whole, "at"),
        actor=_actor(_object(_get(whole, "actor"), "actor")),
        person=_person(_object(_get(whole, "person"), "person")),
        involvements=[_involvement(item) for item in _list(_get(whole, "involvements"))],
        agreements=[_agreement(item) for item in _list(_get(whole, "agreements"))],
    )


def world_to(world: World) -> dict[str, Any]:
    """The JSON object that describes a world: `world_from` of it is the same world."""

    def iso(time: datetime | None) -> str | None:
        return time.isoformat() if time else None

    actor, person = world.actor, world.person
    return {
        "at": iso(world.at),
        "actor": {
            "user": actor.user,
            "user_active": actor.user_active,
            "agency": actor.agency,
            "agency_active": actor.agency_active,
            "role": actor.role or "unknown",
            "starts": iso(actor.starts),
            "ends": iso(actor.ends),
            "home_agency": actor.home_agency,
            "on_duty": actor.on_duty,
            "stepped_up_at": iso(actor.stepped_up_at),
        },
        "person": {
            "lead_agency": person.lead_agency,
            "restricted": person.restricted,
            "barred": sorted(person.barred),
        },
        "involvements": [
            {
                "agency": fact.agency,
                "worker": fact.worker,
                "basis": fact.basis or "unknown",
                "categories": sorted(fact.categories),
                "starts": iso(fact.starts),
                "ends": iso(fact.ends),
                "one_off": fact.one_off,
            }
            for fact in world.involvements
        ],
        "agreements": [
            {
                "parties": sorted(fact.parties),
                "categories": sorted(fact.categories),
                "starts": iso(fact.starts),
                "ends": iso(fact.ends),
                "suspended": fact.suspended,
            }
            for fact in world.agreements
        ],
    }


def _actor(value: Mapping[str, Any]) -> ActorFacts:
    return ActorFacts(
        user=_text(value, "user"),
        user_active=_flag(value, "user_active"),
        agency=_text(value, "agency"),
        agency_active=_flag(value, "agency_active"),
        role=_ROLES.get(_text(value, "role")),
        starts=_time(value, "starts"),
        ends=_optional_time(value, "ends"),
        home_agency=_optional_text(value, "home_agency"),
        on_duty=_flag(value, "on_duty", False),
        stepped_up_at=_optional_time(value, "stepped_up_at"),
    )


def _person(value: Mapping[str, Any]) -> PersonFacts:
    # The lead agency may be null, yet the key must be there.
    _get(value, "lead_agency")
    return PersonFacts(
        lead_agency=_optional_text(value, "lead_agency"),
        restricted=_flag(value, "restricted", False),
        barred=frozenset(_texts(value.get("barred", []), "barred")),
    )


def _involvement(item: Any) -> InvolvementFact:
    value = _object(item, "involvement")
    _get(value, "worker")
    return InvolvementFact(
        agency=_text(value, "agency"),
        worker=_optional_text(value, "worker"),
        basis=_BASES.get(_text(value, "basis")),
        categories=known(_texts(_get(value, "categories"), "categories")),
        starts=_time(value, "starts"),
        ends=_optional_time(value, "ends"),
        one_off=_flag(value, "one_off", False),
    )


def _agreement(item: Any) -> AgreementFact:
    value = _object(item, "agreement")
    return AgreementFact(
        parties=frozenset(_texts(_get(value, "parties"), "parties")),
        categories=known(_texts(_get(value, "categories"), "categories")),
        starts=_time(value, "starts"),
        ends=_optional_time(value, "ends"),
        suspended=_flag(value, "suspended", False),
    )


def _get(value: Mapping[str, Any], key: str) -> Any:
    found = value.get(key, _MISSING)
    if found is _MISSING:
        raise Malformed(f"{key}: missing")
    return found


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{name}: not an object")
    return value


def _list(value: Any, name: str = "list") -> list[Any]:
    if not isinstance(value, list):
        raise Malformed(f"{name}: not a list")
    return value


def _text(value: Mapping[str, Any], key: str) -> str:
    found = _get(value, key)
    if not isinstance(found, str):
        raise Malformed(f"{key}: not text")
    return found


def _optional_text(value: Mapping[str, Any], key: str) -> str | None:
    return None if value.get(key) is None else _text(value, key)


def _texts(value: Any, key: str) -> list[str]:
    found = _list(value, key)
    for text in found:
        if not isinstance(text, str):
            raise Malformed(f"{key}: holds something that is not text")
    return found


def _flag(value: Mapping[str, Any], key: str, default: bool | None = None) -> bool:
    found = _get(value, key) if default is None else value.get(key, default)
    if not isinstance(found, bool):
        raise Malformed(f"{key}: neither true nor false")
    return found


def _time(value: Mapping[str, Any], key: str) -> datetime:
    text = _text(value, key)
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"{key}: not an ISO 8601 time") from error
    if time.tzinfo is None:
        raise Malformed(f"{key}: a time without offset")
    return time


def _optional_time(value: Mapping[str, Any], key: str) -> datetime | None:
    return None if value.get(key) is None else _time(value, key)
