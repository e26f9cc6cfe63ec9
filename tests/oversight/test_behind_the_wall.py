"""An agency that has let somebody go still has its own period audited, with the wall up."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.categories import Category
from access.roles import Role
from core.clock import instant
from oversight import paging, scope
from oversight.enums import Risk
from oversight.models import CauseReview, Finding, Sample, SampledShare
from sharing.actions.withdrawal import withdraw
from sharing.past import who_could_see
from tests.access.behind import behind_the_wall
from tests.conftest import NOW
from tests.factories.browsing import later, sign_in

__all__ = ["later", "sign_in"]


@pytest.fixture
def past(cast, later):
    """The unit saw a share for a day, and sees nothing of the young person now."""
    cast.agree("lead-charity", "borough-unit")
    case = cast.open_case()
    cast.bar(case.person, "unit-worker")
    given = cast.share(case.person, "borough-unit", Category.HOUSING)
    with later(days=1):
        withdraw(consent=given, by=cast.who("lead-worker"))
    with later(days=2):
        yield case


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_share_that_is_over_is_sampled_checked_and_found_fault_with(cast, past, sign_in):
    auditor = sign_in("unit-auditor")
    auditor.post(
        "/oversight/samples/",
        {
            "kind": "risk", "size": "5", "seed": "x",
            "since_day": "1", "since_month": "3", "since_year": "2026",
            "until_day": "4", "until_month": "3", "until_year": "2026",
            **{f"weight_{risk}": "3" for risk in Risk.values},
        },
    )  # fmt: skip
    assert Sample.objects.count() == 1
    share = SampledShare.rows.get()
    path = f"/oversight/shares/{share.pk}/"
    assert past.person.reference in text(auditor.get(path))
    owner = cast.user("unit-manager")
    auditor.post(
        f"{path}finding/",
        {
            "what": "Too wide", "owner": str(owner.pk),
            "due_on_day": "20", "due_on_month": "3", "due_on_year": "2026",
        },
    )  # fmt: skip
    finding = Finding.rows.get()
    page = f"/oversight/findings/{finding.pk}/"
    assert past.person.reference in text(auditor.get(page))
    assert "Too wide" in text(sign_in("unit-manager").get(page))
    sign_in("unit-manager").post(page, {"reply": "Talked it over"})
    assert Finding.rows.get().reply == "Talked it over"
    assert sign_in("unit-worker").get(page).status_code == 404


def test_a_look_for_cause_about_a_past_share_stands_in_the_list(cast, past, sign_in):
    auditor = sign_in("unit-auditor")
    auditor.post(
        "/oversight/causes/new/",
        {"person": past.person.reference, "cause": "complaint", "reason": "His mother wrote"},
    )
    row = CauseReview.rows.get()
    assert past.person.reference in text(auditor.get("/oversight/causes/"))
    assert past.person.reference in text(auditor.get(f"/oversight/causes/{row.pk}/"))


def test_who_could_see_on_a_day_knows_of_bars_with_the_wall_up(cast, past):
    for username in ("unit-auditor", "charity-manager"):
        with behind_the_wall(cast.who(username)):
            found = who_could_see(cast.who(username), past.person, NOW)
        names = {one.hat.user.username for one in found.seers}
        assert "unit-manager" in names
        assert "unit-worker" not in names


def test_no_number_of_findings_counts_somebody_from_whom_one_is_barred(cast, sign_in):
    """An auditor on loan, whose agreement has ended, owns one about somebody they must not see."""
    case = cast.open_case()
    lent = cast.agree("police", "lead-charity")
    cast.hire("lent-auditor", "lead-charity", Role.AUDITOR, home="police")
    Finding.rows.bulk_create([
        Finding(
            person_id=case.person_id, agency_id=case.agency_id, what="Too wide",
            owner=cast.user("lent-auditor"), due_on=NOW.date() - timedelta(days=2),
            raised_by=cast.user("auditor"),
        )
    ])  # fmt: skip
    cast.bar(case.person, "lent-auditor")
    for ends in (None, instant()):
        type(lent).objects.filter(pk=lent.pk).update(ends=ends)
        page = re.sub(r"<[^>]+>", " ", text(sign_in("lent-auditor").get("/oversight/")))
        number = re.search(r"(\d+)\s+findings are overdue", page)
        assert number is None or number[1] == "0"
        assert "Too wide" not in text(sign_in("lent-auditor").get("/oversight/findings/"))
    page = re.sub(r"<[^>]+>", " ", text(sign_in("auditor").get("/oversight/")))
    assert re.search(r"1\s+findings? (is|are) overdue", page)


def test_numbers_stop_at_a_hundred_and_ask_the_wall_about_no_single_row(cast, monkeypatch):
    monkeypatch.setattr(paging, "CAP", 2)
    case = cast.open_case()
    for number, words in enumerate(("0", "1", "2", "2+", "2+")):
        with cast.acting("auditor") as notes:
            with CaptureQueriesContext(connection) as asked:
                assert paging.capped(scope.consents(cast.who("auditor"))) == words
            assert any(scope._NUMBERS in query["sql"] for query in asked)
            assert scope.at_most(scope.consents(cast.who("auditor")), 3) == min(number, 3)
            notes.shown.clear()
        cast.share(case.person, "housing", Category.HOUSING)
