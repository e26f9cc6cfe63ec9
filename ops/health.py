"""Whether a process of this container is well: `python -m ops.health web|worker|beat`."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ops import lifeline

_PATIENCE = 5.0


def web() -> bool:
    """The web server answers, and says that what it depends on is well."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("GRANIAN_PORT", "8000")), timeout=_PATIENCE
    )
    try:
        # As if through the front door, so that it neither refuses the host nor redirects us.
        headers = {"Host": _host(), "X-Forwarded-Proto": "https"}
        connection.request("GET", "/health/", headers=headers)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _host() -> str:
    """A host name that the site answers to."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return "localhost" if first in {"", "*"} else first.lstrip(".")


def worker() -> bool:
    """The worker on this host answers through the broker."""
    ask = ["celery", "--app=config", "inspect", "ping", f"--timeout={_PATIENCE:.0f}"]
    ask.append(f"--destination=celery@{socket.gethostname()}")
    return subprocess.run(ask, capture_output=True, check=False).returncode == 0


def beat() -> bool:
    """The scheduler runs; it answers no questions, so that it lives is all that can be asked."""
    lines = (lifeline.command_line(int(path.name)) for path in Path("/proc").glob("[0-9]*"))
    return any("celery" in line and " beat " in line for line in lines)


CHECKS: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "beat": beat}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
