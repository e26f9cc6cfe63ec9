"""Several calls at the same moment: one effect, and one winner."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from agencies.models import ApiToken
from casework.models import LeadPeriod
from referrals.models import Referral
from tests.api.conftest import API
from tests.api.test_referrals import ASKED
from tests.factories.cast import OPERATOR, build_cast

CALLERS = 4


def together(secrets, path, body, **headers):
    """The statuses of the same call by each of these tokens, sent at once."""
    gate = Barrier(len(secrets))

    def send(secret):
        gate.wait()
        try:
            return (
                Client()
                .post(
                    API + path,
                    data=body,
                    content_type="application/json",
                    headers={"Authorization": f"Token {secret}", **headers},
                )
                .status_code
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(secrets)) as pool:
        return Counter(pool.map(send, secrets))


def secret_of(cast, username):
    hat = cast.hats[username]
    _, secret = ApiToken.objects.create(user=hat.user, expiry=timedelta(days=1), membership=hat)
    return secret


@pytest.fixture
def world(transactional_db):
    """The cast, in rows that every connection sees."""
    from access.context import transact

    with transact(OPERATOR, route="test"):
        cast = build_cast()
        case = cast.open_case(led_by="")
    return cast, case


def test_one_key_sent_by_many_at_once_makes_one_referral(world):
    cast, _ = world
    before = Referral.rows.count()
    statuses = together(
        [secret_of(cast, "prison-worker")] * CALLERS,
        "referrals/",
        ASKED,
        **{"Idempotency-Key": str(uuid4())},
    )

    assert statuses == {201: CALLERS}
    assert Referral.rows.count() == before + 1


def test_of_managers_who_assign_a_lead_at_once_one_wins(world):
    cast, case = world
    managers = [secret_of(cast, name) for name in ("charity-manager", "second-manager")] * 2
    statuses = together(managers, f"cases/{case.reference}/lead/", {"worker": "lead-worker"})

    assert statuses == {201: 1, 409: CALLERS - 1}
    assert LeadPeriod.rows.live().count() == 1
