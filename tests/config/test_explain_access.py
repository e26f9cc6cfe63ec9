"""explain_access: its world, given to decide, yields its answer."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from access.management.commands.decide import answer_lines
from config.demo.sign_ins import SIGN_INS
from people.models import YoungPerson

HATS = [f"{sign_in.username}@{sign_in.slug}" for sign_in in SIGN_INS]


def explain(*arguments):
    out = io.StringIO()
    call_command("explain_access", *arguments, stdout=out)
    return json.loads(out.getvalue())


def _decided(world):
    out = io.StringIO()
    assert answer_lines(io.StringIO(json.dumps(world)), out)
    return json.loads(out.getvalue())


def test_decide_answers_its_worlds_alike_for_all_sign_ins_and_ten_people(demo_world):
    ten = ["YP-DEMO1", *YoungPerson.rows.order_by("pk").values_list("reference", flat=True)[:9]]
    visible = 0
    for hat in HATS:
        for reference in ten:
            found = explain(hat, reference)
            assert _decided(found["world"]) == found["answer"]
            visible += bool(found["answer"]["visible"])
    assert visible > 20


def test_it_explains_an_instant_in_the_past(demo_world):
    person = YoungPerson.rows.get(reference="YP-DEMO1")
    after = person.created_at.isoformat()
    found = explain("prison-worker@prison-charity", "yp-demo1", "--at", after)
    assert found["at"] == after
    assert found["answer"]["visible"] == ["pointer"]
    assert found["answer"]["reasons"] == {"pointer": ["referrer"]}
    assert _decided(found["world"]) == found["answer"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody@lead-charity", "YP-DEMO1"),
        ("lead-worker@nowhere", "YP-DEMO1"),
        ("lead-worker", "YP-DEMO1"),
        ("lead-worker@lead-charity", "YP-NOBODY"),
        ("lead-worker@lead-charity", "YP-DEMO1", "--role", "manager"),
        ("lead-worker@lead-charity", "YP-DEMO1", "--role", "king"),
        ("lead-worker@lead-charity", "YP-DEMO1", "--at", "yesterday"),
        ("lead-worker@lead-charity", "YP-DEMO1", "--at", "2026-01-01T00:00:00"),
    ],
)
def test_what_is_not_known_exits_with_2_and_says_so(demo_world, capsys, arguments):
    with pytest.raises(SystemExit) as left:
        call_command("explain_access", *arguments)
    assert left.value.code == 2
    shown = capsys.readouterr()
    assert shown.err
    assert not shown.out
