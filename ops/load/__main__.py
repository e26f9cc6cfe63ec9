"""The command line of the load."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops import databases, demo, load, stack
from ops.load import measures, statements
from ops.load.day import User, spend
from ops.load.site import serving
from ops.state import CHECKOUT, StackError

WORLDS = "tl_bench_"
"""How the databases begin that `manage.py benchmark` makes."""


def main(arguments: list[str] | None = None) -> int:
    """Run the load; 0 when nothing failed, and nothing logged was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m ops.load", description=load.__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="size of the population")
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument("--users", type=int, default=50, help="how many at once")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--warm-up", type=float, default=10.0, help="seconds not measured")
    parser.add_argument("--json", type=Path, help="write the result to this file too")
    parser.add_argument("--replica", action="store_true", help="with a streaming replica beside")
    parser.add_argument("--database", metavar="NAME", help="a world of the benchmark")
    parser.add_argument(
        "--statements", type=int, default=0, metavar="N", help="print the N costliest statements"
    )
    options = parser.parse_args(arguments)
    stack.exit_on_signals()
    try:
        with tempfile.TemporaryDirectory(prefix="throughline-load-") as folder:
            result = run(options, Path(folder))
    except StackError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(measures.in_words(result))
    if result["statements"]:
        print(statements.in_words(result["statements"]))
    text = json.dumps(result, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    logged = result["interventions"]
    wrong = logged["lost"] + logged["doubled"] + logged["without_event"]
    return 1 if wrong or result["errors"] else 0


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The whole of it: the result as it is printed."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "EMAIL_FILE_PATH": str(folder / "mail"),
    }
    environ = {**os.environ, **settings}
    if options.database:
        environ |= _in_database(options.database, environ, folder)
    environ = stack.with_programs(environ)
    with stack.running(throwaway=True, replica=options.replica, environ=environ) as env:
        if not options.database:
            size = [f"--people={options.people}", f"--agencies={options.agencies}"]
            _manage(env, "generate_population", *size)
        demo.collect_static(env)
        who = json.loads(_world(env, "prepare", str(options.users)))
        noted = measures.Measures()
        with serving(env, folder) as port:
            users = [User(one, port, noted, seed) for seed, one in enumerate(who)]
            spend(users, options.warm_up)
            noted.begin()
            before = statements.counted(env) if options.statements else {}
            print(f"{len(users)} users work for {options.seconds:.0f} seconds …", flush=True)
            seconds = spend(users, options.seconds)
            after = statements.counted(env) if options.statements else {}
        keys = {"sent": sorted(map(str, noted.sent)), "kept": sorted(map(str, noted.kept))}
        logged = json.loads(_world(env, "check", said=json.dumps(keys)))
        people = int(_world(env, "size"))
    size_of_it = {"people": people, "users": options.users, "seconds": seconds}
    counted = statements.costliest(before, after, options.statements)
    more = {"interventions": logged, "statements": counted}
    return size_of_it | measures.summed_up(noted, seconds) | more


def _in_database(name: str, environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What names a benchmark's world on the server in the environment.

    Raises StackError without one, and for every other database: people may be real there, and
    the load migrates it, lets users in and writes.
    """
    if not name.startswith(WORLDS):
        raise StackError(f"--database takes a world of the benchmark: {WORLDS}PEOPLE_SEED.")
    addresses = {
        key: databases.address(name, environ[key])
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
        if environ.get(key)
    }
    if len(addresses) < 2:
        raise StackError("--database needs DATABASE_URL and DATABASE_OWNER_URL: where it is.")
    # Its trail goes on from where it ends, into a sink that has seen nothing of others.
    sink = folder / "audit"
    sink.mkdir()
    return addresses | {"AUDIT_SINKS": f"file://{sink}/checkpoints.jsonl"}


def _manage(env: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    if subprocess.run(command, env=dict(env), cwd=CHECKOUT, check=False).returncode != 0:
        raise StackError(f"manage.py {arguments[0]} failed; see above.")


def _world(env: Mapping[str, str], *arguments: str, said: str = "") -> str:
    """What `ops.load.world` prints."""
    command = [sys.executable, "-m", "ops.load.world", *arguments]
    done = subprocess.run(
        command, env=dict(env), cwd=CHECKOUT, input=said, text=True, stdout=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise StackError(f"ops.load.world {arguments[0]} failed; see above.")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
