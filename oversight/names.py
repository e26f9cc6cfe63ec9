"""The names that sentences and tables need, fetched in a few queries for a whole page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from access.actor import Actor
from agencies.enums import ROLE_LABELS
from agencies.models import Agency, User
from audit.models import AccessRecord, Event
from core.clock import LONDON
from oversight import scope
from sharing.models import ConsentLine, SharingDecision

_USER_KEYS = ("user", "worker", "owner", "replacing")
_AGENCY_KEYS = ("agency", "home", "sent_to")
_LIST_KEYS = ("parties", "recipients")

SOMEBODY = "somebody"
SOME_AGENCY = "an agency"


@dataclass(frozen=True, slots=True)
class Names:
    """Users and agencies by key, references of auditable people, and lines of consents."""

    users: Mapping[UUID, str] = field(default_factory=dict)
    agencies: Mapping[UUID, str] = field(default_factory=dict)
    references: Mapping[UUID, str] = field(default_factory=dict)
    consent_lines: Mapping[UUID | None, Sequence[ConsentLine]] = field(default_factory=dict)
    decisions: Mapping[UUID | None, SharingDecision] = field(default_factory=dict)

    def user(self, key: Any) -> str:
        """A user's name."""
        return self.users.get(as_id(key), SOMEBODY)  # type: ignore[arg-type]

    def agency(self, key: Any) -> str:
        """An agency's name."""
        return self.agencies.get(as_id(key), SOME_AGENCY)  # type: ignore[arg-type]

    def reference(self, person_id: UUID | None) -> str:
        """The reference of an auditable person; empty for nobody."""
        return self.references.get(person_id, "") if person_id else ""

    def agencies_in_words(self, keys: Any) -> str:
        """Agencies as a list in a sentence."""
        names = sorted({self.agency(key) for key in keys or ()})
        return in_words(names) or SOME_AGENCY

    def line_recipient(self, line: ConsentLine) -> str:
        """To whom a line of a consent shares."""
        return f"{line.worker.name} of {line.agency.name}" if line.worker else line.agency.name

    def actor(self, entry: Event | AccessRecord) -> str:
        """Who did it: "Sam Okafor (practitioner, Lead Charity)"."""
        if entry.actor_kind == "member":
            role = ROLE_LABELS.get(entry.role, entry.role).lower()
            return f"{self.user(entry.user_id)} ({role}, {self.agency(entry.agency_id)})"
        what = entry.actor_name.replace("_", " ")
        return {
            "public": f"somebody at the public door “{what}”",
            "system": f"the system (job “{what}”)",
            "operator": f"an operator (command “{what}”)",
        }.get(entry.actor_kind, SOMEBODY)


def gather(actor: Actor, entries: Iterable[Event | AccessRecord]) -> Names:
    """The names in entries that the actor may read."""
    listed = list(entries)
    users = {entry.user_id for entry in listed}
    agencies = {entry.agency_id for entry in listed}
    consents, decisions = set(), set()
    for entry in listed:
        if isinstance(entry, Event):
            users |= {as_id(entry.detail.get(key)) for key in _USER_KEYS}
            agencies |= {as_id(entry.detail.get(key)) for key in _AGENCY_KEYS}
            for key in _LIST_KEYS:
                agencies |= {as_id(one) for one in entry.detail.get(key) or ()}
            if entry.subject_type == "agencies.user":
                users.add(entry.subject_id)
            elif entry.subject_type == "sharing.consent":
                consents.add(entry.subject_id)
            elif entry.subject_type == "sharing.sharingdecision":
                decisions.add(entry.subject_id)
    lines: dict[UUID | None, list[ConsentLine]] = defaultdict(list)
    if consents:
        for line in scope.lines(key for key in consents if key):
            lines[line.consent_id].append(line)
    return Names(
        users=users_by_key(users),
        agencies=agencies_by_key(agencies),
        references=scope.references(actor, {entry.person_id for entry in listed}),
        consent_lines=lines,
        decisions={row.pk: row for row in scope.decided(key for key in decisions if key)}
        if decisions
        else {},
    )


def users_by_key(keys: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of users."""
    found = User.objects.filter(pk__in={key for key in keys if key})
    return dict(found.values_list("pk", "name"))


def agencies_by_key(keys: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of agencies."""
    found = Agency.objects.filter(pk__in={key for key in keys if key})
    return dict(found.values_list("pk", "name"))


def as_id(key: Any) -> UUID | None:
    """A key as the trail keeps it, or none when it is no key."""
    if isinstance(key, UUID) or key is None:
        return key
    try:
        return UUID(str(key))
    except ValueError:
        return None


def moment(at: datetime) -> str:
    """An instant as people say it, in London: "3 March 2026 at 14:02"."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


def day(at: datetime | str | None) -> str:
    """The day of an instant in London: "26 May 2026"; empty for none."""
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            return ""
    if at is None:
        return ""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def in_words(names: Sequence[str]) -> str:
    """Names as a list in a sentence: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
