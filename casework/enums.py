"""Words of casework."""

from __future__ import annotations

from django.db import models

from access.categories import COMPONENTS, LABELS, Category

COMPONENT_CHOICES = [(component.value, LABELS[component]) for component in COMPONENTS]

PRINTED_NAMES: dict[str, str] = {
    Category.EXITING_GANG: "Leaving it behind",
    Category.HARM: "Keeping safe",
    Category.OFFENDING: "Staying out of trouble",
    Category.HOUSING: "A place to live",
    Category.HEALTH: "Feeling well",
    Category.RELATIONSHIPS: "The people around me",
    Category.FAMILY: "My family",
    Category.EMPLOYMENT: "Work and learning",
}
"""What each component is called to the young person, unless they name it otherwise."""


class CaseState(models.TextChoices):
    """Where an episode of work stands."""

    OPENING = "opening", "Waiting for a lead worker"
    ASSESSMENT = "assessment", "Getting to know each other"
    ACTIVE = "active", "Active"
    STEPPING_DOWN = "stepping_down", "Stepping down"
    CLOSED = "closed", "Closed"


class CloseReason(models.TextChoices):
    """Why a case was closed."""

    STEPPED_DOWN = "stepped_down", "Stepped down to a community service"
    GOALS_MET = "goals_met", "The young person has what they came for"
    STOPPED_COMING = "stopped_coming", "Stopped coming"
    MOVED = "moved", "Moved away"
    CUSTODY = "custody", "Long sentence"
    DIED = "died", "Died"
    OTHER_SERVICE = "other_service", "Another service took over"


class Attendance(models.TextChoices):
    """Whether the young person came."""

    CAME = "came", "Came"
    LATE = "late", "Came late"
    DID_NOT_COME = "did_not_come", "Did not come"


MET = frozenset({Attendance.CAME, Attendance.LATE})
"""With which somebody was met."""


class Mode(models.TextChoices):
    """How the contact was made."""

    FACE_TO_FACE = "face_to_face", "Face to face"
    PHONE = "phone", "Phone or message"
    VIDEO = "video", "Video"
    WITH_OTHERS = "with_others", "With others for them"


class RatingMoment(models.TextChoices):
    """When a goal was rated by the young person."""

    START = "start", "At the start"
    REVIEW = "review", "At a review"
    END = "end", "At the end"


class EventKind(models.TextChoices):
    """What happened in a life."""

    INJURY = "injury", "Injury"
    ARREST = "arrest", "Arrest"
    COURT = "court", "Court"
    MISSING = "missing", "Missing episode"
    SUSPENSION = "suspension", "Suspension from school"
    MOVE = "move", "Move"
    RELEASE = "release", "Release from custody"
    BEREAVEMENT = "bereavement", "Bereavement"
    DEATH = "death", "Death"
    GOOD_NEWS = "good_news", "Good news"
    OTHER = "other", "Something else"


class PartPlayed(models.TextChoices):
    """The part the young person played in one event; never a property of the person."""

    HARMED = "harmed", "Was harmed"
    AT_RISK = "at_risk", "Was at risk"
    CAUSED_HARM = "caused_harm", "Caused harm"
    WITNESS = "witness", "Witness"
    NONE = "none", "None of these"


class StepDownState(models.TextChoices):
    """Where a step-down stands."""

    PROPOSED = "proposed", "Waiting for a manager"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Not now"
    LAPSED = "lapsed", "The case was closed before it was decided"


class FollowUpOutcome(models.TextChoices):
    """What a follow-up found."""

    GOING_WELL = "going_well", "Going well"
    NEEDS_MORE = "needs_more", "Needs more support"
    COULD_NOT_REACH = "could_not_reach", "Could not reach them"


class SayingKind(models.TextChoices):
    """What a young person does with their card."""

    PAUSE = "pause", "Pause everything that is shared because I agreed"
    WHO_LOOKED = "who_looked", "Tell me who has looked at my record"
    DISAGREE = "disagree", "I disagree with something that is written about me"
    FEEDBACK = "feedback", "Say how it is going"
