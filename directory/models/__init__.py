"""Community services, in the words and fields of Open Referral HSDS 3."""

from directory.models.contact import Contact, Language, Phone
from directory.models.organization import Organization
from directory.models.place import (
    Accessibility,
    Address,
    Location,
    ServiceArea,
    ServiceAtLocation,
)
from directory.models.service import Service
from directory.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm
from directory.models.terms import CostOption, Schedule

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Contact",
    "CostOption",
    "Language",
    "Location",
    "Organization",
    "Phone",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "Taxonomy",
    "TaxonomyTerm",
]
