"""Work that is done again only when what it was made from has changed.

Standard library only, and nothing of ours: the set-up runs it before anything is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def of_files(paths: Iterable[Path], *more: str) -> str:
    """One digest of the names and contents of files (of folders: all that is in them)."""
    digest = hashlib.sha256()
    for word in more:
        digest.update(word.encode() + b"\0")
    for path in sorted(_files(paths)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path}\0{content}\0".encode())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (inside for inside in path.rglob("*") if inside.is_file())
        elif path.exists():
            yield path


def is_current(stamp: Path, digest: str) -> bool:
    """Whether the work that left this stamp was done from just these inputs."""
    return stamp.exists() and stamp.read_text() == digest


def mark(stamp: Path, digest: str) -> None:
    """Note that the work is done; only after it is, so that a broken-off run is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
