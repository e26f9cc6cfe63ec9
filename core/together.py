"""Several queries of the ORM in one statement.

A page that shows one thing from all sides asks a dozen tables about it. The queries stay
as they are, each where its noun is; `fetch` has the database answer them all at once and
leaves each with its rows, as if it had been asked by itself.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

from core.rows import instances


def fetch(*queries: QuerySet[Any]) -> None:
    """Evaluate these queries: one statement, whatever their number.

    Model instances only, with `select_related` where wanted. Raises TypeError for a query
    of values, and for one that prefetches.
    """
    asked: list[tuple[QuerySet[Any], Any]] = []
    columns: list[str] = []
    parameters: list[Any] = []
    for query in queries:
        if query._result_cache is not None:
            continue
        prefetched = query._prefetch_related_lookups  # type: ignore[attr-defined]
        if query._iterable_class is not ModelIterable or prefetched:
            raise TypeError("Only queries of whole rows can be fetched together.")
        compiler = query.query.get_compiler(connection=connection)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            query._result_cache = []
            continue
        names = ", ".join(f"c{place}" for place in range(len(compiler.select)))
        # No outside text is in it: what the ORM has compiled, and parameters.
        columns.append(f"(SELECT json_agg(q) FROM ({sql}) AS q ({names}))")  # nosec B608
        parameters.extend(values)
        asked.append((query, compiler))
    if not asked:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", parameters)  # noqa: S608  # nosec B608
        answers = cursor.fetchone()
    for (query, compiler), rows in zip(asked, answers, strict=True):
        query._result_cache = _instances(compiler, rows or [])


def _instances(compiler: Any, rows: list[dict[str, Any]]) -> list[Model]:
    convert = [one[0].output_field.to_python for one in compiler.select]
    return instances(
        compiler,
        (
            # Values come as JSON here.
            [
                None if value is None else turn(value)
                for turn, value in zip(convert, row.values(), strict=True)
            ]
            for row in rows
        ),
    )
