"""The demo: everything on one machine that has nothing but Python, under Ctrl-C.

    python -m ops.demo [--reset]

Services, migrations, front end and demo data, then web, worker and beat. What it keeps is in
`.state/`; a second run finds it there and is quick.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from honcho.manager import Manager

from ops import digest, frontend, lifeline, ports, stack, state
from ops.processes import PROCESSES
from ops.state import CHECKOUT, StackError, State

_STATIC = CHECKOUT / "staticfiles"
_DEFAULT_PORT = "8000"


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m ops.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
    options = parser.parse_args(arguments)
    stack.exit_on_signals()
    # The terminal was closed: the same as being asked to stop, also once others handle signals.
    signal.signal(signal.SIGHUP, _ask_to_stop)
    try:
        with state.opened(throwaway=False) as folder:
            folder.stop_leftovers()
            if options.reset:
                folder.clear()
            port = _port()
            with stack.services(_environment(port), folder) as env:
                prepare(env, folder)
                return serve(env, folder, port)
    except StackError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _ask_to_stop(_: int, __: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _port() -> int:
    """The port of the site, known to be free now."""
    wished = os.environ.get("PORT") or _DEFAULT_PORT
    if not wished.isdigit():
        raise StackError(f"PORT must be a number, and is {wished!r}.")
    if ports.is_taken(int(wished)):
        raise StackError(
            f"Port {wished} is in use on this machine. Choose another one: PORT=8001 make demo"
        )
    return int(wished)


def _environment(port: int) -> dict[str, str]:
    return stack.with_programs(
        {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "GRANIAN_HOST": ports.HOST,
            "GRANIAN_PORT": str(port),
            # What the processes say is shown when they say it.
            "PYTHONUNBUFFERED": "1",
        }
    )


def prepare(env: Mapping[str, str], folder: State) -> None:
    """Front end, database, static files and demo data: what changed, and what is missing."""
    frontend.build()
    code = [path for path in CHECKOUT.glob("*/") if (path / "__init__.py").exists()]
    sources = (path for room in code for path in room.rglob("*.py"))
    wanted = digest.of_files(sources, (CHECKOUT / "requirements.txt").read_text())
    if not digest.is_current(folder.folder / "migrated", wanted):
        print("Migrating the database …", flush=True)
        stack.migrated(env)
        digest.mark(folder.folder / "migrated", wanted)
    collect_static(env)
    print("Loading the demo data …", flush=True)
    _manage(env, "load_demo")


def collect_static(env: Mapping[str, str]) -> None:
    """Put the static files where the web server serves them from, if any has changed."""
    served = [frontend.BUILT, *CHECKOUT.glob("*/static")]
    wanted = digest.of_files(served, (CHECKOUT / "requirements.txt").read_text())
    if not digest.is_current(_STATIC / ".stamp", wanted):
        print("Collecting the static files …", flush=True)
        _manage(env, "collectstatic", "--no-input", "--clear", "--verbosity", "0")
        digest.mark(_STATIC / ".stamp", wanted)


def _manage(env: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    if subprocess.run(command, env=dict(env), cwd=CHECKOUT, check=False).returncode != 0:
        raise StackError(f"manage.py {arguments[0]} failed; see above.")


def serve(env: dict[str, str], folder: State, port: int) -> int:
    """Run web, worker and beat until Ctrl-C, or until one of them ends."""
    announcing = subprocess.Popen(
        [sys.executable, "-m", "ops.announce", f"http://{ports.HOST}:{port}/"],
        env=env,
        cwd=CHECKOUT,
        preexec_fn=lifeline.tied(signal.SIGTERM),
    )
    # honcho forks a process for each command; those must not outlive us either.
    os.register_at_fork(after_in_child=_end_with_us)
    manager = Manager()
    for process in PROCESSES:
        record = folder.records / f"{process.name}.json"
        manager.add_process(process.name, _command(record, process.command), env=env, cwd=CHECKOUT)
    try:
        manager.loop()
    finally:
        announcing.terminate()
        announcing.wait()
        records = (folder.records / f"{process.name}.json" for process in PROCESSES)
        lifeline.stop_recorded(*records)
    status: int = manager.returncode or 0
    # Ctrl-C is how the demo is meant to end.
    return 0 if status == 128 + signal.SIGINT else status


def _end_with_us() -> None:
    lifeline.die_with_launcher(signal.SIGKILL)


def _command(record: Path, command: tuple[str, ...]) -> str:
    """What honcho's shell is to become: the command itself, recorded under its own number."""
    words = [sys.executable, "-m", "ops.lifeline", str(record), *command]
    return f"exec {shlex.join(words)}"


if __name__ == "__main__":
    sys.exit(main())
