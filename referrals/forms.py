"""Forms of referrals."""

from __future__ import annotations

from typing import Any

from django import forms

from access.categories import COMPONENTS, LABELS, Category
from core.forms import DatePartsField, GovukForm, OnceForm, TextField
from people.areas import boroughs
from referrals.actions.referral import Request
from referrals.enums import DeclineReason, Door, Known

HELP_WITH = [(component.value, LABELS[component]) for component in COMPONENTS]
PLAIN_HELP: dict[str, str] = {
    Category.EXITING_GANG: "Getting away from people or trouble",
    Category.HARM: "Keeping safe",
    Category.OFFENDING: "Staying out of trouble",
    Category.HOUSING: "A place to live",
    Category.HEALTH: "Feeling well",
    Category.RELATIONSHIPS: "The people around them",
    Category.FAMILY: "Family",
    Category.EMPLOYMENT: "Work, training or school",
}


class ReferralForm(OnceForm):
    """A referral by somebody who works here."""

    sent_to = forms.ChoiceField(label="Who is it for?")
    given_name = TextField(label="First name, or what they are called", max_length=100)
    family_name = TextField(label="Last name", required=False, max_length=100)
    date_of_birth = DatePartsField(
        label="Date of birth", noun="date of birth", required=False, not_future=True
    )
    borough = forms.ChoiceField(
        label="Which borough do they live in?",
        required=False,
        choices=[("", "Not known"), *boroughs()],
    )
    door = forms.ChoiceField(label="Where does this come from?", choices=Door)
    referrer_contact = TextField(
        label="If they are with you now: at which number are you rung?",
        required=False,
        max_length=200,
        help_text="From a hospital, a prison or the street, whoever knows them is asked to ring you"
        " at once. You are not told whether anybody does.",
    )
    why_now = TextField(label="Why now?", multiline=True, max_length=4000)
    wants = TextField(
        label="What does the young person want?",
        required=False,
        multiline=True,
        max_length=2000,
        help_text="In their own words, if you can.",
    )
    components = forms.MultipleChoiceField(
        label="What is help wanted with?",
        choices=HELP_WITH,
        widget=forms.CheckboxSelectMultiple,
        help_text="Usually more than one.",
    )
    knows = forms.ChoiceField(
        label="Do they know about this referral?", choices=Known, widget=forms.RadioSelect
    )
    agrees = forms.ChoiceField(
        label="Do they agree to it?", choices=Known, widget=forms.RadioSelect
    )
    safe_contact = TextField(
        label="How can we make contact safely?",
        required=False,
        multiline=True,
        max_length=1000,
        help_text="Say which ways are not safe, too.",
    )
    immediate_danger = TextField(
        label="Is there danger now?",
        required=False,
        multiline=True,
        max_length=1000,
        help_text="If somebody may be hurt today, call 999 first.",
    )
    release_on = DatePartsField(
        label="Release date, if in custody", noun="release date", required=False
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_to"].choices = agencies  # type: ignore[attr-defined]

    def request(self) -> Request:
        """What was said, as the action takes it."""
        data = dict(self.cleaned_data)
        for name in ("sent_to", "key"):
            data.pop(name)
        data["components"] = frozenset(Category(name) for name in data["components"])
        return Request(**data)


class PublicReferralForm(ReferralForm):
    """A referral by anybody, at the public door: plain words, and who they are."""

    field_order = ["door", "referrer_name", "referrer_contact"]

    referrer_name = TextField(label="Your name", required=False, max_length=150)
    referrer_contact = TextField(
        label="How can we reach you?",
        max_length=200,
        help_text="A phone number or an email address that is safe to use.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["door"].label = "Who are you to the young person?"
        self.fields["components"].label = "What would help?"
        self.fields["components"].choices = [  # type: ignore[attr-defined]
            (component.value, PLAIN_HELP[component]) for component in COMPONENTS
        ]
        self.fields["release_on"].widget = forms.HiddenInput()
        del self.fields["release_on"]


class AcceptForm(GovukForm):
    """Accepting a referral."""

    age_reason = TextField(
        label="Why is this right for somebody of this age?",
        required=False,
        multiline=True,
        max_length=1000,
    )

    def __init__(self, *args: Any, unusual_age: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unusual_age:
            del self.fields["age_reason"]


class DeclineForm(GovukForm):
    """Declining a referral: why, and where they were pointed to instead."""

    decline_reason = forms.ChoiceField(
        label="Why is it declined?", choices=DeclineReason, widget=forms.RadioSelect
    )
    pointed_service = forms.ChoiceField(
        label="Which service were they pointed to?",
        required=False,
        help_text="From the directory. Or say it in your own words below.",
    )
    pointed_to = TextField(label="Or another place", required=False, max_length=200)
    next_contact = TextField(
        label="Whom can they call?",
        required=False,
        max_length=200,
        help_text="A person and a number.",
    )
    note = TextField(label="Anything to add", required=False, multiline=True, max_length=2000)

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pointed_service"].choices = [("", "None of these"), *services]  # type: ignore[attr-defined]
