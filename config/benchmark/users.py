"""Who asks: users from narrow to broad, in every role that sees lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, zip_longest
from random import Random
from uuid import UUID

import psycopg

from config.benchmark.floor import Hat

_ALL = """
SELECT m.id, m.user_id, m.agency_id, m.role, u.username, coalesce(n.people, 0),
       EXISTS (SELECT FROM agencies_dutyshift d WHERE d.user_id = m.user_id
                 AND d.agency_id = m.agency_id AND d.starts <= now() AND d.ends > now())
FROM agencies_membership m JOIN agencies_user u ON u.id = m.user_id
LEFT JOIN (SELECT principal, count(*) AS people FROM floor.people GROUP BY 1) n
    ON n.principal = CASE WHEN m.role = 'auditor' THEN m.user_id ELSE m.agency_id END
WHERE m.role IN ('practitioner', 'clinician', 'manager', 'auditor')
  AND m.starts <= now() AND (m.ends IS NULL OR m.ends > now())
ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who asks for lists."""

    hat: Hat
    username: str
    people: int
    """About how many young people they may come to see: the breadth by which users are spread."""


def choose(connection: psycopg.Connection, number: int, random: Random) -> list[User]:
    """So many users, evenly from each agency, the narrowest first.

    From each agency first whoever is on duty, then one of each role, then more of its
    practitioners: agencies are of very different breadth, so the users are too.
    """
    by_agency: dict[UUID, dict[str, list[User]]] = defaultdict(lambda: defaultdict(list))
    for membership, user, agency, role, username, people, duty in connection.execute(_ALL):
        hat = Hat(membership, user, agency, role)
        by_agency[agency]["duty" if duty else role].append(User(hat, username, people))
    queues = []
    for roles in by_agency.values():
        for some in roles.values():
            random.shuffle(some)
        first = [some.pop() for some in roles.values() if some]
        queues.append(first + list(chain.from_iterable(roles.values())))
    turns = chain.from_iterable(zip_longest(*queues))
    chosen = [user for user in turns if user is not None][:number]
    return sorted(chosen, key=lambda user: (user.people, user.username))


def spread(users: list[User], number: int) -> list[User]:
    """So many of the users, evenly from the narrowest to the broadest."""
    if len(users) <= number:
        return users
    return [users[round(place * (len(users) - 1) / (number - 1))] for place in range(number)]
