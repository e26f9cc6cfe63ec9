"""The schema: without warnings, closed to strangers, and true to what is answered."""

from collections import Counter
from contextlib import suppress
from io import StringIO

import pytest
from django.core import signals
from django.core.management import call_command
from django.db import close_old_connections
from django.test import Client, override_settings
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LIMITS = settings(
    max_examples=3,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
RESOURCES = (
    *("people", "cases", "referrals", "interventions", "goals", "involvements", "consents"),
    *("sharing-decisions", "tasks", "events", "access-records"),
)


@pytest.fixture
def schema(call):
    return call("lead-worker").get("schema/").json()


def test_it_is_valid_and_without_warnings(db):
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_every_resource_is_in_it_with_its_errors(schema):
    for name in RESOURCES:
        described = schema["paths"][f"/api/v1/{name}/"]["get"]["responses"]
        assert {"200", "400", "401", "404", "429"} <= set(described)
        assert "application/problem+json" in described["404"]["content"]


def test_every_endpoint_is_in_it(schema):
    [api] = [row for row in get_resolver().url_patterns if str(row.pattern) == "api/v1/"]
    expected = len(api.url_patterns) - len({"docs", "nothing", "schema"})

    assert len(schema["paths"]) == expected


def test_every_enumeration_has_a_name_of_its_own(schema):
    unnamed = [name for name in schema["components"]["schemas"] if name[-7:-4].isdigit()]

    assert not unnamed


def test_the_page_runs_no_inline_script(cast):
    browser = Client()
    browser.force_login(cast.user("lead-worker"))
    page = browser.get("/api/v1/docs/")
    html = page.content.decode()

    assert page.status_code == 200
    assert "<script>" not in html
    assert "style=" not in html
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert html.count('<script src="/static/') == 2


def test_a_browser_reads_the_schema_with_its_session(cast):
    browser = Client()
    browser.force_login(cast.user("lead-worker"))

    assert browser.get("/api/v1/schema/").status_code == 200
    assert Client().get("/api/v1/schema/").status_code == 401


@pytest.fixture
def same_connection():
    """Have calls over WSGI stay in the test's transaction, as Django's own client does."""
    ends = signals.request_started, signals.request_finished
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@override_settings(API_CALLS_A_MINUTE=10**6)
def test_answers_are_as_described_and_never_5xx(cast, call, housing, same_connection):
    goal = cast.add_goal(housing, "housing", "My own front door")
    token = f"Token {call('lead-worker').secret}"

    def signed_in(environ, start_response):
        # Here every call carries the token, also those that schemathesis takes it from.
        return application({**environ, "HTTP_AUTHORIZATION": token}, start_response)

    described = openapi.from_wsgi("/api/v1/schema/", signed_in)
    tried: Counter[int] = Counter()

    def send(case):
        # Every other call is about somebody who is there and visible.
        if sum(tried.values()) % 2 and case.path_parameters:
            name = housing if case.operation.path.startswith("/api/v1/cases") else housing.person
            real = {"reference": name.reference, "row_id": str(goal.pk)}
            case.path_parameters.update(
                {key: real[key] for key in case.path_parameters if key in real}
            )
        answer = case.call()
        tried[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    for result in described.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            drawn = operation.as_strategy(generation_mode=mode)
            with suppress(Unsatisfiable):  # An endpoint without input has no wrong input.
                LIMITS(given(case=drawn)(send))()
    print(f"{sum(tried.values())} calls: {dict(tried)}")  # noqa: T201 (how much was tried)
    assert sum(tried.values()) > 150, tried
    assert {200, 400, 404} <= set(tried), tried
    assert 401 not in tried, tried
