"""Counting. These are the only reads that start from no viewer, and only counts leave here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Q

from access.wall import passage, through
from casework.enums import CloseReason
from casework.models import Case
from referrals.enums import ReferralState
from referrals.models import Referral
from reporting.periods import Quarter
from reporting.rules import Table, figure, suppress


@dataclass(frozen=True, slots=True)
class Figures:
    """What an analyst may know of an agency's quarter, with small numbers hidden."""

    open_cases: str
    accepted: str
    declined: str
    closed: Table
    """By reason, in words."""


_FIGURES = passage("reporting.figures", "counts for analysts, who see nobody")


def figures(agency_id: UUID, quarter: Quarter, *, using: str = DEFAULT_DB_ALIAS) -> Figures:
    """The figures of one agency in one quarter that is over, from the database of that alias."""
    with through(_FIGURES, using=using):
        cases = Case.rows.using(using).filter(agency_id=agency_id)
        ends = quarter.ends
        still_open = cases.filter(opened_at__lt=ends).filter(
            Q(closed_at=None) | Q(closed_at__gte=ends)
        )
        during = {"decided_at__gte": quarter.starts, "decided_at__lt": ends}
        decided = dict(
            Referral.rows.using(using)
            .filter(sent_to_id=agency_id, **during)
            .order_by()
            .values_list("state")
            .annotate(Count("pk"))
        )
        closed = dict(
            cases.filter(closed_at__gte=quarter.starts, closed_at__lt=ends)
            .order_by()
            .values_list("close_reason")
            .annotate(Count("pk"))
        )
        return Figures(
            open_cases=figure(still_open.count()),
            accepted=figure(decided.get(ReferralState.ACCEPTED, 0)),
            declined=figure(decided.get(ReferralState.DECLINED, 0)),
            closed=suppress(
                {str(label): closed.get(reason, 0) for reason, label in CloseReason.choices}
            ),
        )
