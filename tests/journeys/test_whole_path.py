"""One young person's way through: from the door to a step-down, and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from access.context import transact
from core.clock import today
from directory.actions import service
from people.models import YoungPerson
from tests.factories.cast import OPERATOR
from tests.journeys.asking import (
    answer_date,
    does_not_say,
    follow,
    heading,
    press,
    question,
    says,
    tick,
)

pytestmark = pytest.mark.journey
Desks = Callable[[str], Page]


@pytest.fixture
def desk(cast: Any, sign_in: Callable[..., Page]) -> Desks:
    """The desk of somebody of the cast, who signs in the first time that they are needed."""
    desks: dict[str, Page] = {}

    def go(username: str) -> Page:
        if username not in desks:
            desks[username] = sign_in(username)
        return desks[username]

    return go


@pytest.fixture
def youth_club(transactional_db: Any) -> None:
    """A service in the directory that has said that it takes young people."""
    with transact(OPERATOR, route="test"):
        service.add(
            organization=None,
            new_organization="Canal Street Club",
            values={"name": "Railway mentors", "takes_step_down": True},
            by=OPERATOR,
        )


def years_ago(years: int) -> date:
    return today().replace(day=1) - timedelta(days=366 * years)


# --- The doors ---------------------------------------------------------------------------


def somebody_asks_at_the_public_door(page: Page) -> None:
    page.goto("/refer/")
    heading(page, "Ask for help for a young person")
    page.get_by_label("Who are you to the young person?").select_option(label="Family")
    page.get_by_label("Your name").fill("Marta Duarte")
    page.get_by_label("How can we reach you?").fill("020 7946 0101")
    describe(page, "Ines", "Duarte", years_ago(14))
    tick(page, "What would help?", "Keeping safe", "Work, training or school")
    send(page, "Send")
    says(page, "Thank you")


def the_prison_worker_refers(page: Page) -> None:
    page.goto("/referrals/")
    page.get_by_role("button", name="Make a referral").click()
    page.get_by_label("Where does this come from?").select_option(label="Prison")
    describe(page, "Kofi", "Mensah-Lowe", years_ago(19))
    tick(page, "What is help wanted with?", "Housing", "Employment and training")
    send(page, "Send the referral")
    says(page, "Waiting for a decision")
    does_not_say(page, "already")


def describe(page: Page, given: str, family: str, born: date) -> None:
    page.get_by_label("Who is it for?").select_option(label="Lead Charity")
    page.get_by_label("First name, or what they are called").fill(given)
    page.get_by_label("Last name").fill(family)
    answer_date(page, "Date of birth", born)
    page.get_by_label("Why now?").fill("Nowhere to stay from Friday.")


def send(page: Page, button: str) -> None:
    tick(page, "Do they know about this referral?", "Yes")
    tick(page, "Do they agree to it?", "Yes")
    press(page, button)


# --- Deciding ----------------------------------------------------------------------------


def the_manager_accepts(page: Page, name: str) -> None:
    page.goto("/")
    follow(page, name)
    heading(page, name)
    page.get_by_role("button", name="Accept").click()
    heading(page, "Accept the referral")


def an_unusual_age_asks_for_a_reason(page: Page) -> None:
    says(page, "outside the usual 16 to 25")
    press(page, "Accept")
    says(page, "There is a problem")
    page.get_by_label("Why is this right for somebody of this age?").fill("Her brother is 17.")
    press(page, "Accept")


def the_manager_assigns(page: Page, worker: str) -> None:
    heading(page, "Assign the lead worker")
    question(page, "Who is the lead worker?").get_by_label(worker).check()
    press(page, "Assign the lead worker")
    says(page, "The lead worker is assigned.")


# --- Sharing -----------------------------------------------------------------------------


def the_lead_records_consent(page: Page, reference: str) -> None:
    page.goto(f"/people/{reference}/sharing/")
    page.get_by_role("button", name="Ask for consent").click()
    heading(page, "Ask for consent")
    tick(page, "Who would see something?", "Unit Worker, Borough Unit")
    press(page, "Go on")
    heading(page, "who may see what?")
    tick(page, "What may they see?", "A place to live", "My safety plan")
    tick(page, "For how long?", "12 weeks")
    tick(page, "What may it be used for?", "To give the support in the plan")
    tick(page, "How was it said?", "Face to face")
    tick(page, "Where?", "In the community")
    press(page, "Record what was agreed")
    says(page, "Written down. It counts from now on.")
    says(page, "Unit Worker")


def sees_exactly(page: Page, reference: str, *names: str) -> None:
    """The page says of each kind of information whether it is shared, and shows no other."""
    page.goto(f"/people/{reference}/")
    shown = page.locator("main [data-category]").evaluate_all(
        "all => [...new Set(all.flatMap(one => one.dataset.category.split(' ')))].sort()"
    )
    assert set(shown) <= set(names), shown
    page.goto(f"/people/{reference}/plan/")
    shown = page.locator("main section[data-category]").evaluate_all(
        "all => all.map(one => one.dataset.category)"
    )
    assert set(shown) <= set(names), shown


def a_decision_without_consent(lead: Page, manager: Page, reference: str) -> None:
    lead.goto(f"/people/{reference}/sharing/")
    lead.get_by_role("button", name="Decide without consent").click()
    tick(lead, "What is decided?", "Share")
    lead.get_by_label("With whom?").select_option(label="School, all of it")
    tick(lead, "What?", "Education")
    tick(lead, "What sort of sharing is it?", "One-off (at most 28 days)")
    lead.get_by_label("On which lawful basis?").select_option(
        label="Legitimate interests (UK GDPR Article 6(1)(f))"
    )
    lead.get_by_label("Why is it necessary?").fill("To hold his place at the college.")
    lead.get_by_label("Why this much and no more?").fill("Only what the college asks about.")
    tick(lead, "Was the young person told?", "Yes")
    answer_date(lead, "Until when?", today() + timedelta(days=14))
    press(lead, "Record the decision")
    says(lead, "No agreement with them carries all of this.")
    press(lead, "Record it all the same")
    says(lead, "Waiting for a second person")
    expect(lead.get_by_role("link", name="Approve or refuse")).to_have_count(0)

    manager.goto("/")
    follow(manager, "Sharing: Kofi Mensah-Lowe")
    tick(manager, "What do you decide?", "Approve: share now")
    press(manager, "Decide")
    says(manager, "Approved")


def the_consent_is_withdrawn(lead: Page, reference: str) -> None:
    lead.goto(f"/people/{reference}/sharing/")
    lead.get_by_role("link", name="Take back the consent").first.click()
    heading(lead, "Take this consent back?")
    says(lead, "Nothing has changed yet.")
    says(lead, "Unit Worker")
    tick(lead, "How did they say so?", "Face to face")
    press(lead, "Take it back now")
    says(lead, "It stopped at that moment.")


def is_not_there(page: Page, *paths: str) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
        heading(page, "Page not found")


# --- The plan and the tasks --------------------------------------------------------------


def a_goal_and_the_plan_agreed(page: Page, reference: str) -> None:
    page.goto(f"/people/{reference}/plan/")
    page.get_by_role("button", name="Add a goal").click()
    tick(page, "Which part of life is it about?", "Housing")
    page.get_by_label("What do they want, in their own words?").fill("A room of my own")
    page.get_by_label("How far are they now, from 0 to 10?").fill("2")
    press(page, "Add goal")
    says(page, "“A room of my own”")
    says(page, "2 of 10")
    follow(page, "Agreed with Kofi")
    page.get_by_label("How?").fill("We went through it at the youth club.")
    press(page, "Save")
    says(page, "Agreed with Kofi on")


def the_manager_holds_the_meeting(page: Page, reference: str) -> None:
    page.goto("/tasking/today/")
    page.get_by_role("button", name="Open the meeting").click()
    tick(page, "Who is here?", "Lead Worker – Lead Charity")
    press(page, "Open the meeting")
    page.get_by_label("Reference of the young person").fill(reference)
    page.get_by_label("Why today?").fill("Released on Friday")
    press(page, "Put on the agenda")
    says(page, "Released on Friday")
    follow(page, "Write the decision")
    page.get_by_label("What was decided?").fill("A room before the weekend")
    press(page, "Save")
    says(page, "A room before the weekend")
    follow(page, "Set a task")
    page.get_by_label("What is to be done?").fill("Ring the housing office")
    page.get_by_label("Who does it?").select_option(label="Lead Worker – Lead Charity")
    press(page, "Set the task")
    says(page, "Ring the housing office")
    press(page, "End the meeting")
    says(page, "The meeting is over.")


def the_owner_answers_in_my_day(page: Page) -> None:
    page.goto("/")
    follow(page, "Ring the housing office")
    tick(page, "What do you say?", "It is done")
    page.get_by_label("In a few words").fill("Viewing on Thursday")
    press(page, "Save")
    heading(page, "My day")
    says(page, "No tasks wait for you.")


# --- The way out, and back ---------------------------------------------------------------


def the_lead_proposes_a_step_down(page: Page, case: str) -> None:
    page.goto(f"/cases/{case}/")
    page.get_by_role("button", name="Propose a step-down").click()
    page.get_by_label("Which service?").select_option(label="Railway mentors – Canal Street Club")
    page.get_by_label("Who there said yes?").fill("Imani Okafor")
    answer_date(page, "When did they say yes?", today())
    page.get_by_label("How can they be reached?").fill("020 7946 0018")
    tick(page, "What moves to the service?", "Employment and training")
    page.get_by_label("Why now?").fill("He has a room and a place on the course.")
    press(page, "Propose")
    says(page, "Proposed. A manager decides.")
    expect(page.get_by_role("button", name="Decide")).to_have_count(0)
    answer = page.goto(f"/cases/{case}/step-down/decision/")
    assert answer is not None
    assert answer.status == 403


def the_manager_approves_and_closes(page: Page, case: str) -> None:
    page.goto("/")
    follow(page, "Step-down: Kofi Mensah-Lowe")
    page.get_by_role("button", name="Decide").click()
    tick(page, "What do you decide?", "Approve")
    press(page, "Decide")
    says(page, "Approved")
    follow(page, "Close the case")
    tick(page, "Why is the case closed?", "Stepped down to a community service")
    press(page, "Close the case")
    says(page, "The case is closed.")


def the_lead_reads_and_only_follows_up(page: Page, reference: str) -> None:
    page.goto(f"/people/{reference}/plan/")
    says(page, "“A room of my own”")
    expect(page.get_by_role("button", name="Add a goal")).to_have_count(0)
    page.goto(f"/log/{reference}/")
    offered = question(page, "What was it about?")
    expect(offered.get_by_label("Employment and training")).to_be_visible()
    expect(offered.get_by_label("Housing", exact=True)).to_have_count(0)


def the_manager_reopens(page: Page, case: str) -> None:
    page.goto(f"/cases/{case}/")
    page.get_by_role("button", name="Reopen as a new episode").click()
    page.get_by_label("Why is the case reopened?").fill("The course closed.")
    press(page, "Reopen")
    the_manager_assigns(page, "Lead Worker")
    says(page, "episode 2")
    says(page, "The course closed.")


def test_from_two_doors_to_a_new_episode(
    desk: Desks, open_browser: Callable[..., Page], youth_club: None
) -> None:
    somebody_asks_at_the_public_door(open_browser())
    the_prison_worker_refers(desk("prison-worker"))

    manager, lead = desk("charity-manager"), desk("lead-worker")
    the_manager_accepts(manager, "Ines Duarte")
    an_unusual_age_asks_for_a_reason(manager)
    heading(manager, "Assign the lead worker")
    the_manager_accepts(manager, "Kofi Mensah-Lowe")
    press(manager, "Accept")
    the_manager_assigns(manager, "Lead Worker")
    case = manager.url.rstrip("/").rsplit("/", 1)[-1]
    kofi = YoungPerson.rows.get(given_name="Kofi").reference

    partner = desk("unit-worker")
    is_not_there(partner, f"/people/{kofi}/")
    the_lead_records_consent(lead, kofi)
    sees_exactly(partner, kofi, "pointer", "housing", "safety")
    a_goal_and_the_plan_agreed(lead, kofi)
    partner.goto(f"/people/{kofi}/plan/")
    says(partner, "“A room of my own”")

    the_manager_holds_the_meeting(manager, kofi)
    the_owner_answers_in_my_day(lead)
    a_decision_without_consent(lead, manager, kofi)
    the_consent_is_withdrawn(lead, kofi)
    is_not_there(partner, f"/people/{kofi}/", f"/people/{kofi}/plan/")
    partner.goto("/people/")
    does_not_say(partner, "Kofi")

    the_lead_proposes_a_step_down(lead, case)
    the_manager_approves_and_closes(manager, case)
    the_lead_reads_and_only_follows_up(lead, kofi)
    the_manager_reopens(manager, case)
    lead.goto("/")
    says(lead, "Kofi Mensah-Lowe")
