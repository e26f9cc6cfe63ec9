"""What stands on the page that a young person has approved: names of people, in their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access.bases import Basis
from access.categories import Category, in_order
from access.reading import Sight
from access.roles import Role
from agencies.enums import AgencyKind
from agencies.models import Membership
from core.periods import live
from people.models import YoungPerson
from sharing.models import Involvement, SharingDecision
from sharing.wording import CALLED

_THEIRS = {
    Basis.LEAD: "my worker",
    Basis.COVER: "when my worker is away",
    Basis.TEAM: "on my team",
    Basis.CONSENT: "because I agreed",
    Basis.DECISION: "I was told",
    Basis.FOLLOW_UP: "keeping in touch",
}
_NO_NAMES = frozenset(
    {AgencyKind.POLICE, AgencyKind.PROBATION, AgencyKind.PRISON, AgencyKind.YOUTH_JUSTICE}
)
"""Kinds of agency that a page found in a pocket must not name."""

_OMITTED = frozenset({Category.ENFORCEMENT, Category.SAFE_ADDRESS})


@dataclass(frozen=True, slots=True)
class Knows:
    """Somebody who may see something, as it is told to the young person."""

    who: str
    why: str
    what: list[str]
    until: datetime | None


def who_knows(person: YoungPerson, sight: Sight) -> list[Knows]:
    """Who may see what, of the shares that the young person was told of.

    A share of which they were not told is left out, so the page never says that it is
    complete. Police and the like stand there by a person's name, or not at all. Nothing
    for a viewer who may not see identity.
    """
    if not sight.shows(Category.IDENTITY):
        return []
    seen = {person.pk: sight}
    rows = list(
        Involvement.objects.of(seen, Category.IDENTITY)
        .filter(live(), basis__in=[basis.value for basis in _THEIRS])
        .select_related("agency", "worker")
        .order_by("starts", "pk")
    )
    untold = set(
        SharingDecision.objects.of(seen, Category.IDENTITY)
        .filter(told=False, involvement__in=[row.pk for row in rows])
        .values_list("involvement_id", flat=True)
    )
    # Who is no clinician never reads what is said in therapy, whatever an involvement carries.
    clinicians = set(
        Membership.objects.live()
        .filter(role=Role.CLINICIAN, agency__in=[row.agency_id for row in rows])
        .values_list("user_id", flat=True)
    )
    found = []
    for row in rows:
        hidden = _OMITTED if row.worker_id in clinicians else _OMITTED | {Category.CLINICAL}
        who = row.worker.name if row.worker else row.agency.name
        nameable = row.worker is not None or row.agency.kind not in _NO_NAMES
        what = [CALLED[one] for one in in_order(row.categories - hidden)]
        if row.pk not in untold and nameable and what:
            found.append(Knows(who, _THEIRS[Basis(row.basis)], what, row.ends))
    return found
