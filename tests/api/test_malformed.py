"""Whatever a client sends to whichever endpoint: its own fault, never ours."""

from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.api.conftest import API

KEY = "01890a5d-ac96-774b-bcce-b302099a8057"
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"a": "\xff"}',
    "NUL": b'{"given_name": "a\\u0000b", "message": "\\u0000"}',
    "half a sign": b'{"given_name": "\\ud800", "\\ud800": 1}',
    "not a number": b'{"minutes": NaN}',
    "too long a number": b'{"minutes": ' + b"9" * 5000 + b"}",
    "a list": b"[]",
    "a word": b'"x"',
    "null": b"null",
    "too deep": b"[" * 100_000 + b"]" * 100_000,
    "too long": b'{"note": "' + b"x" * 300_000 + b'"}',
    "unknown field": b'{"is_gang_member": true}',
    "nested wrongly": b'{"person": {"a": []}, "lines": [1], "pointer": 5, "categories": {}}',
}


def addresses():
    """Every address of the API, with keys and references filled in."""
    [api] = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/"]
    for pattern in api.url_patterns:
        if pattern.name != "nothing":
            path = str(pattern.pattern)
            for name, value in (
                ("<str:reference>", "{person}"),
                ("<str:row_id>", KEY),
                ("<str:alert_id>", KEY),
            ):
                path = path.replace(name, value)
            yield path


@pytest.mark.parametrize("kind", BODIES)
def test_no_body_breaks_any_endpoint(call, kofi, kind):
    lead, tried = call("lead-worker"), 0
    for path in addresses():
        filled = path.replace(
            "{person}", kofi.reference if path.startswith("cases") else kofi.person.reference
        )
        for method in ("post", "patch", "put", "delete"):
            answer = getattr(Client(), method)(
                API + filled,
                data=BODIES[kind],
                content_type="application/json",
                headers={"Authorization": f"Token {lead.secret}", "If-Match": '"x"'},
            )
            assert 400 <= answer.status_code < 500, (method, filled)
            assert answer["Content-Type"] == "application/problem+json"
            tried += 1
    assert tried > 100


@pytest.mark.parametrize(("way", "key"), [("n", (1 << 128) - 1), ("p", 0), ("n", 0)])
def test_a_place_before_or_beyond_everybody_is_no_fault(call, kofi, way, key):
    lead, tried = call("lead-worker"), 0
    for keys in (1, 2):
        place = ":".join([way, *[str(UUID(int=key))] * keys])
        cursor = urlsafe_b64encode(place.encode()).decode()
        for path in addresses():
            url = f"{path.replace('{person}', kofi.person.reference)}?cursor={cursor}"
            assert lead.get(url).status_code < 500, url
            tried += 1
    assert tried > 40


@pytest.mark.parametrize(
    "query",
    [
        "cursor=%00",
        "cursor=bjp4",
        "cursor=é",
        "page_size=%00",
        "page_size=-1",
        "page_size=²",
        "page_size=1e9",
        "x=%ff",
        "format=xml",
    ],
)
def test_no_query_breaks_any_endpoint(call, kofi, query):
    lead, tried = call("lead-worker"), 0
    for path in addresses():
        answer = lead.get(f"{path.replace('{person}', kofi.person.reference)}?{query}")
        assert answer.status_code < 500, path
        tried += 1
    assert tried > 30


@pytest.mark.parametrize("name", ["%00", "%ff", "a" * 3000, "YP-ÄÖÜ", "..", "7", "YP-7K3M9Q%0a"])
def test_no_name_breaks_any_endpoint(call, kofi, name):
    lead = call("lead-worker")
    for path in addresses():
        if "{person}" in path or KEY in path:
            answer = lead.get(path.replace("{person}", name).replace(KEY, name))
            assert answer.status_code in {404, 405}, path


def test_what_is_no_json_by_name_is_415(call):
    lead = call("lead-worker")
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = Client().post(
            f"{API}referrals/",
            data="a=b",
            content_type=media_type,
            headers={"Authorization": f"Token {lead.secret}"},
        )
        assert answer.status_code == 415


@pytest.mark.parametrize("charset", ["base64", "utf-7", "nonsense", "utf-8\0", '"hex"'])
def test_a_character_set_that_is_not_ours_goes_no_further(charset):
    from config.wsgi import Utf8Only

    passed = []
    application = Utf8Only(lambda environ, start: passed.append(environ["CONTENT_TYPE"]) or [])
    application({"CONTENT_TYPE": f"application/json; charset={charset}"}, None)
    application({"CONTENT_TYPE": "multipart/form-data; boundary=x"}, None)

    assert passed == ["application/json", "multipart/form-data; boundary=x"]


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "nonsense"])
def test_a_body_is_read_as_utf_8_whatever_it_claims(call, charset):
    answer = Client().get(
        f"{API}people/?cursor=x",
        headers={
            "Authorization": f"Token {call('lead-worker').secret}",
            "Content-Type": f"application/json; charset={charset}",
        },
    )

    assert answer.status_code == 400


def test_another_method_is_405(call, kofi):
    lead = call("lead-worker")

    assert lead.send("delete", f"people/{kofi.person.reference}/").status_code == 405
    assert lead.post("involvements/", {}).status_code == 405
    assert lead.post("access-records/", {}).status_code == 405


def test_no_endpoint_answers_a_stranger(db):
    tried = 0
    for path in addresses():
        for method in ("get", "post", "patch", "put", "delete", "options"):
            answer = getattr(Client(), method)(API + path.replace("{person}", "YP-234567"))
            assert answer.status_code == 401, (method, path)
            tried += 1
    assert tried > 200
