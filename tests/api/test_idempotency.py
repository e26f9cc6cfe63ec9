"""Idempotency-Key: a write happens once, and is shown as it may be seen now."""

from uuid import uuid4

import pytest

from agencies.actions import membership
from api.models import ApiIdempotency
from casework.models import Intervention
from referrals.models import Referral
from sharing.models import Consent
from tests.api.test_interventions import logged
from tests.api.test_referrals import ASKED
from tests.factories.cast import OPERATOR


def test_the_same_key_and_body_give_the_same_object(call):
    prison, key = call("prison-worker"), str(uuid4())
    first = prison.post("referrals/", ASKED, idempotency_key=key)
    again = prison.post("referrals/", ASKED, idempotency_key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first["Location"] == again["Location"]
    assert first.json() == again.json()
    assert Referral.rows.count() == 1


def test_the_order_of_the_fields_does_not_matter(call):
    prison, key = call("prison-worker"), str(uuid4())
    prison.post("referrals/", ASKED, idempotency_key=key)
    turned = dict(reversed(ASKED.items()))

    assert prison.post("referrals/", turned, idempotency_key=key).status_code == 201


def test_the_same_key_with_another_body_is_409(call):
    prison, key = call("prison-worker"), str(uuid4())
    prison.post("referrals/", ASKED, idempotency_key=key)
    other = prison.post("referrals/", {**ASKED, "given_name": "Esi"}, idempotency_key=key)

    assert other.status_code == 409
    assert Referral.rows.count() == 1


def test_the_same_key_at_another_address_is_409(call, kofi):
    lead, key = call("lead-worker"), str(uuid4())
    body = logged(kofi)
    lead.post("interventions/", body, idempotency_key=key)

    assert lead.post("events/", {**body}, idempotency_key=key).status_code in {400, 409}


def test_a_key_belongs_to_one_membership(call):
    key = str(uuid4())
    call("prison-worker").post("referrals/", ASKED, idempotency_key=key)
    call("outsider").post("referrals/", ASKED, idempotency_key=key)

    assert Referral.rows.count() == 2


def test_after_access_was_withdrawn_the_key_finds_nothing(cast, call, kofi):
    cast.agree("lead-charity", "borough-unit")
    cast.join(kofi, "unit-worker", "housing")
    worker, key, body = call("unit-worker"), str(uuid4()), logged(kofi)
    assert worker.post("interventions/", body, idempotency_key=key).status_code == 201
    cast.bar(kofi.person, "unit-worker")

    assert worker.post("interventions/", body, idempotency_key=key).status_code == 404
    assert Intervention.rows.count() == 1


def test_what_is_shown_again_is_what_may_be_seen_now(cast, call, kofi):
    cast.agree("lead-charity", "borough-unit")
    cast.join(kofi, "unit-worker", "housing", "health")
    worker, key = call("unit-worker"), str(uuid4())
    body = {**logged(kofi), "categories": ["housing", "health"]}
    worker.post("interventions/", body, idempotency_key=key)
    from casework.actions import lead
    from sharing.models import Involvement

    lead.leave_team(row=Involvement.rows.get(basis="team"), by=cast.who("charity-manager"))
    cast.join(kofi, "unit-worker", "housing")

    again = worker.post("interventions/", body, idempotency_key=key)
    assert again.status_code == 201
    assert set(again.json()) == {"id", "date", "locked"}


def test_a_write_that_failed_keeps_no_key(call):
    prison, key = call("prison-worker"), str(uuid4())
    assert (
        prison.post("referrals/", {**ASKED, "sent_to": "nowhere"}, idempotency_key=key).status_code
        == 400
    )

    assert not ApiIdempotency.objects.exists()
    assert prison.post("referrals/", ASKED, idempotency_key=key).status_code == 201


@pytest.mark.parametrize("key", ["", "7", "nonsense", "{", "x" * 5000])
def test_a_key_that_is_no_uuid_is_400(call, key):
    answer = call("prison-worker").post("referrals/", ASKED, idempotency_key=key)

    assert answer.status_code == 400
    assert not Referral.rows.exists()


def test_an_action_happens_once(call, housing):
    lead, key = call("lead-worker"), str(uuid4())
    path = f"consents/{Consent.rows.get().pk}/withdrawal/"
    first = lead.post(path, {"words": "No more"}, idempotency_key=key)
    again = lead.post(path, {"words": "No more"}, idempotency_key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert lead.post(path, {"words": "No more"}).status_code == 409


def test_a_key_does_not_outlive_its_membership(cast, call):
    prison, key = call("prison-worker"), str(uuid4())
    prison.post("referrals/", ASKED, idempotency_key=key)
    membership.end(membership=cast.hats["prison-worker"], by=OPERATOR)

    assert prison.post("referrals/", ASKED, idempotency_key=key).status_code == 401
