"""The auditor's pages are tried as somebody who has signed in."""

from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]
