"""Who could see this on day D: the same rule, of how things stood then."""

import pytest

from access.categories import Category
from access.reading import sights
from audit.models import Event
from sharing import past
from sharing.actions import consent
from tests.conftest import NOW
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]

HOUSING = Category.HOUSING


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case()


def seen_at(cast, person, moment, by="charity-manager"):
    then = past.who_could_see(cast.who(by), person, moment)
    return {one.hat.user.username: set(one.categories) for one in then.seers}


def test_it_tells_of_a_day_before_the_withdrawal(cast, case, later):
    given = cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    with later(days=3):
        consent.withdraw(consent=given, by=cast.who("lead-worker"))
    with later(days=5) as now:
        assert "Housing" in seen_at(cast, case.person, NOW)["unit-worker"]
        assert "unit-worker" not in seen_at(cast, case.person, now)
        assert "lead-worker" in seen_at(cast, case.person, now)


def test_it_is_what_each_of_them_could_see_then(cast, case, later):
    cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    cast.join(case, "family-worker", Category.FAMILY)
    cast.bar(case.person, "colleague")
    answers = {
        username: sights(cast.who(username), [case.person.pk])[case.person.pk].answer.visible
        for username in cast.hats
    }
    with later(days=10):
        found = seen_at(cast, case.person, NOW)
    assert found.keys() == {username for username, visible in answers.items() if visible}
    assert "colleague" not in found
    for username, names in found.items():
        assert len(names) == len(answers[username]), username


def test_before_there_was_anything_there_is_nobody(cast, case):
    assert seen_at(cast, case.person, NOW.replace(year=2025)) == {}


def test_of_a_time_in_which_another_agency_led_only_ones_own(cast, case):
    cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    then = past.who_could_see(cast.who("unit-auditor"), case.person, NOW)
    assert then.own_only
    assert {one.hat.agency.slug for one in then.seers} == {"borough-unit"}


# The page.

DAY = "?on_day=3&on_month=3&on_year=2026&at=15:00"


def test_managers_and_auditors_ask_it_and_it_is_written_down(cast, case, sign_in, later):
    cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    path = f"/people/{case.person.reference}/sharing/on-a-day/"
    with later(days=1):
        for username in ("charity-manager", "auditor"):
            page = sign_in(username).get(path + DAY).content.decode()
            assert "Unit Worker, practitioner" in page
        assert "Mensah" not in page, "an auditor names people by reference"
        assert Event.objects.filter(verb="trail.read", person_id=case.person.pk).count() == 2


@pytest.mark.parametrize(
    ("username", "status"),
    [("lead-worker", 403), ("colleague", 404), ("outsider", 404), ("school-lead", 404)],
)
def test_nobody_else_asks_it(cast, case, sign_in, username, status):
    path = f"/people/{case.person.reference}/sharing/on-a-day/"
    assert sign_in(username).get(path).status_code == status
    assert sign_in(username).get("/people/YP-222222/sharing/on-a-day/").status_code == 404


def test_a_day_to_come_is_refused(cast, case, sign_in):
    path = f"/people/{case.person.reference}/sharing/on-a-day/"
    page = sign_in("auditor").get(f"{path}?on_day=4&on_month=3&on_year=2026").content.decode()
    assert "must be today or in the past" in page
