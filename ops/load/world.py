"""Who works in the load, made ready inside the database; and what of their work is there after.

    python -m ops.load.world prepare USERS     prints the users as JSON
    python -m ops.load.world check < KEYS      prints what was lost or doubled as JSON

Run in the environment of the stack. Synthetic users have no password: they get a session, a second
factor and a token here, which is refused where people may be real.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from datetime import timedelta
from importlib import import_module
from typing import Any

PEOPLE_EACH = 20
"""So many young people stand in the round of one user, at most."""
MANAGERS = 5
"""Every fifth user is a manager."""
_CHUNK = 2_000


def prepare(number: int) -> list[dict[str, Any]]:
    """So many users, each with the young people they may log for, a session and a token."""
    from django.conf import settings

    from access.context import transact
    from access.roles import Role
    from config.demo.load import check_allowed

    check_allowed()
    settings.SESSION_COOKIE_AGE = 24 * 3600
    users: list[dict[str, Any]] = []
    kinds = _kinds()
    for role, wanted in (
        (Role.MANAGER, -(-number // MANAGERS)),
        (Role.PRACTITIONER, number - -(-number // MANAGERS)),
    ):
        found = 0
        for hat in _hats(role):
            if found == wanted:
                break
            with transact(_member(hat), route="load"):
                people = _people(hat, role, kinds)
            if people:
                users.append(_user(hat, role, people))
                found += 1
        if found < wanted:
            raise SystemExit(f"Only {found} of {wanted} {role}s lead anybody: take more --people.")
    return users


def _hats(role: Any) -> Any:
    from agencies.models import Membership

    found = Membership.objects.live().filter(
        role=role, user__username__startswith="s", home_agency=None
    )
    # In an order that spreads over the agencies.
    return found.select_related("user", "agency").order_by("id").iterator()


def _member(hat: Any) -> Any:
    from access.actor import Member
    from access.roles import Role

    return Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role))


def _kinds() -> dict[str, tuple[str, str]]:
    """For each component, a kind of intervention: its key and its code."""
    from access.categories import COMPONENTS
    from access.context import transact
    from casework.models import KindOfIntervention

    with transact(_operator()):
        usable = list(KindOfIntervention.objects.filter(is_active=True).order_by("code"))
    return {
        str(component): (str(kind.pk), kind.code)
        for component in COMPONENTS
        for kind in usable
        if kind.component in {"", component}
    }


def _operator() -> Any:
    from access.actor import Operator

    return Operator("load")


def _people(hat: Any, role: Any, kinds: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    """The young people for whom this membership may log something, and what."""
    from access.reading import sights
    from access.roles import Role
    from casework.models import Case, LeadPeriod
    from people.models import YoungPerson

    cases = Case.rows.filter(state__in=["assessment", "active"])
    if role is Role.MANAGER:
        cases = cases.filter(agency_id=hat.agency_id)
    else:
        led = LeadPeriod.rows.live().filter(worker_id=hat.user_id)
        cases = cases.filter(pk__in=led.values("case_id"))
    keys = list(cases.order_by("pk").values_list("person_id", flat=True)[:PEOPLE_EACH])
    seen = sights(_member(hat), keys)
    people = []
    for person in YoungPerson.rows.filter(pk__in=seen).order_by("pk"):
        writable = [one for one in sorted(kinds) if seen[person.pk].may_write(one)]
        may_task = role is not Role.MANAGER or seen[person.pk].may_write("tasking")
        if writable and may_task:
            key, code = kinds[writable[0]]
            people.append(
                {
                    "reference": person.reference,
                    "name": person.family_name,
                    "category": writable[0],
                    "kind": code,
                    "kind_id": key,
                }
            )
    return people


def _user(hat: Any, role: Any, people: list[dict[str, str]]) -> dict[str, Any]:
    """One user as `ops.load.day` needs them."""
    from access.context import transact
    from access.roles import Role
    from agencies.queries import workers
    from core import clock

    with transact(_operator()):
        # Contacts of yesterday: the same form, whenever the load is run.
        yesterday = clock.today() - timedelta(days=1)
        owners = list(workers(hat.agency_id).values_list("user__username", flat=True)[:10])
        return {
            "agency": hat.agency.slug,
            "session": _session(hat),
            "token": _token(hat),
            "people": people,
            "owners": owners if role is Role.MANAGER else [],
            "day": [str(yesterday.day), str(yesterday.month), str(yesterday.year)],
            "at": (clock.instant() - timedelta(hours=25)).isoformat(),
            "due_on": (clock.today() + timedelta(days=7)).isoformat(),
        }


def _session(hat: Any) -> str:
    """A session as signing in with two factors leaves it."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from agencies.middleware import HAT

    Authenticator.objects.get_or_create(
        user=hat.user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
    )
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(hat.user_id)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = hat.user.get_session_auth_hash()
    store[HAT] = str(hat.pk)
    store.save()
    return str(store.session_key)


def _token(hat: Any) -> str:
    from agencies.models import ApiToken

    _, secret = ApiToken.objects.create(user=hat.user, expiry=timedelta(days=1), membership=hat)
    return str(secret)


def check(sent: list[str], kept: list[str]) -> dict[str, int]:
    """How much of what was sent is there once, not at all, or twice; and with its event."""
    from access.context import transact
    from audit.models import Event
    from casework.models import Intervention

    times: Counter[str] = Counter()
    keys: list[Any] = []
    events: Counter[Any] = Counter()
    notes = [f"load {key}" for key in sent]
    with transact(_operator()):
        for begun in range(0, len(notes), _CHUNK):
            found = Intervention.rows.filter(note__in=notes[begun : begun + _CHUNK])
            for key, note in found.order_by().values_list("pk", "note"):
                times[note.removeprefix("load ")] += 1
                keys.append(key)
        for begun in range(0, len(keys), _CHUNK):
            logged = Event.objects.filter(
                verb="intervention.logged", subject_id__in=keys[begun : begun + _CHUNK]
            )
            events.update(logged.order_by().values_list("subject_id", flat=True))
    return {
        "sent": len(sent),
        "kept": len(kept),
        "there": len(times),
        "lost": sum(times[key] == 0 for key in kept),
        "doubled": sum(number > 1 for number in times.values()),
        "without_event": sum(events[key] != 1 for key in keys),
    }


def size() -> int:
    """How many young people there are."""
    from access.context import transact
    from people.models import YoungPerson

    with transact(_operator()):
        return int(YoungPerson.rows.count())


def main(arguments: list[str]) -> None:
    """The command line."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    if arguments[:1] == ["prepare"]:
        print(json.dumps(prepare(int(arguments[1]))))
    elif arguments == ["size"]:
        print(size())
    else:
        asked = json.load(sys.stdin)
        print(json.dumps(check(asked["sent"], asked["kept"])))


if __name__ == "__main__":
    main(sys.argv[1:])
