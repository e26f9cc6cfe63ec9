"""Lists begin with those of whose rows anything could be open: nobody is left out by that."""

from datetime import timedelta

import pytest

from access.categories import Category
from agencies.models import DutyShift
from casework.actions import intervention as interventions
from casework.enums import Attendance
from casework.models import Intervention, KindOfIntervention
from core.clock import instant

ABOUT = {
    "housing": {Category.HOUSING},
    "safety": {Category.SAFETY},
    "contact and health": {Category.CONTACT, Category.HEALTH},
}
"""More than can be logged today: the list must not depend on that."""


@pytest.fixture
def logged(cast, kofi):
    """By what it is about, the id of an intervention that the lead worker has logged."""
    made = {}
    for name, categories in ABOUT.items():
        row = interventions.log(
            person=kofi.person,
            categories=[Category.HOUSING],
            kind=KindOfIntervention.objects.order_by("code")[0],
            at=instant() - timedelta(hours=1),
            minutes=45,
            attendance=Attendance.CAME,
            note="We rang the hostel together.",
            by=cast.who("lead-worker"),
        )
        Intervention.rows.filter(pk=row.pk).update(categories=frozenset(categories))
        made[name] = str(row.pk)
    return made


def on_duty(cast, username):
    hat = cast.hats[username]
    DutyShift(
        agency=hat.agency, user=hat.user, starts=instant(), published_at=instant()
    ).sealed_save()


def listed(caller, path):
    return {row["id"] for row in caller.get(path).json()["results"]}


def opened(caller, logged):
    """Those that open by their ids: what the list has to show."""
    return {
        key for key in logged.values() if caller.get(f"interventions/{key}/").status_code == 200
    }


def test_whoever_is_on_duty_is_shown_what_being_on_duty_opens(cast, call, logged):
    colleague = call("colleague")
    assert listed(colleague, "interventions/") == opened(colleague, logged) == set()
    on_duty(cast, "colleague")
    expected = {logged["safety"], logged["contact and health"]}
    assert listed(colleague, "interventions/") == opened(colleague, logged) == expected


def test_a_share_with_a_whole_agency_lists_what_it_opens(cast, call, kofi, logged):
    cast.agree("lead-charity", "housing")
    cast.share(kofi.person, "housing", Category.HOUSING)
    officer = call("housing-officer")
    assert listed(officer, "interventions/") == opened(officer, logged) == {logged["housing"]}
    assert len(officer.get("consents/").json()["results"]) == 1
    assert len(officer.get("involvements/").json()["results"]) == 1


def test_who_is_on_duty_is_shown_a_new_referral_s_involvement(cast, call):
    cast.refer(given_name="Amina")
    colleague = call("colleague")
    assert listed(colleague, "involvements/") == set()
    on_duty(cast, "colleague")
    rows = colleague.get("involvements/").json()["results"]
    assert "intake" in {row["basis"] for row in rows}
