"""Delivering notices: at least once to the task, once to the user."""

import pytest
from django.core import mail

from access.context import transact
from agencies.actions import membership, notice
from agencies.mail import NotSent
from agencies.models import Notice
from agencies.tasks import deliver_notice
from core.models import OutboxMessage
from tests.factories.cast import OPERATOR


@pytest.fixture
def arguments(cast):
    return {
        "user_id": str(cast.user("lead-worker").pk),
        "kind": "task_due",
        "path": "/tasks/",
        "about": "one",
    }


def test_delivered_twice_it_is_one_notice_and_one_email(arguments):
    deliver_notice(**arguments)
    deliver_notice(**arguments)
    assert Notice.objects.count() == 1
    assert len(mail.outbox) == 1


def test_the_email_says_nothing_about_whom(arguments):
    deliver_notice(**arguments)
    assert "Kofi" not in mail.outbox[0].body
    assert "YP-" not in mail.outbox[0].subject + mail.outbox[0].body


def test_another_matter_is_another_notice(arguments):
    deliver_notice(**arguments)
    deliver_notice(**{**arguments, "about": "another"})
    assert Notice.objects.count() == 2


def test_an_email_that_failed_is_sent_by_the_next_delivery(arguments, monkeypatch):
    def fail(**_):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("agencies.mail.send_mail", fail)
        with pytest.raises(NotSent):
            deliver_notice(**arguments)
    deliver_notice(**arguments)
    assert Notice.objects.count() == 1
    assert len(mail.outbox) == 1


def test_who_has_no_hat_by_then_is_told_nothing(cast, arguments):
    with transact(OPERATOR):
        membership.close_account(user=cast.user("lead-worker"), by=OPERATOR)
    deliver_notice(**arguments)
    assert not Notice.objects.exists()
    assert mail.outbox == []


def test_told_twice_of_one_thing_it_is_promised_once(cast):
    told = [cast.user("lead-worker").pk] * 2
    before = OutboxMessage.objects.count()
    notice.tell(told, "task_due", path="/", about="one")
    notice.tell(told, "task_due", path="/", about="one")
    assert OutboxMessage.objects.count() == before + 1
