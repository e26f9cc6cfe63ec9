from datetime import timedelta

import pytest

from access.categories import Category
from casework.actions import goal as goals
from casework.actions import intervention
from casework.models import *
from core.clock import instant
from sharing.models import *


@pytest.fixture
def visit(client, cast):
    def go(username, path, data=None):
        client.force_login(cast.user(username))
        response = client.post(path, data) if data is not None else client.get(path)
        return response

    return go


def test_every_page_opens(cast, visit):
    cast.agree("lead-charity", "borough-unit")
    case = cast.open_case()
    person = case.person
    with cast.acting("lead-worker"):
        cast.share(person, "borough-unit", Category.SAFETY, Category.HARM)
        g = cast.add_goal(case, Category.HOUSING, "A room of my own")
        goals.rate(goal=g, rating=2, moment="start", by=cast.who("lead-worker"))
        goals.rate(goal=g, rating=5, moment="review", by=cast.who("lead-worker"))
        i = intervention.log(
            person=person,
            categories=[Category.HOUSING, Category.FAMILY],
            kind=KindOfIntervention.objects.first(),
            at=instant() - timedelta(hours=2),
            minutes=60,
            attendance="came",
            note="Looked at rooms",
            place="Youth club",
            by=cast.who("lead-worker"),
        )
    waiting = cast.refer(given_name="Ana")
    ref = person.reference
    pages = [
        "/",
        "/people/",
        f"/people/{ref}/",
        f"/people/{ref}/timeline/",
        f"/people/{ref}/plan/",
        f"/people/{ref}/plan/print/",
        f"/people/{ref}/sharing/",
        f"/people/{ref}/sharing/consent/",
        f"/people/{ref}/sharing/decision/",
        f"/people/{ref}/who-they-are/",
        f"/people/{ref}/contact/",
        f"/people/{ref}/family/",
        f"/people/{ref}/safety/",
        f"/people/{ref}/events/",
        f"/people/{ref}/plan/goals/",
        f"/people/{ref}/plan/to-do/",
        f"/people/{ref}/plan/agreed/",
        f"/people/{ref}/plan/review/",
        f"/people/{ref}/tell-the-lead/",
        "/log/",
        f"/log/{ref}/",
        f"/interventions/{i.pk}/",
        f"/interventions/{i.pk}/words/",
        f"/goals/{g.pk}/words/",
        f"/goals/{g.pk}/rating/",
        "/cases/",
        f"/cases/{case.reference}/",
        f"/cases/{case.reference}/step-down/",
        "/referrals/",
        "/referrals/new/",
        "/tasking/",
        "/tasking/today/",
    ]
    bad = []
    for p in pages:
        r = visit("lead-worker", p)
        if r.status_code != 200:
            bad.append((p, r.status_code))
    for p in [
        "/",
        f"/people/{ref}/",
        f"/people/{ref}/task/",
        f"/referrals/{waiting.reference}/",
        f"/referrals/{waiting.reference}/accept/",
        f"/referrals/{waiting.reference}/decline/",
        f"/cases/{case.reference}/lead/",
        f"/cases/{case.reference}/team/",
        f"/cases/{case.reference}/cover/",
        f"/cases/{case.reference}/close/",
        "/tasking/today/present/",
        f"/people/{ref}/sharing/",
    ]:
        r = visit("charity-manager", p)
        if r.status_code != 200:
            bad.append((p, r.status_code))
    for p in [
        "/",
        f"/people/{ref}/",
        f"/people/{ref}/plan/",
        f"/people/{ref}/timeline/",
        f"/people/{ref}/sharing/",
    ]:
        r = visit("unit-worker", p)
        if r.status_code != 200:
            bad.append((p, r.status_code))
    r = visit("outsider", f"/people/{ref}/")
    assert r.status_code == 404
    assert visit("prison-worker", f"/referrals/sent/{waiting.reference}/").status_code == 200
    assert not bad
