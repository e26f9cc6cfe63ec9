"""Background work of this room."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from agencies.models import Notice, User
from agencies.queries import live_memberships
from core.clock import instant


@shared_task(name="agencies.deliver_notice")
def deliver_notice(*, user_id: str, kind: str, path: str, about: str) -> None:
    """Put a notice in the user's list and send an e-mail that names nobody.

    Safe to run twice: the notice is kept once, the e-mail goes out at least once. It
    decides again: a user who may no longer sign in or wear any hat is told nothing.
    """
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is None or not live_memberships(user).exists():
        return
    notice, _ = Notice.objects.get_or_create(
        effect_key=f"{about}:{user_id}:{kind}", defaults={"user": user, "kind": kind, "path": path}
    )
    with transaction.atomic():
        waiting = Notice.objects.select_for_update().get(pk=notice.pk)
        if waiting.emailed_at is None and user.email:
            send_mail(
                subject="Something is waiting for you in Throughline",
                message=(
                    f"{waiting.get_kind_display()}.\n\n"
                    f"Sign in to see it: {settings.SITE_URL}/\n\n"
                    "This message holds no details on purpose."
                ),
                from_email=settings.DEFAULT_FROM_EMAIL,
                recipient_list=[user.email],
            )
            waiting.emailed_at = instant()
            waiting.save(update_fields=["emailed_at"])
