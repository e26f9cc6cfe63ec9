"""Pages as a browser gets them: how large, from where, and what they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from urllib.parse import urlsplit

from config.benchmark import statements
from config.benchmark.lists import Asking
from config.benchmark.users import User

_LARGEST = """
SELECT p.reference FROM casework_leadperiod l JOIN people_youngperson p ON p.id = l.person_id
JOIN sharing_involvement i ON i.person_id = p.id AND i.agency_id = %(agency)s
WHERE l.agency_id = %(agency)s AND l.ends IS NULL
  AND NOT EXISTS (SELECT FROM sharing_restriction r WHERE r.person_id = p.id)
GROUP BY p.id, p.reference ORDER BY count(*) DESC, p.id LIMIT 4
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was served to one user."""

    path: str
    role: str
    status: int
    size: int
    """Bytes of HTML, before it is compressed."""
    elsewhere: tuple[str, ...]
    """What the browser would fetch from another host."""
    stylesheets: int
    scripts: int
    """Files for which the page waits before it shows."""


class _Fetches(HTMLParser):
    """What a browser fetches for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elsewhere: list[str] = []
        self.stylesheets = self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element that fetches."""
        told = dict(attrs)
        address = told.get("src") or (told.get("href") if tag == "link" else None) or ""
        if urlsplit(address).netloc:
            self.elsewhere.append(address)
        if tag == "link" and "stylesheet" in (told.get("rel") or "").split():
            self.stylesheets += 1
        # A module is deferred by nature.
        waits = not {"async", "defer"} & told.keys() and told.get("type") != "module"
        if tag == "script" and told.get("src") and waits:
            self.scripts += 1


def served(asking: Asking) -> list[Page]:
    """The pages that open a day, and a person's, for a broad manager and a broad practitioner."""
    found = []
    for user in _broadest(asking):
        references = _references(asking, user)
        paths = ["/", "/people/", "/cases/", *(f"/people/{name}/" for name in references[:1])]
        with asking.doors.through(asking.doors.up):
            found += [_page(asking, user, path) for path in paths]
    return found


def _broadest(asking: Asking) -> list[User]:
    """The broadest user of each role that opens a person's page."""
    by_role = {user.hat.role: user for user in asking.users}
    return [by_role[role] for role in ("practitioner", "manager") if role in by_role]


def _page(asking: Asking, user: User, path: str) -> Page:
    answer = asking.product.by_session(user, path)
    fetches = _Fetches()
    fetches.feed(answer.body.decode())
    shown = "/people/…/" if path.count("/") == 3 else path
    return Page(
        shown, user.hat.role, answer.status, len(answer.body), tuple(fetches.elsewhere),
        fetches.stylesheets, fetches.scripts,
    )  # fmt: skip


def queries(asking: Asking) -> list[statements.Count]:
    """Statements of the whole person page, for people with the most involvements."""
    found = []
    for user in _broadest(asking):
        with asking.doors.through(asking.doors.up):
            for reference in _references(asking, user):
                path = f"/people/{reference}/"
                if _page(asking, user, path).status == 200:
                    found.append(
                        statements.count(
                            asking.doors.up,
                            partial(asking.product.by_session, user, path),
                        )
                    )
    return found


def _references(asking: Asking, user: User) -> list[str]:
    rows = asking.floor.connection.execute(_LARGEST, {"agency": user.hat.agency}).fetchall()
    return [reference for (reference,) in rows]
