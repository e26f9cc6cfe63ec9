"""Say where the demo is and who can sign in, once it answers: `python -m ops.announce URL`."""

from __future__ import annotations

import subprocess
import sys

from ops import health, lifeline
from ops.state import CHECKOUT

_PATIENCE = 120.0


def main(address: str) -> int:
    """Wait for the site, then print its address and the sign-ins in one piece."""
    asked = subprocess.run(
        [sys.executable, "manage.py", "demo_sign_ins"],
        cwd=CHECKOUT,
        text=True,
        capture_output=True,
        check=False,
    )
    sign_ins = asked.stdout if asked.returncode == 0 else asked.stderr
    if not lifeline.wait_until(health.web, _PATIENCE, pause=0.2):
        print(f"\n{address} does not answer; what it says above may tell why.\n", flush=True)
        return 1
    print(f"\n{sign_ins.rstrip()}\n\nThroughline is at {address}\nCtrl-C stops it.\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
