"""The services that Throughline needs, around one command.

    python -m ops.stack [--throwaway] [--replica] -- CMD …

PostgreSQL and Valkey are started if the environment names none, the database is migrated, CMD runs
with their addresses in its environment, both are stopped, and CMD's exit status is ours. With
`--replica` a second PostgreSQL follows the first, and CMD has its address too.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType

from ops import lifeline, postgres, state, valkey
from ops import replica as replicas
from ops.state import CHECKOUT, StackError, State

#: The keys of the installation, made once for every state folder.
KEYS = ("SECRET_KEY", "AUDIT_KEY", "AUDIT_SIGNING_KEY", "FIELD_KEY", "VAULT_KEYS")
#: Runs a service in a state folder, and gives what it adds to the environment.
Service = Callable[[State], AbstractContextManager[dict[str, str]]]
_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


@contextlib.contextmanager
def running(
    *,
    throwaway: bool = False,
    migrate: bool = True,
    replica: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Iterator[dict[str, str]]:
    """Both services up; gives the environment for what shall use them.

    What the environment names already (`DATABASE_URL`, `REDIS_URL`) is used as it is. With
    `replica`, DATABASE_REPLICA_URL is the address of a second server that follows the first.
    """
    env = dict(os.environ if environ is None else environ)
    with contextlib.ExitStack() as stack:
        if _wanted(env, replica=replica):
            folder = stack.enter_context(state.opened(throwaway=throwaway))
            env = stack.enter_context(services(env, folder, replica=replica))
        if migrate:
            migrated(env)
        yield env


def _wanted(env: Mapping[str, str], *, replica: bool = False) -> list[Service]:
    """The services that the environment does not name yet."""
    if replica and env.get("DATABASE_URL"):
        raise StackError(
            "DATABASE_URL is set: only the embedded PostgreSQL can be given a replica here."
            " Name one of your own in DATABASE_REPLICA_URL instead."
        )
    known: tuple[tuple[str, Service], ...] = (
        ("DATABASE_URL", replicas.running if replica else postgres.running),
        ("REDIS_URL", valkey.running),
    )
    return [service for name, service in known if not env.get(name)]


@contextlib.contextmanager
def services(
    env: Mapping[str, str], folder: State, *, replica: bool = False
) -> Iterator[dict[str, str]]:
    """Start the services that `env` does not name, in a state folder that we hold."""
    full = dict(env)
    with contextlib.ExitStack() as stack:
        for service in _wanted(env, replica=replica):
            full |= stack.enter_context(service(folder))
        for key in KEYS:
            full.setdefault(key, folder.secret(key))
        full.setdefault("AUDIT_SINKS", folder.audit_sink)
        # Last in, first out: while the services stop, a second Ctrl-C must not leave one behind.
        stack.callback(_hold_signals)
        yield full


def _hold_signals() -> None:
    with contextlib.suppress(ValueError):  # not in the main thread: then no signal comes here
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


def as_owner(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command that works as the owner of the tables."""
    if not env.get("DATABASE_OWNER_URL"):
        raise StackError(
            "DATABASE_URL is set, but DATABASE_OWNER_URL is not: migrations need the owner of the"
            " tables. Set both, or neither to use the embedded PostgreSQL."
        )
    return {**env, "THROUGHLINE_DATABASE_ROLE": "owner"}


def migrated(env: Mapping[str, str], *, quietly: bool = True) -> None:
    """Bring the database up to date, as its owner."""
    command = [sys.executable, "manage.py", "migrate", "--no-input"]
    if quietly:
        command += ["--verbosity", "0"]
    done = subprocess.run(command, env=as_owner(env), cwd=CHECKOUT, check=False)
    if done.returncode != 0:
        raise StackError("The migrations failed; see above.")


def with_programs(env: Mapping[str, str]) -> dict[str, str]:
    """The environment in which this virtualenv's programs are found by name, activated or not."""
    programs = str(Path(sys.executable).parent)
    return {**env, "PATH": os.pathsep.join([programs, env.get("PATH", os.defpath)])}


def run(command: list[str], env: Mapping[str, str]) -> int:
    """Run a command in the foreground, pass signals on to it, and give its exit status."""
    env = with_programs(env)
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def forward(number: int, _: FrameType | None) -> None:
        # A Ctrl-C at the terminal reaches the command by itself; twice would be once too often.
        if number == signal.SIGINT and _in_foreground():
            return
        if child is None:
            early.append(number)
            return
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)

    # Before the command is there: one that says at once that it is ready may be stopped at once.
    before = {number: signal.signal(number, forward) for number in _FORWARDED}
    try:
        try:
            child = subprocess.Popen(command, env=env, preexec_fn=lifeline.tied(signal.SIGTERM))
        except OSError as problem:
            print(f"{command[0]}: {problem.strerror}", file=sys.stderr)
            return 127 if isinstance(problem, FileNotFoundError) else 126
        for number in early:
            forward(number, None)
        status = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status


def _in_foreground() -> bool:
    """Whether the terminal sends its Ctrl-C to our process group."""
    try:
        with Path("/dev/tty").open() as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


def exit_on_signals() -> None:
    """Let a signal end us through the `finally`s, so that nothing stays behind."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m ops.stack", description=__doc__)
    parser.add_argument("--throwaway", action="store_true", help="empty services, gone afterwards")
    parser.add_argument("--replica", action="store_true", help="with a streaming replica beside")
    parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")
    parser.add_argument("command", nargs="+", metavar="CMD", help="after a --")
    options = parser.parse_args(arguments)
    exit_on_signals()
    try:
        with running(
            throwaway=options.throwaway, migrate=not options.no_migrate, replica=options.replica
        ) as env:
            return run(options.command, env)
    except StackError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
