"""`manage.py verify_audit` and `seal_audit`: what they print and how they leave."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from audit import checks, sealing, signing
from audit.models import Unsealed
from audit.verifying import verify
from tests.audit.conftest import add


def leave(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        call_command("verify_audit", *arguments)
    return left.value.code, capsys.readouterr()


def test_a_good_trail_is_said_in_json(story, capsys):
    call_command("verify_audit", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said == {"records": 250, "checkpoints": 5, "ok": True, "first_bad": None}


def test_a_good_trail_is_said_in_words(story, capsys):
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "250 records under 5 checkpoints; 7 more wait" in said
    assert "Nothing was changed." in said


def test_a_changed_trail_leaves_with_one_and_names_the_record(story, capsys):
    [key] = story.column("SELECT record_id FROM audit_chainlink WHERE position = 100")
    story.did(f"UPDATE audit_accessrecord SET categories = 0 WHERE id = '{key}'")
    status, said = leave(capsys, "--json")
    found = json.loads(said.out)
    assert (status, found["ok"]) == (1, False)
    assert found["first_bad"] == {
        "checkpoint": 2,
        "record": f"access {key}",
        "what": "was changed",
    }
    status, said = leave(capsys)
    assert status == 1
    assert f"CHANGED  checkpoint 2: access {key} was changed" in said.out


@pytest.mark.parametrize(
    "urls", [[], ["s3://bucket/trail"], ["file:///nowhere/at/all.jsonl"], ["/no/address"]]
)
def test_without_a_sink_to_check_against_it_leaves_with_two(story, capsys, settings, urls):
    settings.AUDIT_SINKS = urls
    status, said = leave(capsys, "--json")
    assert (status, said.out) == (2, "")
    assert "could not be checked" in said.err


def test_without_the_database_it_leaves_with_two(story, capsys, monkeypatch):
    from django.db import OperationalError

    def gone():
        raise OperationalError("connection refused")

    monkeypatch.setattr("audit.management.commands.verify_audit.verify", gone)
    assert leave(capsys)[0] == 2


def test_an_old_key_stays_good_and_a_strange_one_never_is(story, settings):
    old = signing.public_key()
    settings.AUDIT_SIGNING_KEY = "the next key, after the first was retired"
    assert "is not signed with our key" in str(verify().faults[0])
    settings.AUDIT_OLD_PUBLIC_KEYS = [old]
    assert verify().ok
    sealing.run()
    report = verify()
    assert (report.ok, report.checkpoints, report.waiting) == (True, 6, 0)


def test_memory_stays_flat_however_long_the_trail(db, at_now, sinks):
    peaks = []
    for _ in range(2):
        add(1500)
        sealing.run()
        tracemalloc.start()
        assert verify().ok
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    print(f"peaks {peaks[0] // 1024} and {peaks[1] // 1024} KiB for 1500 and 3000 records")
    assert peaks[1] < 1.3 * peaks[0]


def test_nothing_starts_without_a_sink(settings):
    settings.AUDIT_SINKS = []
    assert "audit.E001" in [error.id for error in run_checks()]
    with pytest.raises(ImproperlyConfigured, match="AUDIT_SINKS is empty"):
        checks.require()
    from config.celery import refuse_without_sinks

    with pytest.raises(SystemExit, match="AUDIT_SINKS is empty"):
        refuse_without_sinks()


def test_nothing_starts_without_a_key_to_sign_with(settings):
    settings.AUDIT_SIGNING_KEY = ""
    assert [error.msg for error in run_checks() if error.id == "audit.E001"] == [
        "AUDIT_SIGNING_KEY must be set."
    ]


def test_sealing_by_hand(db, at_now, sinks, capsys, settings):
    add(7)
    call_command("seal_audit")
    assert "7 records under 1 checkpoints." in capsys.readouterr().out
    assert not Unsealed.objects.exists()
    add(1)
    sinks[0].unlink()
    sinks[0].mkdir()
    with pytest.raises(CommandError):
        call_command("seal_audit")
