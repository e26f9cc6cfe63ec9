"""Every route, background task and command is known, with the rule that guards it."""

from __future__ import annotations

import pytest
from celery import current_app
from django.apps import apps
from django.core.management import get_commands
from django.test import Client
from django.urls import get_resolver

from tests.access import manifest
from tests.architecture.test_floors import FLOORS


def routes(patterns=None, prefix=""):
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        where = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from routes(entry.url_patterns, where)
        else:
            yield where, entry.callback


def test_every_route_is_listed():
    assert {where for where, _ in routes()} == set(manifest.ROUTES)


def test_only_what_is_listed_as_public_opens_without_signing_in():
    for where, view in routes():
        rule = manifest.ROUTES[where]
        closed = getattr(view, "login_required", True)
        assert closed == (rule not in {manifest.PUBLIC, manifest.TOKEN}), where


def test_there_are_at_most_six_public_doors():
    assert len(manifest.PUBLIC_PREFIXES) == 6
    for where, rule in manifest.ROUTES.items():
        if rule == manifest.PUBLIC:
            assert where.lstrip("^").startswith(manifest.PUBLIC_PREFIXES), where


def test_there_is_no_admin_site():
    assert not apps.is_installed("django.contrib.admin")


def test_every_background_task_is_listed():
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if name.split(".")[0] in FLOORS}
    assert ours == set(manifest.TASKS)


def test_every_command_is_listed():
    ours = {name for name, app in get_commands().items() if app in FLOORS}
    assert ours == set(manifest.COMMANDS)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_without_a_session_or_token_nothing_opens_by_any_method(method):
    client = Client(raise_request_exception=False)
    tried = 0
    for where, rule in manifest.ROUTES.items():
        if rule == manifest.PUBLIC or "^" in where:
            continue
        path = "/" + where.replace("<str:reference>", "YP-222222").replace("<int:pk>", "1")
        for kind in ("uuid", "str"):
            while f"<{kind}:" in path:
                start = path.index(f"<{kind}:")
                end = path.index(">", start)
                path = f"{path[:start]}01890000-0000-7000-8000-000000000000{path[end + 1 :]}"
        response = getattr(client, method)(path)
        wanted = {401, 405} if rule == manifest.TOKEN else {302, 403, 405}
        assert response.status_code in wanted, (method, path, response.status_code)
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/")
        tried += 1
    print(f"tried {tried} routes by {method}")
