"""Numbers that can be rung by a tap."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_NUMBER = re.compile(r"\+?\d[\d ()-]{5,}\d")


@register.filter
def ringable(words: str) -> SafeString:
    """Words in which the first telephone number is a link: "Ward 7, 020 7946 0000"."""
    found = _NUMBER.search(words)
    if found is None:
        return format_html("{}", words)
    return format_html(
        '{}<a class="govuk-link" href="tel:{}">{}</a>{}',
        words[: found.start()],
        # The nought in brackets is for whoever rings from within the country.
        re.sub(r"\(0\)|[^\d+]", "", found[0]),
        found[0],
        words[found.end() :],
    )
