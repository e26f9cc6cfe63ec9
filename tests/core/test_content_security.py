"""The Content-Security-Policy of answers: one for all, or what an answer has of its own."""

from __future__ import annotations

import pytest
from csp.constants import HEADER, NONCE
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from core.content_security import ContentSecurityMiddleware


def plain(request):
    return HttpResponse("Hello")


def already(request):
    return HttpResponse("Hello", headers={HEADER: "default-src 'none'"})


def with_nonce(request):
    return HttpResponse(str(request.csp_nonce))


@csp_update({"img-src": ["data:"]})
def with_pictures(request):
    return HttpResponse("Hello")


@csp_exempt()
def without(request):
    return HttpResponse("Hello")


def policy(middleware, view):
    """The directives of an answer, in any order, and what its body says."""
    answer = middleware(view)(RequestFactory().get("/"))
    return set(answer.headers.get(HEADER, "").split("; ")), answer.content


@pytest.mark.parametrize("view", [plain, already, with_pictures, without])
def test_every_answer_has_the_policy_that_django_csp_would_give_it(view):
    ours = ContentSecurityMiddleware(view)
    for _ in range(2):
        answer = ours(RequestFactory().get("/"))
        told = set(answer.headers.get(HEADER, "").split("; "))
        assert (told, answer.content) == policy(CSPMiddleware, view)


def test_the_usual_policy_lets_in_nothing_from_elsewhere():
    told, _ = policy(ContentSecurityMiddleware, plain)
    assert {"default-src 'none'", "frame-ancestors 'none'", "img-src 'self'"} <= told


def test_an_answer_that_asked_for_a_nonce_is_left_to_django_csp(settings):
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [NONCE]}}
    told, body = policy(ContentSecurityMiddleware, with_nonce)
    assert f"script-src 'nonce-{body.decode()}'" in told
