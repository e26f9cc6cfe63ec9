"""Words about people."""

from __future__ import annotations

from django.db import models


class Ethnicity(models.TextChoices):
    """NHS 2001 ethnic categories; used only to find disproportionality."""

    W1 = "W1", "White: British"
    W2 = "W2", "White: Irish"
    W3 = "W3", "White: Gypsy or Irish Traveller"
    W9 = "W9", "White: any other background"
    M1 = "M1", "Mixed: White and Black Caribbean"
    M2 = "M2", "Mixed: White and Black African"
    M3 = "M3", "Mixed: White and Asian"
    M9 = "M9", "Mixed: any other background"
    A1 = "A1", "Asian or Asian British: Indian"
    A2 = "A2", "Asian or Asian British: Pakistani"
    A3 = "A3", "Asian or Asian British: Bangladeshi"
    A4 = "A4", "Chinese"
    A9 = "A9", "Asian or Asian British: any other background"
    B1 = "B1", "Black or Black British: Caribbean"
    B2 = "B2", "Black or Black British: African"
    B9 = "B9", "Black or Black British: any other background"
    O2 = "O2", "Arab"
    O9 = "O9", "Any other ethnic group"
    NS = "NS", "Prefers not to say"


class EthnicitySource(models.TextChoices):
    """Where an ethnicity comes from; never observed by staff."""

    SELF = "self", "Self-described"
    UNKNOWN = "unknown", "Not known"


class ContactKind(models.TextChoices):
    """A way to make contact."""

    PHONE = "phone", "Phone"
    EMAIL = "email", "Email"
    ADDRESS = "address", "Address"
    OTHER = "other", "Another way"


class IdentifierScheme(models.TextChoices):
    """A number by which another system knows the person. None is required."""

    NHS = "nhs", "NHS number"
    UPN = "upn", "Unique pupil number"
    PNC = "pnc", "PNC"


class RelationshipKind(models.TextChoices):
    """Who somebody is to the young person."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    STEP_PARENT = "step_parent", "Step-parent"
    GRANDPARENT = "grandparent", "Grandparent"
    SIBLING = "sibling", "Brother or sister"
    PARTNER = "partner", "Partner"
    CHILD = "child", "Child"
    AUNT_UNCLE = "aunt_uncle", "Aunt or uncle"
    FOSTER_CARER = "foster_carer", "Foster carer"
    OTHER = "other", "Somebody else close"
