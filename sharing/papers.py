"""Paper as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

from typing import Any, NoReturn

from core.errors import Conflict


def pdf(html: str) -> bytes:
    """The page as PDF/UA-1. It may fetch nothing: all that it needs is in it.

    Raises Conflict on a machine without the libraries that draw it.
    """
    try:
        # Late, because it loads Pango, which a small machine need not have.
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise Conflict(
            "No PDF can be made on this machine: open the receipt and print the page."
        ) from error
    made: bytes = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _refuse(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"nothing is fetched for a paper: {url.split(':', 1)[0]}")
