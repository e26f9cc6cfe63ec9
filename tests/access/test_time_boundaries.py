"""To the microsecond: what opens, ends or bars at an instant does so at that instant.

Also where the clocks of London change, and on the 29th of February: instants are instants.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from access.facts import world_from
from access.rule import GRACE, decide
from core import clock
from tests.access import oracle
from tests.access.behind import behind_the_wall, is_coarsely_visible, people_in
from tests.access.test_scope import scoped
from tests.factories.settings_of_worlds import Rows

TICK = timedelta(microseconds=1)
INSTANTS = [
    # Clocks go forward: 01:00 GMT becomes 02:00 BST.
    "2026-03-29T01:00:00+00:00",
    # And back: 01:30 in London happens twice.
    "2026-10-25T01:30:00+01:00",
    "2026-10-25T01:30:00+00:00",
    "2028-02-29T00:00:00+00:00",
    "2026-03-03T14:02:00.000001+00:00",
]
BEFORE, AFTER = timedelta(days=400), timedelta(days=400)


def world(at, moment, **changed):
    """A partner's worker with a share under an agreement; `changed` gives one fact its date."""
    early, late = (moment - BEFORE).isoformat(), (moment + AFTER).isoformat()
    told = {
        "at": at.isoformat(),
        "actor": {
            "user": "u1",
            "user_active": True,
            "agency": "a1",
            "agency_active": True,
            "role": "practitioner",
            "starts": early,
            "ends": late,
            "home_agency": None,
            "on_duty": False,
            "stepped_up_at": None,
        },
        "person": {"lead_agency": "a0", "restricted": False, "barred": []},
        "involvements": [
            {
                "agency": "a1",
                "worker": "u1",
                "basis": "team",
                "categories": ["pointer", "safety", "housing", "safe_address"],
                "starts": early,
                "ends": late,
                "one_off": False,
            }
        ],
        "agreements": [
            {
                "parties": ["a0", "a1"],
                "categories": ["pointer", "safety", "housing", "safe_address"],
                "starts": early,
                "ends": late,
                "suspended": False,
            }
        ],
    }
    for path, value in changed.items():
        table, _, name = path.partition("__")
        row = told[table][0] if isinstance(told[table], list) else told[table]
        row[name] = value.isoformat()
    return told


def asked(told):
    """What the rule, the oracle, the query and the wall say of one world; they agree."""
    facts = world_from(told)
    answer = decide(facts)
    assert oracle.answer(told)["visible"] == sorted(answer.visible)
    with transaction.atomic(), clock.at(facts.at):
        rows = Rows()
        member, person = rows.actor(facts), rows.person(facts)
        assert scoped(member, [person]).get(person, frozenset()) == answer.visible
        with behind_the_wall(member, facts.at):
            assert scoped(member, [person]).get(person, frozenset()) == answer.visible
            there = people_in("people_youngperson", "id", [person])
            assert bool(there) == is_coarsely_visible(facts)
        transaction.set_rollback(True)
    return {str(category) for category in answer.visible}


@pytest.mark.django_db
@pytest.mark.parametrize("text", INSTANTS)
@pytest.mark.parametrize("fact", ["involvements", "actor"])
def test_it_opens_at_its_start_and_not_a_moment_before(text, fact):
    moment = datetime.fromisoformat(text)
    seen = [
        asked(world(moment + offset, moment, **{f"{fact}__starts": moment}))
        for offset in (-TICK, TICK * 0, TICK)
    ]
    assert [bool(one) for one in seen] == [False, True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("text", INSTANTS)
@pytest.mark.parametrize("fact", ["involvements", "actor"])
def test_it_ends_at_its_end_and_not_a_moment_after(text, fact):
    moment = datetime.fromisoformat(text)
    seen = [
        asked(world(moment + offset, moment, **{f"{fact}__ends": moment}))
        for offset in (-TICK, TICK * 0, TICK)
    ]
    assert [bool(one) for one in seen] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("text", INSTANTS)
def test_when_an_agreement_ends_the_team_keeps_safety_for_fourteen_days_to_the_moment(text):
    moment = datetime.fromisoformat(text)
    seen = {
        offset: asked(world(moment + offset, moment, agreements__ends=moment))
        for offset in (-TICK, TICK * 0, GRACE - TICK, GRACE, GRACE + TICK)
    }
    kept = {"pointer", "safety"}
    assert list(seen.values()) == [kept | {"housing"}, kept, kept, set(), set()]


@pytest.mark.django_db
@pytest.mark.parametrize("text", INSTANTS)
def test_a_step_up_opens_the_safe_address_for_five_minutes_to_the_moment(text):
    moment = datetime.fromisoformat(text)
    five = timedelta(minutes=5)
    seen = [
        "safe_address" in asked(world(moment + offset, moment, actor__stepped_up_at=moment))
        for offset in (-TICK, TICK * 0, five - TICK, five)
    ]
    assert seen == [False, True, True, False]
