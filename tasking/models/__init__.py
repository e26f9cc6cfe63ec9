"""Meetings, tasks and alerts."""

from tasking.models.alert import Alert
from tasking.models.meeting import AgendaItem, Attendee, Meeting
from tasking.models.ring_me import RingMe
from tasking.models.task import Task, TaskAnswer

__all__ = ["AgendaItem", "Alert", "Attendee", "Meeting", "RingMe", "Task", "TaskAnswer"]
