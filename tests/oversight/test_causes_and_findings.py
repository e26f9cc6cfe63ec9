"""Looks for cause take two people; findings have an owner, a day, a reply and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.categories import Category
from access.reading import sights
from audit import trail
from audit.models import Event
from core.clock import today
from core.errors import Conflict, Invalid
from core.ids import new_id
from oversight import scope
from oversight.actions import cause as causes
from oversight.actions import finding as findings
from oversight.models import CauseReview


@pytest.fixture
def asked(cast, shares):
    return causes.ask(
        person_id=shares[0].person_id,
        cause="complaint",
        reason="His mother says that a neighbour knew",
        by=cast.who("auditor"),
    )


def sees(cast, who, person_id):
    return set(sights(cast.who(who), [person_id])[person_id].answer.visible)


def test_asking_opens_nothing_and_tells_those_who_may_decide(cast, asked, sign_in):
    assert sees(cast, "auditor", asked.person_id) == set()
    with pytest.raises(NotAllowed):
        causes.open_content(review=asked, by=cast.who("auditor"))
    body = sign_in("auditor").get(f"/oversight/causes/{asked.pk}/").text
    assert "once a second person has approved" in body
    assert "Kofi" not in body


def test_nobody_approves_what_they_asked_for_whatever_they_work_as(cast, asked, sign_in):
    with pytest.raises(NotAllowed):
        causes.decide(review=asked, approve=True, by=cast.who("auditor"))
    assert sign_in("auditor").get(f"/oversight/causes/{asked.pk}/decide/").status_code == 403


@pytest.mark.parametrize("who", ["second-auditor", "charity-manager"])
def test_a_second_user_approves_and_four_hours_open_to_who_asked(cast, asked, later, who):
    approved = causes.decide(review=asked, approve=True, by=cast.who(who))
    assert sees(cast, "auditor", asked.person_id) == set(), "before it is opened"
    with later(hours=1), cast.acting("auditor"):
        causes.open_content(review=approved, by=cast.who("auditor"))
        seen = sees(cast, "auditor", asked.person_id)
        assert {Category.HOUSING, Category.IDENTITY, Category.ENFORCEMENT} <= seen
        assert not seen & {Category.CLINICAL, Category.SAFE_ADDRESS}
        assert sees(cast, "second-auditor", asked.person_id) == set()
    with later(hours=3, minutes=59):
        assert sees(cast, "auditor", asked.person_id)
    with later(hours=4):
        assert sees(cast, "auditor", asked.person_id) == set()
        with pytest.raises(Conflict):
            causes.open_content(review=approved, by=cast.who("auditor"))


def test_the_second_auditor_does_not_read_by_approving(cast, asked):
    approved = causes.decide(review=asked, approve=True, by=cast.who("second-auditor"))
    with pytest.raises(NotAllowed):
        causes.open_content(review=approved, by=cast.who("second-auditor"))


def test_what_was_refused_opens_nothing_and_what_was_decided_stays(cast, asked):
    refused = causes.decide(review=asked, approve=False, by=cast.who("second-auditor"))
    with pytest.raises(NotAllowed):
        causes.open_content(review=refused, by=cast.who("auditor"))
    with pytest.raises(Conflict):
        causes.decide(review=refused, approve=True, by=cast.who("charity-manager"))


@pytest.mark.parametrize(
    "who", ["lead-worker", "unit-auditor", "outside-manager", "lead-charity-administrator"]
)
def test_to_others_there_is_nothing_to_decide(cast, asked, sign_in, who):
    answer = sign_in(who).get(f"/oversight/causes/{asked.pk}/decide/")
    missing = sign_in(who).get(f"/oversight/causes/{new_id()}/decide/")
    assert answer.status_code == missing.status_code == 404
    with pytest.raises(NotAllowed):
        causes.decide(review=asked, approve=True, by=cast.who(who))


def test_a_manager_from_whom_the_person_is_hidden_does_not_decide(cast, asked, sign_in):
    cast.bar(CauseReview.rows.get(pk=asked.pk).person, "second-manager")
    assert sign_in("second-manager").get(f"/oversight/causes/{asked.pk}/decide/").status_code == 404


def test_every_read_and_every_share_of_the_person_stand_on_one_page(cast, asked, shares, sign_in):
    trail.record_reads(
        cast.who("housing-officer"), [trail.Read(asked.person_id, 6)], route="people:show"
    )
    causes.decide(review=asked, approve=True, by=cast.who("second-auditor"))
    body = sign_in("auditor").get(f"/oversight/causes/{asked.pk}/").text
    for words in (
        "Housing Officer",
        "Share: education → School Lead",
        "The young person",
        "Who looked",
    ):
        assert words in body, words
    for secret in ("Kofi", "Mensah", "plan for"):
        assert secret not in body


def test_the_whole_way_over_http(cast, shares, sign_in):
    first = sign_in("auditor")
    said = {"cause": "breach", "reason": "A letter went astray"}
    nobody = first.post("/oversight/causes/new/", said | {"person": "YP-222222"})
    assert "There is nobody of that reference" in nobody.text
    there = first.post(
        "/oversight/causes/new/", said | {"person": shares[0].person.reference}, follow=True
    )
    assert "Waiting for a second person" in there.text
    row = CauseReview.rows.get()
    decided = sign_in("charity-manager").post(
        f"/oversight/causes/{row.pk}/decide/", {"decision": "approve"}
    )
    assert decided.status_code == 302
    read = first.post(f"/oversight/causes/{row.pk}/open/", follow=True)
    assert "Mensah-Lowe" in read.text
    done = Event.objects.filter(verb__startswith="cause.").order_by("at", "id")
    assert [event.verb for event in done] == ["cause.asked", "cause.approved", "cause.opened"]


# Findings.


@pytest.fixture
def written(cast, asked):
    return findings.write(
        person_id=asked.person_id,
        what="Nobody was told",
        owner_id=cast.user("charity-manager").pk,
        due_on=today() + timedelta(days=14),
        cause=asked,
        by=cast.who("auditor"),
    )


def test_a_finding_is_replied_to_by_its_owner_and_closed_by_an_auditor(cast, written, sign_in):
    owner, auditor = sign_in("charity-manager"), sign_in("auditor")
    path = f"/oversight/findings/{written.pk}/"
    assert "Nobody was told" in owner.get(path).text
    assert "Mensah" not in owner.get(path).text
    owner.post(path, {"reply": "They were told today"})
    body = auditor.get(path).text
    assert "They were told today" in body
    assert "Replied to" in body
    auditor.post(f"{path}close/")
    assert "Closed" in auditor.get(path).text
    with pytest.raises(Conflict):
        findings.reply(finding=written, words="More", by=cast.who("charity-manager"))
    with pytest.raises(Conflict):
        findings.close(finding=written, by=cast.who("auditor"))
    assert Event.objects.filter(verb__startswith="finding.").count() == 3


def test_nobody_but_the_owner_replies_and_only_auditors_close(cast, written, sign_in):
    with pytest.raises(NotAllowed):
        findings.reply(finding=written, words="Fine", by=cast.who("auditor"))
    with pytest.raises(NotAllowed):
        findings.close(finding=written, by=cast.who("charity-manager"))
    for who in ("second-manager", "lead-worker", "unit-auditor", "outsider"):
        answer = sign_in(who).get(f"/oversight/findings/{written.pk}/")
        assert answer.status_code == 404, who


def test_a_finding_that_makes_no_sense_is_refused(cast, asked):
    good = {
        "person_id": asked.person_id,
        "what": "x",
        "owner_id": cast.user("charity-manager").pk,
        "due_on": today(),
        "by": cast.who("auditor"),
    }
    for wrong, field in (
        ({"what": " "}, "what"),
        ({"due_on": today() - timedelta(days=1)}, "due_on"),
        ({"owner_id": cast.user("auditor").pk}, "owner"),
        ({"owner_id": cast.user("unit-manager").pk}, "owner"),
    ):
        with pytest.raises(Invalid) as refused:
            findings.write(**good | wrong)
        assert list(refused.value.errors) == [field]
    with pytest.raises(NotVisible):
        findings.write(**good | {"by": cast.who("unit-auditor"), "person_id": new_id()})
    with pytest.raises(NotAllowed):
        findings.write(**good | {"by": cast.who("charity-manager")})


def test_a_late_finding_says_so(cast, written, sign_in, later):
    with later(days=15):
        assert "overdue" in sign_in("auditor").get("/oversight/findings/").text
    assert written.reference not in sign_in("unit-auditor").get("/oversight/findings/").text
    assert scope.findings(cast.who("second-auditor")).count() == 1
