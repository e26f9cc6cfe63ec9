"""An agency with more workers than a page can list."""

from __future__ import annotations

import pytest

from casework.models import LeadPeriod
from core.long_choices import MOST_SHOWN
from sharing.actions import agreement
from tasking.models import Attendee
from tests.factories.browsing import sign_in

__all__ = ["sign_in"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(cast):
    """The lead charity, grown."""
    for number in range(MOST_SHOWN):
        cast.hire(f"helper-{number}", "lead-charity")


def test_a_manager_finds_the_lead_worker_by_name(cast, crowd, sign_in):
    case = cast.open_case()
    manager, path = sign_in("charity-manager"), f"/cases/{case.reference}/lead/"
    page = manager.get(path).content.decode()
    assert "Helper 7" not in page
    assert len(page) < 60_000
    found = manager.post(path, {"worker": "helper 7", "replacing": _leading(case)})
    assert found.status_code == 200
    shown = found.content.decode()
    assert "Helper 7 (" in shown
    assert "Helper 8 (" not in shown
    assert _leading(case) == str(cast.user("lead-worker").pk)
    chosen = {"worker": str(cast.user("helper-7").pk), "replacing": _leading(case)}
    assert manager.post(path, chosen).status_code == 302
    assert _leading(case) == str(cast.user("helper-7").pk)


def test_who_is_in_the_room_is_written_line_by_line(cast, crowd, sign_in):
    manager, path = sign_in("charity-manager"), "/tasking/today/present/"
    page = manager.get(path).content.decode()
    assert "Helper 7" not in page
    assert len(page) < 60_000
    found = manager.post(path, {"present": "helper 7\nhelper 31"}).content.decode()
    assert "Helper 7 –" in found
    assert "Helper 31 –" in found
    assert "Helper 8 –" not in found
    assert not Attendee.objects.exists()
    chosen = [str(cast.hats["helper-7"].pk), str(cast.hats["helper-31"].pk)]
    assert manager.post(path, {"present": chosen}).status_code == 302
    here = Attendee.objects.values_list("user__username", flat=True)
    assert {"helper-7", "helper-31"} <= set(here) <= {"helper-7", "helper-31", "charity-manager"}


def test_nobody_of_an_agency_is_offered_while_its_agreement_is_suspended(cast, sign_in):
    drawn = cast.agree("lead-charity", "housing")
    manager, case = sign_in("charity-manager"), cast.open_case()
    pages = ("/tasking/today/present/", f"/people/{case.person.reference}/task/",
             f"/cases/{case.reference}/team/")  # fmt: skip
    officer = str(cast.user("housing-officer"))
    for path in pages:
        assert officer in manager.get(path).content.decode(), path
    agreement.suspend(agreement=drawn, reason="A breach", by=cast.who("lead-charity-administrator"))
    for path in pages:
        page = manager.get(path).content.decode()
        assert officer not in page, path
        assert str(cast.user("colleague")) in page, path


def _leading(case):
    return str(LeadPeriod.rows.live().get(case=case).worker_id)
