"""Words of the auditor's workbench."""

from __future__ import annotations

from django.db import models


class SampleKind(models.TextChoices):
    """How a sample is drawn."""

    RANDOM = "random", "At random"
    RISK = "risk", "By risk: some shares are more likely than others"


class Risk(models.TextChoices):
    """What makes a share more worth looking at. Of the share, never of the young person."""

    NO_CONSENT = "no_consent", "Not based on consent"
    ONE_OFF = "one_off", "One-off"
    VOLUME = "volume", "Read by somebody who read of very many people that day"
    OUT_OF_HOURS = "out_of_hours", "Read at night or at a weekend"
    SURNAME = "surname", "The recipient employs somebody with the same surname"
    AGREEMENT = "agreement", "The agreement behind it has ended or is about to"
    RESTRICTED = "restricted", "The record is restricted"


class Question(models.TextChoices):
    """The checklist of a sampled share, in order."""

    BASIS = "basis", "Does the basis fit?"
    NECESSARY = "necessary", "Was it necessary to share?"
    MINIMUM = "minimum", "Were only the kinds of information shared that were needed?"
    RECIPIENT = "recipient", "Was it the right recipient?"
    TOLD = "told", "Was the young person told, or is there a good reason why not?"
    ENDED = "ended", "Did it end in time, or does it have the right end?"


class Reply(models.TextChoices):
    """An answer on the checklist."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNCLEAR = "unclear", "Cannot tell"


class Cause(models.TextChoices):
    """Why somebody's record is looked at for cause."""

    COMPLAINT = "complaint", "A complaint"
    BREACH = "breach", "A breach, or the fear of one"


class CauseState(models.TextChoices):
    """Where a look for cause stands."""

    ASKED = "asked", "Waiting for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


class FindingState(models.TextChoices):
    """Where a finding stands."""

    OPEN = "open", "Waiting for a reply"
    REPLIED = "replied", "Replied to"
    CLOSED = "closed", "Closed"


class ReadingKind(models.TextChoices):
    """What stands out in somebody's reading."""

    VOLUME = "volume", "Read of unusually many people in one day"


class AlertLevel(models.TextChoices):
    """Who answers for an alert about somebody's reading, from the first on."""

    AUDITOR = "auditor", "Auditor"
    SECOND = "second", "Second auditor"
    MANAGER = "manager", "Manager"
