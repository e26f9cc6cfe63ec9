"""Processes that must not outlive their launcher, and how to stop those that did.

Two means, because neither is enough alone. The kernel sends a signal to a child whose launcher
dies (not on every system, and not through a fork that nobody told). And every process that was
started is recorded, so that the next launcher finds and stops what a `kill -9` left behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_launcher(sig: int) -> None:
    """Ask the kernel to send `sig` to this process when the one that started it dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, sig, 0, 0, 0)


def tied(sig: int) -> Callable[[], None]:
    """A `preexec_fn`: the child gets `sig` when the process calling this now dies."""
    launcher = os.getpid()

    def in_child() -> None:
        die_with_launcher(sig)
        # The launcher may have died between the fork and the line above; then nobody tells us.
        if os.getppid() != launcher:
            os._exit(1)

    return in_child


def command_line(pid: int) -> str:
    """The command line of a live process; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def birth(pid: int) -> str | None:
    """When a live process was started, so that a reused number is not taken for it.

    A program may rewrite its command line (Celery does), and `exec` replaces it; the moment of
    its start, within one boot of the machine, it cannot change.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else f"{boot}:{fields[18]}"


def record(path: Path, pid: int, *, stop_by: int = signal.SIGTERM) -> None:
    """Write down a process that was started, for a launcher that comes after this one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    noted = {"pid": pid, "birth": birth(pid), "stop_by": int(stop_by)}
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(noted | {"command": command_line(pid)}))
    draft.replace(path)


@dataclass(frozen=True)
class _Noted:
    """A process as its launcher wrote it down."""

    pid: int
    birth: str
    stop_by: int

    @classmethod
    def read(cls, path: Path) -> _Noted | None:
        try:
            noted = json.loads(path.read_text())
            return cls(int(noted["pid"]), str(noted["birth"]), int(noted["stop_by"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def lives(self) -> bool:
        return birth(self.pid) == self.birth

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, self.stop_by)

    def kill(self) -> None:
        """End it now, with its children when it leads a process group of its own."""
        with contextlib.suppress(ProcessLookupError):
            leads = os.getpgid(self.pid) == self.pid
            (os.killpg if leads else os.kill)(self.pid, signal.SIGKILL)


def stop_recorded(*paths: Path, grace: float = 5.0) -> None:
    """Stop the recorded processes that are still the very same; ask first, then insist."""
    live = [noted for path in paths if (noted := _Noted.read(path)) and noted.lives]
    for noted in live:
        noted.stop()
    if not wait_until(lambda: not any(noted.lives for noted in live), grace):
        for noted in live:
            if noted.lives:
                noted.kill()
        wait_until(lambda: not any(noted.lives for noted in live), grace)
    for path in paths:
        path.unlink(missing_ok=True)


def noted(path: Path) -> int:
    """The number of the recorded process."""
    return int(json.loads(path.read_text())["pid"])


def wait_until(met: Callable[[], bool], patience: float, pause: float = 0.02) -> bool:
    """Look at `met` until it holds or `patience` seconds have passed; say which."""
    deadline = time.monotonic() + patience
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def main(arguments: list[str]) -> NoReturn:
    """`python -m ops.lifeline RECORD CMD …`: become CMD, recorded and tied to who starts us."""
    path, *command = arguments
    die_with_launcher(signal.SIGTERM)
    record(Path(path), os.getpid())
    os.execvp(command[0], command)  # noqa: S606  (no shell is meant)


if __name__ == "__main__":
    main(sys.argv[1:])
