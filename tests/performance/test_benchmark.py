"""The benchmark runs to its end, says something of every promise, and catches a wrong answer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from api.v1.person import PARTS
from config.benchmark import day, guardian, lists, ours
from config.benchmark.measure import Samples, ratio_of
from config.benchmark.promises import promises
from ops import databases
from ops.databases import drop
from ops.pytest_plugin import TEMPLATE

PEOPLE = 300
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


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
    opened = found["worlds"][0]["day"]
    assert list(opened) == [page.name for page in day.DAY_PAGES]
    assert all(page["statements"] > 0 and page["median"] > 0 for page in opened.values())
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


@pytest.mark.django_db(transaction=True)
def test_a_page_that_nobody_gets_fails_the_run(tmp_path, monkeypatch, capsys):
    gone = day.DayPage("what is gone", ("manager",), "/nowhere/")
    monkeypatch.setattr(day, "DAY_PAGES", (*day.DAY_PAGES[:2], gone))
    with pytest.raises(SystemExit) as ended:
        _measure(tmp_path, only=["day"])
    assert ended.value.code == 1
    printed = capsys.readouterr().out
    assert "no page for" in printed
    assert ": 404" in printed


def test_more_categories_than_the_floor_shows_differ():
    from config.benchmark.floor import Hat
    from config.benchmark.measure import Asked, Contender, judge
    from config.benchmark.users import User

    user = User(Hat(None, None, None, "practitioner"), "worker", 3)
    contender = Contender("ours", lambda _: None, lambda answer: answer, "floor")
    samples = Samples([user])
    answers = {
        "ours": (("YP-A", ("pointer",)), ("YP-B", ("pointer", "housing"))),
        "floor": (("YP-A", ("pointer",)), ("YP-B", ("pointer",))),
    }
    asked = {name: Asked(answer, NOON, NOON, 0.1) for name, answer in answers.items()}
    judge(samples, [contender, Contender("floor", answers.get)], user, asked)
    [difference] = samples.differences
    assert (difference.row, difference.username) == (1, "worker")


@pytest.mark.parametrize(
    ("begun", "differs"),
    [(NOON - timedelta(seconds=1), False), (NOON + timedelta(microseconds=1), True)],
    ids=["asked for before the end", "asked for after it"],
)
def test_what_ended_while_it_was_asked_for_is_no_difference_but_what_ended_before_is(
    begun, differs
):
    from config.benchmark.floor import Hat
    from config.benchmark.measure import Asked, Contender, judge
    from config.benchmark.users import User

    user = User(Hat(None, None, None, "practitioner"), "worker", 3)
    open_, ended = (("YP-A", ("pointer",)),), ()
    floor = Contender("floor", lambda _: ended, as_at=lambda _, at: open_ if at < NOON else ended)
    contender = Contender("ours", lambda _: open_, lambda answer: answer, "floor")
    samples = Samples([user])
    later = NOON + timedelta(seconds=2)
    judge(samples, [contender, floor], user, {
        "ours": Asked(open_, begun, later, 0.1), "floor": Asked(ended, later, later, 0.1)
    })  # fmt: skip
    assert (len(samples.differences), samples.lapsed) == ((1, 0) if differs else (0, 1))


@pytest.mark.django_db(transaction=True)
def test_an_involvement_that_ends_in_mid_run_fails_no_run(tmp_path, monkeypatch, capsys):
    """The first list is followed at once by the end of everything that opens its first person."""
    ask = ours.Product.by_token
    ended = []

    def ask_and_end(product, user, path):
        answer = ask(product, user, path)
        if path == lists.PEOPLE and (shown := ours.people(answer)) and not ended:
            ended.append(shown[0][0])
            # Without waiting for what is asked next, as another process would.
            with psycopg.connect(databases.address(
                f"tl_bench_{PEOPLE}_1", os.environ["DATABASE_OWNER_URL"]
            )) as other:  # fmt: skip
                other.execute(
                    "UPDATE sharing_involvement SET ends = clock_timestamp() WHERE starts < now()"
                    " AND (ends IS NULL OR ends > now()) AND person_id ="
                    " (SELECT id FROM people_youngperson WHERE reference = %s)",
                    [shown[0][0]],
                )
        return answer

    monkeypatch.setattr(ours.Product, "by_token", ask_and_end)
    # So that it ends among the answers that are measured.
    monkeypatch.setattr(lists, "warm_up", lambda *_: None)
    monkeypatch.setattr(lists, "opened_before", lambda *_: None)
    found = _measure(tmp_path, only=["lists"], users=4)
    drop(f"tl_bench_{PEOPLE}_1")
    assert ended
    assert found["answers"]["different"] == 0
    assert found["answers"]["lapsed_meanwhile"] > 0
    assert "something ended while it was being asked for" in capsys.readouterr().out


def test_the_models_of_guardian_are_gone_afterwards():
    assert not [model for model in apps.get_models() if "grant" in model.__name__.lower()]


def test_what_guardian_s_list_looks_up_is_what_ours_holds_of_a_person(cast):
    case = cast.open_case()
    found = guardian._looked_up(case.person)
    assert found.keys() == PARTS.parts.keys() - {"person", "who"}
    assert (found["lead_worker"], found["case"]) == ("Lead Worker", case.reference)
    assert [row["component"] for row in found["components"]]


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
