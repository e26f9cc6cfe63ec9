"""Guardian, done as well as it can be, and as most projects do it.

Permission rows on tables with direct foreign keys (the quicker of its two ways), one group for
each agency; asked as the owner, without row-level security, transaction or HTTP. It knows no
categories, no bars and no dates: its lists are neither redacted nor compared.

A list is measured against a list: of each of its people it gives what ours gives of one whom
somebody may see whole. As well as it can be done, that is read by our own statement
(`api.v1.person.PARTS`); as most projects do it, it is looked up row by row. Keys and names alone,
which is no list that anybody could work with, are measured as well, and count for no promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.apps import apps
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from guardian.shortcuts import get_objects_for_user, get_perms

from access.categories import EVERY
from access.reading import Sight
from access.rule import Answer
from agencies.models import User as Account
from api.v1.person import PARTS
from casework.models import (
    Case,
    Goal,
    LeadPeriod,
    PlanComponent,
    PlannedIntervention,
    SafetyPlan,
)
from config.benchmark.floor import PAGE
from config.benchmark.users import User
from core.clock import instant
from core.periods import live
from people.models import ContactPoint, Identifier, Relative, YoungPerson
from sharing.models import Involvement, LeadAgency
from tasking.models import Task

_PERMISSION = "people.view_youngperson"
_COLUMNS = ("id", "reference", "given_name", "family_name")
_LABEL = "config"
_WHOLE = Answer(EVERY, frozenset(), opened=None, lead_agency=None)
_RELATED = {
    "ways": (ContactPoint.rows.filter(ended_at=None), ("kind", "value", "is_safe", "note")),
    "identifiers": (Identifier.rows.all(), ("scheme", "value")),
    "safety": (
        SafetyPlan.rows.all(),
        ("dangers", "unsafe_places", "safe_places", "what_helps", "whom_to_call", "review_on"),
    ),
    "components": (
        PlanComponent.rows.exclude(plan__case__state="closed"),
        ("component", "in_use", "own_name"),
    ),
    "goals": (
        Goal.rows.filter(reached_at=None, ended_at=None),
        ("component", "own_words", "worker_words"),
    ),
    "planned": (
        PlannedIntervention.rows.filter(done_at=None),
        ("component", "what", "who", "by_when"),
    ),
    "tasks": (Task.rows.filter(closed_at=None), ("kind", "what", "due_on", "state")),
    "relatives": (Relative.rows.filter(ended_at=None), ("name", "kind", "same_household", "needs")),
}
"""What belongs to a person: rows and columns, as `PARTS` names them."""


@contextmanager
def models_of_grants() -> Iterator[None]:
    """Have Django know the benchmark's permission tables, for as long as it runs.

    They are models of no room: outside a benchmark the product must not find them.
    """
    names = [
        _model("GrantToGroup", GroupObjectPermissionBase, '"grants"."to_group"'),
        _model("GrantToUser", UserObjectPermissionBase, '"grants"."to_user"'),
    ]
    try:
        yield
    finally:
        for name in names:
            apps.all_models[_LABEL].pop(name, None)
        apps.clear_cache()


def _model(name: str, base: type[models.Model], table: str) -> str:
    meta = type("Meta", (), {"app_label": _LABEL, "managed": False, "db_table": table})
    fields = {
        "Meta": meta,
        "__module__": __name__,
        "__doc__": "A permission of guardian about one young person.",
        # Guardian finds the table by this relation back: so it can't be hidden.
        "content_object": models.ForeignKey(
            YoungPerson, models.DO_NOTHING, related_name=f"benchmark_{name.lower()}"
        ),
    }
    made = type(name, (base,), fields)
    return made._meta.model_name  # type: ignore[attr-defined,no-any-return]


def _visible(account: Account) -> models.QuerySet[YoungPerson]:
    return get_objects_for_user(
        account, _PERMISSION, YoungPerson.rows.all(), with_superuser=False,
        accept_global_perms=False,
    )  # fmt: skip


def _account(user: User) -> Account:
    """The user, as middleware would have loaded them: no query is counted for it."""
    return Account(id=user.hat.user, username=user.username, is_active=True)


def keys(user: User) -> Any:
    """Keys and names of the page: one query."""
    rows = list(_visible(_account(user)).order_by("-pk").values(*_COLUMNS)[:PAGE])
    return orjson.dumps(rows)


def tuned(user: User) -> Any:
    """The page with all that our list holds of each person: a query, and our own statement."""
    found = list(_visible(_account(user)).order_by("-pk").values_list("pk", flat=True)[:PAGE])
    content = PARTS.read({key: Sight(key, _WHOLE) for key in found}, at=instant())
    return orjson.dumps([dict(content[key]) for key in found])


def usual(user: User) -> Any:
    """The same with its total, and what belongs to each row looked up: as most projects do it."""
    account = _account(user)
    found = _visible(account).order_by("-pk")
    total = found.count()
    rows = [
        {
            "reference": person.reference,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "known_as": person.known_as,
            "date_of_birth": person.date_of_birth,
            "may": get_perms(account, person),
            **_looked_up(person),
        }
        for person in found[:PAGE]
    ]
    return orjson.dumps({"count": total, "results": rows})


def _looked_up(person: YoungPerson) -> dict[str, Any]:
    """What our list holds of a person besides, relation by relation."""
    now = instant()
    lead = LeadAgency.rows.select_related("agency").filter(live(now), person=person).first()
    worker = LeadPeriod.rows.select_related("worker").filter(live(now), person=person).first()
    case = Case.rows.filter(person=person).exclude(state="closed").first()
    involved = Involvement.rows.select_related("agency").filter(live(now), person=person)
    return {
        "lead_agency": lead.agency.name if lead else None,
        "lead_worker": worker.worker.name if worker else None,
        "case": case.reference if case else None,
        "agencies": [one.agency.name for one in involved],
        **{
            name: list(rows.filter(person=person).values(*columns))
            for name, (rows, columns) in _RELATED.items()
        },
    }


def counted(user: User) -> Any:
    """The total alone."""
    return _visible(_account(user)).count()
