"""Words of sharing."""

from __future__ import annotations

from django.db import models

from access.bases import Basis

BASIS_CHOICES = [(basis.value, basis.value.replace("_", " ").capitalize()) for basis in Basis]


class Giver(models.TextChoices):
    """Who gives a consent."""

    YOUNG_PERSON = "young_person", "The young person"
    PARENT = "parent", "A parent or carer with parental responsibility"


class Competence(models.TextChoices):
    """Why the giver is competent to consent."""

    PRESUMED = "presumed", "Presumed (16 or over)"
    ASSESSED = "assessed", "Assessed as competent (under 16)"
    PARENT = "parent", "A parent consents, as the young person is not competent to"


class Responsibility(models.TextChoices):
    """Whether who consents for a young person has parental responsibility."""

    YES = "yes", "Yes, and I have checked"
    NOT_KNOWN = "not_known", "They say so; I have not checked"
    NO = "no", "No"


class Channel(models.TextChoices):
    """How a consent was given."""

    FACE_TO_FACE = "face_to_face", "Face to face"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video call"
    WRITTEN = "written", "In writing"


class ConsentPlace(models.TextChoices):
    """Where a consent was given."""

    COMMUNITY = "community", "In the community"
    HOME = "home", "At home"
    OFFICE = "office", "At an office"
    EMERGENCY_DEPARTMENT = "emergency_department", "In an emergency department"
    CUSTODY = "custody", "In custody"


NEEDS_CARE = frozenset({ConsentPlace.EMERGENCY_DEPARTMENT, ConsentPlace.CUSTODY})
"""Places in which consent is easily given and regretted: the page warns."""


class Purpose(models.TextChoices):
    """For what information may be used."""

    SUPPORT = "support", "To give the support in the plan"
    SAFETY = "safety", "To keep the young person or others safe"
    REFERRAL = "referral", "To help with an application or a referral"
    WORK = "work", "To help into work, training or education"


class ReceiptAnswer(models.TextChoices):
    """What a recipient says of copies, once consent has been withdrawn."""

    NONE = "none", "I hold no copies"
    DESTROYED = "destroyed", "I held copies and have destroyed them"
    KEPT = "kept", "I keep copies on another lawful basis, and have told the lead worker which"


class DecisionKind(models.TextChoices):
    """What sort of sharing decision it is."""

    ROUTINE = "routine", "Routine partner on the plan (at most 12 weeks)"
    ONE_OFF = "one_off", "One-off (at most 28 days)"
    ENFORCEMENT = "enforcement", "For enforcement (at most 28 days)"
    URGENT = "urgent", "Urgent: acts at once, reviewed within 24 hours"


class Limb(models.TextChoices):
    """Why safeguarding goes without consent (DPA 2018, Schedule 1, paragraph 18(1)(c))."""

    CANNOT = "cannot", "They can’t give consent"
    NOT_REASONABLE = "not_reasonable", "We can’t reasonably be expected to obtain it"
    PREJUDICE = "prejudice", "Asking would prejudice protecting them"


class Register(models.TextChoices):
    """A register whose rows have dates."""

    BASES = "bases", "Lawful bases"
    CONDITIONS = "conditions", "Conditions for sensitive information"


class ChangeState(models.TextChoices):
    """Where a change of a register stands."""

    PROPOSED = "proposed", "Waiting for a second administrator"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


class Feature(models.TextChoices):
    """What stays shut until its impact has been assessed."""

    COHORT = "cohort", "The people we prioritise"
    EXPORTS = "exports", "Exports"
    FEEDS = "feeds", "Feeds to other systems"


class DecisionState(models.TextChoices):
    """Where a sharing decision stands."""

    PROPOSED = "proposed", "Waiting for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    ENDED = "ended", "Ended"
    RECORDED = "recorded", "Recorded: do not share"


class EmergencyRisk(models.TextChoices):
    """What makes it an emergency."""

    LIFE = "life", "Somebody may die"
    SERIOUS_HARM = "serious_harm", "Somebody may come to serious harm"


class EmergencyOutcome(models.TextChoices):
    """What the reviewer of an emergency access found."""

    RIGHT = "right", "It was right to open the record"
    UNCLEAR = "unclear", "It was done in good faith; talk it over"
    WRONG = "wrong", "It was wrong to open the record"
