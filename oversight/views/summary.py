"""The quarter's summary: a page, a PDF and a CSV of the same numbers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from access.actor import Member
from access.replica import SAID_FROM
from agencies.models import Agency
from agencies.queries import require
from core.clock import instant
from core.errors import Conflict
from oversight import summary
from oversight.actions import look
from oversight.forms import QuarterForm
from oversight.names import moment
from oversight.views.register import work


def _context(actor: Member, code: str, *, to_keep: bool = False) -> dict[str, Any]:
    """What all three show. A file that is kept does not lag: nobody would read so beside it."""
    quarter = summary.chosen(code)
    look.read_trail(what="summary", by=actor)
    not_before = instant() - SAID_FROM if to_keep else None
    sections, source = summary.sections(actor, quarter, not_before=not_before)
    return {
        "quarter": quarter,
        "agency": Agency.objects.get(pk=actor.agency_id).name,
        "sections": sections,
        "source": source,
        "made": moment(instant()),
    }


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The numbers of one quarter."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    context = _context(actor, request.GET.get("quarter", ""))
    form = QuarterForm(
        {"quarter": context["quarter"].code},
        quarters=[(one.code, str(one)) for one in summary.quarters()],
    )
    return render(
        request,
        "oversight/summary/show.html",
        context | {"form": form, "work": work("summary")},
    )


@require_GET
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The same as an accessible PDF (PDF/UA-1)."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    context = _context(actor, request.GET.get("quarter", ""), to_keep=True)
    page = render_to_string("oversight/summary/print.html", context)
    try:
        # Late, because it loads Pango, which a small machine need not have.
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise Conflict("No PDF can be made on this machine: print the page.") from error
    # Its style is in the page: nothing is fetched from anywhere.
    document = HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return _file(document, "application/pdf", context["quarter"].code, "pdf")


@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same as a CSV."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    context = _context(actor, request.GET.get("quarter", ""), to_keep=True)
    text = summary.as_csv(context["agency"], context["quarter"], context["sections"])
    # With a byte order mark, without which Excel reads UTF-8 as something else.
    marked = text.encode("utf-8-sig")
    return _file(marked, "text/csv; charset=utf-8", context["quarter"].code, "csv")


def _file(content: bytes, kind: str, code: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="oversight-{code}.{ending}"'
    return response


def _fetch_nothing(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    raise ValueError(f"Nothing is fetched: {url[:40]}")
