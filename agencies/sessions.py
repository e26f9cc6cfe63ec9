"""Sessions as Django keeps them in the database, found by a query that is compiled once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from core.prepared import Prepared


def _live(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


_LIVE = Prepared(_live, key=str, at=datetime)


class SessionStore(db.SessionStore):
    """Every page begins with finding its session."""

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key
        # No key has such a sign, and the database takes none.
        if key and "\0" not in key:
            for found in _LIVE.instances(key=key, at=timezone.now()):
                session: Session = found
                return session
        # As Django's: what is no session any more is not known by its old key.
        self._session_key = None  # type: ignore[assignment]
        return None
