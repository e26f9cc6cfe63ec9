"""Through which connection Django reaches a world: behind the wall, or without it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from config.settings.base import database


class Doors:
    """Connections of Django to one world.

    `up` is the application's own role, behind row-level security, exactly as the product is
    run. `down` is the owner of the tables, whom no policy holds: for what the wall costs.
    `plain` is the owner with the planner's usual prices, for contenders that know no wall:
    with ours, which fit lists of few rows, theirs would be planned badly.
    """

    def __init__(self, app: str, owner: str) -> None:
        self._app = app
        self.up = _wrapper(app)
        self.down = _wrapper(owner)
        self.plain = _wrapper(owner, options="-c random_page_cost=4")

    @contextmanager
    def through(self, wrapper: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
        """Have everything that Django asks go through this connection."""
        before = connections["default"]
        connections["default"] = wrapper
        try:
            yield wrapper
        finally:
            connections["default"] = before

    def told(self) -> str:
        """How a request comes by its connection, and what opening one costs."""
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            with psycopg.connect(self._app) as connection:
                times.append(1000 * (time.perf_counter() - begun))
                forced = connection.execute("SHOW fsync").fetchone()
        cost = f"opening one takes {median(times):.1f} ms"
        if forced == ("off",):
            cost += "; writes are not forced to disk here (fsync off)"
        if self.up.settings_dict["OPTIONS"].get("pool"):
            return f"connections from a pool; {cost}"
        if self.up.settings_dict["CONN_MAX_AGE"] == 0:
            return f"a new connection for every request of ours, as the settings have it; {cost}"
        return f"connections are kept between requests; {cost}"

    def close(self) -> None:
        """End the connections, and their pools if they have any."""
        for wrapper in (self.up, self.down, self.plain):
            wrapper.close()
            if getattr(wrapper, "pool", None) is not None:
                wrapper.close_pool()  # type: ignore[attr-defined]


def _wrapper(address: str, **options: str) -> BaseDatabaseWrapper:
    """A connection like the product's own, to another address."""
    own = connections["default"].settings_dict
    told: dict[str, Any] = {
        **own,
        **{key: value for key, value in database(address).items() if key not in _AS_RUN},
    }
    told["OPTIONS"] = {**told["OPTIONS"], **options}
    wrapper: BaseDatabaseWrapper = load_backend(told["ENGINE"]).DatabaseWrapper(told, "default")
    # Pools are kept by the connection's name, which is the same here: two worlds must not share
    # one, nor the two sides of the wall.
    wrapper._connection_pools = {}  # type: ignore[attr-defined]
    return wrapper


_AS_RUN = {"OPTIONS", "CONN_HEALTH_CHECKS", "CONN_MAX_AGE"}
"""Kept from the settings in use: pool, prepared statements, how long a connection lives."""
