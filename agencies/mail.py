"""E-mail from tasks: what the mail server does not take is sent later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from celery import Task
from django.conf import settings
from django.core.mail import send_mail

AGAIN = 10
"""So many times a task tries again, some two and a half hours in all."""
FIRST_WAIT, LONGEST_WAIT = 30, 1800
"""Seconds. Well below the hour after which the broker hands out anew what nobody has finished."""


class NotSent(Exception):
    """The mail server did not take a message. Its words stay out: they hold the address."""


def send(*, to: str, subject: str, message: str) -> None:
    """Send one message to one address. Raises NotSent."""
    problem = ""
    try:
        send_mail(
            subject=subject,
            message=message,
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[to],
        )
    except OSError as error:
        # Those of smtplib among them.
        problem = type(error).__name__
    # Not in the handler: a traceback would show what this error followed.
    if problem:
        raise NotSent(problem)


@contextmanager
def retried(task: Task) -> Iterator[None]:
    """Have a task run again, each time later, when a message inside is not sent.

    After the last time the error is the task's own, and the worker logs it.
    """
    try:
        yield
    except NotSent as problem:
        wait = min(FIRST_WAIT * 2**task.request.retries, LONGEST_WAIT)
        raise task.retry(exc=problem, countdown=wait, max_retries=AGAIN) from problem
