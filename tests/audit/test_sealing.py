"""What is committed gets into the chain, once, signed, and out of the database."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import timedelta
from queue import Queue

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, InternalError, ProgrammingError

from access.context import transact
from audit import sealing, tasks, trail, waiting
from audit.checkpoints import Line
from audit.models import AccessRecord, ChainLink, Checkpoint, Event, StatedPurpose, Unsealed
from audit.sealing import ChainBroken, SinkDown
from audit.sinks import open_sink
from audit.verifying import verify
from core.ids import new_id
from ops.databases import address
from tests.audit.conftest import JOB, add


@pytest.fixture
def at_work(db, at_now, sinks):
    """A transaction in which records can be added and sealed."""
    return sinks


def lines(place):
    return [Line.from_json(text) for text in place.read_text().splitlines()]


def test_every_record_is_queued_and_sealed_once(at_work):
    add(30)
    assert Unsealed.objects.count() == 30
    assert sealing.run() == sealing.Sealed(1, 30)
    assert sealing.run() == sealing.Sealed(0, 0)
    assert not Unsealed.objects.exists()
    sealed = set(ChainLink.objects.values_list("record_id", flat=True))
    assert sealed == {
        *Event.objects.values_list("pk", flat=True),
        *AccessRecord.objects.values_list("pk", flat=True),
    }
    assert verify().ok


def test_sealed_and_checked_where_nobody_has_said_who_acts_nothing_is_left_out(at_work):
    """As the worker and the command run: with the wall before them, and no tests' rights."""
    from audit.checkpoints import GONE

    add(30)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.kind = ''")
    assert not Event.objects.exists()
    sealing.run()
    assert GONE not in set(ChainLink.objects.values_list("digest", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.kind = ''")
    report = verify()
    assert (report.ok, report.records) == (True, 30)


def test_a_checkpoint_holds_at_most_a_hundred_records(at_work):
    add(230)
    assert sealing.run() == sealing.Sealed(3, 230)
    assert [row.count for row in Checkpoint.objects.all()] == [100, 100, 30]
    assert verify().ok


def test_the_same_checkpoints_stand_in_every_sink(at_work):
    add(130)
    sealing.run()
    in_file = lines(at_work[0])
    in_objects = list(open_sink(f"objects://{at_work[1]}").lines())
    assert in_file == in_objects == [sealing.line_of(row) for row in Checkpoint.objects.all()]
    assert len(in_file) == 2


def test_nobody_is_named_in_a_sink(at_work):
    with transact(JOB, route="test"):
        add(20, purpose="Kofi asked me to post his letters")
    sealing.run()
    assert "Kofi" not in at_work[0].read_text()
    assert set(json.loads(at_work[0].read_text())) == {"checkpoint", "records"}


def test_the_words_of_a_purpose_can_be_erased_and_the_chain_holds(at_work):
    person = new_id()
    with transact(JOB, route="test"):
        trail.record_reads(JOB, [trail.Read(person, 6, "Kofi asked me")], route="test")
    record = AccessRecord.objects.get(person_id=person)
    assert "Kofi" not in record.purpose
    assert trail.purposes([record.pk]) == {record.pk: "Kofi asked me"}
    sealing.run()
    StatedPurpose.objects.filter(person_id=person).delete()
    assert trail.purposes([record.pk]) == {}
    assert record.purpose == trail.digest("Kofi asked me"), "which words they were can be proved"
    assert verify().ok


def test_what_commits_late_is_put_under_a_later_checkpoint(committed):
    with transact(JOB, route="test"):
        add(3)
        early = set(Unsealed.objects.values_list("record_id", flat=True))
        done = []
        other = threading.Thread(target=lambda: done.append(_in_another_session(4)))
        other.start()
        other.join()
    first = set(ChainLink.objects.values_list("record_id", flat=True))
    assert (len(first), first & early) == (4, set())
    assert sealing.run().records == 3
    assert verify().ok


def _in_another_session(number):
    try:
        with transact(JOB, route="test"):
            add(number)
        return sealing.run()
    finally:
        connections.close_all()


def test_two_runs_at_once_seal_each_record_once(committed):
    with transact(JOB, route="test"):
        add(300)
    barrier, done = threading.Barrier(4), []

    def seal():
        barrier.wait()
        try:
            done.append(sealing.run().records)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealing.run()
    assert ChainLink.objects.count() == 300
    assert Checkpoint.objects.order_by("-number").first().last == 300
    assert verify().ok


def test_a_sink_that_is_down_makes_sealing_wait_and_loses_nothing(at_work, settings, caplog):
    add(10)
    sealing.run()
    blocked = at_work[0].with_name("blocked")
    blocked.write_text("a file where a folder should be")
    before = settings.AUDIT_SINKS
    settings.AUDIT_SINKS = [*before, (blocked / "checkpoints.jsonl").as_uri()]
    add(150)
    with pytest.raises(SinkDown):
        sealing.run()
    assert tasks.seal() == 0
    assert "A sink of the audit trail is down" in caplog.text
    assert Checkpoint.objects.count() == 1, "not sealed further while a sink is down"
    blocked.unlink()
    assert tasks.seal() == 150
    assert len(lines(blocked / "checkpoints.jsonl")) == 3, "the new sink was brought up to date"
    assert verify().ok


def test_a_sink_that_fails_in_the_middle_is_brought_up_to_date_later(at_work, monkeypatch):
    add(250)
    real, calls = open_sink(at_work[0].as_uri())._write.__func__, []

    def failing(self, line):
        calls.append(line.number)
        if len(calls) == 2:
            raise OSError("No space left on device")
        real(self, line)

    monkeypatch.setattr("audit.sinks.FileSink._write", failing)
    with pytest.raises(SinkDown):
        sealing.run()
    assert verify().ok, "one checkpoint may be on its way"
    assert sealing.run().records == 50
    assert [line.number for line in lines(at_work[0])] == [1, 2, 3]
    assert verify().ok


def test_a_line_that_a_crash_tore_is_written_again(at_work):
    add(10)
    sealing.run()
    add(10)
    sealing.run()
    whole = at_work[0].read_bytes()
    at_work[0].write_bytes(whole[: len(whole) - 40])
    add(5)
    assert sealing.run().records == 5
    report = verify()
    assert report.ok, report.faults
    assert report.checkpoints == 3


def test_an_object_is_written_once(at_work):
    add(10)
    sealing.run()
    [path] = at_work[1].glob("*/*.json")
    assert path.stat().st_mode & 0o222 == 0
    sink = open_sink(f"objects://{at_work[1]}")
    sink.last = lambda: None
    with pytest.raises(Exception, match="holds another checkpoint 1"):
        sink.append(Line.from_json(path.read_text()))


def test_a_sink_that_is_ahead_stops_all_sealing(at_work, caplog):
    add(10)
    with transaction.atomic():
        sealing.run()
        transaction.set_rollback(True)
    assert Checkpoint.objects.count() == 0
    with pytest.raises(ChainBroken):
        sealing.run()
    assert tasks.seal() == 0
    assert "run verify_audit" in caplog.text


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_unsealed",
        "INSERT INTO audit_unsealed (kind, record_id, queued_at) VALUES ('event', uuidv7(), now())",
        "UPDATE audit_unsealed SET kind = 'access'",
        "UPDATE audit_checkpoint SET count = 1",
        "DELETE FROM audit_chainlink",
        "TRUNCATE audit_chainlink",
        "UPDATE audit_statedpurpose SET words = ''",
        "DELETE FROM audit_event",
    ],
)
def test_the_application_may_add_to_the_chain_and_nothing_else(at_work, statement):
    add(3)
    sealing.run()
    add(3)
    with pytest.raises((ProgrammingError, InternalError), match="permission denied"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_application_takes_from_the_queue_only_what_is_sealed(at_work):
    add(5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_unqueue(array(SELECT id FROM audit_unsealed))")
    assert Unsealed.objects.count() == 5


def test_reading_and_writing_go_on_until_too_many_wait(at_work):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.most_waiting', '20', true)")
    add(20)
    with pytest.raises(DatabaseError, match="records wait to be sealed"), transaction.atomic():
        add(1)
    sealing.run()
    add(1)


def test_the_same_record_queued_again_by_somebody_is_sealed_once(committed):
    with transact(JOB, route="test"):
        add(3)
    sealing.run()
    name = connection.settings_dict["NAME"]
    with psycopg.connect(address(name, os.environ["DATABASE_OWNER_URL"]), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO audit_unsealed (kind, record_id, queued_at)"
            " SELECT kind, record_id, now() FROM audit_chainlink"
        )
    assert sealing.run().records == 0
    assert not Unsealed.objects.exists()
    assert verify().ok


def test_after_some_records_sealing_is_asked_for(
    at_work, monkeypatch, django_capture_on_commit_callbacks
):
    asked: Queue[str] = Queue()
    monkeypatch.setattr(waiting.current_app, "send_task", lambda name, **_: asked.put(name))
    monkeypatch.setattr(waiting, "_added", 0)
    monkeypatch.setattr(waiting, "_not_before", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        add(waiting.ENOUGH - 1)
    assert asked.empty()
    with django_capture_on_commit_callbacks(execute=True):
        add(1)
    # Beside the work in hand, which does not wait for it.
    assert asked.get(timeout=10) == "audit.seal"


def test_a_broker_that_is_down_is_not_asked_at_every_turn(monkeypatch):
    tries = []

    def down(*_, **__):
        tries.append(1)
        raise OSError("connection refused")

    monkeypatch.setattr(waiting.current_app, "send_task", down)
    monkeypatch.setattr(waiting, "_not_before", 0.0)
    for _ in range(3):
        waiting._ask()
    assert len(tries) == 1


def test_health_says_when_records_wait_for_too_long(at_work, client, monkeypatch):
    add(1)
    assert client.get("/health/").json()["audit"] is True
    monkeypatch.setattr(sealing, "BEHIND", timedelta(days=-36500))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["audit"]) == (200, False)


def test_what_sealing_costs(committed):
    with transact(JOB, route="test"):
        add(2000)
    began = time.perf_counter()
    done = sealing.run()
    spent = time.perf_counter() - began
    began = time.perf_counter()
    report = verify()
    checked = time.perf_counter() - began
    assert (done.records, done.checkpoints, report.ok) == (2000, 20, True)
    print(
        f"sealing {1000 * spent / done.checkpoints:.1f} ms for each 100 records, two sinks;"
        f" verifying {1000 * checked / report.checkpoints:.1f} ms"
    )
    assert spent / done.checkpoints < 1, "a checkpoint takes less than the second that it may"
