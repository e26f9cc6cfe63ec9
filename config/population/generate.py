"""Making the whole of it: agencies first, then people by the thousand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from random import Random

from django.utils import timezone

from agencies.actions import permission
from agencies.models import Agency
from casework.models import Case
from config.population.agencies import Agencies
from config.population.people import People
from config.population.seeded import Days, Keys, References
from config.population.tables import Writer
from core.clock import LONDON
from people.models import YoungPerson
from referrals.models import Referral
from sharing.models import Agreement, Reach

AT_ONCE = 4_000
"""People whose rows are written in one transaction."""

Say = Callable[[int], None]


class AlreadyThere(Exception):
    """This seed's world has been made in this database."""


def generate(*, people: int, seed: int, agencies: int, say: Say = lambda done: None) -> int:
    """Write a synthetic world; the number of its users. Raises AlreadyThere.

    The same seed and numbers give the same keys, references and rows on the same day.
    """
    if Agency.objects.filter(slug=f"synthetic-{seed}-1").exists():
        raise AlreadyThere(f"The world of seed {seed} is here already: choose another --seed.")
    random = Random(f"{seed}/{people}/{agencies}")  # noqa: S311 (repeatable, not secret)
    key, days = Keys(random), Days(timezone.now().astimezone(LONDON).date(), random)
    there = Agencies(seed, people, agencies, random)
    taken = _taken()
    there.build(key, References("AG", random, taken), days)
    crowd = People(random, key, days, there, taken)
    # One thread makes rows while the database takes in those made before.
    with closing(Writer()) as writer, ThreadPoolExecutor(1) as background:
        writer.write((table, table.take()) for table in there.tables.values())
        under_way: Future[None] | None = None
        for begun in range(0, people, AT_ONCE):
            for _ in range(min(AT_ONCE, people - begun)):
                crowd.add()
            parts = [(table, table.take()) for table in crowd.tables]
            if under_way is not None:
                under_way.result()
                say(begun)
            under_way = background.submit(writer.write, parts)
        if under_way is not None:
            under_way.result()
            say(people)
        written = [table.model for table in (*there.tables.values(), *crowd.tables)]
        # What the database has written along with them is asked first of all.
        writer.analyse([*written, Reach])
    permission.sync()
    return there.users


def _taken() -> set[str]:
    """The references that are given out already; read from the rows, by nobody in particular."""
    found: set[str] = set()
    for rows in (YoungPerson.rows, Case.rows, Referral.rows, Agreement.objects):
        found |= set(rows.values_list("reference", flat=True))
    return found
