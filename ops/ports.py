"""Free ports of this machine's own address."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"


def free() -> int:
    """A port that nothing listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Whether something listens on a port already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As a web server does, so that a port which only lingers after a stop counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
        return False
