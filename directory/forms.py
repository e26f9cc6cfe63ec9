"""What people type about services, and how they look for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.errors import Invalid
from core.forms import DatePartsField, GovukForm, TextField
from directory import areas
from directory.actions.details import Details, Place, own_place
from directory.enums import Status
from directory.hsds.checking import is_web_address
from directory.models import Phone, Schedule, Service
from directory.near import tidy_postcode

ANY = "any"
_AREA_CHOICES = [(ANY, "Anywhere"), *sorted(areas.BOROUGHS.items(), key=lambda item: item[1])]
_YES_NO = [("yes", "Yes"), ("no", "No")]


class SearchForm(GovukForm):
    """How to narrow the list of services down."""

    text = TextField(
        label="Words",
        required=False,
        max_length=100,
        help_text="A name or what it is about, like boxing",
    )
    age = forms.IntegerField(
        label="Age of the young person", required=False, min_value=0, max_value=120
    )
    area = forms.ChoiceField(label="Borough", required=False, choices=_AREA_CHOICES)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[*Status.choices, (ANY, "Any")],
        widget=forms.RadioSelect,
    )
    step_downs = forms.BooleanField(label="Has said it takes step-downs", required=False)


class YesNoField(forms.TypedChoiceField):
    """A question that has to be answered, and never comes answered."""

    def __init__(self, *, missing: str, **kwargs: Any) -> None:
        super().__init__(
            error_messages={"required": missing},
            choices=_YES_NO,
            coerce=lambda value: value == "yes",
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: object) -> object:
        """A stored answer as one of the two."""
        return {True: "yes", False: "no"}.get(value, value)  # type: ignore[call-overload]


class WebField(TextField):
    """An address on the web, safe to link to."""

    def clean(self, value: object) -> str:
        """The address, with https:// put in front when somebody left it out."""
        text: str = super().clean(value)
        if text and "://" not in text:
            text = f"https://{text}"
        if not is_web_address(text) or ("." not in text and text):
            raise ValidationError("Enter a web address, like https://www.example.org.uk")
        return text


class ServiceForm(GovukForm):
    """Everything about a service that is typed by hand."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    organization = TextField(
        label="Organisation",
        error_messages={"required": "Enter the name of the organisation"},
        max_length=300,
        help_text="Its name as it is in the directory, or the name of a new one",
    )
    name = TextField(
        label="Name of the service",
        error_messages={"required": "Enter the name of the service"},
        max_length=300,
    )
    description = TextField(
        label="What it offers", multiline=True, max_length=5000, help_text="In plain words"
    )
    status = forms.ChoiceField(
        label="Status",
        error_messages={"required": "Select whether it is running"},
        choices=Status.choices,
        widget=forms.RadioSelect,
    )
    alert = TextField(
        label="Anything to know first",
        required=False,
        max_length=500,
        help_text="Shown at the top of its page, like a closure for the summer",
    )
    eligibility_description = TextField(
        label="Who can use it", required=False, multiline=True, rows=3, max_length=2000
    )
    minimum_age = forms.IntegerField(
        label="Youngest age", required=False, min_value=0, max_value=120
    )
    maximum_age = forms.IntegerField(label="Oldest age", required=False, min_value=0, max_value=120)
    areas = TextField(
        label="Areas it serves",
        required=False,
        multiline=True,
        rows=3,
        max_length=2000,
        help_text="One on each line, like Islington. Leave empty if it takes people from anywhere",
    )
    opening_times = TextField(
        label="When it is open",
        required=False,
        max_length=500,
        help_text="Like “Tuesdays and Thursdays, 5pm to 8pm”",
    )
    place = TextField(label="Name of the place", required=False, max_length=200)
    address = TextField(label="Address", required=False, max_length=200)
    town = TextField(label="Town or city", required=False, max_length=100)
    county = TextField(label="Borough or county", required=False, max_length=100)
    postcode = TextField(label="Postcode", required=False, max_length=10)
    application_process = TextField(
        label="How to apply or refer", required=False, multiline=True, rows=3, max_length=2000
    )
    wait_time = TextField(label="How long the wait is", required=False, max_length=300)
    fees_description = TextField(label="What it costs", required=False, max_length=500)
    phone = TextField(label="Phone number", required=False, max_length=40)
    email = forms.EmailField(label="Email address", required=False, max_length=254)
    url = WebField(label="Website", required=False, max_length=500)
    takes_step_down = YesNoField(
        label="Has it said that it takes young people stepping down?",
        missing="Select yes if it has said that it takes young people stepping down",
    )
    funding_ends_on = DatePartsField(
        label="Funding ends on",
        noun="date on which the funding ends",
        required=False,
        help_text="If you know it. It is not offered for step-downs after that day",
    )
    in_feed = YesNoField(
        label="Show it in the open feed, which anybody on the internet can read?",
        missing="Select yes if anybody on the internet may know of it",
        help_text="Never for a refuge, a safe venue or anything whose address must not be known",
    )

    PLACE = ("place", "address", "town", "county", "postcode")

    def __init__(self, *args: Any, service: Service | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service = service
        if service is not None:
            del self.fields["organization"]
            if not _place_can_be_typed(service):
                for name in self.PLACE:
                    del self.fields[name]

    @property
    def has_place(self) -> bool:
        """Whether the place can be typed here."""
        return "address" in self.fields

    def clean_postcode(self) -> str:
        """The postcode with its space."""
        typed: str = self.cleaned_data["postcode"]
        plain = tidy_postcode(typed)
        if typed and len(plain) < 5:
            raise ValidationError("Enter a full UK postcode, like N1 9GU")
        return f"{plain[:-3]} {plain[-3:]}" if plain else ""

    def clean(self) -> dict[str, Any]:
        """The ages in their order."""
        cleaned = super().clean() or {}
        low, high = cleaned.get("minimum_age"), cleaned.get("maximum_age")
        if low is not None and high is not None and high < low:
            self.add_error("maximum_age", "The oldest age must not be below the youngest")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What goes into the service itself."""
        apart = {"version", "organization", "areas", "opening_times", "phone", *self.PLACE}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @property
    def details(self) -> Details:
        """What hangs on the service."""
        typed = self.cleaned_data
        return Details(
            phone=typed["phone"],
            opening_times=typed["opening_times"],
            areas=tuple(line.strip() for line in typed["areas"].splitlines() if line.strip()),
            place=Place(
                name=typed["place"],
                address=typed["address"],
                town=typed["town"],
                county=typed["county"],
                postcode=typed["postcode"],
            )
            if self.has_place
            else None,
        )


def initial_of(service: Service) -> dict[str, Any]:
    """What stands in the boxes when a service is opened for editing."""
    phone = Phone.objects.filter(service=service).first()
    schedule = Schedule.objects.filter(service=service).first()
    found = {
        name: getattr(service, name)
        for name in ServiceForm.base_fields
        if hasattr(service, name) and name != "organization"
    }
    found["areas"] = "\n".join(str(area) for area in service.service_areas.all())
    found["phone"] = phone.number if phone else ""
    found["opening_times"] = schedule.description if schedule else ""
    if _place_can_be_typed(service) and (row := own_place(service)) and row.location:
        address = row.location.addresses.first()
        found["place"] = row.location.name
        found["address"] = address.address_1 if address else ""
        found["town"] = address.city if address else ""
        found["county"] = address.state_province if address else ""
        found["postcode"] = address.postal_code if address else ""
    return found


def _place_can_be_typed(service: Service) -> bool:
    try:
        own_place(service)
    except Invalid:
        return False
    return True
