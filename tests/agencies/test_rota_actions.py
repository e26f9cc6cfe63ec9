"""The duty rota: who may publish it, for whom, for how long; and taking a shift back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from access.actor import NotAllowed
from access.categories import Category
from access.reading import sights
from access.roles import Role
from agencies.actions import membership, permission, rota
from agencies.models import DutyShift
from agencies.queries import duty_shifts, duty_users
from audit.models import Event
from core.clock import LONDON
from core.errors import Conflict, Invalid
from tests.conftest import NOW
from tests.factories.browsing import later
from tests.factories.cast import OPERATOR
from tests.factories.watching import refuses

__all__ = ["later"]


def publish(cast, username="family-worker", *, starts=NOW, hours=8.0, ends=None, by=None):
    return rota.publish(
        user=cast.user(username),
        starts=starts,
        ends=ends or starts + timedelta(hours=hours),
        by=cast.who(by or "charity-manager"),
    )


def on_duty(cast, slug="lead-charity"):
    return {user.username for user in duty_users(cast.agencies[slug].pk)}


def test_a_manager_puts_a_colleague_on_duty_until_the_shift_is_over(cast, later):
    shift = publish(cast)
    assert on_duty(cast) == {"family-worker"}
    assert on_duty(cast, "borough-unit") == set()
    assert Event.objects.filter(verb="duty.published", subject_id=shift.pk).count() == 1
    with later(hours=8):
        assert on_duty(cast) == set()


@pytest.mark.parametrize(
    "username", ["lead-worker", "clinician", "auditor", "lead-charity-administrator", "analyst"]
)
def test_nobody_but_a_manager_publishes(cast, username):
    with refuses(NotAllowed):
        publish(cast, by=username)
    assert not DutyShift.objects.exists()


def test_a_manager_from_whom_it_is_taken_publishes_nothing(cast):
    permission.withhold(
        agency=cast.agencies["lead-charity"],
        role=Role.MANAGER,
        permission="publish_rota",
        by=OPERATOR,
    )
    with refuses(NotAllowed):
        publish(cast)


@pytest.mark.parametrize("username", ["unit-worker", "auditor", "lead-charity-administrator"])
def test_only_who_works_with_young_people_at_ones_own_agency_can_be_on_duty(cast, username):
    with refuses(Invalid, "user"):
        publish(cast, username)


def test_whoever_leaves_before_it_ends_is_not_put_on_duty(cast):
    membership.begin(
        user=cast.user("outsider"),
        agency=cast.agencies["lead-charity"],
        role=Role.PRACTITIONER,
        ends=NOW + timedelta(hours=7),
        by=OPERATOR,
    )
    with refuses(Invalid, "user"):
        publish(cast, "outsider", hours=8)
    publish(cast, "outsider", hours=7)


@pytest.mark.parametrize("ends", [NOW, NOW - timedelta(hours=1), NOW + timedelta(hours=1)])
def test_it_ends_after_it_begins_and_not_in_the_past(cast, ends):
    with refuses(Invalid, "ends"):
        publish(cast, starts=max(NOW, ends), ends=ends)


def test_nothing_is_published_for_the_past(cast):
    assert publish(cast, starts=NOW - timedelta(hours=4)).starts == NOW


def test_a_shift_is_a_week_at_most_by_the_clock_on_the_wall(cast):
    before = datetime(2026, 10, 20, 9, tzinfo=LONDON)
    after = datetime(2026, 10, 27, 9, tzinfo=LONDON)
    assert (after.astimezone(UTC) - before.astimezone(UTC)) == timedelta(days=7, hours=1)
    publish(cast, starts=before, ends=after)
    with refuses(Invalid, "ends"):
        publish(cast, "colleague", starts=before, ends=after + timedelta(minutes=1))


def test_nobody_is_on_duty_twice_at_once_at_an_agency(cast):
    publish(cast, hours=8)
    with refuses(Invalid, "user"):
        publish(cast, starts=NOW + timedelta(hours=7.9))
    publish(cast, starts=NOW + timedelta(hours=8))
    publish(cast, "colleague")
    assert on_duty(cast) == {"family-worker", "colleague"}


def test_taken_back_it_ends_at_that_instant_and_what_has_been_stays(cast, later):
    shift = publish(cast)
    with later(hours=2) as moment:
        rota.withdraw(shift=shift, by=cast.who("second-manager"))
        assert on_duty(cast) == set()
        row = DutyShift.objects.get()
        assert (row.starts, row.ends) == (NOW, moment)
        assert Event.objects.filter(verb="duty.withdrawn", subject_id=shift.pk).count() == 1
        with pytest.raises(Conflict):
            rota.withdraw(shift=shift, by=cast.who("charity-manager"))
        publish(cast, starts=moment, hours=2)


def test_taken_back_before_it_began_it_never_was(cast, later):
    shift = publish(cast, starts=NOW + timedelta(hours=1))
    rota.withdraw(shift=shift, by=cast.who("charity-manager"))
    with later(hours=1):
        assert on_duty(cast) == set()
    assert not duty_shifts(cast.agencies["lead-charity"].pk).exists()
    with pytest.raises(Conflict):
        rota.withdraw(shift=shift, by=cast.who("charity-manager"))


def test_a_shift_that_is_over_is_not_taken_back(cast, later):
    shift = publish(cast)
    with later(hours=8), pytest.raises(Conflict):
        rota.withdraw(shift=shift, by=cast.who("charity-manager"))
    assert DutyShift.objects.get().ends == NOW + timedelta(hours=8)


@pytest.mark.parametrize("username", ["unit-manager", "lead-worker", "lead-charity-administrator"])
def test_nobody_else_takes_it_back(cast, username):
    shift = publish(cast)
    with refuses(NotAllowed):
        rota.withdraw(shift=shift, by=cast.who(username))
    assert on_duty(cast) == {"family-worker"}


def test_what_being_on_duty_opened_closes_with_it(cast):
    case = cast.open_case()

    def seen():
        found = sights(cast.who("family-worker"), [case.person_id])[case.person_id]
        return set(found.answer.visible)

    before = seen()
    assert Category.SAFETY not in before
    shift = publish(cast)
    assert seen() == before | {Category.CONTACT, Category.SAFETY}
    rota.withdraw(shift=shift, by=cast.who("charity-manager"))
    assert seen() == before


def test_who_has_left_is_on_duty_no_more(cast):
    publish(cast)
    membership.end(membership=cast.hats["family-worker"], by=OPERATOR)
    assert on_duty(cast) == set()
    assert not duty_shifts(cast.agencies["lead-charity"].pk).exists()
