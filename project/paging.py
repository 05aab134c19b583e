"""Lists in pages, by cursor."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """`{next, previous, results}`, the newest first; `?limit=` up to 100."""

    ordering = ("-created_at", "-pk")
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
