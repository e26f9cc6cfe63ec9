"""Forms of the registers and of impact assessments."""

from __future__ import annotations

from django import forms

from core.forms import DatePartsField, GovukForm, TextField
from sharing.agreement_forms import LATEST
from sharing.enums import Feature


class DatesForm(GovukForm):
    """From when and until when a row of a register may be used."""

    effective_from = DatePartsField(
        label="First day", noun="first day", required=False, latest=LATEST,
        help_text="Empty: not in force.",
    )  # fmt: skip
    effective_to = DatePartsField(
        label="Day it ends", noun="day it ends", required=False, latest=LATEST,
        help_text="From this day on it can’t be used. Empty: no end.",
    )  # fmt: skip
    reason = TextField(
        label="Why?",
        help_text="Name the provision, for example a commencement order.",
        multiline=True,
        rows=3,
        max_length=1000,
        strip=True,
    )


class DecideForm(GovukForm):
    """A second administrator's decision."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("approve", "Approve"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )


class AssessmentForm(GovukForm):
    """One version of an impact assessment."""

    feature = forms.ChoiceField(
        label="What is it about?", choices=Feature, widget=forms.RadioSelect
    )
    data_protection = TextField(
        label="What are the risks to people, and what do you do about them?",
        multiline=True,
        max_length=8000,
    )
    equality = TextField(
        label="Whom may it treat differently, and what do you do about that?",
        multiline=True,
        max_length=8000,
    )
    document = TextField(
        label="Where is the whole assessment kept? (optional)", required=False, max_length=300
    )
    review_on = DatePartsField(
        label="When will you review it?", noun="date of review", not_past=True, latest=LATEST
    )


class WithdrawAssessmentForm(GovukForm):
    """Why an assessment is taken back."""

    reason = TextField(label="Why?", multiline=True, rows=3, max_length=1000, strip=True)


class AgreementReviewForm(GovukForm):
    """An agreement has been reviewed: when again?"""

    review_on = DatePartsField(
        label="When will you review it again?", noun="date of review", not_past=True, latest=LATEST
    )
