"""Some of what is not to be seen is looked for in a browser."""

from tests.factories.browsing import sign_in

__all__ = ["sign_in"]
