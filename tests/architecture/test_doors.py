"""Every action has a door: a page, an endpoint, a job, a command, or another action."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_floors import FLOORS

ROOT = Path(__file__).parents[2]
NOT_DOORS = ("/migrations/", "config/demo/", "config/population/", "config/benchmark/")
"""What builds invented worlds opens nothing to those who work here."""

WITHOUT_A_DOOR = {
    "people.safe_address.follow",
    "people.safe_address.remove",
}
"""Nobody can do these yet. What gets its door is taken off the list; nothing is put on it."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in (*FLOORS, "config"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not any(part in f"/{name}" for part in NOT_DOORS):
                yield name, ast.parse(path.read_text())


def actions() -> set[str]:
    """Each as "room.module.function"."""
    return {
        f"{name.split('/')[0]}.{Path(name).stem}.{node.name}"
        for name, tree in modules()
        if "/actions/" in name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def dotted(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def reached(name: str, tree: ast.Module) -> Iterator[str]:
    """What a module takes from action modules, under whatever name, and uses."""
    known: dict[str, str] = {}
    own = dotted(name) if "/actions/" in name else ""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and ".actions" in node.module:
            for one in node.names:
                known[one.asname or one.name] = f"{node.module}.{one.name}"
    if own:
        local = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
        known |= {name: f"{own}.{name}" for name in local}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in known:
                yield f"{known[node.value.id]}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in known:
            yield known[node.id]


def doors() -> set[str]:
    """Each action that something uses, as "room.module.function"."""
    passed_on, found = {}, set()
    for name, tree in modules():
        for node in tree.body:
            if "/actions/" in name and isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    here = f"{dotted(name)}.{one.asname or one.name}"
                    passed_on[here] = f"{node.module}.{one.name}"
    for name, tree in modules():
        for used in reached(name, tree):
            room, *_, module, function = passed_on.get(used, used).split(".")
            found.add(f"{room}.{module}.{function}")
    return found


def test_every_action_has_a_door():
    known = actions()
    print(f"tried {len(known)} actions")
    assert known
    assert not known - doors() - WITHOUT_A_DOOR
    assert known >= WITHOUT_A_DOOR
