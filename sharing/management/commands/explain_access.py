"""`manage.py explain_access USERNAME@AGENCY-SLUG REFERENCE [--role R] [--at T]`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from access.actor import Member, Operator
from access.context import transact
from access.facts import world_to
from access.roles import Role
from access.rule import decide
from agencies.models import Membership
from core.ids import tidy_reference
from people.models import YoungPerson
from sharing import facts


class Unknown(Exception):
    """What was named is not there, or does not say which of several is meant."""


class Command(BaseCommand):
    """Prints the facts and the answer of the rule for one user and one young person."""

    help = "Why a user sees what they see of a young person: facts and answer, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, of whom, as what, and when."""
        parser.add_argument("actor", metavar="USERNAME@AGENCY-SLUG")
        parser.add_argument("reference", metavar="REFERENCE")
        parser.add_argument("--role", help="Which membership, if there are several.")
        parser.add_argument("--at", help="An ISO 8601 time with offset; the present unless given.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer; exit status 2 for a name that is not known."""
        try:
            moment = _moment(options["at"])
            with transact(Operator("explain_access"), route="explain_access", at=moment):
                found = _explain(options["actor"], options["reference"], options["role"], moment)
        except Unknown as error:
            _exit(str(error))
        self.stdout.write(json.dumps(found, indent=2))


def _explain(actor: str, reference: str, role: str | None, moment: datetime) -> dict[str, Any]:
    membership = _membership(actor, role, moment)
    person_id = (
        YoungPerson.rows.filter(reference=tidy_reference(reference))
        .values_list("pk", flat=True)
        .first()
    )
    if person_id is None:
        raise Unknown(f"{reference}: there is no such reference.")
    member = Member(membership.user_id, membership.pk, membership.agency_id, Role(membership.role))
    world = facts.worlds(member, [person_id], ended=True)[person_id]
    return {
        "actor": actor,
        "person": tidy_reference(reference),
        "at": moment.isoformat(),
        "world": world_to(world),
        "answer": decide(world).to_json(),
    }


def _membership(actor: str, role: str | None, moment: datetime) -> Membership:
    """The membership that is meant; with several, the one that is live."""
    username, _, slug = actor.rpartition("@")
    if role is not None and role not in set(Role):
        raise Unknown(f"{role}: there is no such role.")
    found = Membership.objects.filter(user__username=username, agency__slug=slug)
    if role is not None:
        found = found.filter(role=role)
    hats = list(found)
    if not hats:
        raise Unknown(f"{actor}: there is no such membership.")
    live = [hat for hat in hats if hat.is_live(moment)]
    if len(hats) > 1 and len(live) != 1:
        raise Unknown(f"{actor}: there are several memberships: say which with --role.")
    return live[0] if live else hats[0]


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unknown(f"{text}: not an ISO 8601 time.") from error
    if moment.tzinfo is None:
        raise Unknown(f"{text}: a time needs its offset.")
    return moment


def _exit(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(2)
