"""The second wall: row-level security, and the few functions that read past it.

Every table of personal rows is closed by the database itself to a transaction that has
not said who acts (`access.context`), and open to a member only for people with whom their
agency has an effective involvement. `sharing.wall` writes the policies.

Some work needs rows that its actor may not see and shows none of them: taking in a
referral of somebody unknown, moving the cases of a worker who leaves. Each such function
is named here and says `with through(NAME)` around what it reads, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

THROUGH: dict[str, str] = {}
"""The named functions, and why each needs more than its actor may see."""


class NotListed(RuntimeError):
    """Something asked to read past the wall that is not among the named functions."""


def passage(name: str, why: str) -> str:
    """List a function that may read past the wall; the name by which it asks."""
    THROUGH[name] = why
    return name


@contextmanager
def through(name: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Read past the wall inside the block. For what is named in `THROUGH` alone.

    `using` is the database whose wall it is. Raises NotListed for any other name, and
    TransactionManagementError outside a transaction: what is not bound to one would stay open.
    """
    if name not in THROUGH:
        raise NotListed(name)
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The wall opens inside a transaction only.")
    before = _set(name, using)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            try:
                _set(before, using)
            except DatabaseError:
                # A statement has failed already: the rollback that must follow undoes this
                # setting with everything else.
                connection.needs_rollback = True


def _set(name: str, using: str) -> str:
    """Say by which passage the transaction reads now; by which it read before."""
    with connections[using].cursor() as cursor:
        # In this order: what was set is read before it is set anew.
        cursor.execute(
            "SELECT before, set_config('app.through', %s, true)"
            " FROM (SELECT current_setting('app.through', true) AS before OFFSET 0) AS old",
            [name],
        )
        return cursor.fetchone()[0] or ""
