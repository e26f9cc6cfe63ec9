"""Agencies, users and memberships: who exists, and which hats there are."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access.actor import Actor
from access.roles import Role
from agencies.actions import permission
from agencies.models import Agency, AgencyActivity, Membership, User, UserActivity
from audit import trail
from core.clock import instant


@transaction.atomic
def open_agency(*, name: str, slug: str, kind: str, phone: str = "", by: Actor) -> Agency:
    """Add an agency that works here from now on."""
    agency = Agency.objects.create(name=name, slug=slug, kind=kind, phone=phone)
    AgencyActivity.objects.create(agency=agency)
    permission.sync()
    trail.record(by, "agency.opened", subject=agency, values={"name": name, "kind": kind})
    return agency


@transaction.atomic
def close_agency(*, agency: Agency, by: Actor) -> None:
    """End an agency's work here: from this instant nothing opens to its people."""
    AgencyActivity.objects.live().filter(agency=agency).update(ends=instant())
    trail.record(by, "agency.closed", subject=agency)


@transaction.atomic
def open_account(
    *, username: str, name: str, email: str, password: str | None, is_demo: bool = False, by: Actor
) -> User:
    """Make an account that is active from now on. It sees nothing without a membership."""
    # In small letters, as it is looked for when somebody signs in with it.
    user = User(username=username, name=name, email=email.lower(), is_demo=is_demo)
    user.set_password(password)
    user.save()
    UserActivity.objects.create(user=user)
    trail.record(by, "account.opened", subject=user)
    return user


@transaction.atomic
def close_account(*, user: User, by: Actor) -> None:
    """Deactivate an account at once: sign-in fails and nothing opens."""
    UserActivity.objects.live().filter(user=user).update(ends=instant())
    User.objects.filter(pk=user.pk).update(is_active=False)
    trail.record(by, "account.closed", subject=user)


@transaction.atomic
def begin(
    *,
    user: User,
    agency: Agency,
    role: Role,
    home_agency: Agency | None = None,
    ends: datetime | None = None,
    by: Actor,
) -> Membership:
    """Make a user a member of an agency in a role from now on."""
    membership = Membership(
        user=user, agency=agency, role=role, home_agency=home_agency, starts=instant(), ends=ends
    ).sealed_save(force_insert=True)
    trail.record(
        by,
        "membership.begun",
        subject=membership,
        detail={"user": user, "agency": agency, "role": role, "home": home_agency},
    )
    return membership


@transaction.atomic
def end(*, membership: Membership, by: Actor) -> None:
    """End a membership at once. Always possible."""
    membership.ends = instant()
    membership.sealed_save(update_fields=["ends"])
    trail.record(by, "membership.ended", subject=membership, detail={"user": membership.user_id})
