"""The front end's styles and scripts, built when they changed: `python -m ops.frontend`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops import digest
from ops.state import CHECKOUT, StackError

BUILT = CHECKOUT / "assets" / "built"
_PACKAGES = CHECKOUT / "node_modules"
_OLDEST_NODE = 20


def build() -> bool:
    """Install the packages and build, each only if need be; say whether something was built."""
    lock = [CHECKOUT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    packages = digest.of_files(lock)
    if not digest.is_current(_PACKAGES / ".stamp", packages):
        _npm("ci", "--no-audit", "--no-fund")
        digest.mark(_PACKAGES / ".stamp", packages)
    sources = [path for path in (CHECKOUT / "assets").iterdir() if path != BUILT]
    wanted = digest.of_files(sources, packages)
    if digest.is_current(BUILT / ".stamp", wanted):
        return False
    _npm("run", "build")
    digest.mark(BUILT / ".stamp", wanted)
    return True


def _npm(*arguments: str) -> None:
    path = _path()
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise StackError("There is no npm. Run `make setup`, which brings one.")
    print(f"npm {' '.join(arguments)} …", flush=True)
    done = subprocess.run(
        [npm, "--silent", *arguments], cwd=CHECKOUT, env={**os.environ, "PATH": path}, check=False
    )
    if done.returncode != 0:
        raise StackError(f"npm {' '.join(arguments)} failed; see above.")


def _path() -> str:
    """Where to look for programs: first where there is a Node.js that is new enough."""
    system = os.environ.get("PATH", os.defpath)
    own = str(Path(sys.executable).parent)
    first, second = (system, own) if _is_new_enough(system) else (own, system)
    return os.pathsep.join([first, second])


def _is_new_enough(path: str) -> bool:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return False
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    major = version.lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= _OLDEST_NODE


if __name__ == "__main__":
    try:
        build()
    except StackError as problem:
        sys.exit(str(problem))
