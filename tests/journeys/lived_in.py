"""A world with something on every page: one young person well on the way, and others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from access.categories import Category
from access.context import transact
from casework.actions import goal, intervention, plan, safety_plan, step_down
from casework.models import Case, KindOfIntervention, Plan
from core import clock
from directory.actions import service
from people.actions import contact, family, young_person
from sharing.actions import decision
from sharing.models import LawfulBasis
from tasking.actions import alert, meeting, task
from tests.factories.cast import OPERATOR, Cast, build_cast


@dataclass
class LivedIn:
    """The cast, the young person, and the keys of what belongs to them."""

    cast: Cast
    case: Case
    keys: dict[str, UUID | str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return self.case.person.reference


def live_in() -> LivedIn:
    """Let some weeks pass."""
    started = clock.instant() - timedelta(days=40)
    with clock.at(started), transact(OPERATOR, at=started, route="test"):
        cast = build_cast()
        cast.agree("lead-charity", "borough-unit")
        world = LivedIn(cast, cast.open_case(release_on=date(2026, 1, 9)))
        _know(world)
        _plan(world)
    with transact(OPERATOR, route="test"):
        _work(world)
        _decide(world)
    return world


def _know(world: LivedIn) -> None:
    person, worker = world.case.person, world.cast.who("lead-worker")
    young_person.describe(
        person=person,
        changes={"strengths": "Draws trains from memory", "needs": "Time to answer"},
        by=worker,
    )
    world.keys["contact"] = contact.add(
        person=person, kind="other", value="At the youth club", is_safe=True, by=worker
    ).pk
    taken = contact.add(person=person, kind="phone", value="07700 900111", by=worker)
    contact.end(point=taken, reason="The phone was taken from him", by=worker)
    world.keys["relative"] = family.add(
        person=person, name="Abena Mensah", kind="mother", main_carer=True, by=worker
    ).pk
    safety_plan.write(
        person=person,
        dangers="Somebody waits for him at the bus garage.",
        unsafe_places="The bus garage\nThe estate behind it",
        safe_places="The youth club",
        what_helps="Going by train",
        whom_to_call="Abena, at any time",
        review_on=clock.today() + timedelta(days=20),
        by=worker,
    )


def _plan(world: LivedIn) -> None:
    worker, whole = world.cast.who("lead-worker"), Plan.rows.get(case=world.case)
    for component, words in (
        (Category.HOUSING, "A room of my own"),
        (Category.EMPLOYMENT, "A job on the railways"),
        (Category.FAMILY, "Sunday lunch at my mum’s without a row"),
    ):
        added = goal.add_goal(plan=whole, component=component, own_words=words, by=worker)
        goal.rate(goal=added, rating=2, moment="start", by=worker)
        world.keys["goal"] = added.pk
    plan.plan_intervention(
        plan=whole, component=Category.HOUSING, what="Viewing in Mill Lane", by=worker
    )
    plan.agree(
        plan=whole, on=clock.today(), how="At the youth club", version=whole.version, by=worker
    )


def _work(world: LivedIn) -> None:
    cast, person = world.cast, world.case.person
    worker, manager = cast.who("lead-worker"), cast.who("charity-manager")
    goal.rate(
        goal=world.case.plan.goals.model.rows.get(pk=world.keys["goal"]),
        rating=6,
        moment="review",
        by=worker,
    )
    kind = KindOfIntervention.objects.filter(component=Category.HOUSING).first()
    assert kind is not None
    for days, note in ((1, "We filled in the form together."), (9, "He did most of the talking.")):
        world.keys["intervention"] = intervention.log(
            person=person,
            categories=[Category.HOUSING],
            kind=kind,
            at=clock.instant() - timedelta(days=days),
            minutes=60,
            attendance="came",
            note=note,
            next_step="Viewing on Thursday",
            place="Youth club",
            by=worker,
        ).pk
    intervention.record_event(
        person=person,
        categories=[Category.EDUCATION],
        kind="good_news",
        on=clock.today() - timedelta(days=3),
        what="A place on the course",
        source="The college",
        by=worker,
    )
    world.keys["consent"] = cast.share(
        person, "borough-unit", Category.SAFETY, Category.HOUSING, Category.TASKING
    ).pk
    for owner, slug, what in (
        ("lead-worker", "lead-charity", "Ring the housing office"),
        ("unit-worker", "borough-unit", "Ask for a place at the Wednesday group"),
    ):
        world.keys[f"task-{owner}"] = task.assign(
            person=person,
            what=what,
            owner_id=cast.user(owner).pk,
            owner_agency_id=cast.agencies[slug].pk,
            due_on=clock.today(),
            by=manager,
        ).pk
    opened = meeting.open_meeting(present=[cast.hats["lead-worker"].pk], by=manager)
    meeting.add_person(meeting=opened, person=person, why="Viewing on Thursday", by=manager)
    alert.tell_lead(
        person=person, message="He is at the library and asks for you.", by=cast.who("colleague")
    )


def _decide(world: LivedIn) -> None:
    """What waits for a manager."""
    cast, worker = world.cast, world.cast.who("lead-worker")
    cast.refer(given_name="Ines", family_name="Duarte", date_of_birth=date(2012, 5, 1))
    world.keys["referral"] = cast.refer(given_name="Tom", family_name="Okoro").reference
    nobody = cast.open_case(led_by="", given_name="Yusuf", family_name="Hassan-Brightwater")
    world.keys["unled"] = nobody.reference
    world.keys["decision"] = decision.propose(
        person=world.case.person,
        share=True,
        kind="one_off",
        agency=cast.agencies["school"],
        worker_id=None,
        categories=[Category.EDUCATION],
        lawful_basis=LawfulBasis.objects.get(code="legitimate-interests"),
        necessity="To hold his place at the college",
        told=True,
        until=clock.instant() + timedelta(days=14),
        by=worker,
    ).pk
    found = service.add(
        organization=None,
        new_organization="Canal Street Club",
        values={"name": "Railway mentors", "takes_step_down": True},
        by=OPERATOR,
    )
    world.keys["service"] = found.pk
    world.keys["step-down"] = step_down.propose(
        case=world.case,
        service=found,
        service_contact="020 7946 0018",
        said_yes_on=clock.today(),
        said_yes_by="Imani Okafor",
        first_attendance_on=None,
        categories=[Category.EMPLOYMENT],
        why="He has a room and a place on the course.",
        by=worker,
    ).pk
