"""What auditors may look at: by agency and period, without content."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from access.actor import Member
from access.bases import NOT_AUDITABLE
from sharing.models import Involvement, LeadAgency


def in_own_period(actor: Member) -> Q:
    """The condition on rows of the trail that they fall in a period of the actor's agency.

    While their agency led on the person, everything; while it was only involved, what its
    own people did. Whether the person is auditable to the actor now is for the rule to say.
    """
    led = LeadAgency.rows.filter(agency_id=actor.agency_id)
    involved = Involvement.rows.filter(agency_id=actor.agency_id).exclude(
        basis__in=list(NOT_AUDITABLE)
    )
    return Q(Exists(_around(led))) | Q(Exists(_around(involved)), agency_id=actor.agency_id)


def _around(periods: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    return periods.filter(
        Q(ends=None) | Q(ends__gt=OuterRef("at")),
        person_id=OuterRef("person_id"),
        starts__lte=OuterRef("at"),
    )
