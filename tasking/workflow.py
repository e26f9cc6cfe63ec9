"""The lifecycles of this room as tables: from where to where."""

from __future__ import annotations

from datetime import timedelta

from tasking.enums import AlertLevel, TaskState

TASK: dict[str, frozenset[str]] = {
    TaskState.SET: frozenset(
        {TaskState.ACCEPTED, TaskState.DONE, TaskState.BLOCKED, TaskState.CANCELLED}
    ),
    TaskState.ACCEPTED: frozenset({TaskState.DONE, TaskState.BLOCKED, TaskState.CANCELLED}),
    TaskState.BLOCKED: frozenset({TaskState.ACCEPTED, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.DONE: frozenset(),
    TaskState.CANCELLED: frozenset(),
}
OPEN_TASKS = frozenset({TaskState.SET, TaskState.ACCEPTED, TaskState.BLOCKED})

CLIMB: dict[str, tuple[str, timedelta]] = {
    AlertLevel.LEAD: (AlertLevel.DUTY, timedelta(minutes=15)),
    AlertLevel.DUTY: (AlertLevel.MANAGER, timedelta(minutes=30)),
    AlertLevel.MANAGER: (AlertLevel.ALL_MANAGERS, timedelta(minutes=60)),
}
"""To whom an unseen alert climbs next, and how long after it was raised."""
