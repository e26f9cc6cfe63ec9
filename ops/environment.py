"""The virtualenv with the locked requirements: `python3 -m ops.environment`.

Run by the system's Python, before anything is installed: standard library only. Quick when nothing
changed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ops import digest

CHECKOUT = Path(__file__).resolve().parent.parent
VIRTUALENV = CHECKOUT / ".venv"
PYTHON = VIRTUALENV / "bin" / "python"
LOCK = CHECKOUT / "requirements-dev.txt"
_OLDEST = (3, 11)


def main() -> int:
    """Make the virtualenv if need be, and install the locked requirements if they changed."""
    if sys.version_info[:2] < _OLDEST:
        found = sys.version.split()[0]
        print(f"Throughline needs Python 3.11 or newer, and this is {found}.", file=sys.stderr)
        return 1
    if not _works() and not _make():
        return 1
    stamp = VIRTUALENV / ".requirements"
    wanted = digest.of_files([LOCK], sys.version)
    if digest.is_current(stamp, wanted):
        return 0
    print("Installing the locked requirements; the first time takes some minutes …", flush=True)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # The lock names everything, so there is nothing to resolve.
    install += ["--no-input", "--no-deps", "--require-hashes", "-r", str(LOCK)]
    done = subprocess.run(install, cwd=CHECKOUT, check=False)
    if done.returncode == 0:
        digest.mark(stamp, wanted)
    return done.returncode


def _works() -> bool:
    """Whether the virtualenv is there, and its Python was not moved away since."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False
    )
    return asked.returncode == 0


def _make() -> bool:
    print("Making the virtualenv …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VIRTUALENV)], check=False)
    if made.returncode != 0:
        print(
            "The virtualenv could not be made. On Debian: apt-get install python3.11-venv",
            file=sys.stderr,
        )
    return made.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
