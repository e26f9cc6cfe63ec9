"""`import_directory`: what a bad file is told."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from directory.hsds.reading import MAX_BYTES, Faulty, read
from directory.management.commands import import_directory
from directory.models import Organization, Service
from tests.directory import files

pytestmark = pytest.mark.django_db

PLACE = "/service_at_locations/0/location"

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a missing key": ({"name": ...}, "/name: is missing"),
    "an unknown status": ({"status": "open"}, "/status: must be one of: active, inactive"),
    "a number for text": ({"wait_time": 3}, "/wait_time: must be text, not a number"),
    "text for a number": ({"minimum_age": "12"}, "/minimum_age: must be a number, not text"),
    "a truth for a number": ({"minimum_age": True}, "must be a number, not true or false"),
    "null": ({"description": None}, "/description: must be text, not null"),
    "an object for a list": ({"phones": {}}, "/phones: must be a list, not an object"),
    "a phone without number": ({"phones": [{"id": "1"}]}, "/phones/0/number: is missing"),
    "deep inside": (
        {"service_at_locations": [{"id": "1", "location": {"id": "2"}}]},
        f"{PLACE}/location_type: is missing",
    ),
    "a script for a link": ({"url": "javascript:alert(1)"}, "/url: must be a web address"),
    "no mail address": ({"email": "somebody"}, "/email: must be an email address"),
    "no date": ({"assured_date": "last week"}, "/assured_date: must be a date"),
    "a year far off": ({"last_modified": "9999-12-31T23:59:59Z"}, "/last_modified: must be"),
    "ages upside down": ({"minimum_age": 26}, "/maximum_age: must not be below minimum_age"),
    "an age of nobody": ({"maximum_age": 10**15}, "/maximum_age: must be 999 or less"),
    "a name too long": ({"name": "x" * 301}, "/name: must be 300 characters or fewer"),
    "a text too long": ({"description": "x" * 50_001}, "/description: is longer than 50,000"),
    "a NUL": ({"alert": "a\x00b"}, "/alert: has a NUL character"),
    "half a character": ({"alert": "\ud800"}, "/alert: has half a character"),
    "a NUL in what we do not know": ({"other": [{"a/b": "\x00"}]}, "/other/0/a~1b: has a NUL"),
    "a NUL in a key": ({"a\x00b": 1}, "has a key that has a NUL character"),
    "a number without end": ({"other": float("inf")}, "/other: is not a number that can be kept"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_place_and_nothing_changes(name, command, capsys):
    changes, words = FAULTS[name]
    document = files.service() | changes
    document = {key: value for key, value in document.items() if value is not ...}
    good = files.service("Morning boxing")

    with pytest.raises(Faulty) as told:
        read_and_check(files.page(good, document))
    with pytest.raises(CommandError) as error:
        command(files.page(good, document))

    assert any(f"/contents/1{words}" in str(f) or words in str(f) for f in told.value.faults)
    assert all(fault.pointer.startswith("/contents/1") for fault in told.value.faults)
    assert error.value.returncode == 1
    assert not Service.objects.exists()
    assert not Organization.objects.exists()


def read_and_check(document: Any) -> None:
    import json

    from directory.actions.importing import check_file

    check_file(json.dumps(document).encode())


def test_every_fault_is_told_at_once(tmp_path, capsys):
    path = files.write(tmp_path, [files.service(status="open"), {"id": 7}, 3, {}])

    with pytest.raises(CommandError):
        call_command("import_directory", str(path))

    told = capsys.readouterr().err
    assert "/0/status: must be one of" in told
    assert "/1/id: must be text, not a number" in told
    assert "/2: must be an object, not a number" in told
    assert "/3: has nothing of a service" in told


def test_a_thousand_faults_do_not_fill_the_screen(tmp_path, capsys):
    path = files.write(tmp_path, [{"id": "1"}] * 1000)

    with pytest.raises(CommandError, match="100 or more found"):
        call_command("import_directory", str(path))

    assert len(capsys.readouterr().err.splitlines()) == 100


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"services.csv", b"[1,]"])
def test_what_is_not_json_could_not_run(content, command):
    with pytest.raises(CommandError, match="is not JSON") as error:
        command(content)

    assert error.value.returncode == 2


def test_no_such_file_could_not_run(tmp_path):
    for path in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(CommandError, match="can't be read") as error:
            call_command("import_directory", str(path))
        assert error.value.returncode == 2


def test_no_database_could_not_run(command, monkeypatch):
    def refuse(by):
        raise OperationalError("connection refused")

    monkeypatch.setattr(import_directory, "transact", refuse)

    with pytest.raises(CommandError, match="connection refused") as error:
        command(files.service())
    with pytest.raises(CommandError) as invalid:
        command(files.service(status="open"))

    assert error.value.returncode == 2
    assert invalid.value.returncode == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" " * (MAX_BYTES + 1), "is larger than 20 MB"),
        (b"[" * 100_000, "is more than 64 levels deep"),
        (b"[" + b"[]," * 1_000_000 + b"[]]", "has more than 1,000,000 objects"),
        (b'{"name":' * 65 + b"1" + b"}" * 65, "is more than 64 levels deep"),
    ],
)
def test_a_hostile_file_is_refused_quickly(content, words):
    start = time.monotonic()

    with pytest.raises(Faulty, match=words):
        read(content)

    assert time.monotonic() - start < 5


def test_brackets_inside_words_are_no_depth():
    assert read(b'["' + b"[{" * 100 + b'\\"["]')[0].startswith("[{")


def test_a_number_of_a_million_digits_is_refused_by_its_place(command):
    with pytest.raises(CommandError) as error:
        command(b'[{"id":"1","name":"a","status":"active","x":' + b"9" * 1_000_000 + b"}]")

    assert error.value.returncode == 1
