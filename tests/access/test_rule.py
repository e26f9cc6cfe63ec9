"""The rule against an oracle that was written from the English and shares no code with it."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace

from access.facts import Malformed, world_from, world_to
from access.roles import Role
from access.rule import decide, decide_each
from tests.access import oracle, worlds

TRIED = 2_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 50_000


def test_the_rule_answers_as_the_oracle_does():
    rng = random.Random(20260303)
    differing = []
    for number in range(TRIED):
        world = worlds.rich_world(rng) if number % 2 else worlds.world(rng)
        if decide(world_from(world)).to_json() != oracle.answer(world):
            differing.append(world)
    print(f"tried {TRIED} worlds")
    assert not differing, json.dumps(differing[0])


def colleagues(world, rng):
    """Worlds with the same person and other actors of the same agency, in any order."""
    named = {fact.worker for fact in world.involvements if fact.worker} | world.person.barred
    users = [world.actor.user, *sorted(named), "a stranger", "another stranger"]
    others = [
        replace(
            world.actor,
            user=rng.choice(users),
            role=rng.choice([world.actor.role, *Role]),
            on_duty=rng.random() < 0.5,
            user_active=rng.random() < 0.9,
            ends=rng.choice([None, world.actor.ends, world.at]),
            home_agency=rng.choice([None, world.actor.home_agency]),
        )
        for _ in range(20)
    ]
    return [replace(world, actor=actor) for actor in (world.actor, *others)]


def test_of_many_at_once_the_rule_answers_as_of_each():
    rng = random.Random(19)
    opened = 0
    for _ in range(500):
        some = colleagues(world_from(worlds.rich_world(rng)), rng)
        some += colleagues(world_from(worlds.rich_world(rng)), rng)
        answers = [decide(world) for world in some]
        assert list(decide_each(some)) == answers
        opened += len({answer.visible for answer in answers})
    assert opened > 1_000


def test_a_malformed_world_is_an_error_and_no_answer():
    rng = random.Random(7)
    for _ in range(5_000):
        line = worlds.malformed(rng)
        try:
            world_from(json.loads(line) if isinstance(line, str) else line)
        except (Malformed, ValueError):
            continue
        raise AssertionError(line)


def test_a_world_survives_being_written_down():
    rng = random.Random(11)
    for _ in range(2_000):
        world = world_from(worlds.world(rng))
        assert decide(world_from(world_to(world))) == decide(world)


def test_a_forbid_never_opens_anything():
    rng = random.Random(13)
    for _ in range(5_000):
        world = worlds.rich_world(rng)
        world["person"]["barred"] = [world["actor"]["user"]]
        answer = decide(world_from(world))
        assert not answer.visible
        assert not answer.write
        assert not answer.auditable


def test_without_an_involvement_nothing_is_visible():
    rng = random.Random(17)
    for _ in range(5_000):
        world = worlds.rich_world(rng)
        world["involvements"] = []
        assert not decide(world_from(world)).visible


def test_ending_an_involvement_never_opens_anything():
    rng = random.Random(19)
    for _ in range(5_000):
        world = worlds.rich_world(rng)
        before = decide(world_from(world)).visible
        for involvement in world["involvements"]:
            involvement["ends"] = involvement["starts"]
            assert decide(world_from(world)).visible <= before


def test_a_fault_inside_the_rule_is_a_no(monkeypatch):
    from access import rule

    def broken(*_):
        raise RuntimeError

    world = world_from(worlds.rich_world(random.Random(1)))
    monkeypatch.setattr(rule, "_effective", broken)
    assert decide(world).visible == frozenset()
    assert decide(world).write == frozenset()


def world_of(**changes):
    """A lead worker on an ordinary day."""
    at = "2026-03-03T14:02:00+00:00"
    world = {
        "at": at,
        "actor": {
            "user": "u1",
            "user_active": True,
            "agency": "a1",
            "agency_active": True,
            "role": "practitioner",
            "starts": "2026-01-01T00:00:00+00:00",
        },
        "person": {"lead_agency": "a1"},
        "involvements": [
            {
                "agency": "a1",
                "worker": "u1",
                "basis": "lead",
                "categories": ["housing", "safe_address"],
                "starts": "2026-02-01T00:00:00+00:00",
            }
        ],
        "agreements": [],
    }
    for path, value in changes.items():
        target = world
        *steps, last = path.split("__")
        for step in steps:
            target = target[int(step) if step.isdecimal() else step]
        target[last] = value
    return world


def sees(**changes):
    return set(decide(world_from(world_of(**changes))).visible)


def test_a_share_ends_at_its_very_instant():
    assert sees(involvements__0__ends="2026-03-03T14:02:00.000001+00:00") >= {"housing"}
    assert sees(involvements__0__ends="2026-03-03T14:02:00+00:00") == set()


def test_a_safe_address_opens_for_less_than_five_minutes_after_stepping_up():
    assert "safe_address" in sees(actor__stepped_up_at="2026-03-03T13:57:00.000001+00:00")
    assert "safe_address" not in sees(actor__stepped_up_at="2026-03-03T13:57:00+00:00")
    assert "safe_address" not in sees(actor__stepped_up_at="2026-03-03T14:02:00.000001+00:00")
    assert "safe_address" not in sees()


def test_a_safe_address_must_still_be_carried_after_the_cuts():
    agreement = {
        "parties": ["a1", "a9"],
        "categories": ["housing"],
        "starts": "2026-01-01T00:00:00+00:00",
    }
    fresh = "2026-03-03T14:00:00+00:00"
    seen = sees(
        person__lead_agency="a9",
        involvements__0__basis="team",
        agreements=[agreement],
        actor__stepped_up_at=fresh,
    )
    assert seen == {"housing", "pointer"}


def test_on_duty_opens_no_intake_of_a_restricted_person():
    changes = {
        "involvements__0__basis": "intake",
        "involvements__0__worker": None,
        "actor__on_duty": True,
    }
    assert "housing" in sees(**changes)
    assert sees(**changes, person__restricted=True) == set()


def test_a_year_so_early_that_it_has_no_utc_is_a_time_all_the_same():
    assert sees(involvements__0__starts="0001-01-01T00:00:00+14:00") >= {"housing"}
