"""What the tests of the directory share."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from access.actor import Operator
from access.context import transact
from agencies.middleware import HAT
from directory.actions.importing import Outcome, check_file, import_file
from tests.directory import files

OPERATOR = Operator("tests")


@pytest.fixture
def bring(db: Any) -> Callable[[Any], Outcome]:
    """Imports a document, as the command does."""

    def bring(document: Any) -> Outcome:
        checked = check_file(json.dumps(document).encode())
        with transact(OPERATOR):
            return import_file(checked, by=OPERATOR)

    return bring


@pytest.fixture
def command(db: Any, tmp_path: Path) -> Callable[[Any], str]:
    """Runs the command on a document, and gives what it prints."""

    def command(document: Any) -> str:
        out = StringIO()
        path = files.write(tmp_path, document)
        call_command("import_directory", str(path), stdout=out, stderr=out)
        return out.getvalue()

    return command


@pytest.fixture
def signed_in(cast: Any) -> Callable[[str], Client]:
    """A browser of one of the cast, working as their membership."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(cast.user(username))
        session = client.session
        session[HAT] = str(cast.hats[username].pk)
        session.save()
        return client

    return signed_in
