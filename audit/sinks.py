"""Where checkpoints go besides the database: places that its administrator can't rewrite.

`settings.AUDIT_SINKS` names at least one, each by an address:
`file:///var/lib/throughline/audit/checkpoints.jsonl`, one line a checkpoint, only ever added
to; or `objects:///var/lib/throughline/audit-objects`, one object a checkpoint, each written
once: the shape of an object store with retention, mounted as a folder.
"""

from __future__ import annotations

import fcntl
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from audit.checkpoints import Line, Malformed

_BLOCK = 64 * 1024
_IN_A_FOLDER = 1000


class SinkDisagrees(RuntimeError):
    """What a sink holds already is not what is to follow."""


class Sink(ABC):
    """One place outside the database. Every method may raise OSError: then it is down."""

    def __init__(self, url: str, path: Path) -> None:
        self.url = url
        self.path = path

    @abstractmethod
    def last(self) -> Line | None:
        """The newest checkpoint that it holds."""

    @abstractmethod
    def lines(self) -> Iterator[Line]:
        """Every checkpoint that it holds, oldest first, one at a time."""

    @abstractmethod
    def _write(self, line: Line) -> None:
        """Keep one more, on disk when this returns."""

    def append(self, line: Line) -> None:
        """Keep a checkpoint; the same once more changes nothing. Raises SinkDisagrees."""
        held = self.last()
        if held is not None and held.number == line.number and held.digest == line.digest:
            return
        if (held.number if held else 0) + 1 != line.number:
            raise SinkDisagrees(
                f"{self.url} holds checkpoint {held.number if held else 0},"
                f" so {line.number} can't follow."
            )
        self._write(line)


class FileSink(Sink):
    """A file of JSON lines that is only ever added to."""

    def last(self) -> Line | None:
        """Read from the end, however long the file is."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            tail = b""
            while end > 0:
                start = max(0, end - _BLOCK)
                file.seek(start)
                tail = file.read(end - start) + tail
                end = start
                found = _last_whole(tail, from_the_start=start == 0)
                if found is not None:
                    return found
        return None

    def lines(self) -> Iterator[Line]:
        """A line that a crash tore is passed over: what it should have said was written again."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", errors="replace") as file:
            for text in file:
                try:
                    yield Line.from_json(text)
                except Malformed:
                    continue

    def _write(self, line: Line) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            left = memoryview(("\n" if torn else "").encode() + line.to_json().encode() + b"\n")
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync_folder(self.path.parent)


class ObjectSink(Sink):
    """A folder of objects, each written once and never again."""

    def last(self) -> Line | None:
        """The object with the highest number."""
        for folder in sorted(self._folders(), reverse=True):
            for path in sorted(folder.glob("*.json"), reverse=True):
                return _read(path)
        return None

    def lines(self) -> Iterator[Line]:
        """In the order of their numbers."""
        for folder in sorted(self._folders()):
            for path in sorted(folder.glob("*.json")):
                try:
                    yield _read(path)
                except Malformed:
                    continue

    def _folders(self) -> list[Path]:
        return [path for path in self.path.glob("*") if path.is_dir()] if self.path.exists() else []

    def _write(self, line: Line) -> None:
        folder = self.path / f"{line.number // _IN_A_FOLDER:09d}"
        folder.mkdir(parents=True, exist_ok=True)
        draft, final = folder / f".{line.number:012d}", folder / f"{line.number:012d}.json"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(line.to_json())
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, not a rename: it refuses to take the place of what is there.
            os.link(draft, final)
        except FileExistsError:
            raise SinkDisagrees(f"{self.url} holds another checkpoint {line.number}.") from None
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(folder)


_KINDS: dict[str, type[Sink]] = {"file": FileSink, "objects": ObjectSink}


def open_sink(url: str) -> Sink:
    """The sink at an address. Raises ImproperlyConfigured for one of no known kind."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path))
    if parts.scheme not in _KINDS or parts.netloc or not path.is_absolute():
        known = " or ".join(f"{kind}:///…" for kind in _KINDS)
        raise ImproperlyConfigured(f"AUDIT_SINKS: {url!r} is no sink; say {known}.")
    return _KINDS[parts.scheme](url, path)


def configured() -> list[Sink]:
    """Every sink that is set. Raises ImproperlyConfigured when there is none."""
    found = [open_sink(url) for url in settings.AUDIT_SINKS]
    if not found:
        raise ImproperlyConfigured(
            "AUDIT_SINKS is empty: checkpoints of the audit trail must leave the database."
            " Name at least one, for example file:///var/lib/throughline/audit/checkpoints.jsonl."
        )
    return found


def _last_whole(tail: bytes, *, from_the_start: bool) -> Line | None:
    """The last line in the end of a file that is whole, if there is one in it."""
    pieces = tail.split(b"\n")
    # The first piece may begin in the middle of a line.
    for piece in reversed(pieces if from_the_start else pieces[1:]):
        try:
            return Line.from_json(piece.decode())
        except (Malformed, UnicodeDecodeError):
            continue
    return None


def _read(path: Path) -> Line:
    return Line.from_json(path.read_text(encoding="utf-8"))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
