"""A mail server for the tests: over real sockets, and as unwilling as a test wants it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes letters by SMTP; refuses as many as `refusals` says, with these answers in turn."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[str] = []
        self.refusals: list[str] = []
        self.is_mute = False
        """Whether it lets callers wait for its greeting for ever."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Counter(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        """Talk to one caller until they leave."""
        if self.server.is_mute:
            self.rfile.readline()
            return
        self._say("220 tests")
        while line := self.rfile.readline().decode():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT" and self.server.refusals:
                self._say(f"{self.server.refusals.pop(0)} {line.strip()}")
            elif verb == "DATA":
                self._say("354 go on")
                self._take_letter()
            else:
                self._say("250 yes")

    def _take_letter(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
            lines.append(line)
        self.server.letters.append("".join(lines))
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    """A mail server that the application talks to."""
    office = PostOffice()
    threading.Thread(target=office.serve_forever, args=(0.05,), daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    yield office
    office.shutdown()
    office.server_close()
