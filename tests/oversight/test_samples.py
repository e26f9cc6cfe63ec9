"""Samples: drawn again from their seed, by stated weights, checked, and opened with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.bases import Basis
from access.categories import EVERY, Category
from access.reading import sights
from access.roles import Role
from audit import trail
from audit.models import AccessRecord, Event
from casework.actions import lead
from core.clock import today
from core.errors import Conflict, Invalid
from core.ids import new_id
from oversight import facts, rules, scope
from oversight.actions import sample as samples
from oversight.enums import Question, Risk
from oversight.models import SampleOpening
from sharing.actions import audit_sample, protection, withdrawal
from sharing.models import Involvement
from tests.conftest import NOW

SECRETS = ("Kofi", "Mensah", "CANARY", "plan for")


def draw(cast, by="auditor", **said):
    asked = {
        "kind": "random",
        "since": today() - timedelta(days=30),
        "until": today(),
        "size": 10,
        "by": cast.who(by),
    } | said
    return samples.draw(**asked)


def of(cast, sample, by="auditor"):
    return list(scope.sampled(cast.who(by)).filter(sample=sample).order_by("place"))


def sees(cast, who, case):
    return set(sights(cast.who(who), [case.person_id])[case.person_id].answer.visible)


# Drawing: pure.


def test_the_same_seed_draws_the_same_in_whatever_order_the_shares_come():
    there = {str(new_id()): ["no_consent"] if one % 3 else [] for one in range(200)}
    turned = dict(reversed(list(there.items())))
    first = rules.draw(there, seed="s", size=20, weights=rules.WEIGHTS)
    assert first == rules.draw(turned, seed="s", size=20, weights=rules.WEIGHTS)
    assert first != rules.draw(there, seed="t", size=20, weights=rules.WEIGHTS)
    assert len(set(first)) == 20


def test_a_heavier_share_is_drawn_as_much_more_often_as_its_weight_says():
    there = {"plain": [], "heavy": ["surname"]}
    drawn = Counter(
        rules.draw(there, seed=str(turn), size=1, weights={"surname": 3})[0] for turn in range(4000)
    )
    print(f"drew {sum(drawn.values())} times")
    assert 0.77 < drawn["heavy"] / 4000 < 0.83, "4 to 1"


def test_at_random_nothing_weighs_more():
    there = {"plain": [], "heavy": ["surname"]}
    drawn = Counter(
        rules.draw(there, seed=str(turn), size=1, weights={})[0] for turn in range(4000)
    )
    assert 0.46 < drawn["heavy"] / 4000 < 0.54


# Drawing from the registers.


def test_a_sample_is_drawn_from_the_shares_of_the_period_and_recorded(cast, shares):
    sample = draw(cast, size=2)
    assert (sample.drawn_from, len(of(cast, sample))) == (3, 2)
    event = Event.objects.get(verb="sample.drawn")
    assert event.detail["seed"] == sample.seed
    assert (event.detail["size"], event.detail["from"]) == (2, 3)


def test_a_sample_can_be_drawn_again_from_its_seed(cast, shares):
    first = draw(cast, size=2)
    again = draw(cast, size=2, seed=first.seed, by="second-auditor")
    assert [row.share for row in of(cast, first)] == [row.share for row in of(cast, again)]


def test_what_stands_out_is_known_of_each_share(cast, shares):
    first, second, decided = shares
    auditor = cast.who("auditor")
    lead.join_team(
        case=second,
        agency=cast.agencies["lead-charity"],
        worker_id=cast.user("second-manager").pk,
        categories=[Category.SAFETY],
        by=cast.who("charity-manager"),
    )
    protection.restrict(
        person=second.person, reason="A threat", review_on=today(), by=cast.who("second-manager")
    )
    trail.record_reads(
        cast.who("housing-officer"), [trail.Read(first.person_id, 6)], route="people:show"
    )
    found = {share.pair: share.risks for share in facts.shares(auditor, today(), today()).values()}
    housing, unit, school = (
        cast.agencies[slug].pk for slug in ("housing", "borough-unit", "school")
    )
    assert found[first.person_id, housing] == {Risk.AGREEMENT}
    assert found[first.person_id, school] == {Risk.NO_CONSENT, Risk.ONE_OFF, Risk.AGREEMENT}
    assert found[second.person_id, unit] == {Risk.RESTRICTED, Risk.AGREEMENT}


def test_a_share_under_a_lasting_agreement_does_not_stand_out_for_it(cast, shares):
    cast.agree("lead-charity", "housing")
    cast.agree("lead-charity", "borough-unit", ends=NOW + timedelta(days=20))
    found = facts.shares(cast.who("auditor"), today(), today()).values()
    ending = {share.row.agency_id for share in found if Risk.AGREEMENT in share.risks}
    assert ending == {cast.agencies["borough-unit"].pk, cast.agencies["school"].pk}


def test_reading_by_night_of_very_many_and_of_a_colleagues_name_stand_out(cast, shares, later):
    first, second, _ = shares
    cast.hire("ada-housing-officer", "borough-unit")
    with later(hours=8), cast.acting("housing-officer"):
        trail.record_reads(
            cast.who("housing-officer"), [trail.Read(first.person_id, 6)], route="people:show"
        )
    many = [trail.Read(cast.open_case().person_id, 6) for _ in range(3)]
    many.append(trail.Read(second.person_id, 6))
    trail.record_reads(cast.who("unit-worker"), many, route="people:show")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "MANY", 0)
        with later(hours=9):
            found = facts.shares(cast.who("auditor"), today(), today()).values()
    by_agency = {share.row.agency_id: share.risks for share in found}
    assert Risk.OUT_OF_HOURS in by_agency[cast.agencies["housing"].pk]
    assert Risk.OUT_OF_HOURS not in by_agency[cast.agencies["borough-unit"].pk]
    assert Risk.SURNAME not in by_agency[cast.agencies["housing"].pk]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 51}, "size"),
        ({"until": NOW.date() + timedelta(days=1)}, "until"),
        ({"since": NOW.date(), "until": NOW.date() - timedelta(days=1)}, "until"),
        ({"kind": "risk", "weights": {"colour": 3}}, "weights"),
    ],
)
def test_a_sample_that_makes_no_sense_is_refused(cast, shares, wrong, field):
    with pytest.raises(Invalid) as refused:
        draw(cast, **wrong)
    assert list(refused.value.errors) == [field]


def test_nobody_but_an_auditor_draws(cast, shares):
    for who in ("charity-manager", "lead-worker", "lead-charity-administrator", "analyst"):
        with pytest.raises(NotAllowed):
            draw(cast, by=who)


def test_another_agencys_auditor_draws_from_their_own_period_and_sees_no_sample_of_ours(
    cast, shares, sign_in
):
    sample = draw(cast)
    theirs = draw(cast, by="unit-auditor")
    assert theirs.drawn_from == 1
    assert not scope.samples(cast.who("unit-auditor")).filter(pk=sample.pk).exists()
    missing = sign_in("unit-auditor").get(f"/oversight/samples/{new_id()}/")
    hidden = sign_in("unit-auditor").get(f"/oversight/samples/{sample.pk}/")
    assert missing.status_code == hidden.status_code == 404
    share = of(cast, sample)[0]
    for path in ("", "open/", "content/", "finding/"):
        answer = sign_in("unit-auditor").get(f"/oversight/shares/{share.pk}/{path}")
        assert answer.status_code == 404, path


def test_a_barred_auditor_does_not_see_the_share(cast, shares, sign_in):
    sample = draw(cast)
    for case in shares[:2]:
        cast.bar(case.person, "second-auditor")
    assert of(cast, sample, "second-auditor") == []
    share = of(cast, sample)[0]
    assert sign_in("second-auditor").get(f"/oversight/shares/{share.pk}/").status_code == 404


# The checklist.


def test_answers_are_kept_as_they_are_given(cast, shares):
    share = of(cast, draw(cast))[0]
    samples.answer(share=share, answers={"basis": "yes"}, by=cast.who("auditor"))
    samples.answer(share=share, answers={"told": "no"}, by=cast.who("second-auditor"))
    samples.answer(share=share, answers={"basis": "unclear"}, by=cast.who("auditor"))
    kept = {row.question: (row.answer, row.answered_by.username) for row in scope.answers([share])}
    assert kept == {"basis": ("unclear", "auditor"), "told": ("no", "second-auditor")}
    assert Event.objects.filter(verb="sample.checked", person_id=share.person_id).count() == 3


def test_the_same_answers_again_change_nothing(cast, shares):
    share = of(cast, draw(cast))[0]
    for _ in range(2):
        samples.answer(share=share, answers={"basis": "yes"}, by=cast.who("auditor"))
    assert Event.objects.filter(verb="sample.checked").count() == 1


def test_an_answer_that_is_none_is_refused(cast, shares):
    share = of(cast, draw(cast))[0]
    for answers in ({"colour": "yes"}, {"basis": "perhaps"}):
        with pytest.raises(Invalid):
            samples.answer(share=share, answers=answers, by=cast.who("auditor"))


def test_an_answer_whose_event_fails_is_not_kept(cast, shares, monkeypatch):
    share = of(cast, draw(cast))[0]
    monkeypatch.setattr(trail, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        samples.answer(share=share, answers={"basis": "yes"}, by=cast.who("auditor"))
    assert not scope.answers([share]).exists()


# Its content.


def consented(cast, shares):
    rows = of(cast, draw(cast))
    return next(
        row for row in rows if row.line and row.line.agency_id == cast.agencies["housing"].pk
    )


def test_content_opens_for_an_hour_to_who_gave_a_reason_and_nothing_more(cast, shares, later):
    share, case = consented(cast, shares), shares[0]
    assert sees(cast, "auditor", case) == set()
    samples.open_content(share=share, reason="The basis looks wrong", by=cast.who("auditor"))
    assert sees(cast, "auditor", case) == {Category.HOUSING, Category.CONTACT, Category.POINTER}
    assert sees(cast, "second-auditor", case) == set()
    with later(minutes=59, seconds=59):
        assert sees(cast, "auditor", case)
    with later(minutes=60):
        assert sees(cast, "auditor", case) == set()
        assert scope.opening(cast.who("auditor"), of=share) is None


def test_opening_is_on_the_trail_with_its_reason_as_a_digest_alone(cast, shares):
    share = consented(cast, shares)
    samples.open_content(share=share, reason="The basis looks wrong", by=cast.who("auditor"))
    event = Event.objects.get(verb="sample.opened")
    assert (event.person_id, event.fields) == (share.person_id, ["reason"])
    assert "looks wrong" not in str(event.detail) + str(event.digests)
    begun = Event.objects.get(verb="involvement.begun", detail__basis="audit_sample")
    assert begun.request_id == event.request_id


def test_without_a_reason_nothing_opens(cast, shares):
    share = consented(cast, shares)
    with pytest.raises(Invalid):
        samples.open_content(share=share, reason="  ", by=cast.who("auditor"))
    assert not Involvement.rows.filter(basis=Basis.AUDIT_SAMPLE).exists()
    assert not SampleOpening.rows.exists()


def test_it_does_not_open_twice_at_once(cast, shares):
    share = consented(cast, shares)
    samples.open_content(share=share, reason="A check", by=cast.who("auditor"))
    with pytest.raises(Conflict):
        samples.open_content(share=share, reason="A check", by=cast.who("auditor"))


def test_content_opens_only_about_people_who_are_auditable(cast, shares):
    case = shares[0]
    said = {"categories": [Category.HOUSING], "length": rules.SAMPLE_TIME, "source": case}
    cast.hire("school-auditor", "other-borough", Role.AUDITOR)
    with pytest.raises(NotVisible):
        audit_sample.open_content(person_id=case.person_id, by=cast.who("school-auditor"), **said)
    for who in ("lead-worker", "charity-manager"):
        with pytest.raises(NotAllowed):
            audit_sample.open_content(person_id=case.person_id, by=cast.who(who), **said)


def test_a_partners_auditor_opens_no_more_than_their_agency_may_know(cast, shares):
    """Everything is asked for; what comes is what was shared with them, as long as it is."""
    cast.agree("lead-charity", "borough-unit")
    first, second, _ = shares
    given = cast.share(first.person, "borough-unit", Category.HOUSING)
    said = {"categories": EVERY, "length": rules.CAUSE_TIME, "by": cast.who("unit-auditor")}
    opened = audit_sample.open_content(person_id=second.person_id, source=second, **said)
    assert opened.categories == {Category.HARM}
    assert sees(cast, "unit-auditor", second) == {Category.POINTER, Category.HARM}
    withdrawal.withdraw(consent=given, by=cast.who("lead-worker"))
    with pytest.raises(Invalid):
        audit_sample.open_content(person_id=first.person_id, source=first, **said)
    assert sees(cast, "unit-auditor", first) == set()


def test_an_opening_is_never_longer_than_four_hours_nor_of_what_no_auditor_sees(cast, shares):
    case = shares[0]
    opened = audit_sample.open_content(
        person_id=case.person_id,
        categories=[Category.HOUSING, Category.CLINICAL, Category.SAFE_ADDRESS],
        length=timedelta(days=300),
        source=case,
        by=cast.who("auditor"),
    )
    assert opened.ends == NOW + timedelta(hours=4)
    assert opened.categories == {Category.HOUSING}
    with pytest.raises(Invalid):
        audit_sample.open_content(
            person_id=case.person_id,
            categories=[Category.CLINICAL],
            length=rules.SAMPLE_TIME,
            source=case,
            by=cast.who("auditor"),
        )


# The pages.


def test_the_whole_way_over_http(cast, shares, sign_in):
    browser = sign_in("auditor")
    cast.add_goal(shares[0], Category.HOUSING, "A room of my own")
    said = {
        "kind": "risk", "size": "10", "seed": "abc",
        "since_day": "1", "since_month": "3", "since_year": "2026",
        "until_day": "3", "until_month": "3", "until_year": "2026",
        **{f"weight_{risk}": "1" for risk in Risk.values},
    }  # fmt: skip
    drawn = browser.post("/oversight/samples/", said, follow=True)
    assert drawn.status_code == 200
    assert "One-off" in drawn.text
    rows = of(cast, scope.samples(cast.who("auditor")).get())
    row = next(one for one in rows if one.line and one.person_id == shares[0].person_id)
    path = f"/oversight/shares/{row.pk}/"
    for page in ("/oversight/samples/", path, f"{path}open/"):
        body = browser.get(page).text
        assert not [secret for secret in (*SECRETS, "room of my own") if secret in body], page
    saved = browser.post(path, {"basis": "yes", "minimum": "no"}, follow=True)
    assert f"{len(Question) - 2} left to answer" in saved.text
    assert browser.get(f"{path}content/")["Location"] == f"{path}open/"
    opened = browser.post(f"{path}open/", {"reason": "Is the minimum kept?"}, follow=True)
    assert "A room of my own" in opened.text
    assert "Mensah-Lowe" in opened.text
    assert 'data-category="housing"' in opened.text
    assert 'data-category="identity"' not in opened.text
    read = AccessRecord.objects.get(person_id=shares[0].person_id, user_id=cast.user("auditor").pk)
    assert trail.purposes([read.pk]) == {read.pk: "Audit: Is the minimum kept?"}


def test_after_the_hour_the_page_asks_for_a_reason_again(cast, shares, sign_in, later):
    share = consented(cast, shares)
    samples.open_content(share=share, reason="A check", by=cast.who("auditor"))
    assert sign_in("auditor").get(f"/oversight/shares/{share.pk}/content/").status_code == 200
    with later(minutes=61):
        answer = sign_in("auditor").get(f"/oversight/shares/{share.pk}/content/")
        assert answer["Location"] == f"/oversight/shares/{share.pk}/open/"
    other = sign_in("second-auditor").get(f"/oversight/shares/{share.pk}/content/")
    assert other["Location"] == f"/oversight/shares/{share.pk}/open/"


@pytest.mark.parametrize("who", ["lead-worker", "charity-manager", "lead-charity-administrator"])
def test_nobody_else_opens_any_of_it(cast, shares, sign_in, who):
    share = of(cast, draw(cast))[0]
    for path in ("samples/", f"samples/{share.sample_id}/", f"shares/{share.pk}/",
                 f"shares/{share.pk}/open/", f"shares/{share.pk}/content/"):  # fmt: skip
        assert sign_in(who).get(f"/oversight/{path}").status_code == 403, path
