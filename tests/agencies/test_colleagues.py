"""Workers as they may be chosen: found by name, read no further than a page needs."""

from __future__ import annotations

import string

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.roles import Role
from agencies.actions import membership
from agencies.colleagues import Colleagues, Offered
from agencies.models import User
from core.errors import Conflict
from core.long_choices import Listed
from core.written_names import BETWEEN, parts
from tests.factories.cast import OPERATOR

pytestmark = pytest.mark.django_db

LETTERS = st.characters(min_codepoint=0xA1, max_codepoint=0x24F) | st.characters(
    min_codepoint=0x1E00, max_codepoint=0x1EFF
)
SIGNS = st.sampled_from(string.ascii_letters + string.digits + " " * 9 + BETWEEN + "\u0301\u0327")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(SIGNS | LETTERS, min_size=1, max_size=25))
def test_the_database_takes_a_name_apart_as_what_is_written_is(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT agencies_name_parts(%s, '')", [name])
        found = cursor.fetchone()[0]
    assert found.startswith(" ")
    assert found.split() == parts(name)


def test_whoever_has_no_name_is_found_by_what_they_sign_in_with(cast):
    User.objects.filter(pk=cast.user("colleague").pk).update(name="")
    [found] = everybody(cast).named(["colleague"], 5)
    assert found.who == "colleague"


@pytest.mark.parametrize(
    "typed", ["zoë", "ZOE", "martinez", "zoe martinez", "o'neill", "neill", "martinez lead char"]
)
def test_a_name_is_found_with_and_without_its_accents_and_signs(cast, typed):
    User.objects.filter(pk=cast.user("colleague").pk).update(name="Zoë Martínez-O’Neill")
    assert [one.user for one in everybody(cast).named(parts(typed), 5)] == [
        cast.user("colleague").pk
    ]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "c%e", "olleague", "colleague youth"])
def test_no_sign_stands_for_others_and_no_middle_of_a_word_is_found(cast, typed):
    assert everybody(cast).named(parts(typed) or [typed], 5) == []


def test_the_same_are_found_as_in_a_list_that_has_been_read(cast):
    offered = Offered(everybody(cast), "membership")
    listed = Listed(offered.first(500))
    assert 5 < len(listed.choices) < 500
    for typed in ("l", "lead", "work", "char", "c lead", "worker lead", "nobody"):
        assert offered.fitting(parts(typed), 500) == listed.fitting(parts(typed), 500)


def test_whoever_is_left_out_can_not_be_chosen(cast):
    cannot_be_chosen(Colleagues(None, frozenset({cast.user("colleague").pk})), cast)


def test_whoever_has_left_can_not_be_chosen(cast):
    before = Offered(everybody(cast), "user").one(str(cast.user("colleague").pk))
    assert before.membership == cast.hats["colleague"].pk
    membership.end(membership=cast.hats["colleague"], by=OPERATOR)
    cannot_be_chosen(everybody(cast), cast)


def cannot_be_chosen(theirs, cast):
    """The colleague, by none of the ways."""
    key = cast.user("colleague").pk
    offered = Offered(theirs, "user")
    assert key not in [one.user for one in theirs.first(100)]
    assert theirs.named(["colleague"], 5) == []
    assert offered.keyed([str(key)]) == []
    with pytest.raises(Conflict):
        offered.one(str(key))


def test_nobody_of_another_agency_or_role_is_found(cast):
    theirs = Colleagues(frozenset({cast.agencies["lead-charity"].pk}))
    officer = cast.user("housing-officer").pk
    assert officer in [one.user for one in everybody(cast).first(100)]
    assert officer not in [one.user for one in theirs.first(100)]
    assert theirs.with_("user", [officer]) == []
    auditor = cast.user("auditor").pk
    assert theirs.with_("user", [auditor]) == []
    assert Colleagues(None, roles=frozenset(Role)).with_("user", [auditor])


def test_what_is_no_key_at_all_chooses_nobody(cast):
    assert (
        Offered(everybody(cast), "user").keyed(["", "x", "\x00", str(cast.user("colleague"))]) == []
    )


def test_an_agency_that_grows_is_not_read_any_further(cast):
    for number in range(12):
        cast.hire(f"helper-{number}", "lead-charity")
    for ask in (lambda: everybody(cast).first(11), lambda: everybody(cast).named(["helper"], 11)):
        with CaptureQueriesContext(connection) as asked:
            assert len(ask()) == 11
        assert "LIMIT 11" in asked[-1]["sql"]


def test_a_name_is_looked_up_by_its_index(cast):
    with CaptureQueriesContext(connection) as asked:
        everybody(cast).named(["colleague"], 5)
    by_name = 'agencies_name_parts("agencies_user"."name", "agencies_user"."username")'
    assert by_name in asked[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT FROM agencies_user WHERE {by_name} LIKE '% colleague%'")
        assert "user_name_parts" in str(cursor.fetchall())


def everybody(cast):
    return Colleagues(None)
