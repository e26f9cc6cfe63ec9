"""What the hot pages ask of the database, in a world of some thousand people."""

import json

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.actor import Member
from access.context import become, transact
from access.roles import Role
from agencies.models import Membership
from core.clock import instant
from people.models import YoungPerson
from sharing.models import Involvement

PEOPLE = 2_500
FEW = 300
"""Rows of a table that may be read one after the other: less than a page of most agencies."""
MOST_BUFFERS = 1_000
GROWING = {
    "people_youngperson",
    "sharing_involvement",
    "sharing_leadagency",
    "sharing_reach",
    "casework_case",
    "casework_leadperiod",
    "casework_intervention",
    "audit_event",
    "audit_accessrecord",
}


@pytest.fixture
def hats(transactional_db):
    """Somebody at the largest, a middling and the smallest agency of a synthetic world."""
    call_command("generate_population", people=PEOPLE, seed=11, agencies=12, verbosity=0)
    sizes = (
        Involvement.rows.live(instant())
        .order_by()
        .values("agency_id")
        .annotate(people=Count("person_id", distinct=True))
        .order_by("people")
        .values_list("agency_id", flat=True)
    )
    agencies = list(sizes)
    found = []
    for agency in (agencies[0], agencies[len(agencies) // 2], agencies[-1]):
        hat = (
            Membership.objects.live(instant())
            .filter(agency_id=agency, role=Role.PRACTITIONER, home_agency=None)
            .select_related("user")
            .first()
        )
        totp.TOTP.activate(hat.user, totp.generate_totp_secret())
        found.append(hat)
    return found


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def plans(hat, path):
    """Each query of a page, with its plan as it was carried out for this worker."""
    browser = Client()
    browser.force_login(hat.user)
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    for query in asked.captured_queries:
        sql = query["sql"]
        if not sql.lstrip().upper().startswith("SELECT") or "set_config" in sql:
            continue
        with transact(None):
            become(Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role)))
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"))
                found = cursor.fetchone()[0]
        yield sql, (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def test_no_hot_page_reads_a_growing_table_through_or_many_buffers(hats):
    somebody = YoungPerson.rows.filter(
        pk__in=Involvement.rows.live(instant())
        .filter(agency=hats[-1].agency_id, basis="lead")
        .values("person")
    ).first()
    tried = 0
    for hat in hats:
        pages = ["/people/", "/cases/", "/people/?q=adeyemi+ob"]
        if hat == hats[-1]:
            pages.append(f"/people/{somebody.reference}/")
        for path in pages:
            for sql, plan in plans(hat, path):
                tried += 1
                buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
                assert buffers <= MOST_BUFFERS, (path, buffers, sql[:300])
                for node in nodes(plan):
                    assert "hashed SubPlan" not in json.dumps(
                        {name: said for name, said in node.items() if name != "Plans"}
                    ), (path, sql[:300])
                    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
                        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                        assert read <= FEW, (path, node["Relation Name"], read, sql[:300])
    print(f"{tried} plans")
    assert tried > 100


def test_a_list_asks_as_often_of_the_largest_agency_as_of_the_smallest(hats):
    counts = {}
    for path in ("/people/", "/cases/"):
        counts[path] = []
        for hat in hats:
            browser = Client()
            browser.force_login(hat.user)
            browser.get(path)
            with CaptureQueriesContext(connection) as asked:
                browser.get(path)
            counts[path].append(len(asked))
    # A page may need a second look where the first candidates may not be shown.
    assert all(max(some) - min(some) <= 12 for some in counts.values()), counts
