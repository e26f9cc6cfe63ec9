"""The projection behind lists: written by the database, and never more than an index."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from access import reading
from access.bases import Basis
from access.categories import EVERY, Category, to_bits
from access.reading import sight_page
from access.roles import Role
from casework.actions import intervention as interventions
from casework.enums import Attendance
from casework.models import KindOfIntervention, LeadPeriod
from casework.queries import caseload
from core.clock import instant
from core.ids import new_id
from people import queries as people
from sharing import candidates, reach, scope
from sharing.actions import agreement, involvement, protection, withdrawal
from sharing.models import (
    Bar,
    Consent,
    ConsentLine,
    Involvement,
    LeadAgency,
    Reach,
    Restriction,
)
from sharing.reach import NIL
from sharing.tasks import clear_reach
from tests.access.behind import behind_the_wall, raw
from tests.factories.browsing import later
from tests.factories.cast import SHARED

__all__ = ["later"]

COLUMNS = (
    "principal, person_id, lead, is_open, carries, since, until,"
    " carded_since, carded_until, carded_carries"
)


def on_list_of(agency):
    return set(Reach.objects.filter(principal=agency.pk).values_list("person_id", flat=True))


def page_of(cast, username, **more):
    return sight_page(cast.who(username), limit=25, **more).people


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "housing")
    return cast.open_case()


def test_a_share_puts_somebody_on_a_list_and_its_end_takes_them_off(cast, case):
    assert page_of(cast, "housing-officer") == []
    cast.share(case.person, "housing", Category.HOUSING)
    assert page_of(cast, "housing-officer") == [case.person_id]
    assert case.person_id in on_list_of(cast.agencies["housing"])
    consent = Consent.rows.get(person=case.person)
    line = ConsentLine.rows.get(consent=consent)
    withdrawal.withdraw(consent=consent, line=line, by=cast.who("lead-worker"))
    assert page_of(cast, "housing-officer") == []


def test_it_says_what_follows_from_the_involvements_whoever_wrote_them(cast, case):
    cast.share(case.person, "housing", Category.HOUSING)
    cast.join(case, "family-worker", Category.FAMILY)
    cast.refer(given_name="Amina")
    followed = raw(f"SELECT {COLUMNS} FROM sharing_reach ORDER BY 1, 2")
    assert followed == raw(f"SELECT {COLUMNS} FROM reach_rows(NULL) ORDER BY 1, 2")
    assert len(followed) > 3


def sure_of(cast, username):
    """How many people a worker is counted as seeing without the rule being asked."""
    asker = cast.who(username)
    return candidates.carded(agency=asker.agency_id, asker=asker.user_id, at=instant(), most=9)


def test_a_restriction_and_a_bar_are_never_passed_over_in_a_count(cast, case):
    assert sure_of(cast, "colleague") == 1
    cast.bar(case.person, "colleague")
    assert sure_of(cast, "colleague") == 0
    assert sure_of(cast, "lead-worker") == 1
    cast.join(case, "second-manager", Category.SAFETY)
    protection.restrict(
        person=case.person,
        reason="A threat to life",
        review_on=date(2027, 1, 1),
        by=cast.who("charity-manager"),
    )
    assert sure_of(cast, "lead-worker") == 0
    assert reading.counted(cast.who("lead-worker")) == "1"
    assert reading.counted(cast.who("family-worker")) == "0"


def test_a_partner_is_sure_of_whom_an_agreement_covers_now(cast, case):
    cast.share(case.person, "housing", Category.HOUSING)
    assert sure_of(cast, "housing-officer") == 1
    cast.bar(case.person, "housing-officer")
    assert sure_of(cast, "housing-officer") == 0
    protection.lift_bar(row=Bar.rows.get(), by=cast.who("charity-manager"))
    assert sure_of(cast, "housing-officer") == 1
    [agreed] = cast.agreements
    agreement.suspend(
        agreement=agreed, reason="A breach", by=cast.who("lead-charity-administrator")
    )
    assert sure_of(cast, "housing-officer") == 0
    assert reading.counted(cast.who("housing-officer")) == "0"
    # Another that carries something else does not bring them back, one that carries it does.
    cast.agree("lead-charity", "housing", categories=[Category.HEALTH])
    assert sure_of(cast, "housing-officer") == 0
    assert reading.counted(cast.who("housing-officer")) == "0"
    cast.agree("lead-charity", "housing", categories=[Category.HOUSING, Category.HEALTH])
    assert sure_of(cast, "housing-officer") == 1
    assert reading.counted(cast.who("housing-officer")) == "1"
    cast.join(case, "second-manager", Category.SAFETY)
    protection.restrict(
        person=case.person,
        reason="A threat to life",
        review_on=date(2027, 1, 1),
        by=cast.who("charity-manager"),
    )
    assert sure_of(cast, "housing-officer") == 0
    assert reading.counted(cast.who("housing-officer")) == "0"


def test_where_the_longest_share_is_not_agreed_to_the_rule_is_asked(cast, case):
    cast.share(case.person, "housing", Category.HOUSING)
    involvement.begin(
        person_id=case.person_id,
        agency_id=cast.agencies["housing"].pk,
        worker_id=None,
        basis=Basis.CONSENT,
        categories=EVERY - set(SHARED),
        by=cast.who("lead-worker"),
    )
    assert sure_of(cast, "housing-officer") == 0
    assert reading.counted(cast.who("housing-officer")) == "1"


def test_another_agencys_people_are_not_counted_behind_the_wall(cast, case):
    lead = cast.who("lead-worker")
    with behind_the_wall(cast.who("outsider")):
        assert raw(
            "SELECT reach_carded(%s, %s, %s, 9)", lead.agency_id, lead.user_id, instant()
        ) == [(0,)]


def test_a_principal_is_the_same_in_the_database_and_here(cast):
    agency, user = cast.agencies["housing"], cast.user("housing-officer")
    for who in ("managers", str(user.pk)):
        [(key,)] = raw("SELECT reach_principal(%s, %s)", agency.pk, who)
        assert key == reach.principal(agency.pk, who)


def test_the_application_cant_write_it(cast, case):
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("UPDATE sharing_reach SET until = NULL RETURNING person_id")
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("SELECT reach_rebuild()")
    with pytest.raises(CommandError, match="owner"):
        call_command("rebuild_reach")


def test_behind_the_wall_a_member_reads_the_rows_of_their_own_lists_alone(cast, case):
    cast.share(case.person, "housing", Category.HOUSING)
    housing = cast.who("housing-officer")
    with behind_the_wall(housing):
        owners = {principal for (principal,) in raw("SELECT principal FROM sharing_reach")}
        everyone = reach.principal(housing.agency_id, "everyone")
        assert owners <= {everyone, *reach.principals(housing, Role.MANAGER)}
        assert owners
    with behind_the_wall(cast.who("outsider")):
        assert raw("SELECT * FROM sharing_reach") == []


def test_what_happens_with_somebody_moves_nobody_on_the_list(cast, case):
    """Who sees only whom to ask would see by it that something has happened."""
    other = cast.open_case(given_name="Amina", family_name="Yusuf")
    before = page_of(cast, "colleague")
    assert before == [other.person_id, case.person_id]
    interventions.log(
        person=case.person,
        categories=[Category.HOUSING],
        kind=KindOfIntervention.objects.first(),
        at=instant() - timedelta(minutes=30),
        minutes=15,
        attendance=Attendance.CAME,
        by=cast.who("lead-worker"),
    )
    cast.share(case.person, "housing", Category.HOUSING)
    assert page_of(cast, "colleague") == before


def test_pages_follow_each_other_both_ways_and_end(cast):
    people = [cast.open_case(given_name=f"Person {n}").person_id for n in range(7)]
    actor, seen, after = cast.who("lead-worker"), [], None
    while True:
        page = sight_page(actor, limit=3, after=after)
        seen.append(page.people)
        if not page.beyond:
            break
        after = page.people[-1]
    newest = sorted(people, reverse=True)
    assert seen == [newest[:3], newest[3:6], newest[6:]]
    before = sight_page(actor, limit=3, after=page.people[0], back=True)
    assert before.people == seen[1]
    assert before.before
    assert before.beyond


def test_closed_records_stay_off_the_list_of_what_is_open(cast, case):
    closed = cast.open_case(given_name="Amina", family_name="Yusuf")
    lead = cast.who("lead-worker")
    with cast.acting("lead-worker"):
        involvement.end_where(person_id=closed.person_id, bases=[Basis.LEAD], by=lead)
        involvement.begin(
            person_id=closed.person_id,
            agency_id=closed.agency_id,
            worker_id=lead.user_id,
            basis=Basis.RECORD,
            categories=[Category.HOUSING],
            by=lead,
        )
    assert set(page_of(cast, "lead-worker")) == {case.person_id, closed.person_id}
    assert page_of(cast, "lead-worker", open_only=True) == [case.person_id]


def test_a_statement_that_changes_nobody_leaves_the_projection_alone(cast, case):
    # Whoever writes it anew for everybody keeps all others from writing until then.
    held = (
        "SELECT count(*) FROM pg_locks WHERE relation = 'sharing_reach'::regclass"
        " AND mode = 'ShareRowExclusiveLock' AND pid = pg_backend_pid()"
    )
    for model in (Involvement, LeadAgency, Restriction):
        model.rows.filter(person_id=new_id()).update(starts=instant())
        assert raw(held) == [(0,)], model


def test_what_ended_days_ago_is_cleared_away(cast, case, later):
    cast.share(case.person, "housing", Category.HOUSING, until=timedelta(days=1))
    with later(days=2, hours=12):
        # Of the referral alone, which nobody on duty has to see to any more.
        assert clear_reach() == 1
        assert case.person_id in on_list_of(cast.agencies["housing"])
    with later(days=4):
        assert clear_reach() >= 1
        assert case.person_id not in on_list_of(cast.agencies["housing"])
        assert case.person_id in on_list_of(cast.agencies["lead-charity"])


def test_candidates_are_found_by_an_index_alone(cast, case):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT person_id FROM sharing_reach WHERE principal = %s AND lead = %s"
            " AND is_open ORDER BY person_id DESC LIMIT 25",
            [case.agency_id, reach.NIL],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    # Which of the two that are in this order, the planner may choose.
    assert "Index" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


def counted(actor):
    """How many cases each worker leads, the busiest first."""
    found, more = caseload.workload(actor)
    assert not more
    return [n for _, n in found]


def test_a_workload_of_many_is_told_in_pages(cast, case):
    manager = cast.who("charity-manager")
    everybody = counted(manager)
    pages = [caseload.workload(manager, limit=2, first=first) for first in range(0, 20, 2)]
    assert sorted(n for found, _ in pages for _, n in found) == sorted(everybody)
    assert [more for _, more in pages][:2] == [True, len(everybody) > 4]


def test_a_workload_is_counted_over_the_cases_that_the_actor_sees(cast, case):
    others = [cast.open_case(given_name=f"Person {n}") for n in range(3)]
    manager = cast.who("charity-manager")
    assert [n for n in counted(manager) if n] == [4]
    cast.join(others[0], "second-manager", Category.SAFETY)
    protection.restrict(
        person=others[0].person,
        reason="Threats to relatives on the staff",
        review_on=date(2027, 1, 1),
        by=cast.who("second-manager"),
    )
    protection.bar(
        person=others[1].person,
        user=cast.user("charity-manager"),
        reason="A cousin of somebody he is in conflict with",
        review_on=date(2027, 1, 1),
        by=cast.who("second-manager"),
    )
    for username in ("charity-manager", "second-manager", "colleague"):
        actor = cast.who(username)
        seen = LeadPeriod.objects.visible_to(actor).filter(ends=None)
        assert sum(counted(actor)) == seen.count(), username
    assert [n for n in counted(manager) if n] == [2]
    assert sum(counted(cast.who("auditor"))) == 0


@pytest.mark.parametrize("few", ["some", "none"])
def test_a_name_finds_whoever_is_on_ones_own_lists_alone(cast, case, few):
    if few == "none":
        every_list_is_long()
    cast.open_case(given_name="Amina", family_name="Yusuf")
    cast.share(case.person, "housing", Category.HOUSING)

    def found(username, words):
        actor = cast.who(username)
        with behind_the_wall(actor):
            return [person.given_name for person in people.search(actor, words)]

    assert found("lead-worker", "ami yus") == ["Amina"]
    assert found("lead-worker", case.person.reference[:5]) == ["Kofi"]
    assert found("housing-officer", "KOFI") == ["Kofi"]
    assert found("housing-officer", "amina") == []
    assert found("lead-worker", "of") == ["Kofi"]
    assert found("housing-officer", "of") == ["Kofi"]
    assert found("housing-officer", "in") == []
    assert found("outsider", "kofi") == []
    assert found("outsider", "of") == []
    for odd in ("%", "_", "\\", "K%i", "'; --", "ko'fi"):
        assert found("lead-worker", odd) == []


@pytest.mark.parametrize("few", ["some", "none"])
@pytest.mark.parametrize("word", ["KOFI", "KO"])
def test_nobody_asks_for_names_on_the_lists_of_others(cast, case, few, word):
    if few == "none":
        every_list_is_long()
    cast.share(cast.open_case(given_name="Amina").person, "housing", Category.HOUSING)
    ask = "SELECT reach_named(ARRAY[%s], %s::uuid[], %s, 10, 0)"
    with behind_the_wall(cast.who("outsider")):
        assert raw(ask, word, [case.agency_id], instant()) == []
    with behind_the_wall(cast.who("lead-worker")):
        assert raw(ask, word, [case.agency_id], instant()) == [(case.person_id,)]
    housing = cast.agencies["housing"].pk
    with behind_the_wall(cast.who("housing-officer")):
        assert raw(ask, word, [housing], instant()) == []
        assert len(raw(ask, "AMI", [housing], instant())) == 1
        assert len(raw(ask, "AM", [housing], instant())) == 1


@pytest.mark.parametrize("few", ["some", "none"])
@pytest.mark.parametrize("word", ["kofi", "ko"])
def test_names_come_in_order_and_go_on_where_they_ended(cast, case, few, word):
    if few == "none":
        every_list_is_long()
    names = ["Zeller", "Abara", "Nkemelu", "Mensah", "Abara"]
    people_ = [cast.open_case(given_name="Kofi", family_name=name).person for name in names]
    in_order = sorted([*people_, case.person], key=lambda one: (one.family_name, one.pk))
    of = [case.agency_id, reach.principal(case.agency_id, "managers")]
    ask = "SELECT reach_named(%s, %s::uuid[], %s, 2, %s)"
    with behind_the_wall(cast.who("lead-worker")):
        pages = [
            [key for (key,) in raw(ask, reach.patterns([word]), of, instant(), beyond)]
            for beyond in (0, 2, 4, 6)
        ]
    assert sum(pages, []) == [one.pk for one in in_order]
    assert [len(page) for page in pages] == [2, 2, 2, 0]


def test_a_list_is_named_whole_or_not_at_all(cast, case):
    """Without what has ended, and of those on it whoever has what is asked for."""
    cast.share(case.person, "housing", Category.HOUSING)
    ended, another = cast.open_case().person, cast.open_case().person
    cast.share(ended, "housing", Category.HOUSING)
    withdrawal.withdraw(consent=Consent.rows.get(person=ended), by=cast.who("lead-worker"))
    cast.share(another, "housing", Category.EDUCATION)
    housing = cast.agencies["housing"].pk

    def listed(*carrying, whole=NIL, most=2):
        return reach.listed([housing], whole=whole, carrying=to_bits(carrying), most=most)

    both = {case.person_id, another.pk}
    with behind_the_wall(cast.who("housing-officer")):
        assert len(Reach.objects.filter(principal=housing)) > 2, "what has ended is an entry still"
        assert listed(Category.HOUSING, Category.EDUCATION) == both
        assert listed(Category.HOUSING, Category.EDUCATION, most=1) is None
        assert listed(Category.HOUSING, most=1) == {case.person_id}
        assert listed(Category.HEALTH) == set()
        assert listed(Category.HEALTH, whole=housing) == both, (
            "what being on duty opens is not in it"
        )
        assert listed(Category.POINTER) == both, "the pointer goes along with anything"


def every_list_is_long():
    """Make the search take lists of any size for long ones, until the test ends."""
    raw("SELECT set_config('reach.few', '0', true)")


def test_what_may_not_be_shown_takes_nobodys_place_in_a_search(cast, case, monkeypatch):
    monkeypatch.setattr(reading, "MOST_NAMED", 1)
    monkeypatch.setattr(scope, "_SPARE", 0)
    hidden = cast.open_case(given_name="Kofi", family_name="Aaronson")
    cast.bar(hidden.person, "colleague")
    assert [p.pk for p in people.search(cast.who("colleague"), "kofi")] == [case.person_id]
    assert [p.pk for p in people.search(cast.who("lead-worker"), "kofi")] == [hidden.person_id]
