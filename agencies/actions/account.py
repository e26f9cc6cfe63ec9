"""What happens to an account: signing in, being refused, and changes to how one signs in."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from access.actor import Actor, NotAllowed, Public
from agencies.models import Membership, User
from agencies.queries import require
from audit import trail
from core import outbox
from core.ids import new_id

DOOR = Public("sign-in")
"""Who acts while nobody works as anything yet."""

CHANGES: dict[str, str] = {
    "password_changed": "Your password has been changed",
    "password_reset": "Your password has been changed by a link sent to this address",
    "totp_activated": "An authenticator app has been added to your account",
    "totp_deactivated": "The authenticator app has been removed from your account",
    "webauthn_added": "A passkey has been added to your account",
    "webauthn_removed": "A passkey has been removed from your account",
    "recovery_codes_generated": "New recovery codes have been made for your account",
    "factors_removed": "An administrator has removed the second step from your account",
}
"""Every change of which the owner of the account is told, with the words for it."""


@transaction.atomic
def signed_in(*, user: User) -> None:
    """Write down that a session began."""
    trail.record(DOOR, "account.signed_in", subject=user)


@transaction.atomic
def refused(*, user: User | None) -> None:
    """Write down that a sign-in failed; `user` is whose account was tried, if there is one."""
    trail.record(DOOR, "account.sign_in_refused", subject=user, refused=True)


@transaction.atomic
def changed(*, user: User, change: str) -> None:
    """Write down a change to how an account is signed in to, and tell its owner by e-mail.

    By e-mail because whoever made the change may not be the owner. Raises KeyError for
    no such change.
    """
    if change not in CHANGES:
        raise KeyError(change)
    trail.record(DOOR, f"account.{change}", subject=user)
    _tell(user, change)


@transaction.atomic
def forgot_password(*, users: Iterable[User]) -> None:
    """Promise each of these users a link by which to choose a new password.

    In the background: a page that waits for the mail server when the address is known
    would tell by its slowness that it is.
    """
    for user in users:
        trail.record(DOOR, "account.reset_asked", subject=user)
        _send_link(user)


@transaction.atomic
def invite(*, user: User) -> None:
    """Promise the owner of a new account, which has no password, a link to choose one."""
    _send_link(user)


@transaction.atomic
def remove_factors(*, user: User, by: Actor) -> None:
    """Take every second factor from a colleague who has lost theirs, and end their sessions.

    They sign in with the password and set up a new one before anything else. Raises
    NotAllowed unless `by` manages the memberships of an agency of which the user is a
    member now; nobody does it for themselves.
    """
    administrator = require(by, "manage_memberships")
    colleague = Membership.objects.live().filter(user=user, agency_id=administrator.agency_id)
    if user.pk == administrator.user_id or not colleague.exists():
        raise NotAllowed
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    trail.record(by, "account.factors_removed", subject=user)
    _tell(user, "factors_removed")


def _send_link(user: User) -> None:
    outbox.promise(
        "agencies.send_reset_link",
        effect_key=f"reset-link:{new_id()}",
        user_id=str(user.pk),
    )


def _tell(user: User, change: str) -> None:
    outbox.promise(
        "agencies.tell_account_changed",
        effect_key=f"account-changed:{new_id()}",
        user_id=str(user.pk),
        change=change,
    )
