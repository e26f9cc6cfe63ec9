"""The safe address: named workers, stepped up, with a purpose, one at a time."""

from datetime import timedelta

import pytest

from access.actor import NotAllowed
from access.bases import Basis
from access.categories import ALL, Category
from access.context import transact
from audit.models import AccessRecord, Event
from casework.models import Case
from core.clock import instant
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from people.actions import safe_address
from people.models import SafeAddress
from sharing.actions import release
from sharing.models import SafeAddressRelease
from tests.factories.browsing import later, sign_in
from tests.factories.cast import PASSWORD, SHARED
from tests.factories.watching import refuses

__all__ = ["later", "sign_in"]

ADDRESS = "Flat 9, 12 CANARY Street, AB1 2CD"


@pytest.fixture
def case(cast) -> Case:
    cast.agree("lead-charity", "housing", categories=[*SHARED, Category.SAFE_ADDRESS])
    case = cast.open_case()
    safe_address.record(person=case.person, address=ADDRESS, by=up(cast))
    return case


def up(cast, username="lead-worker"):
    return cast.who(username, stepped_up_at=instant())


def shown(cast, case, username="lead-worker", purpose="To move his things", **more):
    member = cast.who(username, **({"stepped_up_at": instant()} | more))
    with transact(member, route="test"):
        return safe_address.show(person=case.person, purpose=purpose, by=member)


def test_the_lead_who_has_stepped_up_is_shown_it_and_it_is_on_record(cast, case):
    assert shown(cast, case) == ADDRESS
    event = Event.objects.get(verb="safe_address.shown")
    assert event.person_id == case.person_id
    assert "CANARY" not in str(event.detail) + str(event.digests)
    assert AccessRecord.objects.filter(person_id=case.person_id).exists()


@pytest.mark.parametrize("username", ["charity-manager", "colleague", "clinician"])
def test_nobody_gets_it_by_being_a_manager_or_a_colleague(cast, case, username):
    if username == "clinician":
        cast.join(case, "clinician", Category.HEALTH)
    with refuses(NotAllowed):
        shown(cast, case, username)


@pytest.mark.parametrize("ago", [None, timedelta(minutes=5), timedelta(hours=2)])
def test_without_stepping_up_just_now_nobody_is_shown_it(cast, case, ago):
    with refuses(NotAllowed):
        shown(cast, case, stepped_up_at=instant() - ago if ago else None)


def test_it_needs_a_purpose(cast, case):
    with refuses(Invalid, "purpose"):
        shown(cast, case, purpose=" ")


def test_nothing_in_the_database_holds_it(cast, case):
    row = SafeAddress.rows.get()
    assert b"CANARY" not in bytes(row.sealed) + bytes(row.wrapped_key)
    assert "CANARY" not in str(list(OutboxMessage.objects.values_list("arguments", flat=True)))


def test_a_new_one_replaces_it_for_good_and_tells_who_follows(cast, case, monkeypatch):
    heard = []
    monkeypatch.setattr(safe_address, "_followers", [lambda person, by: heard.append(person)])
    safe_address.record(person=case.person, address="Somewhere else", by=up(cast))
    assert heard == [case.person_id]
    assert shown(cast, case) == "Somewhere else"
    old = SafeAddress.rows.exclude(ended_at=None).get()
    assert (bytes(old.sealed), bytes(old.wrapped_key)) == (b"", b"")


def test_removed_it_is_gone(cast, case):
    safe_address.remove(person=case.person, by=up(cast))
    assert shown(cast, case) == ""
    with refuses(Conflict):
        safe_address.remove(person=case.person, by=up(cast))


# Released by two people.


def asked(cast, case, **more):
    said = {
        "agency_id": cast.agencies["housing"].pk,
        "worker_id": cast.user("housing-officer").pk,
        "reason": "She handles the tenancy",
        "until": instant() + timedelta(weeks=4),
        "by": up(cast),
    } | more
    return release.propose(person=case.person, **said)


def test_asked_for_it_opens_nothing_and_decided_it_opens_the_address_alone(cast, case):
    row = asked(cast, case)
    with pytest.raises(Exception):  # noqa: B017, PT011 (not visible at all)
        shown(cast, case, "housing-officer")
    release.decide(row=row, release=True, by=cast.who("charity-manager"))
    assert shown(cast, case, "housing-officer") == ADDRESS
    opened = SafeAddressRelease.rows.get().involvement
    assert (opened.basis, set(opened.categories)) == (Basis.TEAM, {Category.SAFE_ADDRESS})


def test_who_asked_can_not_decide_and_neither_can_another_agency(cast, case):
    cast.share(case.person, "housing", *(ALL - {Category.SAFE_ADDRESS, Category.CLINICAL}),
               worker="housing-officer")  # fmt: skip
    row = asked(cast, case)
    for username in ("lead-worker", "housing-officer"):
        with refuses(NotAllowed):
            release.decide(row=row, release=True, by=up(cast, username))


def test_decided_once(cast, case):
    row = asked(cast, case)
    release.decide(row=row, release=False, by=cast.who("charity-manager"))
    with refuses(Conflict):
        release.decide(row=row, release=True, by=cast.who("second-manager"))
    with pytest.raises(Exception):  # noqa: B017, PT011 (not visible at all)
        shown(cast, case, "housing-officer")


def test_without_an_agreement_that_carries_it_nobody_releases_it(cast, case):
    cast.agree("lead-charity", "school")
    row = asked(
        cast,
        case,
        agency_id=cast.agencies["school"].pk,
        worker_id=cast.user("school-lead").pk,
    )
    with refuses(Conflict):
        release.decide(row=row, release=True, by=cast.who("charity-manager"))


# On the pages.


def stepped(client):
    """The browser, once its user has confirmed who they are."""
    client.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    return client


def test_the_page_asks_who_it_is_first_then_for_the_purpose_then_shows_it_once(cast, case, sign_in):
    client, path = sign_in("lead-worker"), f"/people/{case.person.reference}/safe-address/"
    first = client.get(path)
    assert first.status_code == 302
    assert first["Location"].startswith("/account/confirm-it-is-you/")
    stepped(client)
    assert "CANARY" not in client.get(path).content.decode()
    page = client.post(path, {"purpose": "To move his things"})
    assert "12 CANARY Street" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    again = client.get(path).content.decode()
    assert "CANARY" not in again
    assert "To move his things" in again


def test_the_lead_is_told_when_it_was_shown_to_somebody_else(cast, case, sign_in):
    release.decide(row=asked(cast, case), release=True, by=cast.who("charity-manager"))
    client = stepped(sign_in("housing-officer"))
    page = client.post(f"/people/{case.person.reference}/safe-address/", {"purpose": "Keys"})
    assert "12 CANARY Street" in page.content.decode()
    told = OutboxMessage.objects.get(arguments__kind="address_shown")
    assert told.arguments["user_id"] == str(cast.user("lead-worker").pk)


def test_with_an_old_confirmation_what_was_sent_shows_nothing(cast, case, sign_in, later):
    client, path = sign_in("lead-worker"), f"/people/{case.person.reference}/safe-address/"
    stepped(client)
    with later(minutes=6):
        answer = client.post(path, {"purpose": "To move his things"})
    assert answer.status_code == 302
    assert not Event.objects.filter(verb="safe_address.shown").exists()


@pytest.mark.parametrize(("username", "status"), [("charity-manager", 403), ("outsider", 404)])
def test_others_find_no_page(cast, case, sign_in, username, status):
    path = f"/people/{case.person.reference}/safe-address/"
    for end in ("", "change/", "release/"):
        assert sign_in(username).get(path + end).status_code == status


def test_the_managers_page_of_a_release_shows_no_address(cast, case, sign_in):
    row = asked(cast, case)
    path = f"/safe-address-releases/{row.pk}/"
    page = sign_in("charity-manager").get(path).content.decode()
    assert "She handles the tenancy" in page
    assert "CANARY" not in page
    assert sign_in("outsider").get(path).status_code == 404
    sign_in("charity-manager").post(path, {"decision": "release"})
    assert shown(cast, case, "housing-officer") == ADDRESS
