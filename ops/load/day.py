"""What one user does all day, over one connection to the site and one to the API."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from ops import ports
from ops.load.measures import Measures

PATIENCE = 30.0
"""Seconds after which a user gives up on an answer."""
SENT_TWICE = 0.1
"""The share of interventions that are sent again although they were kept, as a phone does that
heard no answer."""
_CSRF = "l" * 32

Body = tuple[str, bytes]


class User:
    """One of the users at once. `who` is one entry of `ops.load.world.prepare`."""

    def __init__(self, who: Mapping[str, Any], port: int, measures: Measures, seed: int) -> None:
        self._who, self._port, self._measures = who, port, measures
        self._random = random.Random(seed)  # noqa: S311 (which page is next)
        self._connection = self._connected()

    def work(self, until: float) -> None:
        """Do one thing after the other until then (`time.monotonic`)."""
        while time.monotonic() < until:
            luck = self._random.random()
            if luck < 0.70:
                self._read()
            elif luck < 0.90:
                self._log()
            elif luck < 0.95:
                self._page("search", f"/people/?{urlencode({'q': self._person()['name']})}")
            else:
                self._task()

    def leave(self) -> None:
        """Hang up; the next request connects again."""
        self._connection.close()

    def _read(self) -> None:
        """A list or a person, as a page or by the API."""
        reference = self._person()["reference"]
        self._random.choice(
            (
                lambda: self._page("list page", self._random.choice(("/cases/", "/people/"))),
                lambda: self._page("person page", f"/people/{reference}/"),
                lambda: self._api("list API", self._random.choice(("people/", "cases/"))),
                lambda: self._api("person API", f"people/{reference}/"),
            )
        )()

    def _log(self) -> None:
        key, person = uuid4(), self._person()
        self._measures.sending(key)
        send = self._log_page if self._random.random() < 0.5 else self._log_api
        times = 2 if self._random.random() < SENT_TWICE else 1
        for _ in range(times):
            if send(key, person):
                self._measures.was_kept(key)

    def _log_page(self, key: UUID, person: Mapping[str, Any]) -> bool:
        form = {
            "key": str(key), "attendance": "came", "worker_came": "yes",
            "categories": person["category"], "kind": person["kind_id"], "mode": "face_to_face",
            **dict(zip(("day_day", "day_month", "day_year"), self._who["day"], strict=True)),
            "time": "00:05", "minutes": "60", "note": note_of(key),
        }  # fmt: skip
        body = ("application/x-www-form-urlencoded", urlencode(form).encode())
        answer = self._page("log page", f"/log/{person['reference']}/", body, wanted=302)
        return answer is not None

    def _log_api(self, key: UUID, person: Mapping[str, Any]) -> bool:
        said = {
            "person": person["reference"], "categories": [person["category"]],
            "kind": person["kind"], "at": self._who["at"], "minutes": 60, "attendance": "came",
            "note": note_of(key),
        }  # fmt: skip
        return self._api("log API", "interventions/", said, key=key) is not None

    def _task(self) -> None:
        """A manager sets a task; the others look at theirs."""
        if not self._who["owners"]:
            self._page("tasking", "/tasking/")
            return
        said = {
            "person": self._person()["reference"],
            "what": "Ring about the room",
            "owner": self._random.choice(self._who["owners"]),
            "owner_agency": self._who["agency"],
            "due_on": self._who["due_on"],
        }
        self._api("tasking", "tasks/", said, key=uuid4())

    def _person(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._random.choice(self._who["people"])
        return found

    def _page(
        self, kind: str, path: str, body: Body | None = None, *, wanted: int = 200
    ) -> bytes | None:
        headers = {"Cookie": f"sessionid={self._who['session']}; csrftoken={_CSRF}"}
        if body is not None:
            headers["X-CSRFToken"] = _CSRF
        return self._ask(kind, path, headers, body, wanted)

    def _api(
        self, kind: str, path: str, said: Mapping[str, Any] | None = None, key: UUID | None = None
    ) -> bytes | None:
        headers = {"Authorization": f"Token {self._who['token']}"}
        body = None
        if said is not None:
            body = ("application/json", json.dumps(said).encode())
            headers["Idempotency-Key"] = str(key)
        return self._ask(kind, f"/api/v1/{path}", headers, body, 200 if body is None else 201)

    def _ask(
        self, kind: str, path: str, headers: dict[str, str], body: Body | None, wanted: int
    ) -> bytes | None:
        """The answer, or none when it is not the one that was wanted."""
        method, content = "GET", None
        if body is not None:
            method, (headers["Content-Type"], content) = "POST", body
        begun, problem, answer = time.monotonic(), "", None
        try:
            self._connection.request(method, quote(path, safe="/?=&%+"), content, headers)
            response = self._connection.getresponse()
            answer = response.read()
            if response.status != wanted:
                problem = str(response.status)
        except (OSError, http.client.HTTPException) as failure:
            problem = type(failure).__name__
            self._connection.close()
            self._connection = self._connected()
        self._measures.answered(kind, time.monotonic() - begun, problem)
        return None if problem else answer

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(ports.HOST, self._port, timeout=PATIENCE)


def note_of(key: UUID) -> str:
    """The words by which an intervention is found again, whatever its own key is."""
    return f"load {key}"


def spend(users: list[User], seconds: float) -> float:
    """Have all users work at once for so long; the seconds that it took."""
    begun = time.monotonic()
    threads = [threading.Thread(target=_work(user, begun + seconds)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for user in users:
        user.leave()
    return time.monotonic() - begun


def _work(user: User, until: float) -> Callable[[], None]:
    return lambda: user.work(until)
