"""Forms of an agency's administrators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms

from access.actor import Member
from access.roles import Role
from agencies.enums import ROLE_CHOICES
from agencies.models import Agency, Membership, User
from agencies.queries import managers
from agencies.roles import NEEDS_TWO
from core.clock import LONDON
from core.forms import DatePartsField, GovukForm, TextField

LATEST = date(2099, 12, 31)
USERNAME = re.compile(r"[a-z0-9][a-z0-9.-]{2,60}")


class MembershipForm(GovukForm):
    """Who joins the agency in which role, and until when."""

    account = forms.ChoiceField(
        label="Do they have an account?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No, open one for them")],
        error_messages={"required": "Say whether they have an account"},
    )
    login = TextField(
        label="User name or work email address", required=False, max_length=150, strip=True
    )
    name = TextField(label="Name", required=False, max_length=200, strip=True)
    email = forms.EmailField(label="Work email address", required=False, max_length=254)
    username = forms.RegexField(
        rf"\A{USERNAME.pattern}\Z",
        label="User name",
        help_text="Small letters, digits, hyphens and full stops, like sam-okafor",
        required=False,
        error_messages={
            "invalid": "User name must be 3 to 61 small letters, digits, hyphens or full stops"
        },
    )
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, choices=ROLE_CHOICES)
    home = forms.ChoiceField(
        label="Seconded from",
        help_text="Only for somebody whom another agency employs",
        required=False,
    )
    ends = DatePartsField(
        label="Last day",
        noun="last day",
        required=False,
        not_past=True,
        latest=LATEST,
        help_text="Leave empty if there is none",
    )

    reveals: ClassVar = {"account": {"yes": ["login"], "no": ["name", "email", "username"]}}
    option_hints: ClassVar = {
        "role": {role.value: "A second administrator has to approve" for role in NEEDS_TWO}
    }

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.user: User | None = None
        """Whom it is about; none while their account is still to be opened."""
        others = Agency.objects.exclude(pk=member.agency_id).values_list("pk", "name")
        self.fields["home"].choices = [("", "Nobody"), *((str(pk), name) for pk, name in others)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the user, or see that an account can be opened."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("account") == "yes":
            self._find(cleaned)
        elif cleaned.get("account") == "no":
            self._check_new(cleaned)
        return cleaned

    @property
    def chosen_role(self) -> Role:
        """The role that was chosen."""
        return Role(self.cleaned_data["role"])

    @property
    def home_agency(self) -> Agency | None:
        """The agency that lends the user."""
        home = self.cleaned_data.get("home")
        return Agency.objects.get(pk=home) if home else None

    @property
    def ends_at(self) -> datetime | None:
        """The end of the last day, in London."""
        day: date | None = self.cleaned_data.get("ends")
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)

    def _find(self, cleaned: Mapping[str, Any]) -> None:
        login = cleaned.get("login") or ""
        if "login" in self.errors:
            return
        if not login:
            self.add_error("login", "Enter their user name or work email address")
            return
        field = "email__iexact" if "@" in login else "username__iexact"
        found = list(User.objects.filter(**{field: login}, is_active=True)[:2])
        if len(found) != 1:
            self.add_error("login", "There is no account with this user name or address")
            return
        if found[0].pk == self.member.user_id:
            self.add_error("login", "Nobody can give themselves a role: ask another administrator")
            return
        self.user = found[0]

    def _check_new(self, cleaned: Mapping[str, Any]) -> None:
        for name, words in (
            ("name", "Enter their name"),
            ("email", "Enter their work email address"),
            ("username", "Enter a user name for them"),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        email, username = cleaned.get("email"), cleaned.get("username")
        if email and User.objects.filter(email__iexact=email).exists():
            self.add_error("email", "There is an account with this address: choose “Yes” above")
        if username and User.objects.filter(username__iexact=username).exists():
            self.add_error("username", "Somebody has this user name: choose another")


class EndForm(GovukForm):
    """Who takes over what the leaver leads."""

    manager = forms.ChoiceField(
        label="Who takes over any cases that they lead?",
        help_text="You are not told whether there are any",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who takes over"},
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = managers(membership.agency_id).exclude(user_id=membership.user_id)
        choices = [(str(row.user_id), row.user.name) for row in others]
        if choices:
            self.fields["manager"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["manager"]
