"""Setting, answering and carrying forward tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import require_write, sight
from access.wall import passage, through
from agencies.actions import notice
from agencies.queries import require, workers
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from core.once import once
from people.models import YoungPerson
from sharing import facts
from sharing.actions import involvement, responsibility
from sharing.endings import Effect
from sharing.models import Bar, Involvement
from tasking.enums import TaskKind, TaskState
from tasking.models import Meeting, Task, TaskAnswer
from tasking.workflow import OPEN_TASKS, TASK

_CANCEL = passage("task.cancel_all", "of who has died every task stops, whoever set it")

_WHOLE_AGENCY = (Basis.CONSENT, Basis.DECISION)
"""Bases that, with no worker named, open to everybody of the agency."""


@transaction.atomic
def assign(
    *,
    person: YoungPerson,
    what: str,
    owner_id: UUID,
    owner_agency_id: UUID,
    due_on: date,
    kind: str = TaskKind.TASKING,
    also: Iterable[Category] = (),
    meeting: Meeting | None = None,
    key: UUID | None = None,
    by: Actor,
) -> Task:
    """Set a task: its owner sees it, and what is ticked in `also`, until it is done.

    The actor must be able to write the task's category and all that is ticked. A task for
    oneself opens nothing: nobody grants themselves anything. The same `key` again returns
    what was set first. Raises NotAllowed or NotVisible; Invalid for an owner who does not
    work there or could not see it, or a day gone by.
    """
    member = require(by, "set_task")
    opened = frozenset(also) | {Category(kind)}
    require_write(by, person.pk, *opened)
    if due_on < today():
        raise Invalid(due_on="The day must be today or later")
    if not workers(owner_agency_id).filter(user_id=owner_id).exists():
        raise Invalid(owner="This worker is not at that agency now")

    def go(key: UUID) -> Task:
        task = Task(
            id=key,
            person=person,
            kind=kind,
            what=what,
            owner_id=owner_id,
            owner_agency_id=owner_agency_id,
            due_on=due_on,
            agency_id=member.agency_id,
            meeting=meeting,
            set_by_id=member.user_id,
            set_at=instant(),
        )
        task.save(force_insert=True)
        if owner_id != member.user_id:
            involvement.begin(
                person_id=person.pk,
                agency_id=owner_agency_id,
                worker_id=owner_id,
                basis=Basis.TASK,
                categories=opened,
                source=task,
                by=by,
            )
        _require_seen(task, member)
        trail.record(
            by,
            "task.set",
            subject=task,
            person_id=person.pk,
            categories=to_bits([task.category]),
            values={"what": what, "due_on": due_on},
            detail={"owner": owner_id, "agency": owner_agency_id},
        )
        if owner_id != member.user_id:
            notice.tell([owner_id], "task_set", path="/", about=str(task.pk))
        return task

    return once(
        key,
        made=lambda key: Task.rows.filter(pk=key, person=person, set_by_id=member.user_id).first(),
        make=go,
    )


@transaction.atomic
def answer(*, task: Task, state: str, words: str = "", by: Actor) -> Task:
    """Say of a task that it is accepted, done, blocked (and by what), or cancelled.

    The owner answers; whoever may write its category cancels, of the agency that set it or
    of the lead agency.
    Raises NotVisible, NotAllowed, Conflict for a step that the lifecycle does not know,
    Invalid when it is blocked by nothing.
    """
    member = require(by, "answer_task")
    seen = sight(by, task.person_id)
    if not seen.sees(task.category):
        raise NotAllowed
    locked: Task = Task.rows.select_for_update().get(pk=task.pk)
    if state == TaskState.CANCELLED:
        require(by, "set_task")
        require_write(by, task.person_id, task.category)
        if locked.agency_id != member.agency_id:
            # What another agency has set, the lead agency alone may cancel besides.
            responsibility.require_lead(member, locked.person_id)
    elif locked.owner_id != member.user_id:
        raise NotAllowed
    if state not in TASK[locked.state]:
        raise Conflict(f"This task is {locked.get_state_display().lower()} already.")
    if state == TaskState.BLOCKED and not words.strip():
        raise Invalid(words="Say what blocks the task")
    _bring_to(locked, state, words, member)
    if state == TaskState.BLOCKED:
        path = f"/tasks/{locked.pk}/"
        notice.tell([locked.set_by_id], "task_blocked", path=path, about=f"{locked.pk}")
    return locked


def _bring_to(task: Task, state: str, words: str, by: Member) -> None:
    over = state not in OPEN_TASKS
    task.state, task.closed_at = state, instant() if over else None
    task.save(force_update=True)
    TaskAnswer(
        person_id=task.person_id, task=task, state=state, words=words, by_id=by.user_id
    ).save(force_insert=True)
    if over:
        involvement.end_where(
            person_id=task.person_id, source_id=task.pk, bases=[Basis.TASK], by=by
        )
    trail.record(
        by,
        f"task.{state}",
        subject=task,
        person_id=task.person_id,
        categories=to_bits([task.category]),
        values={"words": words} if words else {},
    )


@transaction.atomic
def cancel_all(*, person_id: UUID, words: str, by: Actor) -> int:
    """Cancel every open task about somebody who has died; how many there were.

    Part of closing their case, never of a page: also those that the actor does not see.
    Raises NotAllowed.
    """
    member = require(by, "set_task")
    with through(_CANCEL):
        tasks = Task.rows.filter(person_id=person_id, closed_at=None)
        found = list(tasks.select_for_update().order_by("pk"))
        for task in found:
            _bring_to(task, TaskState.CANCELLED, words, member)
    return len(found)


@transaction.atomic
def move(*, task: Task, owner_id: UUID, owner_agency_id: UUID, by: Actor) -> Task:
    """Give an open task to another owner: the old one's access by it ends now.

    What it opens goes along, so the actor must be able to write all of that, and be of the
    agency that set it. Raises NotAllowed or NotVisible; Invalid for an owner who does not
    work there or could not see it; Conflict when it is over.
    """
    member = require(by, "set_task")
    require_write(by, task.person_id, task.category, *(_opened(task) or ()))
    if task.agency_id != member.agency_id:
        raise NotAllowed
    if not workers(owner_agency_id).filter(user_id=owner_id).exists():
        raise Invalid(owner="This worker is not at that agency now")
    given = _give(task, owner_id, owner_agency_id, by)
    _require_seen(given, member)
    return given


def _require_seen(task: Task, member: Member) -> None:
    """Raise Invalid where the owner could not see the task, without saying why.

    They may be barred, or no agreement lets them know. Only the lead agency, which bars, is
    told of who is barred: to a partner the refusal would say so, since nothing else is in
    the way there.
    """
    visible = facts.visible_to_worker(
        task.person_id, user_id=task.owner_id, agency_id=task.owner_agency_id
    )
    if task.category in visible:
        return
    if facts.lead_agency(task.person_id) != member.agency_id:
        barred = Bar.rows.live().filter(person_id=task.person_id, user_id=task.owner_id)
        if barred.exists():
            return
    raise Invalid(owner="This worker could not see the task: choose somebody else")


def foresee(ended: Sequence[Involvement]) -> list[Effect]:
    """Which open tasks need a new home once these involvements have ended, and where it is.

    A task goes to the lead worker, unless its owner still sees such tasks on another
    basis than the task itself; an enforcement task goes back to who set it, as the lead
    worker never sees it. Without anybody to take it, it stays. A follower of
    `sharing.endings`.
    """
    found: list[Effect] = []
    taken: set[UUID] = set()
    for share in ended:
        tasks = Task.rows.filter(
            person_id=share.person_id, owner_agency_id=share.agency_id, closed_at=None
        ).order_by("due_on", "pk")
        if share.worker_id is not None:
            tasks = tasks.filter(owner_id=share.worker_id)
        for task in tasks:
            home = _home(task, ended)
            if task.pk not in taken and home is not None and home[0] != task.owner_id:
                taken.add(task.pk)
                found.append(
                    Effect("task", task.pk, task.category, task.what, task.owner_id, *home)
                )
    return found


def go_home(effect: Effect, by: Actor) -> None:
    """Give a task to the owner that was foreseen; part of the withdrawal's transaction."""
    _give(Task.rows.get(pk=effect.subject_id), effect.to_user, effect.to_agency, by)


def _home(task: Task, ended: Sequence[Involvement]) -> tuple[UUID, UUID] | None:
    """The user and agency to whom a task goes; none when it stays where it is."""
    others = (
        Involvement.rows.live()
        .filter(person_id=task.person_id)
        .exclude(pk__in=[share.pk for share in ended])
    )
    kept = others.filter(Q(worker_id=task.owner_id) | Q(worker_id=None, basis__in=_WHOLE_AGENCY))
    for row in kept.filter(agency_id=task.owner_agency_id).exclude(basis=Basis.TASK):
        if task.category in row.categories:
            return None
    lead = others.filter(basis=Basis.LEAD, worker__isnull=False).first()
    if task.category is Category.TASKING and lead is not None and lead.worker_id is not None:
        return lead.worker_id, lead.agency_id
    if workers(task.agency_id).filter(user_id=task.set_by_id).exists():
        return task.set_by_id, task.agency_id
    return None


def _opened(task: Task) -> frozenset[Category] | None:
    """What an open task opens to its owner now."""
    live = Involvement.rows.live().filter(source_id=task.pk, basis=Basis.TASK)
    return live.values_list("categories", flat=True).first()


def _give(task: Task, owner_id: UUID, owner_agency_id: UUID, by: Actor) -> Task:
    locked: Task = Task.rows.select_for_update().get(pk=task.pk)
    if locked.closed_at is not None:
        raise Conflict("This task is over.")
    carried = _opened(locked)
    involvement.end_where(
        person_id=locked.person_id, source_id=locked.pk, bases=[Basis.TASK], by=by
    )
    locked.owner_id, locked.owner_agency_id = owner_id, owner_agency_id
    locked.state = TaskState.SET
    locked.save(force_update=True)
    # Whoever takes it themselves sees it by what they see already.
    if owner_id != getattr(by, "user_id", None):
        involvement.begin(
            person_id=locked.person_id,
            agency_id=owner_agency_id,
            worker_id=owner_id,
            basis=Basis.TASK,
            categories=carried or {locked.category},
            source=locked,
            by=by,
        )
    trail.record(
        by,
        "task.moved",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([locked.category]),
        detail={"owner": owner_id, "agency": owner_agency_id},
    )
    if not (isinstance(by, Member) and by.user_id == owner_id):
        notice.tell([owner_id], "task_set", path="/", about=f"{locked.pk}:{owner_id}")
    return locked
