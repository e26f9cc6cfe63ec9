"""The outbox: a promise is kept once, also when the broker is away for a while."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic

import pytest
from celery import Celery, current_app
from django.db import transaction
from django.test import Client

from core import clock, outbox, tasks
from core.models import OutboxMessage
from tests.factories.browsing import sign_in
from tests.factories.cast import PASSWORD

__all__ = ["sign_in"]


@pytest.fixture
def nobody_listens() -> Iterator[None]:
    """Celery with a broker at a port that is closed, as when Redis is down."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    current_app.pool.force_close_all()
    was = current_app.conf.broker_url
    current_app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    forget_connections(current_app)
    yield
    current_app.conf.broker_url = was
    forget_connections(current_app)


def forget_connections(app: Celery) -> None:
    """Have the next message open a connection to the broker that is named now."""
    app.amqp._producer_pool = None
    app._pool = None


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The messages that the broker took, by their key."""
    taken: list[str] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda *args, task_id, **options: taken.append(task_id)
    )
    return taken


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)


def promise(key: str = "one") -> None:
    outbox.promise("core.relay_outbox", effect_key=key)


def test_a_promise_is_handed_over_once(db, at_now, handed_over):
    promise()
    assert (outbox.relay(), outbox.relay()) == (1, 0)
    assert handed_over == [str(OutboxMessage.objects.get().pk)]


def test_the_same_effect_is_promised_once(db, at_now, handed_over):
    promise()
    promise()
    promise("another")
    assert outbox.relay() == 2


def test_it_is_handed_over_at_the_commit(
    db, at_now, handed_over, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        promise()
        assert handed_over == []
    assert len(handed_over) == 1


def test_what_the_broker_refuses_waits_and_is_tried_later(db, at_now, refusing):
    promise()
    assert outbox.relay() == 0
    waiting = OutboxMessage.objects.get()
    assert waiting.sent_at is None
    assert waiting.attempts == 1
    assert waiting.not_before == at_now + outbox.RETRY


def test_each_refusal_waits_longer_up_to_ten_minutes(db, at_now, refusing):
    promise()
    waits = []
    moment = at_now
    for _ in range(25):
        with clock.at(moment):
            outbox.relay()
        later = OutboxMessage.objects.get().not_before
        waits.append(later - moment)
        moment = later
    assert waits[:3] == [outbox.RETRY * times for times in (1, 2, 3)]
    assert max(waits) == timedelta(minutes=10)


def test_one_refusal_does_not_use_up_the_others_time(db, at_now, refusing):
    promise()
    promise("another")
    outbox.relay()
    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [0, 1]


def test_when_the_broker_is_back_it_gets_each_message_once(db, at_now, refusing, monkeypatch):
    promise()
    outbox.relay()
    taken: list[str] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda *args, task_id, **options: taken.append(task_id)
    )
    assert outbox.relay() == 0
    with clock.at(at_now + outbox.RETRY):
        assert outbox.relay() == 1
        assert outbox.relay() == 0
    assert taken == [str(OutboxMessage.objects.get().pk)]


@pytest.mark.usefixtures("nobody_listens")
def test_with_redis_down_people_sign_in_read_and_write(
    cast, sign_in: Callable[[str], Client], django_capture_on_commit_callbacks
):
    """The clock stands still here, so a client that tried again for a while would hang."""
    case = cast.open_case()
    browser = Client()
    answer = browser.post("/sign-in/", {"login": "colleague", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
    assert browser.get(f"/people/{case.person.reference}/").status_code == 200
    path = f"/people/{case.person.reference}/tell-the-lead/"
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(path, {"message": "He is at the library."}).status_code == 302
    assert "He is at the library." in sign_in("lead-worker").get("/").content.decode()
    assert OutboxMessage.objects.filter(task="agencies.deliver_notice", sent_at=None).exists()


@pytest.mark.usefixtures("nobody_listens")
def test_with_redis_down_nobody_waits_for_it(db):
    promise()
    began = monotonic()
    assert outbox.relay() == 0
    assert monotonic() - began < 2
    assert OutboxMessage.objects.get().attempts == 1


def test_the_background_job_hands_over_what_waits(db, at_now, handed_over):
    from core.tasks import relay_outbox

    promise()
    assert relay_outbox() == 1


def test_two_relays_at_once_take_each_message_once(transactional_db, handed_over):
    """In threads of their own: PostgreSQL gives a row that is held to nobody else."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection, transaction

    def relay(_: int) -> int:
        try:
            return outbox.relay()
        finally:
            connection.close()

    with transaction.atomic():
        for number in range(40):
            OutboxMessage.objects.create(
                task="core.relay_outbox", arguments={}, effect_key=f"{number}"
            )
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(relay, range(4)))
    left = outbox.relay()
    assert sum(counts) + left == 40
    assert len(handed_over) == len(set(handed_over)) == 40


def test_many_effects_are_promised_once_each_and_handed_over_by_one_relay(
    transactional_db, handed_over, monkeypatch
):
    monkeypatch.setattr(outbox, "AT_ONCE", 3)
    effects = {f"key-{place}": {"user_id": str(place)} for place in range(8)}
    outbox.promise("core.test", effect_key="key-3", user_id="3")
    with transaction.atomic():
        assert outbox.promise_each("core.test", effects) == 7
        assert outbox.promise_each("core.test", effects) == 0
        outbox.promise("core.test", effect_key="key-9", user_id="9")
        waiting = transaction.get_connection().run_on_commit
        assert len(waiting) == 1
    found = OutboxMessage.objects.values_list("effect_key", "arguments")
    assert dict(found) == {**effects, "key-9": {"user_id": "9"}}
    assert len(handed_over) == 9


def test_nobody_waits_for_what_is_too_much_or_was_promised_by_others(
    transactional_db, handed_over, monkeypatch
):
    monkeypatch.setattr(outbox, "RELAYED", 2)
    outbox.promise_each("core.test", {f"key-{place}": {} for place in range(5)})
    assert len(handed_over) == 2
    with transaction.atomic():
        outbox.promise("core.test", effect_key="one")
        outbox.promise("core.test", effect_key="two")
        outbox.promise("core.test", effect_key="three")
    assert len(handed_over) == 4
    left = OutboxMessage.objects.filter(sent_at=None).values_list("effect_key", flat=True)
    assert sorted(left) == ["key-2", "key-3", "key-4", "three"]


def test_what_a_savepoint_took_back_is_not_handed_over(transactional_db, handed_over):
    with transaction.atomic():
        outbox.promise("core.test", effect_key="kept")
        with transaction.atomic():
            outbox.promise("core.test", effect_key="taken back")
            transaction.set_rollback(True)
        outbox.promise("core.test", effect_key="later")
    assert len(handed_over) == 2
    assert set(OutboxMessage.objects.values_list("effect_key", flat=True)) == {"kept", "later"}


def test_the_clock_hands_over_all_that_waits_and_stops_where_nothing_more_does(
    transactional_db, handed_over, monkeypatch
):
    monkeypatch.setattr(outbox, "RELAYED", 0)
    monkeypatch.setattr(tasks, "A_ROUND", 3)
    outbox.promise_each("core.test", {f"key-{place}": {} for place in range(7)})
    assert handed_over == []
    assert tasks.relay_outbox() == 7
    monkeypatch.setattr(tasks, "ROUNDS", 1)
    outbox.promise_each("core.test", {f"more-{place}": {} for place in range(7)})
    assert tasks.relay_outbox() == 3
