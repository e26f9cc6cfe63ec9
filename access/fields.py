"""A set of categories as a model field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from access.categories import Category, from_bits, to_bits


class CategoriesField(models.Field):  # type: ignore[type-arg]
    """Keeps a set of categories in an integer column, one bit each.

    An integer, so that the scope can cut and unite sets with `&` and `bit_or` in the
    database. The value in Python is a frozenset of `Category`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", frozenset)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        """The column is a plain integer."""
        return "IntegerField"

    def from_db_value(self, value: int | None, *_: Any) -> frozenset[Category] | None:
        """The set that the stored integer stands for."""
        return None if value is None else from_bits(value)

    def to_python(self, value: Any) -> frozenset[Category] | None:
        """The set, from a set, an integer or names."""
        if value is None or isinstance(value, frozenset):
            return value
        if isinstance(value, int):
            return from_bits(value)
        try:
            names = value.split(",") if isinstance(value, str) else value
            return frozenset(Category(name) for name in names if name)
        except ValueError as error:
            raise ValidationError("There is a category that is not known.") from error

    def get_prep_value(self, value: Iterable[Category] | int | None) -> int | None:
        """The integer that stands for the set."""
        if value is None or isinstance(value, int):
            return value
        return to_bits(value)

    def value_to_string(self, obj: models.Model) -> str:
        """The names, for serialised data."""
        categories: Any = self.value_from_object(obj)
        return ",".join(sorted(categories))
