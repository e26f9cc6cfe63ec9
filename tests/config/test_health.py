"""The page that load balancers ask."""

import pytest
from django.db import OperationalError

from config import health


def test_it_answers_without_a_session_and_without_details(db, client):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"ok": True, "database": True, "redis": True, "audit": True}
    assert "sessionid" not in response.cookies


def test_redis_fails_nothing(db, client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"ok": True, "database": True, "redis": False, "audit": True}


def test_without_the_database_it_is_not_well(rf, monkeypatch):
    class Gone:
        def cursor(self):
            raise OperationalError("the password of tl_app is wrong")

    monkeypatch.setattr(health, "connection", Gone())
    response = health.health(rf.get("/health/"))
    assert response.status_code == 503
    assert b"tl_app" not in response.content


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_answers_questions(db, client, method):
    assert getattr(client, method)("/health/").status_code == 405
