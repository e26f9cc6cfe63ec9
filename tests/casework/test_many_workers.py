"""An agency with more workers than a page can list."""

from __future__ import annotations

import pytest

from casework.models import LeadPeriod
from core.long_choices import MOST_SHOWN
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


def _leading(case):
    return str(LeadPeriod.rows.live().get(case=case).worker_id)
