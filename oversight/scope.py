"""Whose records an auditor may review, and which entries about them, as queries.

`decide(...).auditable` in SQL: the lead agency is the auditor's, or their agency is or
was involved; never somebody from whom the auditor is barred. Of those people they see the
entries of their own agency's periods. Every page of this room starts from here, and
nowhere else in the room are the plain rows touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from access import bases, rule
from access.actor import Actor, Member, NotVisible
from access.bases import Basis
from access.context import known
from access.roles import Role
from access.wall import passage, through
from agencies.models import Membership
from agencies.queries import actor_facts
from audit.models import AccessRecord, Event
from core.clock import instant
from core.ids import tidy_reference
from oversight.models import (
    CauseReview,
    CheckAnswer,
    Finding,
    Sample,
    SampledShare,
    SampleOpening,
)
from people.models import YoungPerson
from sharing import facts
from sharing.models import (
    Consent,
    ConsentLine,
    Involvement,
    LeadAgency,
    SharingDecision,
)
from sharing.reach import has_more_than

COUNTED = sorted(basis.value for basis in Basis if basis not in bases.NOT_AUDITABLE)
"""The bases that make somebody auditable to the auditors of the agency involved."""

# Of the person whose key stands in a column: each is a probe of an index. Written so that it
# can't become a join with everybody at the agency.
_IS_AUDITABLE = """
coalesce(
    (SELECT true FROM sharing_leadagency lead
     WHERE lead.person_id = {person} AND lead.agency_id = {agency}
       AND lead.starts <= {at} AND (lead.ends IS NULL OR lead.ends > {at}) LIMIT 1),
    (SELECT true FROM sharing_involvement involved
     WHERE involved.person_id = {person} AND involved.agency_id = {agency}
       AND involved.basis = ANY ({counted}) AND involved.starts <= {at} LIMIT 1),
    false)
AND NOT coalesce(
    (SELECT true FROM sharing_bar bar
     WHERE bar.user_id = {asker} AND bar.person_id = {person}
       AND bar.starts <= {at} AND (bar.ends IS NULL OR bar.ends > {at}) LIMIT 1),
    false)
-- Behind the wall the bars themselves can't be seen by whom they bar.
AND {person} <> ALL ((SELECT wall_barred())::uuid[])
"""


def is_auditable(person: str, *, named: bool = False) -> str:
    """SQL that the person whose key stands in this column is auditable.

    With the placeholders of `Reach.parameters` in their order, or `named` agency, asker, moment
    and counted.
    """
    if named:
        return _IS_AUDITABLE.format(
            person=person, agency="%(agency)s", at="%(moment)s", counted="%(counted)s",
            asker="%(asker)s",
        )  # fmt: skip
    return _IS_AUDITABLE.format(person=person, agency="%s", at="%s", counted="%s", asker="%s")


# Of everybody at once: as a value by which rows are looked up, or as a set they are held against.
_BY_AUDITABLE = "{person} = ANY ((SELECT wall_auditable(%s, %s, %s))::uuid[])"
_AMONG_AUDITABLE = "{person} IN (SELECT unnest(wall_auditable(%s, %s, %s)))"

# The end counts as well: what ended a period happened at its last instant.
_IN_PERIOD = """
coalesce((
    SELECT true FROM (
        SELECT person_id, starts, ends FROM sharing_leadagency WHERE agency_id = %s
        UNION ALL
        SELECT person_id, starts, ends FROM sharing_involvement
        WHERE agency_id = %s AND basis = ANY (%s)
    ) AS period
    WHERE period.person_id = {table}.person_id AND period.starts <= {table}.{moment}
      AND (period.ends IS NULL OR {table}.{moment} <= period.ends)
    LIMIT 1), false)
"""

_NUMBERS = passage("oversight.numbers", "counts what its conditions leave; shows no row")

BROAD = 20_000
"""From so many people on an agency's list, registers are read in their own order and each
entry is asked about: most are found soon. For fewer, they begin with the people."""

LONG = 100_000
"""From so many rows on, a register of the trail is read in its own order by anybody about whose
people enough of the newest entries are: where few people are read very often, to begin with them
would look at everything that was ever recorded of them."""
NEWEST, ENOUGH = 400, 4
_TRAIL = ("audit_accessrecord", "audit_event")
"""Tables that grow as long as anybody works, whatever the number of people."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one actor may review: worked out once for each list."""

    agency_id: UUID | None
    """None for somebody who is no auditor now: then nothing is theirs."""
    user_id: UUID | None = None
    at: datetime | None = None
    parameters: tuple[Any, ...] = ()
    broad: bool = False
    """Whether there are so many people that their entries are asked about one by one."""

    def has(self, person: str) -> Q:
        """The condition that the person whose key stands in this column is auditable."""
        if self.agency_id is None:
            return Q(pk__in=[])
        # No outside text is in it: names of ours, and parameters.
        auditable = RawSQL(  # nosec B611
            is_auditable(person),
            self.parameters,
            output_field=models.BooleanField(),
        )
        return Q(auditable)

    def about(self, table: str, *moments: str, alone: bool = True) -> Q:
        """The condition on a row about a person: auditable, and in a period of the agency's.

        At one of these moments of the row. `alone`: rows need no other condition, so that
        they may be looked up by their people.
        """
        if self.agency_id is None:
            return Q(pk__in=[])
        if self.broad or self._is_dense(table):
            return self.each(table, *moments)
        return self.among(f"{table}.person_id", alone=alone) & self._within(table, moments)

    def each(self, table: str, *moments: str) -> Q:
        """The same condition, asked about each of the rows that another one leaves."""
        if self.agency_id is None:
            return Q(pk__in=[])
        about = Q(person_id__isnull=False) & self.has(f"{table}.person_id")
        return about & self._within(table, moments)

    def _within(self, table: str, moments: Iterable[str]) -> Q:
        within = Q()
        for moment in moments:
            in_period = RawSQL(  # nosec B611
                _IN_PERIOD.format(table=table, moment=moment),
                [self.agency_id, self.agency_id, COUNTED],
                output_field=models.BooleanField(),
            )
            within |= Q(in_period)
        return within

    def _is_dense(self, table: str) -> bool:
        """Whether a long trail is mostly, or to a good part, about whom the actor may review.

        A hint by which it is read in one order or the other, and no more.
        """
        if table not in _TRAIL:
            return False
        return known(("dense", table, self.agency_id, self.user_id), lambda: self._looked(table))

    def _looked(self, table: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            if cursor.fetchone()[0] < LONG:
                return False
        with through(_NUMBERS), connection.cursor() as cursor:
            # No outside text is in it: names of ours, and parameters.
            cursor.execute(
                "SELECT count(*) FROM (SELECT person_id"  # noqa: S608  # nosec B608
                f" FROM {table} ORDER BY at DESC, id DESC LIMIT {NEWEST}) AS newest"
                f" WHERE {is_auditable('newest.person_id')}",
                self.parameters,
            )
            return bool(cursor.fetchone()[0] >= ENOUGH)

    def among(self, person: str, *, alone: bool = True) -> Q:
        """The same condition as `has`, for where whom it holds of is found first of all."""
        if self.agency_id is None:
            return Q(pk__in=[])
        # No outside text is in it: names of ours, and parameters.
        auditable = RawSQL(  # nosec B611
            (_BY_AUDITABLE if alone else _AMONG_AUDITABLE).format(person=person),
            [self.agency_id, self.user_id, self.at],
            output_field=models.BooleanField(),
        )
        return Q(auditable)

    def own_business(self) -> list[Q]:
        """The conditions on an event about nobody, none of which holds where another does.

        What the auditor's own agency's people did, what was done to their agency, and agreements
        to which it is a party; for what was done to an account see `own_accounts`. Each is one
        look at an index.
        """
        if self.agency_id is None:
            return []
        elsewhere = Q(person_id=None) & ~Q(agency_id=self.agency_id)
        agreed = RawSQL(  # nosec B611
            # As an array: where it is one of several conditions, the index is used all the same.
            "audit_event.subject_id = ANY (ARRAY("
            "SELECT agreement_id FROM sharing_agreementparty WHERE agency_id = %s))",
            [self.agency_id],
            output_field=models.BooleanField(),
        )
        return [
            Q(person_id=None, agency_id=self.agency_id),
            elsewhere & self._done_to("="),
            elsewhere
            & self._done_to("IS DISTINCT FROM")
            & Q(agreed, subject_type="sharing.agreement"),
        ]

    def own_accounts(self) -> Q:
        """The condition on an event about an account: of somebody who worked here at that time.

        Signing in belongs to no agency yet. The end counts as well: an account that is closed ends
        its memberships at the same instant.
        """
        if self.agency_id is None:
            return Q(pk__in=[])
        worked_here = Membership.objects.filter(
            Q(ends=None) | Q(ends__gte=OuterRef("at")),
            starts__lte=OuterRef("at"),
            agency_id=self.agency_id,
            user_id=OuterRef("subject_id"),
        )
        return (
            Q(person_id=None, subject_type="agencies.user")
            & ~Q(agency_id=self.agency_id)
            & self._done_to("IS DISTINCT FROM")
            & Q(Exists(worked_here))
        )

    def _done_to(self, how: str) -> Q:
        # As the index has it; no outside text is in it.
        done_to = RawSQL(  # nosec B611
            f"(audit_event.detail -> 'agency') {how} to_jsonb(%s::text)",
            [str(self.agency_id)],
            output_field=models.BooleanField(),
        )
        return Q(done_to)


def reach(actor: Actor) -> Reach:
    """What this actor may review now; nothing, unless they are an auditor by the rule."""
    if not isinstance(actor, Member):
        return Reach(None)
    at = instant()
    member = actor_facts(actor)
    if (
        member.role is not Role.AUDITOR
        or not member.user_active
        or not member.agency_active
        or not rule.is_live(at, member.starts, member.ends)
        or not _is_covered(actor, member.home_agency)
    ):
        return Reach(None)
    mine, counted = actor.agency_id, COUNTED
    return Reach(
        mine,
        actor.user_id,
        at,
        (mine, at, at, mine, counted, at, actor.user_id, at, at),
        broad=known(("broad", mine), lambda: has_more_than(mine, BROAD)),
    )


def events(actor: Actor) -> QuerySet[Event]:
    """The events that an auditor may read, newest first.

    Those about people auditable to them in their agency's periods; and those about nobody
    (memberships, agreements, the rota) that their own agency's people did or that were
    done to their agency.
    """
    mine = reach(actor)
    found = Event.objects.filter(mine.about("audit_event", "at", alone=False) | own_business(actor))
    return found.order_by("-at", "-id")


def own_business(actor: Actor) -> Q:
    """The condition on these events that they are about nobody."""
    mine = reach(actor)
    return reduce(or_, [*mine.own_business(), mine.own_accounts()])


def about(actor: Actor, trail: type[AccessRecord] | type[Event], person_id: UUID) -> QuerySet[Any]:
    """The entries of a trail about one person that an auditor may read, newest first."""
    found = trail.objects.filter(reach(actor).each(trail._meta.db_table, "at"), person_id=person_id)
    return found.order_by("-at", "-id")


_PERIODS = passage("oversight.periods", "the auditor's agency's own periods of one person")


def periods(actor: Actor, person_id: UUID) -> list[tuple[datetime, datetime]]:
    """The periods in which the auditor's agency answers for one person, none within another.

    From their first to their last instant, or for ever, where they go on. Whether the person
    may be reviewed is asked of each entry besides.
    """
    mine = reach(actor)
    if mine.agency_id is None:
        return []
    mine_of = {"person_id": person_id, "agency_id": mine.agency_id}
    led = LeadAgency.rows.filter(**mine_of)
    involved = Involvement.rows.filter(**mine_of, basis__in=COUNTED)
    with through(_PERIODS):
        found = [*led.values_list("starts", "ends"), *involved.values_list("starts", "ends")]
    joined: list[tuple[datetime, datetime]] = []
    for starts, ends in sorted((starts, ends or _ALWAYS) for starts, ends in found):
        if joined and starts <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        else:
            joined.append((starts, ends))
    return joined


_ALWAYS = datetime.max.replace(tzinfo=UTC)


def reads(actor: Actor) -> QuerySet[AccessRecord]:
    """The records of who looked that an auditor may read, newest first."""
    found = AccessRecord.objects.filter(reach(actor).about("audit_accessrecord", "at"))
    return found.order_by("-at", "-id")


def consents(actor: Actor) -> QuerySet[Consent]:
    """The consents that an auditor may review, newest first."""
    found: QuerySet[Consent] = Consent.rows.filter(
        reach(actor).about("sharing_consent", "given_at")
    )
    return found.order_by("-given_at", "-id")


def decisions(actor: Actor) -> QuerySet[SharingDecision]:
    """The sharing decisions that an auditor may review, newest first.

    One belongs to an agency's period by when it was proposed or by when it was decided:
    the second is when a recipient's period begins.
    """
    found: QuerySet[SharingDecision] = SharingDecision.rows.filter(
        reach(actor).about("sharing_sharingdecision", "proposed_at", "decided_at")
    )
    return found.order_by("-proposed_at", "-id")


def lines(consent_ids: Iterable[UUID]) -> QuerySet[ConsentLine]:
    """The lines of consents that the caller has loaded from `consents` or names by event."""
    found: QuerySet[ConsentLine] = ConsentLine.rows.filter(consent_id__in=list(consent_ids))
    return found.select_related("agency", "worker").order_by("agency__name", "id")


def all_lines() -> QuerySet[ConsentLine]:
    """Every line of every consent, to narrow by inside a list that has been cut already."""
    found: QuerySet[ConsentLine] = ConsentLine.rows.order_by()
    return found


def decided(decision_ids: Iterable[UUID]) -> QuerySet[SharingDecision]:
    """The decisions that events, which the caller may read, are about."""
    found: QuerySet[SharingDecision] = SharingDecision.rows.filter(pk__in=list(decision_ids))
    return found.select_related("agency", "worker", "lawful_basis")


def person_id(actor: Actor, reference: str) -> UUID:
    """The key of an auditable person. Raises NotVisible alike for hidden and missing."""
    found = find_person(actor, reference)
    if found is None:
        raise NotVisible
    return found


_REFERENCES = passage("oversight.references", "auditors name people whom they do not see")


def find_person(actor: Actor, reference: str) -> UUID | None:
    """The key of an auditable person, or none."""
    if "\0" in reference:
        return None
    people = YoungPerson.rows.filter(
        reach(actor).has("people_youngperson.id"), reference=tidy_reference(reference)
    )
    with through(_REFERENCES):
        found: UUID | None = people.values_list("pk", flat=True).first()
    return found


def references(actor: Actor, people: Iterable[UUID | None]) -> dict[UUID, str]:
    """The references of those of these people who are auditable. Never a name."""
    wanted = {person for person in people if person is not None}
    found = YoungPerson.rows.filter(reach(actor).has("people_youngperson.id"), pk__in=wanted)
    with through(_REFERENCES):
        return dict(found.values_list("pk", "reference"))


def _is_covered(actor: Member, home_agency: str | None) -> bool:
    """Whether an agreement covers a seconded auditor; one who is not seconded needs none."""
    if home_agency is None or home_agency == str(actor.agency_id):
        return True
    at = instant()
    return any(
        {str(actor.agency_id), home_agency} <= agreement.parties
        and not agreement.suspended
        and rule.is_live(at, agreement.starts, agreement.ends)
        for agreement in facts.agreement_facts(actor.agency_id)
    )


def samples(actor: Actor) -> QuerySet[Sample]:
    """The samples that the auditors of the actor's agency have drawn, newest first."""
    mine = reach(actor)
    if mine.agency_id is None:
        return Sample.objects.none()
    return Sample.objects.filter(agency_id=mine.agency_id).select_related("drawn_by")


def sampled(actor: Actor) -> QuerySet[SampledShare]:
    """The sampled shares of the actor's agency, about people who are auditable to them now."""
    mine = reach(actor)
    found: QuerySet[SampledShare] = SampledShare.rows.filter(
        mine.has("oversight_sampledshare.person_id"), sample__agency_id=mine.agency_id
    )
    return found.select_related(
        "sample", "line__agency", "line__worker", "line__consent",
        "decision__agency", "decision__worker", "decision__lawful_basis",
    )  # fmt: skip


def answers(shares: Iterable[SampledShare]) -> QuerySet[CheckAnswer]:
    """The answers on the checklists of sampled shares that the caller has loaded."""
    found: QuerySet[CheckAnswer] = CheckAnswer.rows.filter(share__in=list(shares))
    return found.select_related("answered_by")


def causes(actor: Actor) -> QuerySet[CauseReview]:
    """The looks for cause of the actor's agency, about people auditable to them now."""
    mine = reach(actor)
    found: QuerySet[CauseReview] = CauseReview.rows.filter(
        mine.has("oversight_causereview.person_id"), agency_id=mine.agency_id
    )
    return found.select_related("asked_by", "decided_by")


def opening(actor: Actor, *, of: SampledShare | CauseReview) -> SampleOpening | None:
    """What lets the actor read this content now; none when nothing does."""
    if not isinstance(actor, Member):
        return None
    about = {"share": of} if isinstance(of, SampledShare) else {"cause": of}
    found: SampleOpening | None = (
        SampleOpening.rows.filter(opened_by_id=actor.user_id, ends__gt=instant(), **about)
        .select_related("involvement")
        .first()
    )
    return found


def openings(*, of: SampledShare | CauseReview) -> QuerySet[SampleOpening]:
    """Everybody who opened this content, newest first."""
    about = {"share": of} if isinstance(of, SampledShare) else {"cause": of}
    found: QuerySet[SampleOpening] = SampleOpening.rows.filter(**about)
    return found.select_related("opened_by")


def findings(actor: Actor) -> QuerySet[Finding]:
    """To an auditor those of their agency about auditable people; to others those they own.

    Whom the others are barred from, the wall alone knows: these are not to be counted past it.
    """
    if reach(actor).agency_id is not None:
        return findings_to_review(actor)
    owned = Q(agency_id=actor.agency_id, owner_id=actor.user_id) if isinstance(actor, Member) else (
        Q(pk__in=[])
    )  # fmt: skip
    return Finding.rows.filter(owned).select_related(*_OF_FINDINGS)


def findings_to_review(actor: Actor) -> QuerySet[Finding]:
    """Those of an auditor's agency about people auditable to them; to nobody else any."""
    mine = reach(actor)
    found: QuerySet[Finding] = Finding.rows.filter(
        mine.has("oversight_finding.person_id"), agency_id=mine.agency_id
    )
    return found.select_related(*_OF_FINDINGS)


_OF_FINDINGS = ("owner", "raised_by", "closed_by", "share__sample", "cause")


def references_of_owned(findings: Iterable[Finding]) -> dict[UUID, str]:
    """The references of the people of findings that their owner has loaded. Never a name."""
    people = {finding.person_id for finding in findings}
    with through(_REFERENCES):
        return dict(YoungPerson.rows.filter(pk__in=people).values_list("pk", "reference"))


def break_glass(actor: Actor) -> QuerySet[Involvement]:
    """The emergency accesses to people auditable to the actor, newest first."""
    found: QuerySet[Involvement] = Involvement.rows.filter(
        reach(actor).about("sharing_involvement", "starts"), basis=Basis.BREAK_GLASS
    )
    return found.select_related("agency", "worker").order_by("-starts", "-id")


def numbers(found: QuerySet[Any], **wanted: Count) -> dict[str, int]:
    """How many of some rows, which the caller has from here, in each of these ways.

    Their conditions say who may review them, so that the wall need not ask about each again.
    """
    with through(_NUMBERS, using=found.db):
        counted: dict[str, int] = found.order_by().aggregate(**wanted)
    return counted


def at_most(found: QuerySet[Any], most: int) -> int:
    """How many of some rows, which the caller has from here, there are; `most` at most."""
    with through(_NUMBERS, using=found.db):
        return len(found.order_by()[:most].values_list("pk", flat=True))


def cause_to_decide(actor: Actor, cause_id: UUID) -> CauseReview | None:
    """A look for cause of the actor's own agency; whether they may decide it is not said yet."""
    if not isinstance(actor, Member):
        return None
    found: CauseReview | None = (
        CauseReview.rows.filter(pk=cause_id, agency_id=actor.agency_id)
        .select_related("asked_by")
        .first()
    )
    return found


def reference_of(row: CauseReview) -> str:
    """The reference of the person of a look that the actor may decide."""
    with through(_REFERENCES):
        found: str = YoungPerson.rows.values_list("reference", flat=True).get(pk=row.person_id)
    return found
