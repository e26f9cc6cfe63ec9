"""An agency that has let somebody go still has its own period audited, with the wall up."""

import pytest

from access.categories import Category
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
