"""Random worlds for the access rule, well typed and malformed, from a seeded generator.

`world(rng)` gives the everyday mixture; `rich_world(rng)` leans towards worlds in which something
is visible; `malformed(rng)` gives worlds that must get an error. The same seed gives the same
worlds. Ids come from small pools and times cluster on the boundaries around `at`, so that facts
meet each other often. Run as a script, it prints what 20,000 worlds of each kind reach.
"""

from __future__ import annotations

import copy
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

World = dict[str, Any]

USERS = ["u1", "u2", "u3", "u4"]
AGENCIES = ["a0", "a1", "a2", "a3", "a4"]
CATEGORIES = [
    "pointer",
    "identity",
    "contact",
    "safe_address",
    "safety",
    "education",
    "exiting_gang",
    "harm",
    "offending",
    "housing",
    "health",
    "relationships",
    "family",
    "employment",
    "clinical",
    "tasking",
    "enforcement",
]
# Look-alikes are unknown too: names are matched exactly.
UNKNOWN_CATEGORIES = ["gossip", "Housing", "pointer ", ""]
BASES = {
    "intake": 4,
    "lead": 5,
    "cover": 3,
    "team": 4,
    "task": 3,
    "agenda": 2,
    "consent": 4,
    "decision": 4,
    "tail": 2,
    "follow_up": 2,
    "record": 2,
    "referrer": 2,
    "break_glass": 2,
    "audit_sample": 1,
}
UNKNOWN_BASES = ["curiosity", "Lead", ""]
ROLES = {
    "practitioner": 32,
    "manager": 26,
    "clinician": 14,
    "auditor": 14,
    "administrator": 4,
    "analyst": 4,
}
UNKNOWN_ROLES = ["superuser", "Manager", ""]
FORBIDS = [
    "user_inactive",
    "agency_inactive",
    "membership_not_live",
    "barred",
    "unknown_role",
    "secondment_not_covered",
]
WRITE_GROUNDS = [
    "safe_address",
    "named",
    "intake_on_duty",
    "lead_manager",
    "tasks",
    "safety_on_duty",
]

TICK = timedelta(microseconds=1)
STEP_UP = timedelta(minutes=5)
GRACE = timedelta(days=14)
OFFSETS = [0, 0, 0, 60, -300, 330, -210, 840, -720]


# --- Times -----------------------------------------------------------------------------------


def written(rng: random.Random, time: datetime) -> str:
    """Write an instant in one of the many ways `datetime.fromisoformat` reads."""
    local = time.astimezone(timezone(timedelta(minutes=rng.choice(OFFSETS))))
    text = local.isoformat()
    style = rng.random()
    if style < 0.15 and text.endswith("+00:00"):
        return text.removesuffix("+00:00") + "Z"
    if style < 0.2:
        return text.replace("T", " ")
    if style < 0.22:
        return local.strftime("%Y%m%dT%H%M%S.%f%z")
    return text


def written_or_none(rng: random.Random, time: datetime | None) -> str | None:
    """Write an instant, or none."""
    return None if time is None else written(rng, time)


def before(rng: random.Random) -> timedelta:
    """Draw how long ago something was, often on a boundary; never negative."""
    return rng.choice(
        [
            timedelta(0),
            TICK,
            STEP_UP,
            GRACE - TICK,
            GRACE,
            GRACE + TICK,
            timedelta(seconds=rng.randint(1, 600)),
            timedelta(hours=rng.randint(1, 14 * 24)),
            timedelta(days=rng.randint(15, 900)),
        ]
    )


def after(rng: random.Random) -> timedelta:
    """Draw how long until something, often on a boundary; never zero."""
    return rng.choice(
        [TICK, timedelta(seconds=30), GRACE, timedelta(days=1), timedelta(days=rng.randint(2, 900))]
    )


@dataclass
class Interval:
    """From an instant to another, or open."""

    starts: datetime
    ends: datetime | None


def live(rng: random.Random, at: datetime) -> Interval:
    """Draw an interval that is live."""
    return Interval(at - before(rng), None if rng.random() < 0.4 else at + after(rng))


def not_live(rng: random.Random, at: datetime) -> Interval:
    """Draw an interval that is not live: over, not begun, empty or inverted."""
    kind = rng.choice(["over", "over", "over at", "not begun", "empty", "inverted"])
    if kind == "over":
        ends = at - before(rng)
        return Interval(ends - after(rng), ends)
    if kind == "over at":
        return Interval(at - after(rng), at)
    if kind == "not begun":
        starts = at + after(rng)
        return Interval(starts, rng.choice([None, starts + after(rng)]))
    if kind == "empty":
        starts = rng.choice([at, at - before(rng)])
        return Interval(starts, starts)
    ends = rng.choice([at, at - before(rng), at + after(rng)])
    return Interval(ends + after(rng), ends)


def lapsed(rng: random.Random, at: datetime) -> Interval:
    """Draw an interval that ended around the edges of the 14 days' grace, or only looks so."""
    ends = at - rng.choice(
        [
            timedelta(0),
            TICK,
            timedelta(days=13),
            GRACE - TICK,
            GRACE - TICK,
            GRACE,
            GRACE,
            GRACE + TICK,
            timedelta(days=15),
        ]
    )
    odd = rng.random()
    if odd < 0.06:
        starts = at + rng.choice([TICK, timedelta(days=1)])
        return Interval(starts, starts + after(rng))
    if odd < 0.16:
        return Interval(ends + rng.choice([timedelta(0), TICK, after(rng)]), ends)
    return Interval(ends - after(rng), ends)


# --- Parts of a world ------------------------------------------------------------------------


@dataclass
class Scene:
    """What the parts of one world are drawn around."""

    rng: random.Random
    # How often something is out of order, from 0 (never) to 1.
    wild: float
    # "grace" leans towards partners under a lapsed agreement, "safe" towards safe addresses.
    theme: str
    at: datetime
    user: str
    agency: str
    role: str
    lead_agency: str | None
    home_agency: str | None

    def goes_wild(self, times: float = 1.0) -> bool:
        """Draw whether something is out of order here."""
        return self.rng.random() < self.wild * times

    def interval(self) -> Interval:
        """Draw an interval, mostly live."""
        return not_live(self.rng, self.at) if self.goes_wild() else live(self.rng, self.at)


def drawn(rng: random.Random, weights: dict[str, int]) -> str:
    """Draw one name by weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def other_than(rng: random.Random, pool: list[str], name: str) -> str:
    """Draw another name from the pool."""
    return rng.choice([item for item in pool if item != name])


def put(scene: Scene, table: World, key: str, value: Any, default: Any) -> None:
    """Set a bracketed key, or leave it out where it has its default, half the time."""
    if value != default or scene.rng.random() < 0.5:
        table[key] = value


def finished(scene: Scene, table: World) -> World:
    """Give the object with its keys in any order, and now and then an unknown one."""
    if scene.rng.random() < 0.02:
        table[scene.rng.choice(["note", "Starts", "reason"])] = scene.rng.choice([None, 1, "x", []])
    keys = list(table)
    scene.rng.shuffle(keys)
    return {key: table[key] for key in keys}


def some(scene: Scene, pool: list[str], least: int, most: int) -> list[str]:
    """Draw a few from a pool, in any order."""
    return scene.rng.sample(pool, min(len(pool), scene.rng.randint(least, most)))


def usual_categories(basis: str) -> list[str]:
    """Give the categories the actions write for a basis; empty where they are chosen."""
    whole = [category for category in CATEGORIES if category != "enforcement"]
    if basis in {"intake", "lead", "cover"}:
        return whole
    if basis in {"tail", "record"}:
        return [category for category in whole if category not in {"safe_address", "tasking"}]
    return {
        "agenda": ["pointer", "tasking"],
        "referrer": ["pointer"],
        "break_glass": ["pointer", "identity", "contact", "safety"],
        "follow_up": ["pointer", "contact", "safety", "housing", "employment"],
    }.get(basis, [])


def categories(scene: Scene, basis: str) -> list[str]:
    """Draw categories for an involvement or an agreement, now and then odd ones."""
    rng = scene.rng
    usual = usual_categories(basis)
    if usual and rng.random() < 0.4:
        chosen = usual[:]
        rng.shuffle(chosen)
    elif basis == "task" and rng.random() < 0.7:
        chosen = [rng.choice(["tasking", "enforcement"]), *some(scene, CATEGORIES, 0, 2)]
    else:
        chosen = some(scene, CATEGORIES, 1, 5)
    if basis in {"lead", "cover", "team"} and rng.random() < 0.3:
        chosen.append("safe_address")
    if scene.theme == "grace":
        chosen += some(scene, ["pointer", "safety"], 1, 2)
    if scene.theme == "safe" and rng.random() < 0.8:
        chosen.append("safe_address")
    if scene.goes_wild():
        chosen = rng.choice(
            [
                [],
                [rng.choice(UNKNOWN_CATEGORIES)],
                [*chosen, rng.choice(UNKNOWN_CATEGORIES)],
                [*chosen, *chosen],
            ]
        )
    return chosen


def an_actor(scene: Scene) -> World:
    """Draw the actor."""
    rng = scene.rng
    membership = not_live(rng, scene.at) if scene.goes_wild(0.2) else live(rng, scene.at)
    actor: World = {
        "user": scene.user,
        "user_active": not scene.goes_wild(0.15),
        "agency": scene.agency,
        "agency_active": not scene.goes_wild(0.15),
        "role": scene.role,
        "starts": written(rng, membership.starts),
    }
    put(scene, actor, "ends", written_or_none(rng, membership.ends), None)
    put(scene, actor, "home_agency", scene.home_agency, None)
    put(scene, actor, "on_duty", rng.random() < 0.3, False)
    stepped_up_at = None
    if rng.random() < 0.65:
        stepped_up_at = scene.at - rng.choice(
            [
                timedelta(0),
                TICK,
                timedelta(minutes=2),
                timedelta(minutes=4),
                STEP_UP - TICK,
                STEP_UP,
                STEP_UP + TICK,
                -TICK,
                -timedelta(minutes=1),
                timedelta(days=1),
            ]
        )
    put(scene, actor, "stepped_up_at", written_or_none(rng, stepped_up_at), None)
    return finished(scene, actor)


def a_person(scene: Scene) -> World:
    """Draw the person."""
    rng = scene.rng
    person: World = {"lead_agency": scene.lead_agency}
    put(scene, person, "restricted", rng.random() < 0.2, False)
    others = [user for user in USERS if user != scene.user]
    barred = some(scene, others, 1, 2) if rng.random() < 0.2 else []
    if scene.goes_wild(0.15):
        barred.insert(rng.randint(0, len(barred)), scene.user)
    put(scene, person, "barred", barred, [])
    return finished(scene, person)


def an_involvement(scene: Scene) -> World:
    """Draw one involvement, mostly the actor's agency's and often the actor's own."""
    rng = scene.rng
    basis = drawn(rng, BASES)
    if scene.theme == "grace":
        basis = rng.choice(["team", "cover", "team", "cover", "task", "tail"])
    elif scene.theme == "safe":
        basis = rng.choice(["lead", "cover", "team", "intake", "decision", "decision"])
    elif scene.role == "auditor" and rng.random() < 0.4:
        basis = "audit_sample"
    if scene.goes_wild(0.2):
        basis = rng.choice(UNKNOWN_BASES)
    worker = rng.choices([scene.user, None, rng.choice(USERS)], weights=[55, 22, 23])[0]
    interval = scene.interval()
    involvement: World = {
        "agency": scene.agency if rng.random() < 0.85 else rng.choice(AGENCIES),
        "worker": worker,
        "basis": basis,
        "categories": categories(scene, basis),
        "starts": written(rng, interval.starts),
    }
    put(scene, involvement, "ends", written_or_none(rng, interval.ends), None)
    one_off = rng.random() < (0.7 if scene.theme == "safe" else 0.3)
    put(scene, involvement, "one_off", one_off, False)
    return finished(scene, involvement)


def an_agreement(scene: Scene, parties: list[str], interval: Interval) -> World:
    """Draw one agreement between these parties."""
    rng = scene.rng
    if rng.random() < 0.4:
        carried = rng.sample(CATEGORIES, rng.randint(12, len(CATEGORIES)))
    else:
        carried = categories(scene, "")
    if rng.random() < 0.06:
        parties = [*parties, rng.choice(parties)]
    rng.shuffle(parties)
    agreement: World = {
        "parties": parties,
        "categories": carried,
        "starts": written(rng, interval.starts),
    }
    put(scene, agreement, "ends", written_or_none(rng, interval.ends), None)
    put(scene, agreement, "suspended", scene.goes_wild(0.7), False)
    return finished(scene, agreement)


def agreements(scene: Scene) -> list[World]:
    """Draw the agreements that matter here, and some that do not."""
    rng = scene.rng
    given: list[World] = []
    third = [] if rng.random() < 0.6 else [rng.choice(AGENCIES)]
    lead_agency = scene.lead_agency
    if lead_agency is not None and lead_agency != scene.agency:
        both = [scene.agency, lead_agency]
        if rng.random() < (0.15 if scene.theme == "grace" else 0.75):
            parties = both + [agency for agency in third if agency not in both]
            given.append(an_agreement(scene, parties, scene.interval()))
        if scene.theme == "grace" or rng.random() < 0.35:
            given.append(an_agreement(scene, both[:], lapsed(rng, scene.at)))
    if scene.home_agency is not None and scene.home_agency != scene.agency:
        both = [scene.agency, scene.home_agency]
        if not scene.goes_wild():
            given.append(an_agreement(scene, both[:], scene.interval()))
        if rng.random() < 0.15:
            given.append(an_agreement(scene, both[:], lapsed(rng, scene.at)))
    for _ in range(rng.choice([0, 0, 1, 2])):
        given.append(an_agreement(scene, some(scene, AGENCIES, 1, 3), scene.interval()))
    rng.shuffle(given)
    return given


def build(rng: random.Random, wild: float, role: str) -> World:
    """Draw a whole world that is out of order as often as asked."""
    theme = rng.choices(["", "grace", "safe"], weights=[80, 12, 8])[0]
    agency = rng.choice(AGENCIES)
    lead_agency = rng.choices(
        [agency, other_than(rng, AGENCIES, agency), None],
        weights=[4, 92, 4] if theme == "grace" else [46, 48, 6],
    )[0]
    home_agency = rng.choices(
        [None, agency, other_than(rng, AGENCIES, agency)], weights=[72, 8, 20]
    )[0]
    scene = Scene(
        rng=rng,
        wild=wild,
        theme=theme,
        at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randint(0, 10**8)),
        user=rng.choice(USERS),
        agency=agency,
        role=role,
        lead_agency=lead_agency,
        home_agency=home_agency,
    )
    return finished(
        scene,
        {
            "at": written(rng, scene.at),
            "actor": an_actor(scene),
            "person": a_person(scene),
            "involvements": [an_involvement(scene) for _ in range(rng.choice([0, 1, 1, 2, 3, 4]))],
            "agreements": agreements(scene),
        },
    )


def world(rng: random.Random) -> World:
    """Draw a well-typed world: mostly in order, now and then anything but."""
    role = rng.choice(UNKNOWN_ROLES) if rng.random() < 0.02 else drawn(rng, ROLES)
    return build(rng, rng.choice([0.02, 0.1, 0.3]), role)


def rich_world(rng: random.Random) -> World:
    """Draw a well-typed world in which something is likely to be visible."""
    role = rng.choice(["practitioner", "clinician", "manager", "manager", "auditor"])
    drawn_world = build(rng, 0.02, role)
    while not drawn_world["involvements"]:
        drawn_world = build(rng, 0.02, role)
    return drawn_world


# --- Malformed worlds ------------------------------------------------------------------------

# Where each key stands, what it must be, and whether it must be there.
FIELDS: list[tuple[str, str, str, bool]] = [
    ("world", "at", "time", True),
    ("world", "actor", "object", True),
    ("world", "person", "object", True),
    ("world", "involvements", "objects", True),
    ("world", "agreements", "objects", True),
    ("actor", "user", "text", True),
    ("actor", "user_active", "flag", True),
    ("actor", "agency", "text", True),
    ("actor", "agency_active", "flag", True),
    ("actor", "role", "text", True),
    ("actor", "starts", "time", True),
    ("actor", "ends", "time or null", False),
    ("actor", "home_agency", "text or null", False),
    ("actor", "on_duty", "flag", False),
    ("actor", "stepped_up_at", "time or null", False),
    ("person", "lead_agency", "text or null", True),
    ("person", "restricted", "flag", False),
    ("person", "barred", "texts", False),
    ("involvements", "agency", "text", True),
    ("involvements", "worker", "text or null", True),
    ("involvements", "basis", "text", True),
    ("involvements", "categories", "texts", True),
    ("involvements", "starts", "time", True),
    ("involvements", "ends", "time or null", False),
    ("involvements", "one_off", "flag", False),
    ("agreements", "parties", "texts", True),
    ("agreements", "categories", "texts", True),
    ("agreements", "starts", "time", True),
    ("agreements", "ends", "time or null", False),
    ("agreements", "suspended", "flag", False),
]
WRONG: dict[str, list[Any]] = {
    "text": [True, False, 0, 7, 1.5, [], ["u1"], {}, {"id": "u1"}],
    "flag": [0, 1, 1.0, "", "true", "false", None, [], {}],
    "time": [
        "",
        "now",
        "2026-01-05",
        "2026-01-05T12:00:00",
        "2026-01-05T12:00:00.000001",
        "2026-13-05T12:00:00Z",
        "2026-01-05T12:60:00Z",
        "2026-01-05T12:00:00+25:00",
        " 2026-01-05T12:00:00Z",
        "2026-01-05T12:00:00Z ",
        "1767614400",
        1767614400,
        0,
        1.5,
        True,
        False,
        [],
        ["2026-01-05T12:00:00Z"],
        {},
    ],
    "texts": [
        None,
        True,
        0,
        "",
        "housing",
        {},
        {"housing": True},
        [None],
        [1],
        [True],
        [["housing"]],
        [{}],
        ["housing", None],
        ["housing", 0],
    ],
    "object": [None, True, 0, "", "actor", [], [{}], {}, 1.5],
    "objects": [None, True, 0, "", "none", {}, {"0": {}}, [None], [[]], [""], [{}], [0]],
}
# One of these in a list spoils it.
WRONG_ITEMS: dict[str, list[Any]] = {
    "texts": [None, True, 0, 1.5, [], {}],
    "objects": [None, True, 0, 1.5, [], "", {}],
}
# None of these is a world, whether taken as a value or as a line of input.
NOT_OBJECTS: list[list[Any] | str] = [[], [{}], [1, 2], "world", "{", "[]", "null", "{}"]


def wrong_value(rng: random.Random, kind: str) -> Any:
    """Draw a value that is not of this kind."""
    nullable = kind.endswith(" or null")
    plain = kind.removesuffix(" or null")
    pool = WRONG[plain]
    if not nullable and plain in {"text", "time"}:
        pool = [None, *pool]
    return copy.deepcopy(rng.choice(pool))


def complete_world(rng: random.Random) -> World:
    """Draw a world with at least one involvement and one agreement."""
    while True:
        drawn_world = rng.choice([world, rich_world])(rng)
        if drawn_world["involvements"] and drawn_world["agreements"]:
            return drawn_world


def malformed(rng: random.Random) -> World | list[Any] | str:
    """Draw a world with one thing wrong in it, anywhere; it must get an error."""
    if rng.random() < 0.05:
        return copy.deepcopy(rng.choice([*NOT_OBJECTS, [complete_world(rng)]]))
    broken = complete_world(rng)
    where, key, kind, required = rng.choice(FIELDS)
    if where == "world":
        table = broken
    elif where in {"actor", "person"}:
        table = broken[where]
    else:
        table = rng.choice(broken[where])
    way = rng.random()
    if required and way < 0.25:
        del table[key]
    elif required and way < 0.3:
        table[key.upper()] = table.pop(key)
    elif kind in {"texts", "objects"} and way < 0.6:
        # One wrong item among the right ones.
        items = list(table.get(key, []))
        items.insert(rng.randint(0, len(items)), copy.deepcopy(rng.choice(WRONG_ITEMS[kind])))
        table[key] = items
    else:
        table[key] = wrong_value(rng, kind)
    return broken


# --- What the worlds reach -------------------------------------------------------------------


def reached(make: Callable[[random.Random], World], count: int, seed: int) -> Counter[str]:
    """Count what the reference answers say about this many worlds."""
    from tests.access import oracle

    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(count):
        decision = oracle.decide(oracle.read_facts(make(rng)))
        reasons = oracle.reasons_for(decision)
        seen["no forbid"] += not decision.forbids
        seen["something visible"] += bool(decision.visible)
        seen["auditable"] += decision.auditable
        for reason in reasons.get("forbid", []):
            seen[f"forbid {reason}"] += 1
        for category in decision.visible:
            seen[f"visible {category}"] += 1
            for reason in reasons[category]:
                seen[f"reason {reason}"] += 1
        for category, grounds in decision.write_grounds.items():
            seen[f"write {category}"] += 1
            for ground in grounds:
                seen[f"ground {ground}"] += 1
            if len(grounds) == 1:
                seen[f"only ground {next(iter(grounds))}"] += 1
    return seen


def rows() -> list[str]:
    """Give everything that the worlds ought to reach."""
    return [
        "no forbid",
        "something visible",
        "auditable",
        *(f"forbid {name}" for name in [*FORBIDS, "restricted", "nothing_opens"]),
        *(f"reason {name}" for name in [*BASES, "duty", "implied"]),
        *(f"visible {name}" for name in CATEGORIES),
        *(f"write {name}" for name in CATEGORIES),
        *(f"ground {name}" for name in WRITE_GROUNDS),
        # A visible safe address is always carried by an involvement that grants writing too.
        *(f"only ground {name}" for name in WRITE_GROUNDS if name != "safe_address"),
    ]


def main() -> int:
    """Print how often each thing is reached; fail if `world` never reaches one."""
    from tests.access import oracle

    count = 20_000
    everyday = reached(world, count, 1)
    rich = reached(rich_world, count, 1)
    print(f"{'of ' + str(count) + ' worlds':32}{'world':>10}{'rich_world':>12}")
    for row in rows():
        print(f"{row:32}{everyday[row]:10}{rich[row]:12}")
    missed = [row for row in rows() if not everyday[row]]
    rng = random.Random(1)
    errors = sum("error" in oracle.answer(malformed(rng)) for _ in range(count))
    print(f"{'malformed worlds with an error':32}{errors:10}")
    if missed:
        print("never reached:", ", ".join(missed))
    return int(bool(missed) or errors != count)


if __name__ == "__main__":
    sys.exit(main())
