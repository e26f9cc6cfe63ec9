"""A day on which more waits than a page can hold: what comes first, and where the rest is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from access.bases import Basis
from access.categories import Category
from casework.models import Case, FollowUp, StepDown
from casework.views import my_day
from directory.actions import service
from sharing import queries as sharing
from sharing.actions import involvement
from sharing.models import Bar, BreakGlass, LawfulBasis, SharingDecision, SharingRound
from tasking.models import Task
from tests.conftest import NOW
from tests.factories.browsing import sign_in
from tests.factories.cast import OPERATOR

__all__ = ["sign_in"]

NAMES = ("Abel", "Basma")
"""Whose things wait: the first of them comes first, although it is written down last."""


def each(make):
    """For both of them, the second one first."""
    for place, name in reversed(list(enumerate(NAMES))):
        make(name, place)


def open_case(cast, name, **how):
    case = cast.open_case(given_name=name, family_name="Quill", **how)
    # The same for all, so that nobody stands there for having been left alone.
    Case.rows.filter(pk=case.pk).update(last_contact_at=NOW)
    return case


def decide(cast, person, *, hours=0, kind="routine", **how):
    decision = SharingDecision(
        **{
            "person": person,
            "share": True,
            "kind": kind,
            "agency": cast.agencies["school"],
            "categories": frozenset({Category.EDUCATION}),
            "lawful_basis": LawfulBasis.objects.first(),
            "necessity": "They have to know.",
            "told": True,
            "until": NOW + timedelta(days=20),
            "proposed_by": cast.user("lead-worker"),
            "proposed_at": NOW + timedelta(hours=hours),
        }
        | how
    )
    return decision.sealed_save(force_insert=True)


def refer(cast):
    def make(name, place):
        made = cast.refer(given_name=name, family_name="Quill")
        type(made).rows.filter(pk=made.pk).update(received_at=NOW - timedelta(days=2 - place))

    each(make)


def leave_without_lead(cast):
    def make(name, place):
        case = open_case(cast, name, led_by="")
        Case.rows.filter(pk=case.pk).update(opened_at=NOW - timedelta(days=2 - place))

    each(make)


def propose_step_downs(cast):
    found = service.add(
        organization=None,
        new_organization="Canal Street Club",
        values={"name": "Railway mentors"},
        by=OPERATOR,
    )

    def make(name, place):
        case = open_case(cast, name)
        StepDown.rows.bulk_create([
            StepDown(
                person_id=case.person_id, case=case, categories=frozenset({Category.EMPLOYMENT}),
                service=found, service_contact="020 7946 0018", said_yes_on=NOW.date(),
                said_yes_by="Imani Okafor", why="A room.", proposed_by=cast.user("lead-worker"),
                proposed_at=NOW - timedelta(days=2 - place),
            )
        ])  # fmt: skip

    each(make)


def propose_shares(cast):
    each(lambda name, place: decide(cast, open_case(cast, name).person, hours=place))


def propose_one_that_acts_already(cast):
    """Later than the other, and first all the same."""
    decide(cast, open_case(cast, "Basma").person)
    urgent = {"kind": "urgent", "review_by": NOW + timedelta(days=1)}
    decide(cast, open_case(cast, "Abel").person, hours=1, **urgent)


def leave_shares_to_be_reviewed(cast):
    each(
        lambda name, place: decide(
            cast,
            open_case(cast, name).person,
            kind="one_off",
            state="approved",
            decided_by=cast.user("charity-manager"),
            decided_at=NOW,
            review_by=NOW + timedelta(days=1 + place),
        )
    )


def open_in_an_emergency(cast):
    def make(name, place):
        case = open_case(cast, name)
        opened = involvement.begin(
            person_id=case.person_id,
            agency_id=cast.hats["outsider"].agency_id,
            worker_id=cast.user("outsider").pk,
            basis=Basis.BREAK_GLASS,
            categories=[Category.SAFETY],
            ends=NOW + timedelta(hours=8),
            by=cast.who("outsider"),
        )
        BreakGlass(
            person_id=case.person_id, user=cast.user("outsider"),
            agency_id=cast.hats["outsider"].agency_id, lead_agency_id=case.agency_id,
            risk="life", reason="At the door.", involvement=opened, account_due_at=NOW,
            review_due_at=NOW + timedelta(days=1 + place),
        ).sealed_save(force_insert=True)  # fmt: skip

    each(make)


def bar_without_review(cast):
    def make(name, place):
        case = open_case(cast, name)
        cast.bar(case.person, "colleague")
        late = NOW.date() - timedelta(days=9 - place)
        Bar.rows.filter(person_id=case.person_id).update(review_on=late)

    each(make)


def let_tasks_be_late(cast):
    def make(name, place):
        case = open_case(cast, name)
        Task.rows.bulk_create([
            Task(
                person_id=case.person_id, what="Ring", owner_id=cast.user("lead-worker").pk,
                owner_agency_id=case.agency_id, agency_id=case.agency_id,
                due_on=NOW.date() - timedelta(days=due), set_by_id=cast.user("lead-worker").pk,
            )
            # One of them is not late.
            for due in (3 - place, -1)
        ])  # fmt: skip

    each(make)


WAITING = [
    (refer, "Referrals to decide", "All referrals that wait"),
    (leave_without_lead, "Cases without a lead", "All cases without a lead"),
    (propose_step_downs, "To approve", "The oldest are shown"),
    (propose_shares, "To approve", "The oldest are shown"),
    (propose_one_that_acts_already, "To approve", "The oldest are shown"),
    (leave_shares_to_be_reviewed, "To approve", "The oldest are shown"),
    (open_in_an_emergency, "To approve", "The oldest are shown"),
    (bar_without_review, "Overdue for review", "Those overdue longest are shown"),
    (let_tasks_be_late, "Late tasks of the team", "All tasks of the team"),
]


@pytest.mark.parametrize(("make", "heading", "words"), WAITING)
def test_a_manager_s_day_begins_with_the_first_of_what_waits(
    cast, sign_in, monkeypatch, make, heading, words
):
    make(cast)
    manager = sign_in("charity-manager")
    both = section(manager.get("/"), heading)
    assert both.count("Abel Quill") == both.count("Basma Quill") == 1
    assert both.index("Abel Quill") < both.index("Basma Quill")
    assert words not in both
    monkeypatch.setattr(my_day, "SHOWN", 1)
    one = section(manager.get("/"), heading)
    assert "Abel Quill" in one
    assert "Basma Quill" not in one
    assert words in one


def section(page, heading):
    """What stands under a heading of the page."""
    return re.split(r"<h[12][ >]", page.content.decode().split(f">{heading}</h2>")[1])[0]


def test_of_a_round_one_stands_for_all_and_more_is_never_denied(cast, monkeypatch):
    monkeypatch.setattr(sharing, "_MOST_WAITING", 4)
    for hours in range(3):
        case = open_case(cast, "Abel")
        made = SharingRound(
            person=case.person, until=NOW + timedelta(days=20),
            proposed_by=cast.user("lead-worker"), proposed_at=NOW + timedelta(hours=hours),
        ).sealed_save(force_insert=True)  # fmt: skip
        for _ in range(3):
            decide(cast, case.person, hours=hours, round=made)

    def waiting(limit):
        with cast.acting("charity-manager") as notes:
            rows, more = sharing.waiting_for_approval(cast.who("charity-manager"), limit=limit)
            assert set(notes.shown) == {row.person_id for row in rows}
            notes.shown.clear()
        return len({row.round_id for row in rows}), len(rows), more

    assert waiting(1) == (1, 1, True)
    assert waiting(2) == (2, 2, True)
    monkeypatch.setattr(sharing, "_MOST_WAITING", 9)
    assert waiting(3) == (3, 3, False)


def test_of_many_cases_those_left_alone_longest_open_the_day(cast, sign_in, monkeypatch):
    monkeypatch.setattr(my_day, "CASES", 2)
    for days, name in enumerate(("Caro", "Basma", "Abel")):
        case = open_case(cast, name)
        Case.rows.filter(pk=case.pk).update(last_contact_at=NOW - timedelta(days=days))
    worker = sign_in("lead-worker")
    shown = section(worker.get("/"), "Your caseload")
    assert re.findall(r">(\w+) Quill</a>", shown) == ["Abel", "Basma"]
    assert "?show=mine" in shown
    monkeypatch.setattr(my_day, "CASES", 3)
    assert "?show=mine" not in section(worker.get("/"), "Your caseload")


def test_of_many_follow_ups_those_due_first_open_the_day(cast, sign_in, monkeypatch):
    monkeypatch.setattr(my_day, "SHOWN", 2)
    propose_step_downs(cast)
    down = StepDown.rows.get(person__given_name="Abel")
    Case.rows.filter(pk=down.case_id).update(
        state="closed", closed_at=NOW, close_reason="stepped_down"
    )
    FollowUp.rows.bulk_create(
        FollowUp(
            person_id=down.person_id, case_id=down.case_id, step_down=down, weeks=weeks,
            due_on=NOW.date() + timedelta(days=weeks - 20), owner=cast.user("lead-worker"),
        )
        for weeks in (12, 26, 4)
    )  # fmt: skip
    shown = section(sign_in("lead-worker").get("/"), "Follow-ups")
    assert re.findall(r"(\d+) weeks", shown) == ["4", "12"]
    assert "Those due first are shown" in shown


def test_a_very_full_day_is_still_a_light_page(cast, sign_in):
    for number in range(my_day.CASES + 5):
        case = open_case(cast, f"Abel{number}")
    Task.rows.bulk_create(
        Task(
            person_id=case.person_id, what="Ring the housing office about the room, and ask for a"
            " letter", owner_id=cast.user("lead-worker").pk, owner_agency_id=case.agency_id,
            agency_id=case.agency_id, due_on=NOW.date(), set_by_id=cast.user("lead-worker").pk,
        )
        for _ in range(45)
    )  # fmt: skip
    assert len(sign_in("lead-worker").get("/").content) < 60_000
