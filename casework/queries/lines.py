"""Lines of lists of people and of cases: of each the little that a list says.

A list is opened forty times a day. So what it says comes in one statement with who is on it,
and only where it is visible (`access.content`), instead of as whole rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from access.actor import Member
from access.categories import Category
from access.content import Part, Parts, PartSet
from access.reading import Sight, SightPage, sight_found, sight_page, sights
from casework.enums import CaseState
from casework.models import Case, LeadPeriod
from core.clock import instant
from people import queries as people
from people.models import YoungPerson

OPEN: frozenset[str] = frozenset(CaseState.values) - {CaseState.CLOSED}
"""The states of a case that goes on."""

_POINTER = frozenset({Category.POINTER})

LINES = PartSet(
    "lines",
    person=Part(
        YoungPerson, _POINTER, ("reference", "given_name", "family_name"), person="id", once=True
    ),
    # The open one first, or else the last.
    cases=Part(
        Case,
        _POINTER,
        ("id", "reference", "state", "opened_at", "agency_id"),
        order="t.state = 'closed', t.opened_at DESC, t.id DESC",
    ),
    contacts=Part(
        Case, frozenset({Category.CONTACT}), ("id", "last_contact_at", "next_contact_on")
    ),
    lead=Part(
        LeadPeriod,
        _POINTER,
        others={"worker": "coalesce(nullif(w.name, ''), w.username)", "agency": "a.name"},
        joins="JOIN agencies_agency a ON a.id = t.agency_id"
        " JOIN agencies_user w ON w.id = t.worker_id",
        where="t.starts <= %(at)s AND (t.ends IS NULL OR t.ends > %(at)s)",
        once=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what of a person, and of a case of theirs, this actor may see in it."""

    sight: Sight
    person: str
    """The person's reference."""
    name: str
    worker: str
    """Who leads now; empty for nobody."""
    agency: str
    """For which agency they lead."""
    case: str
    """The case's reference; empty where there is none."""
    state: str
    opened_at: datetime | None
    _contacts: Mapping[str, Any]

    @property
    def where_it_stands(self) -> str:
        """The state of the case in words; empty where there is none."""
        return str(CaseState(self.state).label) if self.state else ""

    @property
    def is_open(self) -> bool:
        """Whether there is a case that goes on."""
        return bool(self.state) and self.state != CaseState.CLOSED

    @property
    def last_contact_at(self) -> datetime | None:
        """The last contact, for those who see how to make contact; notes that it is shown."""
        found = self._contacts.get("last_contact_at")
        if found is None or not self.sight.shows(Category.CONTACT):
            return None
        return datetime.fromisoformat(found)

    @property
    def next_contact_on(self) -> date | None:
        """The next contact that is planned, for the same people."""
        found = self._contacts.get("next_contact_on")
        if found is None or not self.sight.shows(Category.CONTACT):
            return None
        return date.fromisoformat(found)

    @property
    def only_card(self) -> bool:
        """Whether the actor only knows whom to ask."""
        return self.sight.answer.visible == {Category.POINTER}


def page_of_people(
    actor: Member, *, limit: int, after: UUID | None = None, back: bool = False
) -> tuple[list[Line], SightPage]:
    """A page of all whom the actor sees, the newest first."""
    page = sight_page(actor, limit=limit, after=after, back=back, parts=LINES)
    return _lines(page.people, page.seen, page.content), page


def page_of_found(
    actor: Member, words: str, *, beyond: int, limit: int
) -> tuple[list[Line], SightPage]:
    """Those whom the actor sees whose names or reference have all the words, by name.

    Of the first hundred so many at most, after the first `beyond`.
    """
    page = sight_found(actor, people.words_of(words), limit=limit, beyond=beyond, parts=LINES)
    return _lines(page.people, page.seen, page.content), page


def page_of_cases(
    actor: Member,
    *,
    states: Collection[str] = OPEN,
    own: bool = False,
    limit: int,
    after: UUID | None = None,
    back: bool = False,
) -> tuple[list[Line], SightPage]:
    """A page of the cases in these states that the actor sees, those of the newest person first.

    `own`: those of the actor's agency alone. So many people at most; of each every such case, of
    which there can be several only where they are closed.
    """
    mine = str(actor.agency_id)
    kept: dict[UUID, list[Line]] = {}
    seen: dict[UUID, Sight] = {}
    start = after
    while len(kept) <= limit:
        # One more than is shown tells whether there are more.
        page = sight_page(
            actor,
            limit=limit + 1,
            after=start,
            back=back,
            open_only=CaseState.CLOSED not in states,
            having=Case,
            # Any that is open is told by the projection, without a look at the cases.
            kinds=states if own or set(states) != OPEN else (),
            own=own,
            parts=LINES,
        )
        found = {key: _in_states(page, key, states, mine if own else None) for key in page.people}
        found = {key: lines for key, lines in found.items() if lines}
        kept = found | kept if back else kept | found
        seen |= page.seen
        if not (page.before if back else page.beyond):
            break
        start = page.people[0 if back else -1]
    more = len(kept) > limit
    shown = list(kept)[slice(-limit, None) if back else slice(limit)]
    return [line for key in shown for line in kept[key]], SightPage(
        shown,
        seen,
        before=more if back else after is not None,
        beyond=bool(kept) and (back or more),
    )


def _in_states(
    page: SightPage, key: UUID, states: Collection[str], agency: str | None
) -> list[Line]:
    """A line for each case of a person in these states, and of this agency if one is named."""
    content = page.content[key]
    return [
        _line(page.seen[key], content, case)
        for case in content["cases"]
        if case["state"] in states and agency in (None, case["agency_id"])
    ]


def of_people(actor: Member, listed: Iterable[UUID]) -> list[Line]:
    """Lines about those of these people whom the actor sees, in their order.

    One statement, however many.
    """
    keys = list(listed)
    known = sights(actor, keys)
    return _lines(keys, known, LINES.read(known, at=instant()))


def of_cases(actor: Member, cases: Iterable[Case]) -> list[Line]:
    """Lines about these cases, in their order: each about its own, whether it goes on or not."""
    listed = list(cases)
    known = sights(actor, {case.person_id for case in listed})
    content = LINES.read(known, at=instant())
    return [
        _line(known[case.person_id], content[case.person_id], found)
        for case in listed
        for found in content[case.person_id]["cases"]
        if found["reference"] == case.reference
    ]


def _lines(
    listed: Iterable[UUID], seen: Mapping[UUID, Sight], content: Mapping[UUID, Parts]
) -> list[Line]:
    return [
        _line(seen[key], content[key], next(iter(content[key]["cases"]), None))
        for key in listed
        if content[key]["person"]
    ]


def _line(sight: Sight, parts: Parts, case: Mapping[str, Any] | None) -> Line:
    """The line about a person and this case of theirs, if any."""
    person = parts["person"][0]
    lead = next(iter(parts["lead"]), None)
    if case is not None and case["state"] == CaseState.CLOSED:
        # Who leads, leads the case that goes on.
        lead = None
    contacts = (one for one in parts["contacts"] if case is not None and one["id"] == case["id"])
    return Line(
        sight,
        person["reference"],
        f"{person['given_name']} {person['family_name']}".strip(),
        lead["worker"] if lead else "",
        lead["agency"] if lead else "",
        case["reference"] if case else "",
        case["state"] if case else "",
        datetime.fromisoformat(case["opened_at"]) if case else None,
        next(contacts, {}),
    )
