"""The folder in which one stack keeps its data: its lock, its secrets, its records."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops import account, lifeline

CHECKOUT = Path(__file__).resolve().parent.parent
_THROWAWAY = "throughline-throwaway-"
#: A throwaway folder without a lock may be one whose launcher is just starting.
_SETTLED_AFTER = 60.0


class StackError(Exception):
    """Something that the person at the terminal can put right; the message says how."""


@dataclass(frozen=True)
class State:
    """Where one stack lives. A throwaway one is removed when its launcher ends."""

    folder: Path
    throwaway: bool

    @property
    def records(self) -> Path:
        """One file for every process that was started."""
        return self.folder / "run"

    @property
    def valkey(self) -> Path:
        """The folder of the Valkey server."""
        return self.folder / "valkey"

    @property
    def postgres(self) -> Path:
        """The folder of the PostgreSQL cluster, which its own account must be able to reach."""
        inside = self.folder / "postgres"
        if account.can_reach(self.folder):
            return inside
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return account.SHARED / f"throughline-{digest}"

    @property
    def replica(self) -> Path:
        """The folder of the cluster that follows the other one, beside it."""
        return self.postgres.with_name(f"{self.postgres.name}-replica")

    @property
    def audit_sink(self) -> str:
        """Where checkpoints of the audit trail go: outside the database, and gone with it."""
        return (self.folder / "audit" / "checkpoints.jsonl").absolute().as_uri()

    def secret(self, name: str) -> str:
        """A random secret that is made once and kept, readable by this user only."""
        path = self.folder / "secrets.json"
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in kept:
            kept[name] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
            write_private(path, json.dumps(kept, indent=1))
        return kept[name]

    def password(self, name: str) -> str:
        """A secret of this name, without the padding that an address would have to quote."""
        return self.secret(f"{name}_password").rstrip("=")

    def stop_leftovers(self) -> None:
        """Stop whatever a launcher that was killed has left running."""
        lifeline.stop_recorded(*self.records.glob("*.json"))

    def clear(self) -> None:
        """Delete everything that this stack kept, but not the lock that its launcher holds."""
        self.stop_leftovers()
        for cluster in (self.postgres, self.replica):
            shutil.rmtree(cluster, ignore_errors=True)
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != "lock":
                path.unlink()


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only this user can read, at no moment half-written."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


@contextlib.contextmanager
def opened(*, throwaway: bool) -> Iterator[State]:
    """The state folder, locked for this launcher; a throwaway one is removed at the end."""
    if throwaway:
        _sweep()
        state = State(Path(tempfile.mkdtemp(prefix=_THROWAWAY, dir=_temporary())), throwaway=True)
    else:
        state = State(Path(os.environ.get("THROUGHLINE_STATE", CHECKOUT / ".state")), False)
        state.folder.mkdir(parents=True, exist_ok=True)
        if state.folder.stat().st_uid != os.geteuid():
            raise StackError(
                f"{state.folder} belongs to another user: run this as that user,"
                " or set THROUGHLINE_STATE to a folder of your own."
            )
    # Others may pass through, to the database's own folder, but not look around.
    state.folder.chmod(0o711)
    with locked(state.folder):
        try:
            yield state
        finally:
            if throwaway:
                state.clear()
                shutil.rmtree(state.folder, ignore_errors=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, or say who does.

    A record lock (`lockf`), not `flock`: the processes that we fork don't hold it, so it is free
    as soon as the launcher is gone, however it went.
    """
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            message = (
                f"Another launcher (process {holder}) is using {folder}.\n"
                f"Stop it first (Ctrl-C in its terminal, or `kill {holder}`),"
                " or use a stack of your own: python -m ops.stack --throwaway -- CMD"
            )
            raise StackError(message) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _temporary() -> Path:
    """A folder for throwaway stacks that the database's account can reach."""
    usual = Path(tempfile.gettempdir())
    return usual if account.can_reach(usual) else account.SHARED


def _sweep() -> None:
    """Remove throwaway stacks whose launcher was killed before it could do so itself."""
    for folder in _temporary().glob(f"{_THROWAWAY}*"):
        try:
            status = folder.stat()
            settled = (folder / "lock").exists() or time.time() - status.st_mtime > _SETTLED_AFTER
            if status.st_uid != os.geteuid() or not settled:
                continue
            with locked(folder):
                State(folder, throwaway=True).clear()
                shutil.rmtree(folder, ignore_errors=True)
        except (OSError, StackError):
            continue
