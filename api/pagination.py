"""Lists in pages that start where the last one ended; never a total."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination as BasePagination


class CursorPagination(BasePagination):
    """`next`, `previous`, `results`; newest first by the UUIDv7 key, which is unique."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"
