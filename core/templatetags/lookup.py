"""Looking things up in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(mapping: Mapping[str, Any], key: object) -> Any:
    """The value under a key, or nothing: `{{ progress|of:view.goal.pk }}`."""
    return mapping.get(str(key), "")
