"""Where a page may send somebody next."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(address: str | None) -> bool:
    """Whether somebody may be sent to this address after signing in or choosing.

    Only paths of ours, whatever hosts the site answers to, and not signing out: that
    somebody tried to sign out of a session that had ended is no reason to end a new one.
    """
    if not address or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    return urlsplit(address).path != reverse("account_logout")
