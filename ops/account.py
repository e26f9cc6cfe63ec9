"""The account that PostgreSQL runs as: ours, or `nobody` when we are root, whom it refuses."""

from __future__ import annotations

import os
import pwd
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

#: Where every account can pass, and things outlive a restart. The owner of what is found there is
#: always checked.
SHARED = Path("/var/tmp")  # noqa: S108  # nosec B108


@cache
def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def popen_options() -> dict[str, Any]:
    """What to give to `subprocess` so that a command runs as the database's account."""
    if os.geteuid() != 0:
        return {}
    return {"user": _nobody().pw_uid, "group": _nobody().pw_gid, "extra_groups": []}


def uid() -> int:
    """The number of the database's account."""
    return _nobody().pw_uid if os.geteuid() == 0 else os.geteuid()


def can_reach(folder: Path) -> bool:
    """Whether the database's account can pass through a folder."""
    if os.geteuid() != 0:
        return os.access(folder, os.X_OK)
    asked = subprocess.run(["test", "-x", str(folder)], **popen_options(), cwd="/", check=False)
    return asked.returncode == 0


def own(path: Path) -> None:
    """Give a file or folder to the database's account."""
    if os.geteuid() == 0:
        os.chown(path, _nobody().pw_uid, _nobody().pw_gid)
