"""Reference answer to "who may see or write what, now", for comparing with the real rule.

`answer(world)` takes one world, as described under "Facts in, decisions out" in the access
design, and gives the documented answer. It is written straight from the English, clause by
clause and in the same order, with the sentence it stands for quoted above each clause. It
shares no code with the rule it checks, and it prefers being obvious to being quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

# --- Categories ------------------------------------------------------------------------------

COMPONENTS = {
    "education",
    "exiting_gang",
    "harm",
    "offending",
    "housing",
    "health",
    "relationships",
    "family",
    "employment",
}
CATEGORIES = COMPONENTS | {
    "pointer",
    "identity",
    "contact",
    "safe_address",
    "safety",
    "clinical",
    "tasking",
    "enforcement",
}

# --- Bases -----------------------------------------------------------------------------------

BASES = {
    "intake",
    "lead",
    "cover",
    "team",
    "task",
    "agenda",
    "consent",
    "decision",
    "tail",
    "follow_up",
    "record",
    "referrer",
    "break_glass",
    "audit_sample",
}
# The column "agreement needed". `decision` is "yes, unless `one_off`" and is handled below.
AGREEMENT_NEEDED = {"cover", "team", "task", "agenda", "consent", "tail"}
# The column "opens to".
OPENS_TO_NAMED_WORKER = {
    "intake",
    "lead",
    "cover",
    "team",
    "task",
    "agenda",
    "consent",
    "decision",
    "tail",
    "follow_up",
    "record",
    "referrer",
    "break_glass",
}
OPENS_TO_NAMED_AUDITOR = {"audit_sample"}
OPENS_TO_MANAGERS = {
    "intake",
    "lead",
    "cover",
    "team",
    "task",
    "consent",
    "decision",
    "follow_up",
    "record",
    "referrer",
}
OPENS_TO_WHOEVER_IS_ON_DUTY = {"intake"}
OPENS_TO_WHOLE_AGENCY_IF_NONE_NAMED = {"consent", "decision"}

# --- Roles: "may ever see" -------------------------------------------------------------------

MAY_EVER_SEE = {
    "practitioner": CATEGORIES - {"clinical"},
    "clinician": CATEGORIES,
    "manager": CATEGORIES - {"clinical"},
    "auditor": CATEGORIES - {"clinical", "safe_address"},
    "administrator": set[str](),
    "analyst": set[str](),
}
WORKING_ROLES = {"practitioner", "clinician", "manager"}

GRACE = timedelta(hours=14 * 24)
STEP_UP = timedelta(minutes=5)


# --- Facts -----------------------------------------------------------------------------------


@dataclass
class Actor:
    """A user working as one membership."""

    user: str
    user_active: bool
    agency: str
    agency_active: bool
    role: str
    starts: datetime
    ends: datetime | None
    home_agency: str | None
    on_duty: bool
    stepped_up_at: datetime | None


@dataclass
class Person:
    """The young person."""

    lead_agency: str | None
    restricted: bool
    barred: set[str]


@dataclass
class Involvement:
    """The dated fact that an agency, or one named worker in it, is involved with the person."""

    agency: str
    worker: str | None
    basis: str
    categories: set[str]
    starts: datetime
    ends: datetime | None
    one_off: bool


@dataclass
class Agreement:
    """An information-sharing agreement between agencies."""

    parties: set[str]
    categories: set[str]
    starts: datetime
    ends: datetime | None
    suspended: bool


@dataclass
class Facts:
    """One world, well typed."""

    at: datetime
    actor: Actor
    person: Person
    involvements: list[Involvement]
    agreements: list[Agreement]


class Answer(TypedDict):
    """The documented answer for a well-typed world."""

    visible: list[str]
    write: list[str]
    auditable: bool
    reasons: dict[str, list[str]]


class Refusal(TypedDict):
    """The documented answer for a malformed world."""

    error: str


@dataclass
class Decision:
    """The answer, with what led to it, so that tests can see which clauses were reached."""

    forbids: set[str]
    visible: set[str]
    opened_by: dict[str, set[str]]
    write_grounds: dict[str, set[str]]
    auditable: bool
    restricted: bool


# --- The rule --------------------------------------------------------------------------------


def is_live(starts: datetime, ends: datetime | None, at: datetime) -> bool:
    """Whether an interval is live at this instant."""
    # "an interval is live when `starts <= at` and (`ends` is none or `at < ends`)"
    return starts <= at and (ends is None or at < ends)


def in_force(facts: Facts) -> list[Agreement]:
    """Give the agreements that are live and not suspended."""
    return [
        agreement
        for agreement in facts.agreements
        if is_live(agreement.starts, agreement.ends, facts.at) and not agreement.suspended
    ]


def is_seconded(facts: Facts) -> bool:
    """Whether the actor works here but belongs to another agency."""
    # "the actor is *seconded*: `home_agency` is set and differs from `agency`"
    return facts.actor.home_agency is not None and facts.actor.home_agency != facts.actor.agency


def secondment_agreements(facts: Facts) -> list[Agreement]:
    """Give the agreements in force between the actor's agency and home agency."""
    # "agreement that is live and not suspended has both as parties"
    return [
        agreement
        for agreement in in_force(facts)
        if facts.actor.agency in agreement.parties and facts.actor.home_agency in agreement.parties
    ]


def forbids_that_hold(facts: Facts) -> set[str]:
    """Give every forbid that holds."""
    forbids: set[str] = set()
    # "`user_inactive`"
    if not facts.actor.user_active:
        forbids.add("user_inactive")
    # "`agency_inactive`"
    if not facts.actor.agency_active:
        forbids.add("agency_inactive")
    # "`membership_not_live`"
    if not is_live(facts.actor.starts, facts.actor.ends, facts.at):
        forbids.add("membership_not_live")
    # "`barred` (nothing overrides it, break-glass included)"
    if facts.actor.user in facts.person.barred:
        forbids.add("barred")
    # "`unknown_role`"
    if facts.actor.role not in MAY_EVER_SEE:
        forbids.add("unknown_role")
    # "`secondment_not_covered` (the actor is *seconded* ... and no agreement that is live and
    # not suspended has both as parties)"
    if is_seconded(facts) and not secondment_agreements(facts):
        forbids.add("secondment_not_covered")
    return forbids


def agency_is_lead(facts: Facts) -> bool:
    """Whether the actor's agency is the lead agency."""
    # "a null lead agency is nobody's"
    return facts.person.lead_agency is not None and (facts.actor.agency == facts.person.lead_agency)


def covered_by_agreements(facts: Facts, basis: str) -> set[str]:
    """Give the categories agreed between the actor's agency and the lead agency."""
    # "a null lead agency is nobody's and no agreement covers it"
    if facts.person.lead_agency is None:
        return set()
    both = {facts.actor.agency, facts.person.lead_agency}
    covered: set[str] = set()
    # "the union of the categories of the agreements that are live, not suspended, and have both
    # the actor's agency and the lead agency as parties"
    for agreement in in_force(facts):
        if both <= agreement.parties:
            covered |= agreement.categories
    # "For `team` and `cover`, whenever they began, an agreement with both as parties, not
    # suspended now, with `starts < ends <= at` and `at - ends` under 14 x 24 hours, adds to that
    # union whichever of `pointer` and `safety` it carries"
    if basis in {"team", "cover"}:
        for agreement in facts.agreements:
            if not both <= agreement.parties:
                continue
            if agreement.suspended or agreement.ends is None:
                continue
            if not agreement.starts < agreement.ends <= facts.at:
                continue
            if not facts.at - agreement.ends < GRACE:
                continue
            covered |= agreement.categories & {"pointer", "safety"}
    return covered


def needs_agreement(involvement: Involvement) -> bool:
    """Whether the table says an agreement is needed for this involvement."""
    # `decision`: "yes, unless `one_off`"; `one_off` "has meaning on `decision` only"
    if involvement.basis == "decision":
        return not involvement.one_off
    return involvement.basis in AGREEMENT_NEEDED


def effective_involvements(facts: Facts) -> list[tuple[Involvement, set[str]]]:
    """Give each effective involvement of the actor's agency with what its cuts leave of it."""
    effective: list[tuple[Involvement, set[str]]] = []
    for involvement in facts.involvements:
        # "those with `agency` = the actor's agency, a known basis, live"
        if involvement.agency != facts.actor.agency:
            continue
        if involvement.basis not in BASES:
            continue
        if not is_live(involvement.starts, involvement.ends, facts.at):
            continue
        left = involvement.categories & CATEGORIES
        # "where the table says so and the actor's agency is not the lead agency: cut to the
        # union of the categories of the agreements ..."
        if needs_agreement(involvement) and not agency_is_lead(facts):
            left = left & covered_by_agreements(facts, involvement.basis)
        # "`record`: nothing, unless the actor's agency is the lead agency"
        if involvement.basis == "record" and not agency_is_lead(facts):
            left = set()
        # "`break_glass`: cut to `pointer`, `identity`, `contact`, `safety`"
        if involvement.basis == "break_glass":
            left = left & {"pointer", "identity", "contact", "safety"}
        # "and with at least one known category left after these cuts"
        if left:
            effective.append((involvement, left))
    return effective


def names_actor(facts: Facts, involvement: Involvement) -> bool:
    """Whether the actor is the named worker."""
    # "'named worker' = `worker` is this user"
    return involvement.worker is not None and involvement.worker == facts.actor.user


def opens_by_table(facts: Facts, involvement: Involvement) -> bool:
    """Whether the column "opens to" has this actor in it, on this involvement."""
    basis = involvement.basis
    named = names_actor(facts, involvement)
    # "To the role auditor nothing but `audit_sample` opens."
    # `audit_sample`: "the named worker, only in the role auditor"
    if facts.actor.role == "auditor":
        return basis in OPENS_TO_NAMED_AUDITOR and named
    if basis in OPENS_TO_NAMED_WORKER and named:
        return True
    # "`manager` = the role"
    if basis in OPENS_TO_MANAGERS and facts.actor.role == "manager":
        return True
    # "'on duty' = `on_duty`"
    if basis in OPENS_TO_WHOEVER_IS_ON_DUTY and facts.actor.on_duty:
        return True
    # "the named worker or, with none named, the whole agency"; otherwise "an involvement with no
    # worker opens to nobody but those the table lists besides the named worker"
    return basis in OPENS_TO_WHOLE_AGENCY_IF_NONE_NAMED and involvement.worker is None


def opens(facts: Facts, involvement: Involvement) -> bool:
    """Whether an effective involvement opens to this actor."""
    # "If the person is **restricted**, an involvement opens only if it opens by the table *and*
    # names this user."
    if facts.person.restricted and not names_actor(facts, involvement):
        return False
    return opens_by_table(facts, involvement)


def opened_by_duty(facts: Facts, effective: list[tuple[Involvement, set[str]]]) -> set[str]:
    """Give what being on duty opens besides."""
    # "**On duty** besides: a practitioner, clinician or manager who is on duty also opens
    # `pointer`, `contact`, `safety` of an unrestricted person whose lead agency is theirs and has
    # an effective `lead` involvement, whatever that involvement carries."
    has_lead = any(involvement.basis == "lead" for involvement, _ in effective)
    if (
        facts.actor.role in WORKING_ROLES
        and facts.actor.on_duty
        and not facts.person.restricted
        and agency_is_lead(facts)
        and has_lead
    ):
        return {"pointer", "contact", "safety"}
    return set()


def opened_categories(
    facts: Facts, effective: list[tuple[Involvement, set[str]]]
) -> dict[str, set[str]]:
    """Give each opened category with the bases that opened it (`duty` for the on-duty clause)."""
    opened: dict[str, set[str]] = {}
    # "the union of what is left of each effective involvement that opens to this actor"
    for involvement, left in effective:
        if opens(facts, involvement):
            for category in left:
                opened.setdefault(category, set()).add(involvement.basis)
    # "`duty` names only the on-duty clause; an intake opened by being on duty is `intake`"
    for category in opened_by_duty(facts, effective):
        opened.setdefault(category, set()).add("duty")
    return opened


def safe_address_stays(facts: Facts, effective: list[tuple[Involvement, set[str]]]) -> bool:
    """Whether the actor passes the test for a safe address."""
    # "an effective involvement naming the actor on `lead`, `cover` or `team` carries it (after
    # its cuts)"
    carried = any(
        involvement.basis in {"lead", "cover", "team"}
        and names_actor(facts, involvement)
        and "safe_address" in left
        for involvement, left in effective
    )
    # "and `at - stepped_up_at` is not negative and less than 5 minutes"
    stepped_up = (
        facts.actor.stepped_up_at is not None
        and timedelta(0) <= facts.at - facts.actor.stepped_up_at < STEP_UP
    )
    return carried and stepped_up


def has_card(facts: Facts, effective: list[tuple[Involvement, set[str]]]) -> bool:
    """Whether the actor sees the "exists, ask the lead worker" card."""
    # "A practitioner, clinician or manager whose agency has any effective involvement other than
    # `referrer`, `agenda`, `task`, `break_glass`, `audit_sample` sees `pointer` of an
    # unrestricted person"
    return (
        facts.actor.role in WORKING_ROLES
        and not facts.person.restricted
        and any(
            involvement.basis not in {"referrer", "agenda", "task", "break_glass", "audit_sample"}
            for involvement, _ in effective
        )
    )


def visible_categories(
    facts: Facts, effective: list[tuple[Involvement, set[str]]], opened: set[str]
) -> set[str]:
    """Give what is visible, when nothing forbids."""
    # "**Visible** = opened categories, cut to the role's"
    visible = opened & MAY_EVER_SEE[facts.actor.role]
    # "and, for a seconded actor, cut to `pointer` and the union of the categories of the
    # agreements that are live, not suspended, and have both agency and home agency as parties"
    if is_seconded(facts):
        allowed = {"pointer"}
        for agreement in secondment_agreements(facts):
            allowed |= agreement.categories
        visible = visible & allowed
    # "`safe_address` stays only if ..."
    if not safe_address_stays(facts, effective):
        visible = visible - {"safe_address"}
    # "If anything is still visible after those cuts and the `safe_address` test, so is `pointer`."
    if visible:
        visible = visible | {"pointer"}
    # "... sees `pointer` ...: the card ... is not subject to the secondment cut."
    if has_card(facts, effective):
        visible = visible | {"pointer"}
    return visible


def grounds_for_writing(
    facts: Facts,
    effective: list[tuple[Involvement, set[str]]],
    opened: dict[str, set[str]],
    category: str,
) -> set[str]:
    """Give the clauses by which the actor may write in a visible category, by short name."""
    # "the role is practitioner, clinician or manager, and one of:"
    if facts.actor.role not in WORKING_ROLES:
        return set()
    grounds: set[str] = set()
    # "it is `safe_address`"
    if category == "safe_address":
        grounds.add("safe_address")
    for involvement, left in effective:
        # "an effective involvement carries it after its cuts and names this user on `intake`,
        # `lead`, `cover`, `team` or `follow_up`"
        if (
            category in left
            and names_actor(facts, involvement)
            and involvement.basis in {"intake", "lead", "cover", "team", "follow_up"}
        ):
            grounds.add("named")
        # "an effective `intake` carries it after its cuts and the actor is on duty and the
        # person is not restricted"
        if (
            category in left
            and involvement.basis == "intake"
            and facts.actor.on_duty
            and not facts.person.restricted
        ):
            grounds.add("intake_on_duty")
        # "the actor is a manager of the lead agency, which has an effective `intake`, `lead` or
        # `follow_up` involvement (this covers every visible category ...)"
        if (
            facts.actor.role == "manager"
            and agency_is_lead(facts)
            and involvement.basis in {"intake", "lead", "follow_up"}
        ):
            grounds.add("lead_manager")
    # "it is `tasking` or `enforcement`, and an involvement on `task`, `consent` or `decision`
    # opened it to this actor"
    if category in {"tasking", "enforcement"} and (
        opened.get(category, set()) & {"task", "consent", "decision"}
    ):
        grounds.add("tasks")
    # "it is `safety`, and being on duty opened it"
    if category == "safety" and "duty" in opened.get(category, set()):
        grounds.add("safety_on_duty")
    return grounds


def is_auditable(facts: Facts, forbids: set[str]) -> bool:
    """Whether the person is in the registers this actor may audit."""
    # "the role is auditor"
    if facts.actor.role != "auditor":
        return False
    # "none of `user_inactive`, `agency_inactive`, `membership_not_live`, `barred`,
    # `secondment_not_covered` holds"
    if forbids & {
        "user_inactive",
        "agency_inactive",
        "membership_not_live",
        "barred",
        "secondment_not_covered",
    }:
        return False
    # "and the lead agency is theirs"
    if agency_is_lead(facts):
        return True
    # "or their agency has an involvement on a known basis other than `break_glass`,
    # `audit_sample`, with `starts <= at`, whatever its end or categories"
    for involvement in facts.involvements:
        if (
            involvement.agency == facts.actor.agency
            and involvement.basis in BASES - {"break_glass", "audit_sample"}
            and involvement.starts <= facts.at
        ):
            return True
    return False


def decide(facts: Facts) -> Decision:
    """Apply the whole rule to well-typed facts."""
    forbids = forbids_that_hold(facts)
    decision = Decision(
        forbids=forbids,
        visible=set(),
        opened_by={},
        write_grounds={},
        auditable=is_auditable(facts, forbids),
        restricted=facts.person.restricted,
    )
    # "**Forbids.** Any one empties the answer"
    if forbids:
        return decision
    effective = effective_involvements(facts)
    decision.opened_by = opened_categories(facts, effective)
    decision.visible = visible_categories(facts, effective, set(decision.opened_by))
    # "**Write** in a category = it is visible, ..."
    for category in decision.visible:
        grounds = grounds_for_writing(facts, effective, decision.opened_by, category)
        if grounds:
            decision.write_grounds[category] = grounds
    return decision


def reasons_for(decision: Decision) -> dict[str, list[str]]:
    """Give the reasons part of the answer."""
    # "on an empty answer `{"forbid": […]}` with every forbid that holds, or else only
    # `restricted` or `nothing_opens`"
    if decision.forbids:
        return {"forbid": sorted(decision.forbids)}
    # "If the answer is empty and no forbid above holds: `restricted` if the person is, else
    # `nothing_opens`."
    if not decision.visible:
        return {"forbid": ["restricted" if decision.restricted else "nothing_opens"]}
    # "for each visible category, every basis that opened it and no other ...; `implied` only
    # where no basis opened it"
    reasons: dict[str, list[str]] = {}
    for category in sorted(decision.visible):
        bases = decision.opened_by.get(category, set())
        reasons[category] = sorted(bases) if bases else ["implied"]
    return reasons


# --- Facts in, decisions out -----------------------------------------------------------------


class Malformed(Exception):
    """The world is not well typed."""


def read_field(table: dict[str, object], where: str, key: str) -> object:
    """Give the value of a key that must be there."""
    # "Missing keys ... get `{"error": "…"}`"
    if key not in table:
        raise Malformed(f"{where}: {key} is missing")
    return table[key]


def read_table(value: object, where: str) -> dict[str, object]:
    """Read an object."""
    if not isinstance(value, dict):
        raise Malformed(f"{where}: not an object")
    return {str(key): item for key, item in value.items()}


def read_list(value: object, where: str) -> list[object]:
    """Read a list."""
    if not isinstance(value, list):
        raise Malformed(f"{where}: not a list")
    return list(value)


def read_text(value: object, where: str) -> str:
    """Read a string."""
    if not isinstance(value, str):
        raise Malformed(f"{where}: not a string")
    return value


def read_text_or_null(value: object, where: str) -> str | None:
    """Read a string or null."""
    return None if value is None else read_text(value, where)


def read_texts(value: object, where: str) -> set[str]:
    """Read a list of strings."""
    # "repeated categories or parties count once"
    return {read_text(item, where) for item in read_list(value, where)}


def read_flag(value: object, where: str) -> bool:
    """Read true or false; 0 and 1 are neither."""
    if not isinstance(value, bool):
        raise Malformed(f"{where}: not true or false")
    return value


def read_time(value: object, where: str) -> datetime:
    """Read a time with its offset."""
    # "times are as Python's `datetime.fromisoformat` reads them"
    try:
        time = datetime.fromisoformat(read_text(value, where))
    except ValueError as error:
        raise Malformed(f"{where}: not a time") from error
    # "times without offset get `{"error": "…"}`"
    if time.utcoffset() is None:
        raise Malformed(f"{where}: no offset")
    return time


def read_time_or_null(value: object, where: str) -> datetime | None:
    """Read a time or null."""
    return None if value is None else read_time(value, where)


def read_actor(value: object) -> Actor:
    """Read the actor; a key in brackets may be absent and then has that value."""
    table = read_table(value, "actor")
    return Actor(
        user=read_text(read_field(table, "actor", "user"), "actor.user"),
        user_active=read_flag(read_field(table, "actor", "user_active"), "actor.user_active"),
        agency=read_text(read_field(table, "actor", "agency"), "actor.agency"),
        agency_active=read_flag(read_field(table, "actor", "agency_active"), "actor.agency_active"),
        role=read_text(read_field(table, "actor", "role"), "actor.role"),
        starts=read_time(read_field(table, "actor", "starts"), "actor.starts"),
        ends=read_time_or_null(table.get("ends", None), "actor.ends"),
        home_agency=read_text_or_null(table.get("home_agency", None), "actor.home_agency"),
        on_duty=read_flag(table.get("on_duty", False), "actor.on_duty"),
        stepped_up_at=read_time_or_null(table.get("stepped_up_at", None), "actor.stepped_up_at"),
    )


def read_person(value: object) -> Person:
    """Read the person."""
    table = read_table(value, "person")
    return Person(
        lead_agency=read_text_or_null(
            read_field(table, "person", "lead_agency"), "person.lead_agency"
        ),
        restricted=read_flag(table.get("restricted", False), "person.restricted"),
        barred=read_texts(table.get("barred", []), "person.barred"),
    )


def read_involvement(value: object) -> Involvement:
    """Read one involvement."""
    where = "involvement"
    table = read_table(value, where)
    return Involvement(
        agency=read_text(read_field(table, where, "agency"), "involvement.agency"),
        worker=read_text_or_null(read_field(table, where, "worker"), "involvement.worker"),
        basis=read_text(read_field(table, where, "basis"), "involvement.basis"),
        categories=read_texts(read_field(table, where, "categories"), "involvement.categories"),
        starts=read_time(read_field(table, where, "starts"), "involvement.starts"),
        ends=read_time_or_null(table.get("ends", None), "involvement.ends"),
        one_off=read_flag(table.get("one_off", False), "involvement.one_off"),
    )


def read_agreement(value: object) -> Agreement:
    """Read one agreement."""
    where = "agreement"
    table = read_table(value, where)
    return Agreement(
        parties=read_texts(read_field(table, where, "parties"), "agreement.parties"),
        categories=read_texts(read_field(table, where, "categories"), "agreement.categories"),
        starts=read_time(read_field(table, where, "starts"), "agreement.starts"),
        ends=read_time_or_null(table.get("ends", None), "agreement.ends"),
        suspended=read_flag(table.get("suspended", False), "agreement.suspended"),
    )


def read_facts(world: object) -> Facts:
    """Read a whole world, or raise `Malformed`; unknown keys are ignored."""
    table = read_table(world, "world")
    return Facts(
        at=read_time(read_field(table, "world", "at"), "at"),
        actor=read_actor(read_field(table, "world", "actor")),
        person=read_person(read_field(table, "world", "person")),
        involvements=[
            read_involvement(item)
            for item in read_list(read_field(table, "world", "involvements"), "involvements")
        ],
        agreements=[
            read_agreement(item)
            for item in read_list(read_field(table, "world", "agreements"), "agreements")
        ],
    )


def answer(world: object) -> Answer | Refusal:
    """Give the documented answer for one world, well typed or not."""
    try:
        facts = read_facts(world)
    except Malformed as error:
        return {"error": str(error)}
    decision = decide(facts)
    return {
        "visible": sorted(decision.visible),
        "write": sorted(decision.write_grounds),
        "auditable": decision.auditable,
        "reasons": reasons_for(decision),
    }
