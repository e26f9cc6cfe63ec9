"""The processes of the demo, on a port of their own, for as long as the load lasts."""

from __future__ import annotations

import contextlib
import http.client
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from ops import lifeline, ports
from ops.processes import PROCESSES
from ops.state import CHECKOUT, StackError

_PATIENCE = 120.0
"""Seconds until the site answers, also on a machine that is busy."""


@contextlib.contextmanager
def serving(env: Mapping[str, str], logs: Path) -> Iterator[int]:
    """Web, worker and beat; gives the port of the site once it answers."""
    port = ports.free()
    full = {**env, "GRANIAN_HOST": ports.HOST, "GRANIAN_PORT": str(port)}
    started: list[subprocess.Popen[bytes]] = []
    try:
        for process in PROCESSES:
            with (logs / f"{process.name}.log").open("wb") as log:
                started.append(
                    subprocess.Popen(
                        process.command,
                        env=full,
                        cwd=CHECKOUT,
                        preexec_fn=lifeline.tied(signal.SIGTERM),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                    )
                )
        web = started[0]
        # Asked once more, a web process that is still cold might answer.
        settled = lifeline.wait_until(
            lambda: web.poll() is not None or _answers(port), _PATIENCE, pause=0.2
        )
        if not settled or web.poll() is not None:
            said = (logs / "web.log").read_text(errors="replace")[-2000:]
            raise StackError(f"The site did not start. The end of its log:\n{said}")
        yield port
    finally:
        for one in started:
            one.terminate()
        for one in started:
            try:
                one.wait(15)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=30.0)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
