"""Nobody lets themselves in, by whatever door."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed
from access.categories import Category
from access.reading import sights
from access.roles import Role
from casework.actions import lead
from core.errors import Invalid
from sharing.actions import decision, protection
from sharing.models import LawfulBasis
from tasking.actions import meeting
from tests.conftest import NOW
from tests.factories.cast import SHARED


def sees(cast, username, person):
    return set(sights(cast.who(username), [person.pk])[person.pk].answer.visible)


def test_a_manager_can_not_make_themselves_lead_cover_or_team(cast):
    case = cast.open_case()
    manager = cast.who("charity-manager")
    with pytest.raises(Invalid):
        lead.cover(case=case, worker_id=manager.user_id, ends=NOW + timedelta(days=3), by=manager)
    with pytest.raises(Invalid):
        lead.join_team(
            case=case,
            agency=cast.agencies["lead-charity"],
            worker_id=manager.user_id,
            categories=[Category.CLINICAL],
            by=manager,
        )
    with pytest.raises(Invalid):
        lead.assign(
            case=case,
            worker_id=manager.user_id,
            replacing=cast.user("lead-worker").pk,
            by=manager,
        )


def test_being_present_does_not_open_a_restricted_person_to_who_ticks_themselves(cast):
    case = cast.open_case()
    named, other = cast.who("charity-manager"), cast.who("second-manager")
    lead.join_team(
        case=case,
        agency=cast.agencies["lead-charity"],
        worker_id=named.user_id,
        categories=[Category.SAFETY, Category.TASKING],
        by=other,
    )
    opened = meeting.open_meeting(present=[cast.hats["lead-worker"].pk], by=named)
    meeting.add_person(meeting=opened, person=case.person, why="Danger", by=named)
    protection.restrict(person=case.person, reason="A threat", review_on=NOW.date(), by=named)
    assert sees(cast, "second-manager", case.person) == set()
    meeting.attend(meeting=opened, present=[cast.hats["second-manager"].pk], by=other)
    assert sees(cast, "second-manager", case.person) == set()


def test_nobody_approves_a_share_with_themselves(cast):
    case = cast.open_case()
    cast.hire("second-hat", "lead-charity", Role.MANAGER)
    row = propose(cast, case, "second-hat")
    with pytest.raises(NotAllowed):
        decision.approve(decision=row, by=cast.who("second-hat"))
    with pytest.raises(Invalid):
        propose(cast, case, "lead-worker")


def test_a_manager_of_a_partner_approves_no_share_of_the_lead_agency(cast):
    case = cast.open_case()
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-manager", Category.POINTER, Category.HOUSING)
    row = propose(cast, case, "colleague")
    with pytest.raises(NotAllowed):
        decision.approve(decision=row, by=cast.who("unit-manager"))


def test_a_meeting_of_one_agency_is_not_written_up_by_another(cast):
    case = cast.open_case()
    cast.agree("lead-charity", "borough-unit")
    cast.share(case.person, "borough-unit", Category.TASKING)
    opened = meeting.open_meeting(present=[], by=cast.who("charity-manager"))
    item = meeting.add_person(
        meeting=opened, person=case.person, why="Danger", by=cast.who("charity-manager")
    )
    with pytest.raises(NotAllowed):
        meeting.decide(item=item, decision="Nothing", by=cast.who("unit-manager"))


def propose(cast, case, worker):
    return decision.propose(
        person=case.person,
        share=True,
        kind="routine",
        agency=cast.hats[worker].agency,
        worker_id=cast.user(worker).pk,
        categories=[Category.HOUSING],
        lawful_basis=LawfulBasis.objects.get_or_create(
            code="tests",
            defaults={
                "name": "Tests",
                "categories": frozenset(SHARED),
                "effective_from": date(2020, 1, 1),
            },
        )[0],
        necessity="He asked for it",
        told=True,
        until=NOW + timedelta(days=20),
        by=cast.who("lead-worker"),
    )
