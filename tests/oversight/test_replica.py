"""Registers and figures read from a real replica: the same, behind the same wall, or not at all."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from access import replica
from access.actor import Operator
from access.context import transact
from agencies.actions import membership
from audit.models import Event
from core import clock
from people.models import YoungPerson
from sharing.models import Consent
from sharing.wall import walled
from tests.conftest import NOW
from tests.factories.replicated import replicated

__all__ = ["replicated"]

PAGES = (
    "/oversight/consents/",
    "/oversight/decisions/",
    "/oversight/reads/",
    "/oversight/agreements/",
    "/oversight/emergency-access/",
    "/oversight/summary/",
)
OPERATOR = Operator("tests")


@pytest.fixture(autouse=True)
def closed_circuit():
    replica._circuit.reset()
    replica.follow("")


def entries(response):
    """The rows that a page shows, without the menus round them."""
    assert response.status_code == 200
    return response.text.split("<main")[1].split("csrfmiddlewaretoken")[0].split("Counted")[0]


def people():
    return list(Consent.rows.order_by("given_at").values_list("person_id", flat=True).distinct())


@pytest.mark.parametrize("path", PAGES)
def test_a_register_says_the_same_from_the_replica(replicated, path, monkeypatch):
    browser = replicated.sign_in("auditor")
    replicated.caught_up()
    from_copy = browser.get(path)
    assert from_copy.context["source"].is_copy
    monkeypatch.setattr(replica, "is_configured", lambda: False)
    from_primary = browser.get(path)
    assert not from_primary.context["source"].is_copy
    assert entries(from_copy) == entries(from_primary)
    assert "as at" not in from_copy.text


def test_trails_and_figures_come_from_the_replica_too(replicated):
    auditor, analyst = replicated.sign_in("auditor"), replicated.sign_in("charity-analyst")
    reference = YoungPerson.rows.get(pk=people()[0]).reference
    worker = replicated.cast.user("lead-worker").pk
    replicated.caught_up()
    for browser, path in (
        (auditor, f"/oversight/people/{reference}/"),
        (auditor, f"/oversight/people/{reference}/viewers/"),
        (auditor, f"/oversight/users/{worker}/"),
        (auditor, f"/oversight/users/{worker}/viewed/"),
        (analyst, "/reports/"),
    ):
        replicated.caught_up()
        response = browser.get(path)
        assert response.status_code == 200
        assert response.context["source"].is_copy, path


def test_what_an_auditor_decides_and_has_written_stays_on_the_primary(replicated, monkeypatch):
    used = []
    monkeypatch.setattr(replica, "read", lambda *_, **__: used.append(1))
    browser = replicated.sign_in("auditor")
    for path in ("", "findings/", "samples/", "causes/", "alerts/"):
        assert browser.get(f"/oversight/{path}").status_code == 200
    assert used == []


def test_without_an_actor_the_replica_has_no_rows(replicated):
    replicated.caught_up()
    with replicated.replica() as unnamed, replicated.primary() as owner:
        assert owner.execute("SELECT count(*) FROM sharing_consent").fetchone()[0] >= 2
        for table, column in walled():
            # What is about nobody (an agency opened, an account) is no personal row.
            personal = f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL"
            assert unnamed.execute(personal).fetchone()[0] == 0, table


def test_the_wall_on_the_replica_is_that_of_who_asks(replicated):
    replicated.caught_up()

    def seen(using):
        return set(YoungPerson.rows.using(using).values_list("pk", flat=True))

    for username, expected in (("lead-worker", set(people())), ("outsider", set())):
        with transact(replicated.cast.who(username)):
            found, source = replica.read(seen)
        assert source.is_copy
        assert found == expected
    with transact(None):
        found, source = replica.read(seen)
    assert source.is_copy
    assert found == set()


def test_nothing_is_written_to_the_replica(replicated):
    replicated.caught_up()
    with transact(OPERATOR):
        row, source = replica.read(lambda using: Consent.rows.using(using).first())
        assert source.is_copy
        assert row._state.db == "replica"
        # What hangs on it comes from the primary, and there it would be saved.
        assert row.recorded_by._state.db == "default"
        assert replica.Router().db_for_write(Consent, instance=row) == "default"
    with pytest.raises(DatabaseError, match="read-only"), transaction.atomic(using="replica"):
        Event.objects.using("replica").update(verb="forged")
    with connections["replica"].cursor() as cursor:
        cursor.execute("SHOW default_transaction_read_only")
        assert cursor.fetchone() == ("on",)


def test_lag_is_said_in_words_and_beyond_the_bound_the_primary_is_read(
    replicated, settings, monkeypatch, caplog
):
    browser = replicated.sign_in("auditor")
    with replicated.paused():
        with transact(OPERATOR):
            replicated.cast.hire("newcomer", "lead-charity")
        monkeypatch.setattr(replica, "SAID_FROM", timedelta(0))
        lagging = browser.get("/oversight/events/")
        source = lagging.context["source"]
        assert source.is_copy
        assert source.as_at < timezone.now()
        assert f"These entries are as at {source.notice}." in lagging.text
        assert "Newcomer" not in lagging.text
        settings.REPLICA_MOST_LAG = 0.0
        with caplog.at_level(logging.WARNING, "throughline.replica"):
            fresh = browser.get("/oversight/events/")
            browser.get("/oversight/events/")
        assert not fresh.context["source"].is_copy
        assert "as at" not in fresh.text
        assert "Newcomer" in fresh.text
        assert len(caplog.records) == 1
        assert "behind" in caplog.text


def test_who_is_barred_is_shown_nothing_more_though_the_replica_does_not_know(replicated):
    first, second = (YoungPerson.rows.get(pk=key) for key in people())
    browser = replicated.sign_in("second-auditor")
    replicated.caught_up()
    assert first.reference in browser.get("/oversight/consents/").text
    with replicated.paused():
        with clock.at(NOW), transact(replicated.cast.who("charity-manager"), at=NOW):
            replicated.cast.bar(first, "second-auditor")
        for path in ("consents/", f"users/{replicated.cast.user('lead-worker').pk}/"):
            page = browser.get(f"/oversight/{path}")
            assert not page.context["source"].is_copy
            assert first.reference not in page.text
            assert second.reference in page.text
        assert browser.get(f"/oversight/people/{first.reference}/").status_code == 404
        # Somebody else's page still comes from the replica, as far as that is.
        assert replicated.sign_in("auditor").get("/oversight/consents/").context["source"].is_copy


def test_who_is_no_auditor_any_more_is_turned_away_though_the_replica_does_not_know(replicated):
    with transact(OPERATOR):
        replicated.cast.hire("leaver", "lead-charity", "auditor")
    browser = replicated.sign_in("leaver")
    with replicated.paused():
        assert browser.get("/oversight/consents/").context["source"].is_copy
        with transact(OPERATOR):
            membership.end(membership=replicated.cast.hats["leaver"], by=OPERATOR)
        assert browser.get("/oversight/consents/").status_code != 200


def test_one_sees_what_one_has_just_done(replicated):
    browser = replicated.sign_in("auditor")
    with replicated.paused():
        assert browser.get("/oversight/events/").context["source"].is_copy
        browser.post("/oversight/looked/")
        after = browser.get("/oversight/events/")
        assert not after.context["source"].is_copy
    assert browser.get("/oversight/events/").context["source"].is_copy


def test_figures_wait_until_the_replica_is_past_the_quarters_end(replicated):
    replicated.caught_up()
    with transact(OPERATOR):
        later = timezone.now() + timedelta(hours=1)
        _, source = replica.read(lambda using: using, not_before=later)
    assert not source.is_copy


def test_health_says_whether_it_is_read_and_how_far_behind(replicated, client):
    replicated.caught_up()
    assert client.get("/health/").json() | {"replica": True, "replica_lag": 0} == (
        client.get("/health/").json()
    )


def test_without_the_replica_pages_go_on_and_say_so_once(replicated, client, caplog):
    browser = replicated.sign_in("auditor")
    assert browser.get("/oversight/consents/").context["source"].is_copy
    replicated.stop_replica()
    with caplog.at_level(logging.WARNING, "throughline.replica"):
        for path in PAGES:
            response = browser.get(path)
            assert response.status_code == 200
            assert not response.context["source"].is_copy
    assert len(caplog.records) == 1
    health = client.get("/health/")
    assert health.status_code == 200
    assert (health.json()["replica"], health.json()["replica_lag"]) == (False, None)
