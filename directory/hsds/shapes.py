"""What of HSDS is a column here, what a list of other rows, and what a link to one.

Nothing is written down twice: a name of the schema that is a plain field of the model is a
column; a list whose rows point back under the same name is a list; a foreign key is a link.
Everything else is kept in `extra`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.models.base import Described

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "schema" / "hsds.json").read_text(encoding="utf-8")
)

MODELS: dict[str, type[Described]] = {
    "accessibility": Accessibility,
    "address": Address,
    "attribute": Attribute,
    "contact": Contact,
    "cost_option": CostOption,
    "language": Language,
    "location": Location,
    "organization": Organization,
    "phone": Phone,
    "schedule": Schedule,
    "service": Service,
    "service_area": ServiceArea,
    "service_at_location": ServiceAtLocation,
    "taxonomy": Taxonomy,
    "taxonomy_term": TaxonomyTerm,
}
KINDS = {model: kind for kind, model in MODELS.items()}


def properties(kind: str) -> dict[str, Any]:
    """The keys that HSDS knows of a kind, with their types."""
    found: dict[str, Any] = SCHEMA["$defs"][kind]["properties"]
    return found


@cache
def required(kind: str) -> frozenset[str]:
    """The keys that HSDS requires of a kind."""
    return frozenset(SCHEMA["$defs"][kind]["required"])


def kind_within(kind: str, key: str) -> str:
    """The kind of what stands under a key: "" when that is a plain value."""
    value = properties(kind).get(key, {})
    reference = value.get("$ref") or value.get("items", {}).get("$ref") or ""
    return str(reference).rpartition("/")[2]


@cache
def columns(kind: str) -> dict[str, models.Field]:  # type: ignore[type-arg]
    """The keys that are columns."""
    return {
        field.name: field
        for field in MODELS[kind]._meta.concrete_fields
        if field.name in properties(kind) and not field.is_relation and field.name != "id"
    }


@cache
def links(kind: str) -> dict[str, str]:
    """The keys that hold one other row, with its kind."""
    return {
        field.name: kind_within(kind, field.name)
        for field in MODELS[kind]._meta.concrete_fields
        if field.is_relation and kind_within(kind, field.name)
    }


@cache
def lists(kind: str) -> dict[str, str]:
    """The keys that hold rows which point back, with their kind."""
    names = {relation.get_accessor_name() for relation in MODELS[kind]._meta.related_objects}
    return {
        key: within
        for key in properties(kind)
        if (within := kind_within(kind, key)) and key in names
    }


@cache
def parent_field(kind: str, key: str) -> str:
    """The field by which the rows of a list point back."""
    for relation in MODELS[kind]._meta.related_objects:
        if relation.get_accessor_name() == key:
            return relation.field.name
    raise KeyError(key)
