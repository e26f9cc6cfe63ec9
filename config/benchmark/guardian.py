"""Guardian, done as well as it can be, and as most projects do it.

Permission rows on tables with direct foreign keys (the quicker of its two ways), one group for
each agency; asked as the owner, without row-level security, transaction or HTTP. It knows no
categories, no bars and no dates: its lists are neither redacted nor compared.
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

from agencies.models import User as Account
from config.benchmark.floor import PAGE
from config.benchmark.users import User
from people.models import YoungPerson

_PERMISSION = "people.view_youngperson"
_COLUMNS = ("id", "reference", "given_name", "family_name")
_LABEL = "config"


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


def tuned(user: User) -> Any:
    """The page as plain values: one query."""
    rows = list(_visible(_account(user)).order_by("-pk").values(*_COLUMNS)[:PAGE])
    return orjson.dumps(rows)


def usual(user: User) -> Any:
    """The page with its total, and each row's permissions looked up: as most projects do it."""
    account = _account(user)
    found = _visible(account).order_by("-pk")
    total = found.count()
    rows = [
        {"id": person.pk, "reference": person.reference, "may": get_perms(account, person)}
        for person in found[:PAGE]
    ]
    return orjson.dumps({"count": total, "results": rows})


def counted(user: User) -> Any:
    """The total alone."""
    return _visible(_account(user)).count()
