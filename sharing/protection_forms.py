"""Forms of bars and restrictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from access.roles import Role
from agencies.colleagues import Colleague, Colleagues, Offered
from core.forms import DatePartsField, GovukForm, TextField
from core.long_choices import LongChoiceField
from sharing.agreement_forms import LATEST


class ReviewedForm(GovukForm):
    """When something that protects is looked at again."""

    review_on = DatePartsField(
        label="When will you review it?",
        noun="date of review",
        help_text="It holds until somebody lifts it, whatever the date.",
        not_past=True,
        latest=LATEST,
    )


class RestrictForm(ReviewedForm):
    """Why a record is restricted to named workers."""

    field_order: Any = ("reason", "review_on")

    reason = TextField(
        label="Why?",
        help_text="Kept apart: for those who may see the safety plan.",
        multiline=True,
        rows=3,
        max_length=2000,
        strip=True,
    )


class BarForm(RestrictForm):
    """Who must never see a record, and why."""

    field_order = ("user", "reason", "review_on")

    user = LongChoiceField(
        label="Who must never see this record?",
        help_text="A relative, a former partner, somebody tied to a rival. They are not told.",
    )

    def __init__(self, *args: Any, me: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anybody = Colleagues(None, frozenset({me}), frozenset(Role))
        self.fields["user"].offer(  # type: ignore[attr-defined]
            Offered(anybody, "user", _by_agency), none="Choose"
        )


def _by_agency(found: Sequence[Colleague]) -> list[str]:
    return [f"{one.who}, {one.agency_name}" for one in found]


class LiftForm(GovukForm):
    """Why something that protected is lifted."""

    words = TextField(
        label="Why is it safe to lift it?", multiline=True, rows=3, max_length=2000, strip=True
    )
