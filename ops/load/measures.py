"""What was measured: by kind of request, as numbers and in words."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass
class Measures:
    """What all users saw. Safe to be written to by many threads."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds of each answer, by kind."""
    errors: Counter[str] = field(default_factory=Counter)
    """By kind and what was answered instead: "log page: 500"."""
    sent: set[UUID] = field(default_factory=set)
    """Keys of interventions that were sent."""
    kept: set[UUID] = field(default_factory=set)
    """Keys of those that the server said it kept."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Forget what was measured so far: it was for warming up. What was logged still counts."""
        with self._lock:
            self.times.clear()
            self.errors.clear()

    def answered(self, kind: str, seconds: float, problem: str = "") -> None:
        """Note one answer, with what was wrong with it."""
        with self._lock:
            self.times[kind].append(seconds)
            if problem:
                self.errors[f"{kind}: {problem}"] += 1

    def sending(self, key: UUID) -> None:
        """Note that an intervention is sent, before it is."""
        with self._lock:
            self.sent.add(key)

    def was_kept(self, key: UUID) -> None:
        """Note that the server said it kept an intervention."""
        with self._lock:
            self.kept.add(key)


def summed_up(measures: Measures, seconds: float) -> dict[str, Any]:
    """The measures as they are printed; times in milliseconds."""
    everything = [one for times in measures.times.values() for one in times]
    return {
        "requests": len(everything),
        "requests_a_second": round(len(everything) / seconds, 1),
        "errors": sum(measures.errors.values()),
        "error_kinds": dict(measures.errors.most_common()),
        "kinds": {kind: _figures(times) for kind, times in sorted(measures.times.items())},
        "all": _figures(everything),
    }


def _figures(times: Sequence[float]) -> dict[str, float]:
    return {
        "requests": len(times),
        "median_ms": _at(times, 0.5),
        "p99_ms": _at(times, 0.99),
        "longest_ms": _at(times, 1.0),
    }


def _at(times: Sequence[float], share: float) -> float:
    """The time within which that share of the answers came, in milliseconds."""
    if not times:
        return 0.0
    place = min(len(times) - 1, max(0, round(share * len(times)) - 1))
    return round(1000 * sorted(times)[place], 1)


def in_words(result: dict[str, Any]) -> str:
    """The result as a table for the terminal."""
    lines = [
        f"{result['users']} users for {result['seconds']:.0f} seconds"
        f" among {result['people']:,} people:"
        f" {result['requests_a_second']} requests a second, {result['errors']} errors",
        f"{'':<14}{'requests':>10}{'median':>10}{'99th':>10}{'longest':>10}   (milliseconds)",
    ]
    for kind, row in [*result["kinds"].items(), ("all", result["all"])]:
        lines.append(
            f"{kind:<14}{row['requests']:>10}{row['median_ms']:>10.0f}{row['p99_ms']:>10.0f}"
            f"{row['longest_ms']:>10.0f}"
        )
    lines += [f"  {number} × {what}" for what, number in result["error_kinds"].items()]
    logged = result["interventions"]
    lines.append(
        f"Interventions: {logged['sent']} sent, {logged['kept']} answered as kept;"
        f" {logged['lost']} lost, {logged['doubled']} doubled,"
        f" {logged['without_event']} without exactly one event"
    )
    return "\n".join(lines)
