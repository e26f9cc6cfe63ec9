"""Forms of casework. They translate what was typed; the actions decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms

from access.categories import ALL, COMPONENTS, LABELS, Category, in_order
from access.reading import Sight
from casework.actions.intervention import LOGGABLE
from casework.enums import (
    Attendance,
    CloseReason,
    EventKind,
    FollowUpOutcome,
    Mode,
    PartPlayed,
    RatingMoment,
    SayingKind,
)
from casework.models import KindOfIntervention
from core.clock import LONDON, instant
from core.forms import DatePartsField, GovukForm, OnceForm, TextField, TimeField
from core.long_choices import LongChoiceField, Offer
from people.actions.family import SAID
from people.areas import borough_name, boroughs
from people.enums import (
    ContactKind,
    Ethnicity,
    EthnicitySource,
    IdentifierScheme,
    RelationshipKind,
)
from people.models.identifier import category_of

LENGTHS = [(5, "5 minutes"), (15, "15 minutes"), (30, "30 minutes"), (60, "1 hour")]
LENGTHS += [(90, "1½ hours"), (120, "2 hours"), (180, "3 hours"), (240, "Half a day")]
YES_NO = [("yes", "Yes"), ("no", "No")]
YES_NO_UNKNOWN = [*YES_NO, ("", "Nobody has asked")]


def yes_no(answer: str) -> bool | None:
    """Yes, no, or none for nobody asked."""
    return {"yes": True, "no": False}.get(answer)


def category_choices(categories: Any) -> list[tuple[str, str]]:
    """Categories as answers, in the order in which pages show them."""
    return [(category.value, LABELS[category]) for category in in_order(categories)]


class LogForm(OnceForm):
    """One contact, in under a minute: what is asked first is what is always needed."""

    reveals: ClassVar[Any] = {}

    attendance = forms.ChoiceField(
        label="Did they come?", choices=Attendance, widget=forms.RadioSelect
    )
    worker_came = forms.ChoiceField(
        label="Were you there?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="Turning up counts, also when they do not.",
    )
    categories = forms.MultipleChoiceField(
        label="What was it about?", widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ModelChoiceField(
        label="What did you do?", queryset=KindOfIntervention.objects.none()
    )
    mode = forms.ChoiceField(label="How?", choices=Mode, widget=forms.RadioSelect)
    day = DatePartsField(label="Which day?", noun="day", not_future=True)
    time = TimeField(label="What time did it start?", help_text="For example 14:00 or 2pm")
    minutes = forms.TypedChoiceField(label="How long?", choices=LENGTHS, coerce=int)
    place = TextField(
        label="Where?",
        required=False,
        max_length=150,
        help_text="A place where the young person feels safe.",
    )
    note = TextField(
        label="What happened?",
        required=False,
        multiline=True,
        max_length=4000,
        help_text="What they said and did, in plain words. Facts and opinions apart.",
    )
    next_step = TextField(label="Next step", required=False, max_length=300)
    next_on = DatePartsField(
        label="When will you next be in touch?", noun="next day", required=False, not_past=True
    )

    def __init__(self, *args: Any, sight: Sight, clinical: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writable = {category for category in LOGGABLE if sight.may_write(category)}
        if not clinical:
            writable.discard(Category.CLINICAL)
        self.fields["categories"].choices = category_choices(writable)  # type: ignore[attr-defined]
        kinds = KindOfIntervention.objects.filter(
            is_active=True, component__in=["", *(writable & set(COMPONENTS))]
        )
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]

    @staticmethod
    def defaults(last: dict[str, Any] | None = None) -> dict[str, Any]:
        """Sensible answers to what is usually the same: an hour, just ended, face to face."""
        began = (instant() - timedelta(hours=1)).astimezone(LONDON)
        began = began.replace(minute=began.minute // 15 * 15, second=0, microsecond=0)
        return {
            "attendance": Attendance.CAME,
            "worker_came": "yes",
            "mode": Mode.FACE_TO_FACE,
            "day": began.date(),
            "time": began.time(),
            "minutes": 60,
            **(last or {}),
        }

    def at(self) -> datetime:
        """When the contact began, from the day and the London time."""
        data = self.cleaned_data
        return datetime.combine(data["day"], data["time"], tzinfo=LONDON)


class AmendForm(GovukForm):
    """Other words for what was logged."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = TextField(label="What happened?", required=False, multiline=True, max_length=4000)
    next_step = TextField(label="Next step", required=False, max_length=300)


class GoalForm(OnceForm):
    """A goal: the young person's words, and beside them the worker's."""

    component = forms.ChoiceField(label="Which part of life is it about?", widget=forms.RadioSelect)
    own_words = TextField(
        label="What do they want, in their own words?", max_length=500, multiline=True
    )
    worker_words = TextField(
        label="How would you put it?", required=False, max_length=500, multiline=True
    )
    rating = forms.IntegerField(
        label="How far are they now, from 0 to 10?",
        required=False,
        min_value=0,
        max_value=10,
        help_text="Their own number. Leave it empty if they do not want to give one.",
    )

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"].choices = category_choices(  # type: ignore[attr-defined]
            category for category in COMPONENTS if sight.may_write(category)
        )


class RewordForm(GovukForm):
    """Other words for a goal."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    own_words = TextField(label="In their own words", max_length=500, multiline=True)
    worker_words = TextField(label="In yours", required=False, max_length=500, multiline=True)


class RatingForm(GovukForm):
    """How far the young person says they are with a goal."""

    rating = forms.IntegerField(
        label="How far are they, from 0 to 10?",
        min_value=0,
        max_value=10,
        help_text="0 is not at all, 10 is all the way. Their own number.",
    )
    moment = forms.ChoiceField(
        label="When was this said?", choices=RatingMoment, widget=forms.RadioSelect
    )


class ComponentForm(GovukForm):
    """A component of the plan, as the young person has it."""

    own_name = TextField(
        label="What do they call it?",
        required=False,
        max_length=80,
        help_text="Their own words head it in the copy that they get.",
    )
    in_use = forms.ChoiceField(
        label="Is it part of the plan?",
        choices=[("yes", "Yes"), ("no", "Not now")],
        widget=forms.RadioSelect,
    )


class FinishForm(GovukForm):
    """How a goal ends."""

    reached = forms.ChoiceField(
        label="What became of this goal?",
        choices=[("yes", "Reached"), ("no", "No longer wanted")],
        widget=forms.RadioSelect,
    )


class PlannedForm(OnceForm):
    """Something that somebody will do."""

    component = forms.ChoiceField(label="Which part of life is it about?", widget=forms.RadioSelect)
    what = TextField(label="What will be done?", max_length=300)
    who = TextField(label="Who does it?", required=False, max_length=150)
    by_when = DatePartsField(label="By when?", noun="day", required=False, not_past=True)

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"].choices = category_choices(  # type: ignore[attr-defined]
            category for category in COMPONENTS if sight.may_write(category)
        )


class AgreedForm(GovukForm):
    """That the young person agreed to the plan."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agreed_on = DatePartsField(label="When did they agree?", noun="day", not_future=True)
    agreed_how = TextField(
        label="How?",
        max_length=300,
        help_text="For example: we went through it together at the youth club.",
    )


class ReviewForm(GovukForm):
    """A review of the plan."""

    held_on = DatePartsField(
        label="When was the review?", noun="day of the review", not_future=True
    )
    with_young_person = forms.ChoiceField(
        label="Was the young person there?", choices=YES_NO, widget=forms.RadioSelect
    )
    notes = TextField(label="What was said?", required=False, multiline=True, max_length=4000)


class SafetyPlanForm(GovukForm):
    """The safety plan: short lines, no narrative."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    dangers = TextField(label="Present dangers", required=False, multiline=True, max_length=1500)
    unsafe_places = TextField(
        label="Unsafe places", required=False, multiline=True, max_length=1000
    )
    safe_places = TextField(label="Safe places", required=False, multiline=True, max_length=1000)
    what_helps = TextField(label="What helps", required=False, multiline=True, max_length=1500)
    whom_to_call = TextField(label="Whom to call", multiline=True, max_length=1000)
    review_on = DatePartsField(label="Look at this again on", noun="review day", not_past=True)


class EventForm(OnceForm):
    """Something that happened."""

    kind = forms.ChoiceField(label="What happened?", choices=EventKind)
    on = DatePartsField(label="When?", noun="day", not_future=True)
    what = TextField(label="In a sentence", max_length=500, multiline=True)
    part = forms.ChoiceField(
        label="Which part did the young person have in it?",
        choices=PartPlayed,
        widget=forms.RadioSelect,
        help_text="In this event alone. It says nothing about who they are.",
    )
    source = TextField(label="Where is this known from?", max_length=200)
    categories = forms.MultipleChoiceField(
        label="What does it belong to?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only those who may see all that you tick will see it.",
    )

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = set(COMPONENTS) | {Category.EDUCATION, Category.SAFETY}
        self.fields["categories"].choices = category_choices(  # type: ignore[attr-defined]
            category for category in offered if sight.may_write(category)
        )


class IdentityForm(GovukForm):
    """Who the young person is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    given_name = TextField(label="First name", max_length=100)
    family_name = TextField(label="Last name", required=False, max_length=100)
    known_as = TextField(label="What they like to be called", required=False, max_length=100)
    date_of_birth = DatePartsField(
        label="Date of birth", noun="date of birth", required=False, not_future=True
    )
    borough = forms.ChoiceField(
        label="Which borough do they live in?",
        required=False,
        help_text="With a name or a birth date, it finds them in an emergency.",
    )
    pronouns = TextField(label="Pronouns", required=False, max_length=40)
    ethnicity = forms.ChoiceField(
        label="Ethnic group",
        required=False,
        choices=[("", "Not known"), *Ethnicity.choices],
        help_text="Only as they describe themselves. Never guess.",
    )
    languages = TextField(
        label="Languages", required=False, max_length=200, help_text="Separate with commas."
    )
    interpreter_needed = forms.ChoiceField(
        label="Is an interpreter needed?", choices=YES_NO, widget=forms.RadioSelect
    )
    needs = TextField(label="What helps them", required=False, multiline=True, max_length=1500)
    strengths = TextField(
        label="What they are good at", required=False, multiline=True, max_length=1500
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", "Not known"), *boroughs()]
        # One elsewhere, given by another system, is not lost when something else is changed.
        written = self.initial.get("borough", "")
        if written not in dict(offered):
            offered.append((written, borough_name(written)))
        self.fields["borough"].choices = offered  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """The fields of the person with their new values."""
        data = dict(self.cleaned_data)
        data.pop("version")
        data["languages"] = [word.strip() for word in data["languages"].split(",") if word.strip()]
        data["interpreter_needed"] = data["interpreter_needed"] == "yes"
        data["ethnicity_source"] = (
            EthnicitySource.SELF if data["ethnicity"] else EthnicitySource.UNKNOWN
        )
        return data


class IdentifierForm(OnceForm):
    """A number by which another system knows the young person."""

    scheme = forms.ChoiceField(label="Which number is it?", widget=forms.RadioSelect)
    value = TextField(label="Number", max_length=20)

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [  # type: ignore[attr-defined]
            choice for choice in IdentifierScheme.choices if sight.may_write(category_of(choice[0]))
        ]


class ContactForm(OnceForm):
    """A way to make contact."""

    kind = forms.ChoiceField(label="What is it?", choices=ContactKind, widget=forms.RadioSelect)
    value = TextField(label="Number, address or name", max_length=300)
    is_safe = forms.ChoiceField(
        label="Is it safe to use?", choices=YES_NO_UNKNOWN, required=False, widget=forms.RadioSelect
    )
    note = TextField(
        label="When and how", required=False, max_length=300, help_text="For example: text only"
    )


class CorrectContactForm(ContactForm):
    """Another value, or another answer to whether it is safe. What kind it is stays."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    # So a form leaves out what it inherits: it makes nothing.
    key = kind = None  # type: ignore[assignment]


class EndForm(GovukForm):
    """Why something is taken out of use."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = TextField(label="Why?", max_length=300, error_messages={"required": "Say why"})

    def __init__(self, *args: Any, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class RelativeForm(OnceForm):
    """Somebody in the family."""

    name = TextField(label="Name", max_length=150)
    kind = forms.ChoiceField(label="Who are they to the young person?", choices=RelationshipKind)
    same_household = forms.ChoiceField(
        label="Do they live together?", choices=YES_NO, widget=forms.RadioSelect
    )
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility?",
        choices=YES_NO_UNKNOWN,
        required=False,
        widget=forms.RadioSelect,
    )
    main_carer = forms.ChoiceField(
        label="Are they the main carer?", choices=YES_NO, widget=forms.RadioSelect
    )
    needs = TextField(
        label="What do they need themselves?", required=False, multiline=True, max_length=1500
    )
    phone = TextField(label="Phone", required=False, max_length=40)

    def said(self) -> dict[str, Any]:
        """What was said of them, as the actions take it."""
        data = {name: self.cleaned_data[name] for name in SAID}
        for name in ("same_household", "main_carer"):
            data[name] = data[name] == "yes"
        data["parental_responsibility"] = yes_no(data["parental_responsibility"])
        return data


class CorrectRelativeForm(RelativeForm):
    """What is written about somebody in the family, to be corrected."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    key = None  # type: ignore[assignment]  # It makes nothing.


class AssignForm(GovukForm):
    """Who leads."""

    worker = LongChoiceField(label="Who is the lead worker?", widget=forms.RadioSelect)
    replacing = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workers: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].offer(workers)  # type: ignore[attr-defined]


class TeamForm(GovukForm):
    """Who joins the team, and what they need to see and write."""

    worker = LongChoiceField(label="Who joins the team?")
    categories = forms.MultipleChoiceField(
        label="What do they work on?",
        widget=forms.CheckboxSelectMultiple,
        help_text="They will see and write this and nothing else.",
    )
    until = DatePartsField(label="Until", noun="end", required=False, not_past=True)

    def __init__(self, *args: Any, workers: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].offer(workers, none="Choose somebody")  # type: ignore[attr-defined]
        self.fields["categories"].choices = category_choices(  # type: ignore[attr-defined]
            ALL - {Category.SAFE_ADDRESS}
        )


class CoverForm(GovukForm):
    """Who covers while the lead is away."""

    worker = LongChoiceField(label="Who covers?", widget=forms.RadioSelect)
    until = DatePartsField(label="Until the end of", noun="last day", not_past=True)

    def __init__(self, *args: Any, workers: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].offer(workers)  # type: ignore[attr-defined]


class StepDownForm(GovukForm):
    """A step-down to a service that has said yes."""

    service = forms.ChoiceField(label="Which service?")
    said_yes_by = TextField(label="Who there said yes?", max_length=150)
    said_yes_on = DatePartsField(label="When did they say yes?", noun="day", not_future=True)
    service_contact = TextField(label="How can they be reached?", max_length=200)
    first_attendance_on = DatePartsField(
        label="When does the young person first go there?", noun="first day", required=False
    )
    categories = forms.MultipleChoiceField(
        label="What moves to the service?", widget=forms.CheckboxSelectMultiple
    )
    why = TextField(label="Why now?", multiline=True, max_length=2000)

    def __init__(
        self, *args: Any, sight: Sight, services: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", "Choose a service"), *services]  # type: ignore[attr-defined]
        self.fields["categories"].choices = category_choices(  # type: ignore[attr-defined]
            category for category in COMPONENTS if sight.may_write(category)
        )


class DecideForm(GovukForm):
    """A manager's decision."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("approve", "Approve"), ("refuse", "Not now")],
        widget=forms.RadioSelect,
    )
    reason = TextField(label="Why?", required=False, multiline=True, max_length=1000)


class CloseForm(GovukForm):
    """Closing a case."""

    close_reason = forms.ChoiceField(
        label="Why is the case closed?", choices=CloseReason, widget=forms.RadioSelect
    )
    note = TextField(label="Anything to add", required=False, multiline=True, max_length=2000)


class ReopenForm(GovukForm):
    """Reopening a case as a new episode."""

    reason = TextField(label="Why is the case reopened?", multiline=True, max_length=1000)


class FollowUpForm(GovukForm):
    """What a follow-up found."""

    outcome = forms.ChoiceField(
        label="How is it going?", choices=FollowUpOutcome, widget=forms.RadioSelect
    )
    note = TextField(label="In a few words", required=False, multiline=True, max_length=2000)


class FindForm(GovukForm):
    """Looking for people."""

    q = TextField(label="Name or reference", required=False, max_length=100)
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Everybody you may see"), ("mine", "Those you lead")],
        widget=forms.RadioSelect,
    )


class CasesForm(GovukForm):
    """Looking through cases."""

    state = forms.ChoiceField(label="Where it stands", required=False)
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "All"), ("mine", "Those you lead"), ("agency", "Your agency’s")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "Any open"), *states]  # type: ignore[attr-defined]


class AboutMeForm(GovukForm):
    """What the young person wants known, and how they approved the page."""

    words = TextField(
        label="What do they want people to know?",
        required=False,
        multiline=True,
        max_length=3000,
        help_text="In their own words.",
    )
    how = TextField(
        label="How did they approve the page?",
        max_length=200,
        help_text="For example: read it together at the youth club",
    )


class SayingAnswerForm(GovukForm):
    """What the young person was answered."""

    answer = TextField(label="What did you tell them?", multiline=True, max_length=2000)


class CardForm(GovukForm):
    """The card and its PIN, and what to do with them."""

    reveals: ClassVar[Any] = {
        "kind": {"disagree": ["disagreement"], "feedback": ["feedback"]},
    }

    number = TextField(label="Number on your card", max_length=20)
    pin = forms.CharField(label="PIN", max_length=12, widget=forms.PasswordInput)
    kind = forms.ChoiceField(
        label="What do you want to do?", choices=SayingKind, widget=forms.RadioSelect
    )
    disagreement = TextField(
        label="What is wrong?", multiline=True, rows=3, max_length=2000, notices=False
    )
    feedback = TextField(
        label="How is it going?", multiline=True, rows=3, max_length=2000, notices=False
    )

    def words(self) -> str:
        """What they wrote, under whichever answer they chose."""
        return self.cleaned_data.get("disagreement") or self.cleaned_data.get("feedback") or ""
