"""Consents to be asked for again: all of them are found, however many there are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from access.categories import Category
from core.clock import LONDON, instant, today
from core.ids import new_id
from core.models import OutboxMessage
from people.models import YoungPerson
from sharing.models import Consent, ConsentLine
from sharing.rules import BIRTHDAYS, refresh_reasons, turns
from sharing.tasks import find_due, lead_workers


def days() -> list[tuple[date, date | None]]:
    """Days on which consent was given, and of birth: edges, and any within reach of them."""
    now, random = today(), Random(7)  # noqa: S311
    edges = [now - timedelta(days=ahead) for ahead in (0, 1, 364, 365, 366)]
    found: list[tuple[date, date | None]] = [(given, None) for given in edges]
    for birthday in BIRTHDAYS:
        for ahead in (-1, 0, 1, 200, 365, 366):
            born = turns(now - timedelta(days=ahead), -birthday)
            given = min(now, max(now - timedelta(days=367), turns(born, birthday)))
            found += [(given - timedelta(days=1), born), (given, born)]
    found += [(date(2026, 2, 27), date(2010, 2, 28)), (date(2026, 2, 28), date(2008, 2, 29))]
    for _ in range(40):
        given = now - timedelta(days=random.randrange(370))
        found.append((given, now - timedelta(days=random.randrange(10 * 365, 20 * 365))))
    return found


def test_each_consent_that_there_is_a_reason_to_ask_for_again_is_found(cast):
    case = cast.open_case()
    cast.agree("lead-charity", "school")
    given = cast.share(case.person, "school", Category.HOUSING, until=timedelta(days=300))
    old = 0
    for given_on, born in days():
        at = datetime.combine(given_on, time(12), LONDON)
        Consent.rows.filter(pk=given.pk).update(given_at=min(at, instant()))
        YoungPerson.rows.filter(pk=case.person_id).update(date_of_birth=born)
        reasons = refresh_reasons(given_on=given_on, born=born, today=today())
        assert find_due()["consents"] == bool(reasons), (given_on, born)
        old += bool(reasons)
    assert 20 < old < len(days()), "both kinds were tried"


def test_a_consent_whose_lines_are_over_is_asked_for_no_more(cast):
    case = cast.open_case()
    cast.agree("lead-charity", "school")
    given = cast.share(case.person, "school", Category.HOUSING)
    Consent.rows.filter(pk=given.pk).update(given_at=instant() - timedelta(days=400))
    assert find_due()["consents"] == 1
    assert find_due()["consents"] == 1
    assert OutboxMessage.objects.filter(arguments__kind="consent_refresh").count() == 1
    ConsentLine.rows.filter(consent=given).update(ended_at=instant())
    assert find_due()["consents"] == 0


def test_more_people_are_asked_about_than_a_statement_takes(cast):
    case = cast.open_case()
    many = [*(new_id() for _ in range(70_000)), case.person_id]
    assert lead_workers(many) == {case.person_id: cast.user("lead-worker").pk}
