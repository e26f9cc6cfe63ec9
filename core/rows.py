"""What the ORM makes of rows that it has not fetched itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.query import get_related_populators


def instances(compiler: Any, rows: Iterable[Sequence[Any]]) -> list[Model]:
    """What `ModelIterable` makes of the rows of a compiled query, with `select_related`.

    The values are as the fields want them.
    """
    database, info = connection.alias, compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, database)  # type: ignore[call-arg]
    found = []
    for values in rows:
        instance = info["model"].from_db(database, names, values[first:last])
        for populator in related:
            populator.populate(values, instance)
        for name, place in compiler.annotation_col_map.items():
            setattr(instance, name, values[place])
        found.append(instance)
    return found
