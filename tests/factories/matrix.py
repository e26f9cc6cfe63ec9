"""One young person with something in every category, and everybody who may stand around them.

Every text that belongs to a category says so: `CANARY-housing` may be read only by whom
the rule shows housing, `CANARY-housing+family` only by whom it shows both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from access.actor import Member
from access.bases import Basis
from access.categories import ALL, COMPONENTS, Category
from access.context import transact
from access.roles import Role
from agencies.actions import rota
from agencies.models import User, UserActivity
from casework.actions import goal, intervention, lead, plan, safety_plan
from casework.models import Case, KindOfIntervention, Plan
from core import clock
from people.actions import contact, family, young_person
from people.models import Identifier, YoungPerson
from sharing.actions import agreement, decision, involvement
from sharing.models import LawfulBasis
from tasking.actions import alert, meeting, task
from tasking.models import Task
from tests.conftest import NOW
from tests.factories.cast import OPERATOR, SHARED, Cast, build_cast, member_of


@dataclass
class Matrix:
    """The cast, the young person, and the keys of what belongs to them."""

    cast: Cast
    case: Case
    keys: dict[str, UUID | str] = field(default_factory=dict)

    @property
    def person(self) -> YoungPerson:
        return self.case.person

    @property
    def personas(self) -> list[str]:
        """Everybody, by user name."""
        return list(self.cast.hats)


def build_matrix() -> Matrix:
    """Build it over the half year before the story's instant."""
    with clock.at(NOW - timedelta(days=180)):
        cast = build_cast()
        _hire_more(cast)
        cast.agree("lead-charity", "borough-unit")
        cast.agree("lead-charity", "housing")
        cast.agree("lead-charity", "school")
        cast.agree("borough-unit", "police", categories=[*SHARED, Category.ENFORCEMENT])
    with clock.at(NOW - timedelta(days=150)), transact(OPERATOR, at=NOW - timedelta(days=150)):
        case = cast.open_case(
            led_by="old-lead",
            components=frozenset({Category.HOUSING, Category.EMPLOYMENT}),
            why_now="CANARY-housing+employment why now",
            wants="CANARY-housing+employment wants",
            safe_contact="CANARY-contact by text",
            immediate_danger="CANARY-safety danger",
        )
    matrix = Matrix(cast, case)
    moment = NOW - timedelta(days=5)
    with transact(OPERATOR, at=moment):
        lead.assign(
            case=case,
            worker_id=cast.user("lead-worker").pk,
            replacing=cast.user("old-lead").pk,
            by=cast.who("charity-manager"),
        )
        _fill(matrix)
    _lapse(matrix)
    with transact(OPERATOR, at=NOW - timedelta(hours=1)):
        _share(matrix)
    return matrix


def _hire_more(cast: Cast) -> None:
    for slug, kind in (
        ("lapsed-13", "council"),
        ("lapsed-14", "council"),
        ("suspended", "council"),
    ):
        cast.agency(slug, kind)
    for username, slug, role in (
        ("old-lead", "lead-charity", Role.PRACTITIONER),
        ("cover", "lead-charity", Role.PRACTITIONER),
        ("on-duty", "lead-charity", Role.PRACTITIONER),
        ("disabled", "lead-charity", Role.PRACTITIONER),
        ("team-elsewhere", "housing", Role.PRACTITIONER),
        ("housing-manager", "housing", Role.MANAGER),
        ("task-owner", "borough-unit", Role.PRACTITIONER),
        ("attendee", "school", Role.PRACTITIONER),
        ("lapsed-13-worker", "lapsed-13", Role.PRACTITIONER),
        ("lapsed-14-worker", "lapsed-14", Role.PRACTITIONER),
        ("suspended-worker", "suspended", Role.PRACTITIONER),
        ("other-auditor", "other-borough", Role.AUDITOR),
        ("administrator", "lead-charity", Role.ADMINISTRATOR),
        ("superuser", "other-borough", Role.PRACTITIONER),
        ("barred-lead", "lead-charity", Role.MANAGER),
        ("barred-auditor", "lead-charity", Role.AUDITOR),
        ("barred-team", "lead-charity", Role.PRACTITIONER),
    ):
        cast.hire(username, slug, role)
    cast.hire("seconded-without", "borough-unit", Role.PRACTITIONER, home="prison-charity")
    User.objects.filter(username="superuser").update(is_superuser=True, is_staff=True)


def _fill(matrix: Matrix) -> None:
    """Something in every category, by the lead worker."""
    cast, person, case = matrix.cast, matrix.person, matrix.case
    worker = cast.who("lead-worker")
    young_person.describe(
        person=person,
        changes={"strengths": "CANARY-identity strengths", "needs": "CANARY-identity needs"},
        by=worker,
    )
    matrix.keys["contact"] = contact.add(
        person=person, kind="other", value="CANARY-contact number", by=worker
    ).pk
    # Not by the action: it takes no words for a number.
    Identifier(person=person, scheme="pnc", value="CANARY-offending").save(force_insert=True)
    matrix.keys["relative"] = family.add(
        person=person, name="CANARY-family", kind="mother", by=worker
    ).pk
    safety_plan.write(
        person=person,
        dangers="CANARY-safety dangers",
        unsafe_places="CANARY-safety places",
        safe_places="",
        what_helps="",
        whom_to_call="CANARY-safety call",
        review_on=date(2026, 6, 1),
        by=worker,
    )
    whole = Plan.rows.get(case=case)
    kind = KindOfIntervention.objects.first()
    assert kind is not None

    def log(by: Member, note: str, *categories: Category) -> UUID:
        return intervention.log(
            person=person,
            categories=categories,
            kind=kind,
            at=clock.instant() - timedelta(hours=3),
            minutes=30,
            attendance="came",
            note=note,
            next_step=note,
            place=note,
            by=by,
        ).pk

    for component in COMPONENTS:
        added = goal.add_goal(
            plan=whole, component=component, own_words=f"CANARY-{component.value}", by=worker
        )
        goal.rate(goal=added, rating=3, moment="start", by=worker)
        plan.plan_intervention(
            plan=whole, component=component, what=f"CANARY-{component.value} to do", by=worker
        )
        log(worker, f"CANARY-{component.value} note", component)
        matrix.keys[f"goal-{component.value}"] = added.pk
    matrix.keys["both"] = log(
        worker, "CANARY-housing+family note", Category.HOUSING, Category.FAMILY
    )
    intervention.record_event(
        person=person,
        categories=[Category.EDUCATION],
        kind="suspension",
        on=date(2026, 2, 1),
        what="CANARY-education",
        source="CANARY-education source",
        by=worker,
    )
    cast.join(case, "clinician", Category.CLINICAL, Category.HEALTH)
    matrix.keys["clinical"] = log(cast.who("clinician"), "CANARY-clinical note", Category.CLINICAL)


def _lapse(matrix: Matrix) -> None:
    """Team members elsewhere whose agreements ended 13 and 14 days ago, or are suspended."""
    cast = matrix.cast
    with transact(OPERATOR, at=NOW - timedelta(days=100)):
        for slug, ends in (
            ("lapsed-13", NOW - timedelta(days=13)),
            ("lapsed-14", NOW - timedelta(days=14)),
            ("suspended", None),
        ):
            cast.agree("lead-charity", slug, ends=ends)
            involvement.begin(
                person_id=matrix.person.pk,
                agency_id=cast.agencies[slug].pk,
                worker_id=cast.user(f"{slug}-worker").pk,
                basis=Basis.TEAM,
                categories=[Category.SAFETY, Category.HOUSING],
                by=OPERATOR,
            )
    with transact(OPERATOR, at=NOW - timedelta(days=2)):
        agreement.suspend(
            agreement=cast.agreements[-1],
            reason="Under review",
            by=cast.who("lead-charity-administrator"),
        )


def _share(matrix: Matrix) -> None:
    """Everything that opens something to somebody else."""
    cast, person, case = matrix.cast, matrix.person, matrix.case
    manager = cast.who("charity-manager")
    lead.cover(case=case, worker_id=cast.user("cover").pk, ends=NOW + timedelta(days=7), by=manager)
    cast.join(case, "team-elsewhere", Category.HOUSING)
    cast.join(case, "barred-team", Category.HOUSING, Category.SAFETY)
    cast.share(person, "borough-unit", Category.SAFETY, Category.HARM, Category.TASKING)
    cast.share(person, "housing", Category.HOUSING, Category.CONTACT, worker="housing-officer")
    ended = decision.propose(
        person=person,
        share=True,
        kind="routine",
        agency=cast.agencies["school"],
        worker_id=cast.user("school-lead").pk,
        categories=[Category.EDUCATION],
        lawful_basis=LawfulBasis.objects.filter(effective_from__isnull=False, who=[]).first()
        or LawfulBasis.objects.create(
            code="tests", name="Tests", categories=ALL, effective_from=date(2020, 1, 1)
        ),
        necessity="CANARY-identity necessity",
        told=True,
        until=NOW + timedelta(days=20),
        by=cast.who("lead-worker"),
    )
    matrix.keys["decision"] = ended.pk
    decision.approve(decision=ended, by=manager)
    with clock.at(NOW - timedelta(minutes=50)):
        decision.end(decision=ended, by=manager)
    set_task = task.assign(
        person=person,
        what="CANARY-tasking",
        owner_id=cast.user("task-owner").pk,
        owner_agency_id=cast.agencies["borough-unit"].pk,
        due_on=NOW.date(),
        also=[Category.EMPLOYMENT],
        by=manager,
    )
    matrix.keys["task"] = set_task.pk
    Task(
        person=person,
        what="CANARY-enforcement",
        kind="enforcement",
        owner=cast.user("lead-worker"),
        owner_agency=cast.agencies["lead-charity"],
        agency=cast.agencies["lead-charity"],
        due_on=NOW.date(),
        set_by=cast.user("charity-manager"),
    ).save(force_insert=True)
    opened = meeting.open_meeting(present=[cast.hats["attendee"].pk], by=manager)
    meeting.add_person(meeting=opened, person=person, why="CANARY-tasking agenda", by=manager)
    matrix.keys["alert"] = alert.tell_lead(
        person=person, message="CANARY-safety message", by=cast.who("colleague")
    ).pk
    rota.publish(
        user=cast.user("on-duty"),
        starts=clock.instant(),
        ends=NOW + timedelta(hours=6),
        by=manager,
    )
    for username in ("barred-lead", "barred-auditor", "barred-team"):
        cast.bar(person, username)
    # As though somebody had switched the account off, and nothing else had followed.
    UserActivity.objects.filter(user=cast.user("disabled")).update(ends=clock.instant())
    User.objects.filter(username="disabled").update(is_active=False)
    matrix.keys["waiting"] = cast.refer(given_name="Ines", family_name="Duarte").reference


__all__ = ["Matrix", "build_matrix", "member_of"]
