"""The database backend: Django looks for the class of this name in a module of this name."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's; a connection that was kept is looked at before every request."""

    def is_usable(self) -> bool:
        """Whether the connection stands.

        Whoever ended it has said so, and then there is something to read on a connection
        that has asked nothing. Only then is the database asked, as Django does each time.
        What broke without a word shows with the first statement, as it would with that.
        """
        if self.connection is not None and not self.connection.closed:
            look = select.poll()
            look.register(self.connection.fileno(), select.POLLIN)
            if not look.poll(0):
                return True
        return bool(super().is_usable())
