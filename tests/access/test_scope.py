"""The rule four ways on real PostgreSQL: facts, rows, query, and row-level security."""

from __future__ import annotations

import os
import random

import pytest
from django.db import connection, transaction

from access.categories import Category, from_bits
from access.facts import world_from
from access.roles import WORKERS
from access.rule import decide
from core import clock
from people.models import YoungPerson
from sharing import candidates, facts
from sharing.rule_sql import standing, visible_sql
from sharing.scope import SharingScope
from tests.access import worlds
from tests.access.behind import behind_the_wall, is_coarsely_visible, people_in
from tests.factories.settings_of_worlds import Rows, moved

SETTINGS = 2_500 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 125
PEOPLE = 20
SAFE_ADDRESS = {Category.SAFE_ADDRESS}


def a_setting(rng):
    """A world whose actor can be written down, and people of other worlds in it."""
    while True:
        base = world_from(worlds.rich_world(rng))
        if base.actor.role is not None:
            break
    others = [world_from(worlds.rich_world(rng)) for _ in range(PEOPLE - 1)]
    return [base, *(moved(other, base) for other in others)]


def scoped(member, ids):
    sql, parameters = visible_sql(member, ids)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {person: from_bits(bits) for person, bits, *_ in cursor.fetchall()}


def judged(member, **how):
    """All the people on a member's list, page after page, as the projection leads to them, each
    with what the database answers."""
    found, after = {}, None
    while True:
        page, _ = SharingScope().page(member, limit=7, after=after, **how)
        assert not found.keys() & dict(page).keys()
        found |= dict(page)
        if len(page) < 7:
            return found
        after = page[-1][0]


def everybody(member, **how):
    """All the people on a member's list."""
    return judged(member, **how).keys()


def counted(member):
    """How many people are on a member's list, counted to different ends."""
    number = SharingScope().count(member, most=1_000)
    if member.role in WORKERS and standing(member) is not None:
        # Of whom it is sure without asking the rule, the rule shows something.
        sure = candidates.carded(
            agency=member.agency_id, asker=member.user_id, at=clock.instant(), most=1_000
        )
        assert sure <= number
    for most in (0, 3, number):
        assert SharingScope().count(member, most=most) == min(number, most + 1)
    return number


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_scope_the_rows_the_rule_and_the_wall_agree(seed):
    rng = random.Random(seed)
    tried = opened = 0
    for _ in range(SETTINGS // 5):
        setting = a_setting(rng)
        with transaction.atomic(), clock.at(setting[0].at):
            rows = Rows()
            member = rows.actor(setting[0])
            people = {rows.person(world): world for world in setting}
            by_query = scoped(member, list(people))
            by_rows = facts.worlds(member, people)
            listed = set(
                YoungPerson.objects.visible_to(member)
                .filter(pk__in=list(people))
                .values_list("pk", flat=True)
            )
            answers = judged(member)
            paged = answers.keys() & people.keys()
            assert everybody(member, back=True) & people.keys() == paged
            more = everybody(member, more_than_card=True)
            assert counted(member) == len(everybody(member))
            for person, world in people.items():
                answer = decide(world)
                assert by_query.get(person, frozenset()) == answer.visible, world
                assert decide(by_rows[person]).visible == answer.visible, world
                assert decide(by_rows[person]).write == answer.write, world
                assert (person in listed) == bool(answer.visible)
                assert (person in paged) == bool(answer.visible), world
                if answer.visible:
                    # A safe address never stands in a list.
                    assert answers[person].visible == answer.visible - SAFE_ADDRESS, world
                    assert answers[person].write == answer.write - SAFE_ADDRESS, world
                    assert answers[person].lead_agency == decide(by_rows[person]).lead_agency
                assert person in more or answer.visible <= {Category.POINTER}, world
                tried += 1
                opened += bool(answer.visible)
            with behind_the_wall(member, setting[0].at):
                assert scoped(member, list(people)) == by_query
                assert judged(member) == answers
                assert counted(member) == len(everybody(member))
                assert people_in("people_youngperson", "id", people) == {
                    person for person, world in people.items() if is_coarsely_visible(world)
                }
            transaction.set_rollback(True)
    print(f"tried {tried} worlds, {opened} with something visible")
    assert opened > tried / 4


@pytest.mark.django_db
def test_a_category_that_nobody_knows_opens_nobody(cast):
    case = cast.open_case()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sharing_involvement SET categories = %s WHERE person_id = %s",
            [1 << len(Category), case.person_id],
        )
    for username in ("lead-worker", "colleague", "charity-manager"):
        member = cast.who(username)
        assert decide(facts.worlds(member, [case.person_id])[case.person_id]).visible == set()
        with behind_the_wall(member, clock.instant()):
            assert scoped(member, [case.person_id]) == {}
            assert everybody(member) == set()
