"""Forms of tasking."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from access.categories import LABELS, Category, in_order
from access.reading import Sight
from core.forms import DatePartsField, GovukForm, OnceForm, TextField
from core.long_choices import LongChoiceField, LongMultipleChoiceField, Offer
from sharing.emergency_forms import FactsForm
from tasking.enums import TaskKind, TaskState


class TaskForm(OnceForm):
    """Who does what by when, in one line."""

    what = TextField(label="What is to be done?", max_length=300)
    owner = LongChoiceField(label="Who does it?")
    due_on = DatePartsField(label="By when?", noun="day", not_past=True)
    kind = forms.ChoiceField(
        label="What sort of task is it?", choices=TaskKind, widget=forms.RadioSelect
    )
    also = forms.MultipleChoiceField(
        label="What else does the owner need to see to do it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only until it is done. Usually nothing.",
    )

    def __init__(self, *args: Any, owners: Offer, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(owners, none="Choose")  # type: ignore[attr-defined]
        never = {Category.POINTER, Category.SAFE_ADDRESS, Category.TASKING, Category.ENFORCEMENT}
        self.fields["also"].choices = [  # type: ignore[attr-defined]
            (category.value, LABELS[category]) for category in in_order(sight.answer.write - never)
        ]
        kinds = [choice for choice in TaskKind.choices if sight.may_write(Category(choice[0]))]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class AnswerForm(GovukForm):
    """What the owner says of a task."""

    state = forms.ChoiceField(
        label="What do you say?",
        choices=[
            (TaskState.ACCEPTED, "I will do it"),
            (TaskState.DONE, "It is done"),
            (TaskState.BLOCKED, "Something blocks it"),
        ],
        widget=forms.RadioSelect,
    )
    words = TextField(
        label="In a few words",
        required=False,
        max_length=500,
        help_text="If something blocks it, say what.",
    )


class ChangeTaskForm(GovukForm):
    """What becomes of a task whose owner will not do it."""

    change = forms.ChoiceField(
        label="What do you want to do?",
        choices=[("move", "Give it to somebody else"), ("cancel", "Cancel it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you want to do"},
    )
    owner = LongChoiceField(label="Who does it now?", required=False)
    words = TextField(label="Why, in a few words", required=False, max_length=500)

    reveals: ClassVar = {"change": {"move": ["owner"], "cancel": ["words"]}}

    def __init__(self, *args: Any, owners: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(owners, none="Choose")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever moves it says to whom."""
        cleaned = super().clean() or self.cleaned_data
        moved = cleaned.get("change") == "move"
        if moved and not cleaned.get("owner") and "owner" not in self.errors:
            self.add_error("owner", "Choose who does it now")
        return cleaned


class PresentForm(GovukForm):
    """Who is in the room."""

    present = LongMultipleChoiceField(
        label="Who is here?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each of them sees who is on the agenda until the meeting ends.",
    )

    def __init__(self, *args: Any, members: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].offer(members)  # type: ignore[attr-defined]


class AgendaForm(GovukForm):
    """Whom to talk about, and why."""

    person = TextField(
        label="Reference of the young person", max_length=12, help_text="For example YP-7K3M9Q"
    )
    why = TextField(label="Why today?", max_length=200)


class DecisionForm(GovukForm):
    """What was decided, in a line."""

    decision = TextField(label="What was decided?", max_length=500)


class RingMeForm(OnceForm, FactsForm):
    """Leaving a number for whoever knows a young person."""

    callback = TextField(
        label="Your number", max_length=60, help_text="One that somebody answers now."
    )
    message = TextField(
        label="What should they know before they ring?",
        required=False,
        multiline=True,
        rows=3,
        max_length=1000,
    )

    field_order = ("callback", "message")


class TellLeadForm(OnceForm):
    """A message to the lead worker."""

    message = TextField(
        label="What does the lead worker need to know now?", multiline=True, max_length=1500
    )
    callback = TextField(
        label="Where can they reach you?", required=False, max_length=60, help_text="A phone number"
    )
