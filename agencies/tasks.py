"""Background work of this room."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import Task, shared_task
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from access.actor import System
from access.context import one_by_one, transact
from agencies import mail
from agencies.actions import membership
from agencies.actions.account import CHANGES
from agencies.models import Membership, Notice, User
from agencies.queries import live_memberships
from core.clock import instant

AT_ONCE = 200
TAKEN = timedelta(minutes=5)
"""How long an e-mail is left to the worker that took it: longer than sending can last."""


@shared_task(bind=True, name="agencies.deliver_notice")
def deliver_notice(task: Task, *, user_id: str, kind: str, path: str, about: str) -> None:
    """Put a notice in the user's list and send an e-mail that names nobody.

    Safe to run twice: the notice is kept once, the e-mail goes out at least once. It
    decides again: a user who may no longer sign in or wear any hat is told nothing.
    """
    # At least once, and in the ordinary case once: whoever sends it takes it first, in a
    # statement of its own, so that nothing is locked while the mail server answers. Only where
    # a worker died between sending and saying so does it go out a second time.
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is None or not live_memberships(user).exists():
        return
    notice, _ = Notice.objects.get_or_create(
        effect_key=f"{about}:{user_id}:{kind}", defaults={"user": user, "kind": kind, "path": path}
    )
    if notice.emailed_at is not None or not user.email:
        return
    row = Notice.objects.filter(pk=notice.pk)
    with mail.retried(task):
        if not _take(row):
            raise mail.NotSent("Another is sending it.")
        try:
            mail.send(
                to=user.email,
                subject="Something is waiting for you in Throughline",
                message=(
                    f"{notice.get_kind_display()}.\n\n"
                    f"Sign in to see it: {settings.SITE_URL}/\n\n"
                    "This message holds no details on purpose."
                ),
            )
        except mail.NotSent:
            row.update(email_taken_at=None)
            raise
    row.update(emailed_at=instant())


def _take(row: QuerySet[Notice]) -> bool:
    """Whether the e-mail of a notice is this worker's to send now, and nobody else's."""
    free = Q(email_taken_at=None) | Q(email_taken_at__lte=instant() - TAKEN)
    return row.filter(free, emailed_at=None).update(email_taken_at=instant()) == 1


@shared_task(name="agencies.leave_lapsed")
def leave_lapsed() -> int:
    """See to memberships whose last day, set when they began, is over; the number seen to.

    Nothing opens by one any more, whether this runs or not: but whoever they led would have
    nobody. Safe to run twice. Each is a transaction of its own, at most so many at a time.
    """
    job = System("agencies.leave_lapsed")
    with transact(job, route="agencies.leave_lapsed"):
        lapsed = list(
            Membership.objects.filter(ends__lte=instant(), left_at=None)
            .order_by("ends", "pk")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
    return one_by_one(job, lapsed, lambda key: membership.leave_lapsed(membership_id=key, by=job))


@shared_task(bind=True, name="agencies.send_reset_link")
def send_reset_link(task: Task, *, user_id: str) -> None:
    """Send a link by which the owner of an account chooses a new password.

    The link is made here, so that none waits in a queue. At least once: a second run sends a
    second one; using either makes both worthless.
    """
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is None or not user.email:
        return
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    again = f"{settings.SITE_URL}{reverse('account_reset_password')}"
    subject, before, after = _FORGOTTEN if user.has_usable_password() else _INVITED
    with mail.retried(task):
        mail.send(
            to=user.email,
            subject=f"{subject} for Throughline",
            message=(
                f"{before}\n\n"
                f"{settings.SITE_URL}{path}\n\n"
                f"You sign in as {user.username}.\n\n"
                f"{after.format(again=again)}"
            ),
        )


_FORGOTTEN = (
    "Choose a new password",
    "Somebody, probably you, said that you have forgotten your password. Choose a new one here:",
    "If it was not you, you need do nothing: the password stays as it is.",
)
_INVITED = (
    "Choose a password",
    "An account has been opened for you. Choose your password here, within the hour:",
    "Later, ask for another link: {again}",
)


@shared_task(bind=True, name="agencies.tell_account_changed")
def tell_account_changed(task: Task, *, user_id: str, change: str) -> None:
    """Tell the owner of an account, at least once, that how it is signed in to has changed."""
    user = User.objects.filter(pk=UUID(user_id)).first()
    if user is None or not user.email:
        return
    with mail.retried(task):
        mail.send(
            to=user.email,
            subject="Your Throughline account has changed",
            message=(
                f"{CHANGES[change]}.\n\n"
                "If you did not do this, tell your manager now, and choose a new password: "
                f"{settings.SITE_URL}{reverse('account_reset_password')}"
            ),
        )
