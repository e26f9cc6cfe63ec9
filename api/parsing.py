"""Reading what a client sends, so that nothing in it can be more than a wrong request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

LARGEST = 256 * 1024
DEEPEST = 20


class TooLarge(APIException):
    """The body is longer than anything that is asked for."""

    status_code = 413
    default_detail = "Send less at once."


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, of a sensible size and depth, with text that PostgreSQL can keep."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed body. Raises ParseError (400) or TooLarge (413)."""
        raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise TooLarge
        try:
            parsed = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError("This is not JSON.") from error
        _check(parsed)
        return parsed


class AlwaysJSON(BaseContentNegotiation):
    """There is one representation: what else a client would accept changes nothing."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The parser, when the body is JSON by its media type; none is 415."""
        media_type = (request.content_type or "").split(";")[0].strip().lower()
        return next(iter(parsers)) if media_type == "application/json" else None

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer."""
        first = next(iter(renderers))
        return first, first.media_type


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _check(value: Any, depth: int = 0) -> None:
    """Raise ParseError for text that can't be kept, and for nesting that nobody means."""
    if depth > DEEPEST:
        raise ParseError("This is nested too deeply.")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ParseError("There is text in this that can't be kept.")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth + 1)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
