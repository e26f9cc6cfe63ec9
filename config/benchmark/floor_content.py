"""What a row of each list holds, as the floor reads it: columns, joins, and the body."""

from __future__ import annotations

from typing import Any

from access.categories import COMPONENTS, Category, from_bits, in_order
from config.benchmark.floor_rule import CONTACT, IDENTITY, POINTER

_PEOPLE = "JOIN people_youngperson p ON p.id = x.person_id"
_LEAD = """
LEFT JOIN LATERAL (
    SELECT u.username, u.name, a.name AS agency, a.slug, coalesce(nullif(u.phone, ''), a.phone)
               AS phone
    FROM casework_leadperiod l JOIN agencies_user u ON u.id = l.worker_id
    JOIN agencies_agency a ON a.id = l.agency_id
    WHERE l.person_id = x.person_id AND l.starts <= %(at)s AND (l.ends IS NULL OR l.ends > %(at)s)
    LIMIT 1
) lead ON true
"""


def _listed(fields: str, table: str, bits: str, more: str) -> str:
    """Rows of a table about the person as a JSON list, read only where a category is visible."""
    return (
        f"CASE WHEN x.visible & {bits} <> 0"  # nosec B608
        f" THEN (SELECT json_agg(json_build_array({fields}))"
        f" FROM {table} t WHERE t.person_id = x.person_id {more}) END"
    )


_PLANNED = f"~{POINTER}"
PERSON = f"""
    p.reference, x.visible, p.given_name, p.family_name, p.known_as, p.provisional,
    (SELECT c.reference FROM casework_case c
     WHERE c.person_id = x.person_id AND c.state <> 'closed' LIMIT 1),
    answers.slug, answers.name, lead.username, lead.name, lead.phone,
    p.date_of_birth, p.pronouns, p.ethnicity, p.ethnicity_source, p.languages,
    p.interpreter_needed, p.needs, p.strengths, p.borough,
    {
    _listed(
        "t.id, t.kind, t.value, t.is_safe, t.note",
        "people_contactpoint",
        str(CONTACT),
        "AND t.ended_at IS NULL",
    )
},
    {_listed("t.scheme, t.value", "people_identifier", _PLANNED, "")},
    {
    _listed(
        "t.agency_id",
        "sharing_involvement",
        str(IDENTITY),
        "AND t.starts <= %(at)s AND (t.ends IS NULL OR t.ends > %(at)s)"
        " AND t.agency_id IN (x.own_agency, x.lead)",
    )
},
    {
    _listed(
        "t.dangers, t.unsafe_places, t.safe_places, t.what_helps, t.whom_to_call, t.review_on",
        "casework_safetyplan",
        _PLANNED,
        "",
    )
},
    {_listed("t.component, t.in_use, t.own_name", "casework_plancomponent", _PLANNED, "")},
    {
    _listed(
        "t.component, t.own_words, t.worker_words",
        "casework_goal",
        _PLANNED,
        "AND t.reached_at IS NULL AND t.ended_at IS NULL",
    )
},
    {
    _listed(
        "t.component, t.what, t.who, t.by_when",
        "casework_plannedintervention",
        _PLANNED,
        "AND t.done_at IS NULL",
    )
},
    {
    _listed(
        "t.kind, t.what, t.due_on, t.state", "tasking_task", _PLANNED, "AND t.closed_at IS NULL"
    )
},
    {_listed("t.name, t.kind", "people_relative", _PLANNED, "AND t.ended_at IS NULL")}
"""  # nosec B608
PERSON_JOINS = f"{_PEOPLE} LEFT JOIN agencies_agency answers ON answers.id = x.lead {_LEAD}"


def names(bits: int) -> tuple[str, ...]:
    """A set of categories as answers give it."""
    return tuple(category.value for category in in_order(from_bits(bits)))


def person(row: tuple[Any, ...]) -> dict[str, Any]:
    """A person of the list: what belongs to a hidden category is absent."""
    (reference, bits, given, family, known_as, provisional, case, slug, agency, username, worker,
     phone, *rest) = row  # fmt: skip
    visible = from_bits(bits)
    born, pronouns, ethnicity, source, languages, interpreter, needs, strengths, borough = rest[:9]
    contacts, identifiers, agencies, safety, components, goals, planned, tasks, kin = rest[9:]
    body: dict[str, Any] = {
        "reference": reference,
        "visible": list(names(bits)),
        "pointer": {
            "given_name": given, "family_name": family, "known_as": known_as,
            "provisional": provisional, "case": case,
            "lead_agency": {"slug": slug, "name": agency},
            "lead_worker": {"username": username, "name": worker, "phone": phone},
        },
    }  # fmt: skip
    if Category.IDENTITY in visible:
        body["identity"] = {
            "date_of_birth": born, "pronouns": pronouns, "ethnicity": ethnicity,
            "ethnicity_source": source, "languages": languages,
            "interpreter_needed": interpreter, "needs": needs, "strengths": strengths,
            "borough": borough, "identifiers": identifiers, "agencies_involved": agencies,
        }  # fmt: skip
    if Category.CONTACT in visible:
        body["contact"] = contacts
    if Category.SAFETY in visible:
        body["safety"] = safety
    for component in COMPONENTS:
        if component in visible:
            body[component.value] = {
                "used": [one for one in components or () if one[0] == component],
                "goals": [one for one in goals or () if one[0] == component],
                "planned": [one for one in planned or () if one[0] == component],
            }
    if Category.FAMILY in visible:
        body["family"]["relatives"] = kin
    if Category.TASKING in visible:
        body["tasking"] = tasks
    return body


_LATEST = """
LEFT JOIN LATERAL (
    SELECT c.state, c.last_contact_at FROM casework_case c WHERE c.person_id = x.person_id
    ORDER BY c.opened_at DESC, c.id DESC LIMIT 1
) latest ON true
"""
LINE_NAMES = ("reference", "name", "worker", "agency", "state", "last_contact", "only_card")
LINE = f"""
    p.reference, p.given_name || ' ' || p.family_name, lead.name, lead.agency, latest.state,
    CASE WHEN x.visible & {CONTACT} <> 0 THEN latest.last_contact_at END, x.visible = {POINTER}
"""
LINE_JOINS = _PEOPLE + _LEAD + _LATEST

_CASE = "JOIN casework_case c ON c.id = x.case_id " + _PEOPLE
_CASE_NAMES = (
    "reference", "person", "agency", "state", "episode", "opened_at", "closed_at", "lead_worker",
    "visible", "close_reason", "close_note", "reopen_reason", "agreed_on", "agreed_how",
    "review_on", "step_down",
)  # fmt: skip
CASE = """
    c.reference, p.reference, a.slug, c.state, c.episode, c.opened_at, c.closed_at, lead.name,
    x.visible, c.close_reason, c.close_note, c.reopen_reason, plan.agreed_on, plan.agreed_how,
    plan.review_on,
    (SELECT s.state FROM casework_stepdown s WHERE s.case_id = c.id
     ORDER BY s.proposed_at DESC LIMIT 1)
"""
CASE_JOINS = (
    f"{_CASE} JOIN agencies_agency a ON a.id = c.agency_id {_LEAD}"
    f" LEFT JOIN casework_plan plan ON plan.case_id = c.id AND x.visible & {IDENTITY} <> 0"
)


def case(row: tuple[Any, ...]) -> dict[str, Any]:
    """A case of the list."""
    body = dict(zip(_CASE_NAMES, row, strict=True))
    hidden = ("close_reason", "close_note", "reopen_reason", "agreed_on", "agreed_how", "review_on")
    planned = {name: body.pop(name) for name in hidden}
    if body.pop("visible") & IDENTITY:
        body["plan"] = planned
    return body


CASE_LINE_NAMES = (
    "case", "person", "name", "worker", "state", "opened_at", "last_contact", "next",
)  # fmt: skip
CASE_LINE = f"""
    c.reference, p.reference, p.given_name || ' ' || p.family_name, lead.name, c.state,
    c.opened_at, CASE WHEN x.visible & {CONTACT} <> 0 THEN c.last_contact_at END,
    CASE WHEN x.visible & {CONTACT} <> 0 THEN c.next_contact_on END
"""
CASE_LINE_JOINS = _CASE + _LEAD
