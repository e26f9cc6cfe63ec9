"""`manage.py decide`: JSON lines in, JSON lines out."""

from __future__ import annotations

import io
import json

from access.management.commands.decide import answer_lines
from tests.access.test_rule import world_of


def run(*lines):
    target = io.StringIO()
    clean = answer_lines(io.StringIO("\n".join(lines) + "\n"), target)
    return clean, [json.loads(line) for line in target.getvalue().splitlines()]


def test_the_documented_shape_comes_out():
    clean, [answer] = run(json.dumps(world_of()))
    assert clean
    assert answer == {
        "visible": ["housing", "pointer"],
        "write": ["housing"],
        "auditable": False,
        "reasons": {"housing": ["lead"], "pointer": ["implied"]},
    }


def test_a_forbid_is_named():
    _, [answer] = run(json.dumps(world_of(actor__user_active=False)))
    assert answer["reasons"] == {"forbid": ["user_inactive"]}


def test_a_bad_line_is_an_error_and_the_run_goes_on():
    clean, answers = run("{}", "not json", "", "[1]", json.dumps(world_of()))
    assert not clean
    assert ["error" in answer for answer in answers] == [True, True, True, False]


def test_a_time_without_offset_is_an_error():
    clean, [answer] = run(json.dumps(world_of(at="2026-03-03T14:02:00")))
    assert not clean
    assert answer == {"error": "at: a time without offset"}


def test_unknown_words_are_a_no_and_no_error():
    clean, [answer] = run(json.dumps(world_of(involvements__0__basis="friendship")))
    assert clean
    assert answer["reasons"] == {"forbid": ["nothing_opens"]}
