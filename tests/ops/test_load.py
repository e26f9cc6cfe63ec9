"""`python -m ops.load`: what it measures, and that it would see a loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from uuid import uuid4

import pytest

from ops.load import measures
from ops.load.measures import Measures
from ops.state import CHECKOUT


def test_figures_are_those_of_each_kind():
    noted = Measures()
    for milliseconds in range(1, 101):
        noted.answered("list page", milliseconds / 1000)
    noted.answered("log API", 0.2, "500")
    found = measures.summed_up(noted, 10.0)
    assert found["requests"] == 101
    assert found["requests_a_second"] == 10.1
    assert found["kinds"]["list page"] == {
        "requests": 100,
        "median_ms": 50.0,
        "p99_ms": 99.0,
        "longest_ms": 100.0,
    }
    assert found["errors"] == 1
    assert found["error_kinds"] == {"log API: 500": 1}


def test_warming_up_is_not_measured_and_what_was_logged_still_counts():
    noted, key = Measures(), uuid4()
    noted.sending(key)
    noted.was_kept(key)
    noted.answered("log page", 3.0)
    noted.begin()
    assert measures.summed_up(noted, 1.0)["requests"] == 0
    assert noted.sent == noted.kept == {key}


def test_what_was_lost_doubled_or_left_no_event_is_seen(cast):
    from access.categories import Category
    from casework.actions import intervention
    from casework.models import Intervention, KindOfIntervention
    from core.clock import instant
    from ops.load.day import note_of
    from ops.load.world import check

    case, kind = cast.open_case(), KindOfIntervention.objects.get(code="housing-advice")
    once, twice, silent, lost = (uuid4() for _ in range(4))

    def log(key):
        return intervention.log(
            person=case.person,
            categories=[Category.HOUSING],
            kind=kind,
            at=instant(),
            minutes=60,
            attendance="came",
            note=note_of(key),
            by=cast.who("lead-worker"),
        )

    for key in (once, twice, twice):
        log(key)
    row = log(once)
    Intervention.rows.filter(pk=row.pk).update(note=note_of(silent))
    Intervention(**_copied(row, note_of(silent))).save(force_insert=True)
    sent = [str(key) for key in (once, twice, silent, lost)]
    assert check(sent, sent) == {
        "sent": 4,
        "kept": 4,
        "there": 3,
        "lost": 1,
        "doubled": 2,
        "without_event": 1,
    }


def _copied(row, note):
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {**fields, "id": uuid4(), "note": note}


@pytest.mark.deep
def test_a_short_day_loses_nothing():
    """The real server and the real database, with writes that are sent twice."""
    named = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in named}
    size = ["--people", "400", "--agencies", "8", "--users", "4", "--seconds", "5"]
    command = [sys.executable, "-m", "ops.load", *size, "--warm-up", "5", "--statements", "5"]
    done = subprocess.run(
        command, env=env, cwd=CHECKOUT, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    result = json.loads(done.stdout[done.stdout.index("\n{") :])
    assert result["errors"] == 0
    assert result["interventions"]["lost"] == result["interventions"]["doubled"] == 0
    assert result["people"] == 400
    counted = result["statements"]
    assert len(counted) == 5
    assert counted == sorted(counted, key=lambda row: -row["total_ms"])
    assert not any("load " in row["statement"] for row in counted), "a value stands in a statement"


def test_a_database_that_is_there_needs_to_be_named_with_its_server(monkeypatch, capsys):
    from ops.load.__main__ import main

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert main(["--database", "tl_bench_1000000_1"]) == 1
    assert "DATABASE_URL and DATABASE_OWNER_URL" in capsys.readouterr().err


def test_the_costliest_statements_are_those_of_the_time_between_two_counts():
    from ops.load.statements import costliest

    def row(query, calls, total, buffers):
        return {"query": query, "calls": calls, "total_ms": total, "buffers": buffers}

    before = {1: row("SELECT 1", 10, 900.0, 100), 2: row("SELECT 2", 5, 1.0, 5)}
    after = {
        1: row("SELECT 1", 12, 904.0, 120),
        2: row("SELECT  2", 5, 1.0, 5),
        3: row("SELECT\n3", 4, 80.0, 8),
    }
    found = costliest(before, after, 5)
    assert [(one["statement"], one["calls"], one["total_ms"]) for one in found] == [
        ("SELECT 3", 4, 80.0),
        ("SELECT 1", 2, 4.0),
    ]
    assert (found[1]["mean_ms"], found[1]["buffers"]) == (2.0, 10)
    assert costliest(before, after, 1) == found[:1]


@pytest.mark.parametrize("name", ["throughline", "postgres", "tl_bench", "x_tl_bench_1"])
def test_only_a_world_of_the_benchmark_is_ever_written_to(monkeypatch, capsys, name):
    from ops.load import __main__ as load

    def never(*_, **__):
        raise AssertionError("nothing may be started")

    monkeypatch.setattr(load.stack, "running", never)
    monkeypatch.setattr(load.stack, "with_programs", never)
    assert load.main(["--database", name]) == 1
    assert "a world of the benchmark" in capsys.readouterr().err


def test_the_benchmark_names_its_worlds_so():
    from config.benchmark import worlds
    from ops.load.__main__ import WORLDS

    assert worlds.EMPTY.startswith(WORLDS)
