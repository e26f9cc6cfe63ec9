"""The benchmark runs to its end, says something of every promise, and catches a wrong answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from config.benchmark import lists, ours
from config.benchmark.measure import Samples, ratio_of
from config.benchmark.promises import promises
from ops.databases import drop
from ops.pytest_plugin import TEMPLATE

PEOPLE = 300


@pytest.fixture(scope="module", autouse=True)
def _no_world_stays() -> Iterator[None]:
    yield
    drop(f"tl_bench_{PEOPLE}_1")


def _measure(tmp_path, **options):
    call_command(
        "benchmark",
        **{
            "people": [PEOPLE],
            "agencies": 6,
            "users": 6,
            "seconds": 1,
            "template": TEMPLATE,
            "json": tmp_path / "figures.json",
            "plot": tmp_path / "figures.svg",
        }
        | options,
    )
    return json.loads((tmp_path / "figures.json").read_text())


@pytest.mark.django_db(transaction=True)
def test_it_runs_to_its_end_and_has_a_line_for_each_promise(tmp_path, capsys):
    found = _measure(tmp_path)
    names = [line["name"] for line in found["promises"]]
    assert names == [promise.name for promise in promises([PEOPLE])]
    assert {line["verdict"] for line in found["promises"]} <= {"pass", "short", "not measured"}
    for line in found["promises"]:
        assert line["words"] or line["figure"] is not None
    assert found["answers"]["different"] == 0
    assert found["answers"]["compared"] > 15
    assert ElementTree.parse(tmp_path / "figures.svg").getroot().tag.endswith("svg")
    printed = capsys.readouterr().out
    assert "list of people against the floor, at 300" in printed
    assert "none differed" in printed


@pytest.mark.django_db(transaction=True)
def test_one_answer_that_differs_fails_the_run(tmp_path, monkeypatch, capsys):
    """A row that is not the floor's is found among all others."""
    true = ours.people
    # The reader is held in a table; the one row too few is the broadest user's.
    monkeypatch.setitem(lists._READERS, lists.PEOPLE_LIST, lambda answer: true(answer)[:-1])
    with pytest.raises(SystemExit) as ended:
        _measure(tmp_path, only=["lists"], users=2)
    assert ended.value.code == 1
    assert "DIFFERED" in capsys.readouterr().out
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["answers"]["different"] > 0


def test_more_categories_than_the_floor_shows_differ():
    from config.benchmark.floor import Hat
    from config.benchmark.measure import Contender, judge
    from config.benchmark.users import User

    user = User(Hat(None, None, None, "practitioner"), "worker", 3)
    contender = Contender("ours", lambda _: None, lambda answer: answer, "floor")
    samples = Samples([user])
    judge(samples, [contender], user, {
        "ours": (("YP-A", ("pointer",)), ("YP-B", ("pointer", "housing"))),
        "floor": (("YP-A", ("pointer",)), ("YP-B", ("pointer",))),
    })  # fmt: skip
    [difference] = samples.differences
    assert (difference.row, difference.username) == (1, "worker")


def test_the_models_of_guardian_are_gone_afterwards():
    assert not [model for model in apps.get_models() if "grant" in model.__name__.lower()]


def test_a_category_that_is_not_said_to_be_visible_is_a_leak():
    body = {
        "results": [{"reference": "YP-A", "visible": ["pointer"], "pointer": {}, "housing": {}}]
    }
    answer = ours.Answer(200, json.dumps(body).encode())
    assert ours.people(answer) == (("YP-A", ("pointer", "housing")),)


def test_an_error_is_equal_to_no_list():
    assert ours.people(ours.Answer(500, b"")) != ()


def test_the_interval_holds_the_median():
    from random import Random

    found = ratio_of([1.0, 2.0, 3.0, 4.0, 100.0], Random(1))
    assert found.low <= found.value == 3.0 <= found.high
    assert ratio_of([], Random(1)) is None


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_where_real_people_may_be(settings, tmp_path):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError):
        _measure(tmp_path)
