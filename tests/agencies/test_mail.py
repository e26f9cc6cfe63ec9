"""E-mail that the mail server does not take at once: sent later, once, and never named in a log."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from django.db import connection

from agencies import mail, tasks
from agencies.models import Notice
from core.clock import instant
from tests.factories.browsing import later
from tests.factories.post_office import post_office

__all__ = ["later", "post_office"]

ADDRESS = "lead-worker@example.org"
BUSY = "451 try again later"


@pytest.fixture
def told(cast):
    return {"user_id": str(cast.user("lead-worker").pk), "kind": "alert", "path": "/", "about": "x"}


def promised(cast, name):
    user_id = str(cast.user("lead-worker").pk)
    return {
        "deliver_notice": {"user_id": user_id, "kind": "alert", "path": "/", "about": "x"},
        "send_reset_link": {"user_id": user_id},
        "tell_account_changed": {"user_id": user_id, "change": "password_changed"},
    }[name]


@pytest.mark.parametrize("name", ["deliver_notice", "send_reset_link", "tell_account_changed"])
def test_what_is_refused_at_first_is_sent_again_and_comes_once(cast, post_office, name):
    post_office.refusals = [BUSY, BUSY]
    getattr(tasks, name).apply(kwargs=promised(cast, name))
    assert post_office.refusals == []
    [letter] = post_office.letters
    assert f"To: {ADDRESS}" in letter


def test_a_notice_that_came_is_not_sent_again(told, post_office):
    post_office.refusals = [BUSY]
    tasks.deliver_notice.apply(kwargs=told)
    tasks.deliver_notice.apply(kwargs=told)
    assert len(post_office.letters) == 1
    assert Notice.objects.get().emailed_at == instant()


@pytest.mark.parametrize("name", ["deliver_notice", "send_reset_link", "tell_account_changed"])
def test_it_is_given_up_in_the_end_and_the_log_holds_no_address(cast, post_office, caplog, name):
    post_office.refusals = ["550 no such box"] * 50
    getattr(tasks, name).apply(kwargs=promised(cast, name))
    assert len(post_office.refusals) == 50 - 1 - mail.AGAIN
    assert post_office.letters == []
    assert "SMTPRecipientsRefused" in caplog.text
    assert ADDRESS not in caplog.text
    assert "no such box" not in caplog.text


def test_the_waits_grow_and_stay_below_what_the_broker_waits_for(cast, told, post_office, settings):
    post_office.refusals = [BUSY] * 50
    waits = []

    class Counted:
        class request:  # noqa: N801 (as Celery names it)
            retries = 0

        @staticmethod
        def retry(*, exc, countdown, max_retries):
            waits.append(countdown)
            return exc

    for Counted.request.retries in range(mail.AGAIN):
        with pytest.raises(mail.NotSent), mail.retried(Counted):
            mail.send(to=ADDRESS, subject="x", message="x")
    assert waits[:4] == [30, 60, 120, 240]
    assert waits == sorted(waits)
    assert waits[-1] < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_without_a_mail_server_the_notice_is_in_the_list_and_the_email_waits(told, post_office):
    post_office.shutdown()
    post_office.server_close()
    with pytest.raises(mail.NotSent):
        tasks.deliver_notice(**told)
    row = Notice.objects.get()
    assert (row.emailed_at, row.email_taken_at) == (None, None)


def test_a_mail_server_that_does_not_answer_is_not_waited_for(told, post_office, settings):
    settings.EMAIL_TIMEOUT = 0.2
    post_office.is_mute = True
    with pytest.raises(mail.NotSent):
        tasks.deliver_notice(**told)


def test_two_workers_with_one_notice_send_one_email(told, post_office):
    refused = []

    def second_worker():
        with pytest.raises(mail.NotSent):
            tasks.deliver_notice(**told)
        refused.append(True)

    with pytest.MonkeyPatch.context() as patched:
        send = mail.send

        def slow(**message):
            second_worker()
            patched.setattr(mail, "send", send)
            send(**message)

        patched.setattr(mail, "send", slow)
        tasks.deliver_notice(**told)
    tasks.deliver_notice(**told)
    assert refused == [True]
    assert len(post_office.letters) == 1


def test_what_a_worker_took_and_died_over_is_sent_by_another(told, post_office, later):
    post_office.refusals = [BUSY]
    with pytest.raises(mail.NotSent):
        tasks.deliver_notice(**told)
    Notice.objects.update(email_taken_at=instant())
    with later(minutes=4), pytest.raises(mail.NotSent):
        tasks.deliver_notice(**told)
    assert post_office.letters == []
    with later(minutes=5):
        tasks.deliver_notice(**told)
    assert len(post_office.letters) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_the_mail_server_answers(cast, told, post_office, monkeypatch):
    open_ones = []
    send = mail.send

    def watched(**message):
        open_ones.append(connection.in_atomic_block)
        send(**message)

    monkeypatch.setattr(mail, "send", watched)
    tasks.deliver_notice(**told)
    assert open_ones == [False]
    assert len(post_office.letters) == 1


def test_the_mail_server_is_named_by_the_environment(monkeypatch):
    base = str(Path(__file__).parents[2] / "config" / "settings" / "base.py")
    for name in ("USER", "PASSWORD"):
        monkeypatch.delenv(f"EMAIL_HOST_{name}", raising=False)
    plain = runpy.run_path(base)
    assert plain["EMAIL_TIMEOUT"] == 10
    assert not plain["EMAIL_USE_TLS"]
    assert not plain["EMAIL_USE_SSL"]
    for name, value in (
        ("EMAIL_HOST", "mail.example.org"),
        ("EMAIL_PORT", "587"),
        ("EMAIL_HOST_USER", "throughline"),
        ("EMAIL_HOST_PASSWORD", "tests only"),
        ("EMAIL_USE_TLS", "1"),
        ("EMAIL_TIMEOUT", "2.5"),
    ):
        monkeypatch.setenv(name, value)
    told = runpy.run_path(base)
    assert (told["EMAIL_HOST"], told["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("throughline", "tests only")
    assert told["EMAIL_USE_TLS"]
    assert not told["EMAIL_USE_SSL"]
    assert told["EMAIL_TIMEOUT"] == 2.5
