"""Registers with dates, and gates that assessments open: always two users."""

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed
from access.roles import Role
from core.clock import today
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from sharing.actions import assessment, register
from sharing.models import ImpactAssessment, LawfulBasis, RegisterChange
from sharing.queries import gate_open
from sharing.tasks import find_due
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses

__all__ = ["later", "sign_in"]

ADMINISTRATOR, SECOND = "lead-charity-administrator", "second-administrator"
NEW = "children-act-2004-s16la"


@pytest.fixture(autouse=True)
def second(cast):
    cast.hire(SECOND, "lead-charity", Role.ADMINISTRATOR)


def propose(cast, by=ADMINISTRATOR, **more):
    said = {
        "register": "bases",
        "code": NEW,
        "effective_from": today(),
        "effective_to": None,
        "reason": "S.I. 2026/123",
    } | more
    return register.propose(**said, by=cast.who(by))


def starts():
    return LawfulBasis.objects.get(code=NEW).effective_from


def test_a_date_counts_once_a_second_administrator_approves(cast):
    change = propose(cast)
    assert starts() is None
    with refuses(NotAllowed):
        register.decide(change=change, approve=True, by=cast.who(ADMINISTRATOR))
    register.decide(change=change, approve=True, by=cast.who(SECOND))
    assert starts() == today()
    with refuses(Conflict):
        register.decide(change=change, approve=True, by=cast.who(SECOND))


def test_refused_it_stays_as_it_was(cast):
    register.decide(change=propose(cast), approve=False, by=cast.who(SECOND))
    assert starts() is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"effective_from": date(2026, 3, 2)}, "effective_from"),
        ({"effective_to": date(2026, 3, 2)}, "effective_to"),
        ({"effective_to": date(2026, 3, 3)}, "effective_to"),
        ({"reason": " "}, "reason"),
        ({"code": "public-task", "effective_from": None}, "effective_from"),
        ({"code": "none-such"}, "code"),
    ],
)
def test_nothing_changes_in_the_past_or_without_a_reason(cast, wrong, field):
    with refuses(Invalid, field):
        propose(cast, **wrong)


def test_one_change_of_a_row_waits_at_a_time(cast):
    propose(cast)
    with refuses(Conflict):
        propose(cast, by=SECOND)


@pytest.mark.parametrize("username", ["charity-manager", "auditor", "lead-worker", "analyst"])
def test_only_administrators_touch_registers_and_gates(cast, username):
    with refuses(NotAllowed):
        propose(cast, by=username)
    with refuses(NotAllowed):
        write(cast, by=username)


def test_the_pages_of_the_register(cast, sign_in):
    browser = sign_in(ADMINISTRATOR)
    assert "Awaiting" not in browser.get("/manage/registers/").content.decode()
    path = f"/manage/registers/bases/{NEW}/"
    day = {"effective_from_day": "1", "effective_from_month": "9", "effective_from_year": "2026"}
    browser.post(path, day | {"reason": "S.I. 2026/123"})
    change = RegisterChange.objects.get()
    other = sign_in(SECOND)
    assert f"/changes/{change.pk}/" in other.get("/manage/registers/").content.decode()
    other.post(f"/manage/registers/changes/{change.pk}/", {"decision": "approve"})
    assert starts() == date(2026, 9, 1)
    assert browser.get("/manage/registers/bases/none-such/").status_code == 404
    assert sign_in("lead-worker").get("/manage/registers/").status_code == 403


# Gates.


def write(cast, by=ADMINISTRATOR, **more):
    said = {
        "feature": "cohort",
        "data_protection": "People could be labelled; entries lapse.",
        "equality": "Disproportionality is measured at every entry.",
        "review_on": today() + timedelta(days=180),
    } | more
    return assessment.write(**said, by=cast.who(by))


def is_open(cast, feature="cohort", slug="lead-charity"):
    return gate_open(cast.agencies[slug].pk, feature)


def test_a_gate_opens_when_a_second_user_signs_and_for_that_agency_alone(cast):
    made = write(cast)
    assert not is_open(cast)
    with refuses(NotAllowed):
        assessment.sign(assessment=made, by=cast.who(ADMINISTRATOR))
    assessment.sign(assessment=made, by=cast.who(SECOND))
    assert is_open(cast)
    assert not is_open(cast, "exports")
    assert not is_open(cast, slug="borough-unit")


def test_taken_back_it_closes_unless_another_version_is_signed(cast):
    first, second = write(cast), write(cast)
    assert (first.version, second.version) == (1, 2)
    for one in (first, second):
        assessment.sign(assessment=one, by=cast.who(SECOND))
    assessment.withdraw(assessment=second, reason="Wrong", by=cast.who(ADMINISTRATOR))
    assert is_open(cast)
    assessment.withdraw(assessment=first, reason="Wrong too", by=cast.who(SECOND))
    assert not is_open(cast)


def test_a_gate_that_there_is_not_is_never_open(cast):
    with pytest.raises(ValueError, match="cohorts"):
        is_open(cast, "cohorts")


def test_nobody_signs_for_another_agency(cast):
    made = write(cast)
    with refuses(NotAllowed):
        assessment.sign(assessment=made, by=cast.who("borough-unit-administrator"))


def test_the_pages_of_assessments(cast, sign_in):
    browser = sign_in(ADMINISTRATOR)
    assert "every gate is shut" in browser.get("/manage/assessments/").content.decode()
    browser.post(
        "/manage/assessments/new/",
        {
            "feature": "exports",
            "data_protection": "Lists leak",
            "equality": "None found",
            "review_on_day": "1",
            "review_on_month": "9",
            "review_on_year": "2026",
        },
    )
    made = ImpactAssessment.objects.get()
    assert browser.post(f"/manage/assessments/{made.pk}/sign/").status_code == 403
    sign_in(SECOND).post(f"/manage/assessments/{made.pk}/sign/")
    assert is_open(cast, "exports")
    stranger = sign_in("borough-unit-administrator")
    assert stranger.get(f"/manage/assessments/{made.pk}/take-back/").status_code == 404
    browser.post(f"/manage/assessments/{made.pk}/take-back/", {"reason": "A list leaked"})
    assert not is_open(cast, "exports")


# Agreements that end.


def told():
    rows = OutboxMessage.objects.filter(arguments__kind="agreement_ends")
    return sorted(row.arguments["user_id"] for row in rows)


def test_both_sides_are_told_sixty_thirty_and_seven_days_ahead(cast, later):
    cast.agree("lead-charity", "borough-unit", ends=cast_end())
    both = [
        *("charity-manager", "second-manager", ADMINISTRATOR, SECOND),
        *("unit-manager", "borough-unit-administrator"),
    ]
    wanted = sorted(str(cast.user(name).pk) for name in both)
    for days, times in ((39, 0), (40, 1), (41, 1), (70, 2), (93, 3), (99, 3)):
        with later(days=days):
            find_due()
            assert told() == sorted(wanted * times), days
    with later(days=101):
        find_due()
        assert told() == sorted(wanted * 3)


def cast_end():
    from core.clock import instant

    return instant() + timedelta(days=100)


def test_what_stops_is_shown_first_to_managers_and_administrators(cast, sign_in, later):
    drawn = cast.agree("lead-charity", "borough-unit", ends=cast_end())
    with later(days=50):
        assert "lead-charity and borough-unit" in sign_in("unit-manager").get("/").content.decode()
        browser = sign_in("borough-unit-administrator")
        assert "Ends soon" in browser.get("/manage/agreements/").content.decode()
        page = browser.get(f"/manage/agreements/{drawn.pk}/").content.decode()
        assert "What stops when it ends" in page
    assert "Agreements that end soon" not in sign_in("unit-manager").get("/").content.decode()


def test_an_agreement_that_is_not_reviewed_shows_it(cast, sign_in, later):
    drawn = cast.agree("lead-charity", "borough-unit")
    path = f"/manage/agreements/{drawn.pk}/"
    with later(days=400):
        browser = sign_in(ADMINISTRATOR)
        assert "Overdue" in browser.get(path).content.decode()
        day = {"review_on_day": "1", "review_on_month": "9", "review_on_year": "2028"}
        browser.post(f"{path}review/", day)
        assert "Overdue" not in browser.get(path).content.decode()
