"""The auditor's pages: what they show, and above all what they do not."""

import re
from datetime import date, timedelta

import pytest

from access.categories import Category
from access.roles import Role
from audit import trail
from audit.models import Event
from core.clock import instant
from oversight.paging import SIZE
from sharing.actions import decision
from sharing.models import LawfulBasis

SECRETS = ("Kofi", "Mensah", "February 2007", "railways", "nowhere to stay", "Several of them work")
REGISTERS = ("consents", "decisions", "reads", "events")


@pytest.fixture
def story(cast):
    """A case, a consent to housing, a decision not to share, and somebody who looked."""
    case = cast.open_case()
    given = cast.share(case.person, "housing", Category.HOUSING, Category.CONTACT)
    basis, _ = LawfulBasis.objects.get_or_create(
        code="legitimate-interests",
        defaults={
            "name": "Public task",
            "categories": frozenset(Category),
            "effective_from": date(2018, 5, 25),
        },
    )
    made = decision.propose(
        person=case.person,
        share=False,
        kind="one_off",
        agency=cast.agencies["school"],
        worker_id=None,
        categories=[Category.EDUCATION],
        lawful_basis=basis,
        necessity="Nobody at school needs to know of Kofi",
        told=True,
        until=instant() + timedelta(days=20),
        by=cast.who("lead-worker"),
    )
    trail.record_reads(
        cast.who("lead-worker"), [trail.Read(case.person_id, 6, "Kofi rang")], route="people:show"
    )
    return case, given, made


def without_token(answer):
    """The page without what differs between any two requests."""
    return re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]+"', "", answer.text)


def pages(case, given, made):
    yield "/oversight/"
    yield from (f"/oversight/{register}/" for register in REGISTERS)
    yield f"/oversight/people/{case.person.reference}/"
    yield f"/oversight/consents/{given.pk}/"
    yield f"/oversight/decisions/{made.pk}/"
    yield f"/oversight/users/{given.recorded_by_id}/"


def test_an_auditor_sees_references_and_never_names_or_content(story, sign_in):
    browser, case = sign_in("auditor"), story[0]
    for path in pages(*story):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        for secret in SECRETS:
            assert secret not in page, (path, secret)
        if path != "/oversight/":
            assert case.person.reference in page, path


def test_a_consents_metadata_is_shown(story, sign_in):
    page = sign_in("auditor").get(f"/oversight/consents/{story[1].pk}/").content.decode()
    for words in (
        "Presumed (16 or over)",
        "2026-11",
        "Face to face",
        "In the community",
        "Housing",
        "26 May 2026",
        "Lead Worker",
        "To give the support in the plan",
    ):
        assert words in page


@pytest.mark.parametrize(
    "username", ["lead-worker", "charity-manager", "lead-charity-administrator", "analyst"]
)
def test_nobody_else_may_open_any_of_it(story, sign_in, username):
    browser = sign_in(username)
    for path in pages(*story):
        assert browser.get(path).status_code == 403, path


def test_nobody_who_has_not_signed_in_gets_in(story, client):
    for path in pages(*story):
        assert client.get(path)["Location"].startswith("/sign-in/")


def test_the_auditor_of_neither_agency_gets_the_404_of_what_is_not_there(cast, story, sign_in):
    cast.hire("school-auditor", "school", Role.AUDITOR)
    browser = sign_in("school-auditor")
    missing = browser.get("/oversight/people/YP-222222/")
    assert missing.status_code == 404
    for path in list(pages(*story))[5:]:
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert without_token(answer) == without_token(missing)
    for register in REGISTERS:
        page = browser.get(f"/oversight/{register}/").content.decode()
        assert story[0].person.reference not in page


def test_a_barred_auditor_sees_nothing_of_the_person(cast, story, sign_in):
    cast.bar(story[0].person, "auditor")
    browser = sign_in("auditor")
    for path in list(pages(*story))[5:8]:
        assert browser.get(path).status_code == 404, path
    for register in REGISTERS:
        page = browser.get(f"/oversight/{register}/").content.decode()
        assert story[0].person.reference not in page, register


def test_a_partners_auditor_sees_its_own_period_only(cast, story, sign_in):
    cast.hire("housing-auditor", "housing", Role.AUDITOR)
    cast.hire("unit-second", "borough-unit", Role.AUDITOR)
    case = story[0]
    inside = sign_in("housing-auditor").get(f"/oversight/people/{case.person.reference}/")
    assert inside.status_code == 200
    outside = sign_in("unit-second").get(f"/oversight/people/{case.person.reference}/")
    assert outside.status_code == 404


def test_reading_a_trail_is_on_the_trail(story, sign_in):
    sign_in("auditor").get(f"/oversight/people/{story[0].person.reference}/")
    event = Event.objects.get(verb="trail.read")
    assert (event.person_id, event.detail["trail"]) == (story[0].person_id, "person")


def test_a_page_that_is_not_there_is_on_no_trail(story, sign_in):
    sign_in("auditor").get("/oversight/people/YP-222222/")
    assert not Event.objects.filter(verb="trail.read").exists()


def test_looking_at_the_day_does_not_mark_it_as_looked_at(story, sign_in, later):
    browser = sign_in("auditor")
    with later(minutes=1):
        assert "consents were recorded</a>" in browser.get("/oversight/").content.decode()
        assert "consents were recorded</a>" in browser.get("/oversight/").content.decode()
        browser.post("/oversight/looked/")
    with later(minutes=2):
        assert "consents were recorded</a>" not in browser.get("/oversight/").content.decode()


def test_a_filter_sticks_until_it_is_cleared(story, sign_in):
    browser = sign_in("auditor")
    browser.get("/oversight/events/?kind=consent.recorded")
    again = browser.get("/oversight/events/")
    assert again["Location"] == "/oversight/events/?kind=consent.recorded"
    page = browser.get(again["Location"]).content.decode()
    assert "recorded consent" in page
    assert "opened a case" not in page
    assert browser.get("/oversight/events/?clear=")["Location"] == "/oversight/events/"
    assert "opened a case" in browser.get("/oversight/events/").content.decode()


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("user=lead+worker", True),
        ("user=nobody", False),
        ("since_day=3&since_month=3&since_year=2026", True),
        ("since_day=4&since_month=3&since_year=2026", False),
        ("until_day=2&until_month=3&until_year=2026", False),
        ("kind=live", True),
        ("kind=withdrawn", False),
        ("basis=young_person", True),
        ("basis=parent", False),
        ("person=YP-222222", False),
    ],
)
def test_the_register_of_consents_is_narrowed(story, sign_in, query, there):
    page = sign_in("auditor").get(f"/oversight/consents/?{query}").content.decode()
    assert (story[0].person.reference in page) is there


def test_a_hidden_person_can_not_be_filtered_by(cast, story, sign_in):
    cast.hire("school-auditor", "school", Role.AUDITOR)
    browser = sign_in("school-auditor")
    hidden = browser.get(f"/oversight/events/?person={story[0].person.reference}")
    missing = browser.get("/oversight/events/?person=YP-222222")
    for answer in (hidden, missing):
        assert "Nothing fits" in answer.content.decode()


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize(
    "query",
    [
        "user=%00",
        "person=%00",
        "person=%F0%9F%92%A9",
        "agency=%00",
        "agency=nonsense",
        "kind=%00&basis=%00",
        "since_day=%00&since_month=99&since_year=9999",
        "until_day=31&until_month=12&until_year=9999",
        "older=nonsense",
        "older=2026-03-03T14:02:00%2B00:00~%00",
        "newer=0001-01-01T00:00:00%2B14:00~00000000-0000-0000-0000-000000000000",
        "older=9999-12-31T23:59:59-14:00~ffffffff-ffff-ffff-ffff-ffffffffffff",
        "page=7",
    ],
)
def test_nothing_typed_into_an_address_breaks_a_register(cast, sign_in, register, query):
    assert sign_in("auditor").get(f"/oversight/{register}/?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["people/%00/", "users/nonsense/", "consents/0/", "people/%F0%9F/"]
)
def test_a_bad_address_is_a_404(cast, sign_in, path):
    assert sign_in("auditor").get(f"/oversight/{path}").status_code == 404


def test_a_long_register_is_walked_to_its_end_and_back(cast, sign_in):
    case = cast.open_case()
    for _ in range(120):
        trail.record(cast.who("lead-worker"), "goal.added", person_id=case.person_id, categories=1)
    browser, path, seen = sign_in("auditor"), "/oversight/events/?kind=goal.added", 0
    visited = []
    while path:
        page = browser.get(path)
        visited.append(path)
        seen += len(page.context["rows"])
        path = f"/oversight/events/{page.context['page'].next}" if page.context["page"].next else ""
    assert (seen, len(visited)) == (120, 3)
    back = browser.get(visited[-1]).context["page"].previous
    middle = browser.get(f"/oversight/events/{back}")
    assert len(middle.context["rows"]) == SIZE
    first = browser.get(f"/oversight/events/{middle.context['page'].previous}")
    assert first.context["page"].previous == ""


def test_late_approvals_stand_in_the_day(cast, story, sign_in, later):
    case, _, made = story
    waiting = decision.propose(
        person=case.person,
        share=True,
        kind="one_off",
        agency=cast.agencies["school"],
        worker_id=None,
        categories=[Category.EDUCATION],
        lawful_basis=made.lawful_basis,
        necessity="So that school keeps the place open",
        told=True,
        until=instant() + timedelta(days=20),
        by=cast.who("lead-worker"),
    )
    browser = sign_in("auditor")
    assert "tl-day__item--late" not in browser.get("/oversight/").content.decode()
    with later(hours=25):
        assert "tl-day__item--late" in sign_in("auditor").get("/oversight/").content.decode()
        page = sign_in("auditor").get("/oversight/decisions/?kind=late").content.decode()
    assert str(waiting.pk) in page
    assert str(made.pk) not in page


def test_a_partner_user_is_found_only_through_an_entry(cast, story, sign_in):
    browser = sign_in("auditor")
    assert browser.get(f"/oversight/users/{cast.user('outsider').pk}/").status_code == 404
    assert browser.get(f"/oversight/users/{cast.user('colleague').pk}/").status_code == 200
