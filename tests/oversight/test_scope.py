"""The auditor's reach in SQL is the rule's, on generated worlds; and the periods hold."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.db.models import Count

from access.actor import Public
from access.bases import Basis
from access.categories import ALL, Category, to_bits
from access.context import transact
from access.roles import Role
from access.rule import decide
from access.wall import through
from agencies.actions import membership
from agencies.models import AgencyActivity, Membership, User, UserActivity
from audit import trail
from audit.models import AccessRecord
from core.clock import instant
from oversight import paging, queries, scope
from oversight.entries import Entries
from people.models import YoungPerson
from sharing import facts
from sharing.models import Bar, Involvement, LeadAgency, Restriction
from tests.conftest import NOW
from tests.factories.cast import OPERATOR

TICK = timedelta(microseconds=1)
TIMES = [-timedelta(days=40), -timedelta(days=1), -TICK, timedelta(0), TICK, timedelta(days=9)]


def period(rng):
    starts = rng.choice(TIMES)
    ends = rng.choice([None, *(time for time in TIMES if time >= starts)])
    return {"starts": NOW + starts, "ends": None if ends is None else NOW + ends}


def generate(cast, rng, number):
    """People with leads, involvements, bars and restrictions around the present instant."""
    agencies = [cast.agencies[slug] for slug in ("lead-charity", "borough-unit", "school")]
    users = [cast.user(name) for name in ("auditor", "unit-auditor", "lead-worker")]
    people = []
    for _ in range(number):
        person = YoungPerson(given_name="Somebody")
        person.save(force_insert=True)
        people.append(person)
        if rng.random() < 0.6:
            LeadAgency(person=person, agency=rng.choice(agencies), **period(rng)).sealed_save(
                force_insert=True
            )
        for _ in range(rng.choice([0, 0, 1, 2])):
            Involvement(
                person=person,
                agency=rng.choice(agencies),
                worker=rng.choice([None, *users]),
                basis=rng.choice(list(Basis)),
                categories=rng.choice([frozenset(), ALL]),
                **period(rng),
            ).sealed_save(force_insert=True)
        if rng.random() < 0.3:
            Bar(
                person=person, user=rng.choice(users), review_on=NOW.date(), **period(rng)
            ).sealed_save(force_insert=True)
        if rng.random() < 0.2:
            Restriction(person=person, review_on=NOW.date(), **period(rng)).sealed_save(
                force_insert=True
            )
    return people


@pytest.fixture(params=["few", "many", "long"], autouse=True)
def _either_way(request, monkeypatch):
    """An agency with few people, one with so many that each entry is asked about, a long trail."""
    if request.param == "many":
        monkeypatch.setattr(scope, "BROAD", -1)
    if request.param == "long":
        monkeypatch.setattr(scope, "LONG", -1)
        monkeypatch.setattr(scope, "ENOUGH", 0)


def test_a_long_trail_is_read_in_its_order_by_whom_it_is_mostly_about(cast, monkeypatch):
    monkeypatch.setattr(scope, "LONG", -1)
    monkeypatch.setattr(scope, "ENOUGH", 1)
    case = cast.open_case()
    read = trail.Read(case.person_id, to_bits([Category.HOUSING]))
    with transact(cast.who("lead-worker"), route="test"):
        trail.record_reads(cast.who("lead-worker"), [read], route="test")
    for username, dense in (("auditor", True), ("unit-auditor", False)):
        with transact(cast.who(username), route="test"):
            mine = scope.reach(cast.who(username))
            assert mine._is_dense("audit_accessrecord") is dense, username
            assert not mine._is_dense("sharing_consent")
            assert scope.reads(cast.who(username)).filter(route="test").count() == dense
    monkeypatch.setattr(scope, "LONG", 1_000)
    with transact(cast.who("auditor"), route="test"):
        assert not scope.reach(cast.who("auditor"))._is_dense("audit_accessrecord")


def reached(actor, people):
    """Whom an actor may review: asked about one by one, looked up, or held against the set."""
    column = "people_youngperson.id"
    with transact(actor, route="test"), through(scope._REFERENCES):
        mine = scope.reach(actor)
        found = [
            set(YoungPerson.rows.filter(condition).values_list("pk", flat=True))
            for condition in (
                mine.has(column), mine.among(column), mine.among(column, alone=False)
            )
        ]  # fmt: skip
    assert found[0] == found[1] == found[2]
    return {person.pk for person in people} & found[0]


def ruled(actor, people):
    worlds = facts.worlds(actor, [person.pk for person in people])
    return {pk for pk, world in worlds.items() if decide(world).auditable}


@pytest.mark.parametrize("seed", range(4))
def test_the_scope_is_the_rule(cast, seed):
    people = generate(cast, random.Random(seed), 60)
    some = 0
    for name in ("auditor", "unit-auditor", "lead-worker", "charity-manager", "analyst"):
        actor = cast.who(name)
        assert reached(actor, people) == ruled(actor, people)
        some += len(reached(actor, people))
    assert some > 20


@pytest.mark.parametrize("what", ["membership", "user", "agency", "secondment"])
def test_a_forbid_empties_the_reach(cast, what):
    people = generate(cast, random.Random(7), 40)
    actor = cast.who("auditor")
    assert reached(actor, people)
    if what == "membership":
        Membership.objects.filter(pk=actor.membership_id).update(ends=instant())
    elif what == "user":
        UserActivity.objects.filter(user_id=actor.user_id).update(ends=instant())
    elif what == "agency":
        AgencyActivity.objects.filter(agency_id=actor.agency_id).update(ends=instant())
    else:
        police = cast.agencies["police"]
        Membership.objects.filter(pk=actor.membership_id).update(home_agency=police)
    assert reached(actor, people) == ruled(actor, people) == set()


def test_a_seconded_auditor_is_covered_by_an_agreement(cast):
    cast.agree("police", "borough-unit")
    actor = cast.hire("lent-auditor", "borough-unit", Role.AUDITOR, home="police")
    people = generate(cast, random.Random(3), 40)
    assert reached(actor, people) == ruled(actor, people) != set()


def test_nobody_learns_whom_others_may_review(cast):
    """The database answers for the auditor who asks, and for nobody else."""
    generate(cast, random.Random(7), 40)
    hers, others = cast.who("auditor"), cast.who("unit-auditor")

    def told(name, of):
        with cast.acting(name), connection.cursor() as cursor:
            cursor.execute("SELECT wall_auditable(%s, %s, %s)", [of.agency_id, of.user_id, NOW])
            return cursor.fetchone()[0]

    assert told("auditor", hers)
    assert told("unit-auditor", others)
    assert told("auditor", others) == []
    assert told("auditor", replace(hers, user_id=others.user_id)) == []
    assert told("charity-manager", cast.who("charity-manager")) == []
    assert told("lead-worker", hers) == []


def test_no_other_kind_of_actor_reaches_anybody(cast):
    case = cast.open_case()
    assert reached(OPERATOR, [case.person]) == set()
    assert not scope.events(OPERATOR).exists()


def test_a_partner_sees_the_entries_of_its_own_period_only(cast, later):
    case = cast.open_case()
    partner = cast.who("unit-auditor")

    def events(name):
        with cast.acting(name):
            found = scope.events(cast.who(name)).filter(person_id=case.person_id)
            return set(found.values_list("verb", flat=True))

    assert events("unit-auditor") == set()
    with later(days=2):
        given = cast.share(case.person, "borough-unit", Category.HOUSING)
        verbs = events("unit-auditor")
        assert "consent.recorded" in verbs
        assert verbs.isdisjoint({"referral.made", "lead.assigned", "case.opened"})
        with cast.acting("unit-auditor"):
            assert list(scope.consents(partner)) == [given]
    with later(days=3):
        from sharing.actions import consent

        consent.withdraw(consent=given, by=cast.who("lead-worker"))
    with later(days=4):
        cast.add_goal(case, Category.HOUSING, "A room")
        assert "consent.withdrawn" in events("unit-auditor")
        assert "goal.added" not in events("unit-auditor")
        assert "goal.added" in events("auditor")


def look_at(people, rng, *workers):
    """Reads of these people, some at the same moment: as one answer shows several."""
    moments = [NOW + timedelta(days=rng.uniform(-60, 60)) for _ in range(len(people) * 2)]
    looks = ((person, rng.choice(workers)) for person in people for _ in range(4))
    AccessRecord.objects.bulk_create(
        AccessRecord(
            at=rng.choice(moments),
            actor_kind="member",
            user_id=worker.user_id,
            agency_id=worker.agency_id,
            role="practitioner",
            person_id=person.pk,
            categories=1,
            route="test",
        )
        for person, worker in looks
    )


def expected_of(actor, people):
    """The reads that the rule and the agency's periods leave an auditor, newest first."""
    theirs = ruled(actor, people)
    records = AccessRecord.objects.filter(route="test").order_by("-at", "-id")
    return [
        record.pk
        for record in records
        if record.person_id in theirs and in_period(actor.agency_id, record)
    ]


@pytest.mark.parametrize("seed", range(2))
def test_entries_are_those_of_auditable_people_in_the_agencys_periods(cast, seed):
    rng = random.Random(seed)
    people = generate(cast, rng, 40)
    look_at(people, rng, cast.who("lead-worker"))
    found = 0
    for name in ("auditor", "unit-auditor", "lead-worker"):
        actor = cast.who(name)
        expected = set(expected_of(actor, people))
        with cast.acting(name):
            shown = scope.reads(actor).filter(route="test")
            assert set(shown.values_list("pk", flat=True)) == expected
            assert scope.numbers(shown, n=Count("pk")) == {"n": len(expected)}
        found += len(expected)
    assert found > 5


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("whose", ["everybody's", "one user's", "two users'", "nobody's"])
def test_a_trail_is_paged_from_any_place_in_both_directions(cast, size, whose):
    rng = random.Random(size)
    people = generate(cast, rng, 40)
    workers = [cast.who(name) for name in ("lead-worker", "colleague", "police-officer")]
    look_at(people, rng, *workers)
    users = {
        "everybody's": None,
        "one user's": (workers[0].user_id,),
        "two users'": (workers[1].user_id, workers[2].user_id),
        "nobody's": (),
    }[whose]
    by = dict(AccessRecord.objects.values_list("pk", "user_id"))
    found = 0
    for name in ("auditor", "unit-auditor", "lead-worker"):
        actor = cast.who(name)
        expected = [key for key in expected_of(actor, people) if users is None or by[key] in users]
        with cast.acting(name):
            entries = Entries(AccessRecord, scope.reach(actor), users=users)
            down = walked(entries, size, upward=False)
            assert [row.pk for row in down if row.route == "test"] == expected
            up = walked(entries, size, upward=True)
            assert [row.pk for row in reversed(up)] == [row.pk for row in down]
        found += len(expected)
    assert found > 5 or users == ()


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"user": "worker"},
        {"user": "Nobody of this name"},
        {"person": "the one with a case"},
        {"person": "the one with a case", "user": "worker"},
        {"person": "YP-NOBODY"},
    ],
)
@pytest.mark.parametrize("days", [(None, None), (-20, 20)])
@pytest.mark.parametrize("register", ["reads", "events"])
def test_a_register_shows_the_same_by_its_place_as_by_its_conditions(
    cast, later, register, filters, days
):
    case = cast.open_case()
    with later(days=10):
        cast.share(case.person, "borough-unit", Category.HOUSING)
        cast.add_goal(case, Category.HOUSING, "A room")
    rng = random.Random(5)
    look_at(generate(cast, rng, 20), rng, cast.who("lead-worker"), cast.who("colleague"))
    since, until = ((NOW + timedelta(days=one)).date() if one else None for one in days)
    if "case" in filters.get("person", ""):
        filters = filters | {"person": case.person.reference}
        look_at([case.person] * 3, rng, cast.who("lead-worker"), cast.who("colleague"))
    asked = filters | {
        name: day for name, day in (("since", since), ("until", until)) if day is not None
    }
    for name in ("auditor", "unit-auditor"):
        actor = cast.who(name)
        with later(days=30), cast.acting(name):
            by_conditions = list(queries.REGISTERS[register](actor, asked).order_by("-at", "-id"))
            shown = every(queries.sources(register, actor, asked))
            assert [row.pk for row in shown] == [row.pk for row in by_conditions]
            nobody = "nobody" in " ".join(filters.values()).lower()
            assert bool(shown) != nobody or register == "reads"


def test_what_is_about_nobody_is_theirs_who_did_it_to_whom_it_was_done_and_whose_account_it_was(
    cast, later
):
    """By conditions, and by place, and nobody else's."""
    cast.agree("housing", "lead-charity")
    gone = cast.who("second-manager")
    with later(days=1):
        trail.record(Public("sign-in"), "account.signed_in", subject=cast.user("lead-worker"))
        trail.record(Public("sign-in"), "account.signed_in", subject=cast.user("outsider"))
        membership.close_account(user=cast.user("second-manager"), by=OPERATOR)
        # About an account, and at the agency: both make it theirs, once.
        trail.record(
            OPERATOR, "account.changed", subject=cast.user("lead-worker"),
            detail={"agency": cast.agencies["lead-charity"].pk},
        )  # fmt: skip
    with later(days=2):
        trail.record(
            Public("sign-in"), "account.sign_in_refused", subject=cast.user("second-manager")
        )
        membership.begin(
            user=cast.user("outsider"), agency=cast.agencies["lead-charity"],
            role=Role.PRACTITIONER, by=OPERATOR,
        )  # fmt: skip
    with later(days=3):
        trail.record(Public("sign-in"), "account.signed_in", subject=cast.user("outsider"))
    with later(days=4), cast.acting("auditor"):
        actor = cast.who("auditor")
        rows = every(queries.sources("events", actor, {}))
        assert rows == list(queries.events(actor, {}).order_by("-at", "-id"))
        told = {
            (event.verb, event.subject_id, event.agency_id)
            for event in rows
            if event.person_id is None and event.at >= NOW
        }
    mine, housing = cast.agencies["lead-charity"].pk, cast.agencies["housing"].pk
    assert {verb for verb, _, agency in told if agency == housing} == {
        "agreement.drawn_up",
        "agreement.confirmed",
    }
    signed_in = [row for row in rows if row.verb == "account.signed_in" and row.at > NOW]
    assert [row.subject_id for row in signed_in] == [
        cast.user("outsider").pk, cast.user("lead-worker").pk
    ]  # fmt: skip
    assert ("account.closed", gone.user_id, None) in told
    assert not [row for row in rows if row.verb == "account.sign_in_refused"]
    assert {agency for _, _, agency in told} == {mine, housing, None}


def every(sources):
    """All pages of a register, three entries each."""
    place, shown = {}, []
    while True:
        page = paging.page(sources, place, size=3)
        shown += page.rows
        if not page.next:
            return shown
        place = dict(parse_qsl(page.next[1:]))


def removed(queryset):
    """How many rows of a trail the database looked at for these, and left out."""
    plan = json.loads(queryset.explain(format="json", analyze=True))[0]["Plan"]

    def count(node):
        of_trail = node.get("Relation Name", "").startswith("audit_")
        own = node.get("Rows Removed by Filter", 0) * node["Actual Loops"] if of_trail else 0
        return own + sum(count(one) for one in node.get("Plans", ()))

    return count(plan)


def test_a_partner_whose_period_is_over_looks_at_nothing_that_came_after(cast, later):
    """Two hundred reads around those two days, and none of them is asked about."""
    case = cast.open_case()
    cast.share(case.person, "borough-unit", Category.HOUSING, until=timedelta(days=2))
    look_at([case.person] * 50, random.Random(1), cast.who("lead-worker"))
    actor = cast.who("unit-auditor")
    with later(days=90), cast.acting("unit-auditor"):
        for found in (
            queries.of_person(actor, case.person.pk)["reads"],
            queries.sources("reads", actor, {"person": case.person.reference}),
        ):
            assert 0 < len(every(found)) < 20
            assert [removed(one.order_by("-at", "-id")[:41]) for one in found] == [0]


def test_a_page_far_down_begins_where_it_stands(cast):
    """Not at the newest, to count down from there."""
    case = cast.open_case()
    people = [case.person] * 60
    look_at(people, random.Random(1), cast.who("lead-worker"))
    with cast.acting("auditor"):
        [found] = queries.of_person(cast.who("auditor"), case.person.pk)["reads"]
        oldest = list(found)[-2]
        rows = paging._beyond(found, "at", (oldest.at, oldest.pk), upward=False)
        assert removed(rows) < 10
        assert len(rows) == 1


def test_a_name_that_hundreds_share_means_all_of_them(cast):
    case = cast.open_case()
    namesakes = User.objects.bulk_create(
        User(username=f"ann{one:03}", name=f"Ann {one:03}", email=f"a{one}@example.org")
        for one in range(205)
    )
    for one in (0, 204):
        with cast.acting("lead-worker"):
            trail.record_reads(
                replace(cast.who("lead-worker"), user_id=namesakes[one].pk),
                [trail.Read(case.person.pk, 1)],
                route="test",
            )
    actor = cast.who("auditor")
    with cast.acting("auditor"):
        found = every(queries.sources("reads", actor, {"user": "Ann "}))
    assert {row.user_id for row in found} == {namesakes[0].pk, namesakes[204].pk}


def walked(entries, size, *, upward):
    rows, border = [], None
    while True:
        more = entries.take(border, upward=upward, number=size)
        assert len(more) <= size
        rows += more
        # A page that is not full says that there is no other.
        if len(more) < size:
            return rows
        border = (more[-1].at, more[-1].pk)


def test_a_trail_between_two_days_is_that_part_of_it_and_counted_so(cast):
    rng = random.Random(3)
    people = generate(cast, rng, 40)
    look_at(people, rng, cast.who("lead-worker"), cast.who("colleague"))
    actor = cast.who("auditor")
    expected = set(expected_of(actor, people))
    with cast.acting("auditor"):
        middle = AccessRecord.objects.filter(pk__in=expected).order_by("at")
        since, until = middle[len(expected) // 8].at, middle[7 * len(expected) // 8].at
        wanted = list(middle.filter(at__gte=since, at__lt=until))
        entries = Entries(AccessRecord, scope.reach(actor), since, until)
        assert {row.pk for row in entries.take(None, upward=False, number=1_000)} == {
            row.pk for row in wanted
        }
        assert entries.numbers() == {
            "times": len(wanted),
            "people": len({row.person_id for row in wanted}),
            "users": len({row.user_id for row in wanted}),
        }
    assert 5 < len(wanted) < len(expected)


@pytest.mark.parametrize("name", ["lead-worker", "charity-manager"])
def test_a_trail_is_nobodys_who_is_no_auditor(cast, name):
    look_at(generate(cast, random.Random(1), 10), random.Random(1), cast.who("lead-worker"))
    with cast.acting(name):
        entries = Entries(AccessRecord, scope.reach(cast.who(name)))
        assert entries.take(None, upward=False, number=10) == []
        assert entries.numbers() == {"times": 0, "people": 0, "users": 0}


def test_a_trail_asks_in_the_end_about_each_entry_that_it_shows(cast, monkeypatch):
    """Found by keys past the wall: whoever lets too many through there shows them no more."""
    rng = random.Random(2)
    people = generate(cast, rng, 20)
    look_at(people, rng, cast.who("lead-worker"))
    everybody = list(AccessRecord.objects.values_list("pk", flat=True))
    monkeypatch.setattr(Entries, "_keys", lambda *_: everybody)
    actor = cast.who("auditor")
    expected = expected_of(actor, people)
    with cast.acting("auditor"):
        shown = Entries(AccessRecord, scope.reach(actor)).take(None, upward=False, number=1_000)
        assert [row.pk for row in shown if row.route == "test"] == expected


def in_period(agency_id, record):
    """Whether a record falls into a period in which the agency led, or was involved."""
    rows = [
        *LeadAgency.rows.filter(agency_id=agency_id, person_id=record.person_id),
        *Involvement.rows.filter(agency_id=agency_id, person_id=record.person_id).exclude(
            basis__in=["break_glass", "audit_sample"]
        ),
    ]
    return any(
        row.starts <= record.at and (row.ends is None or record.at <= row.ends) for row in rows
    )
