"""Recording consent; taking it back is `sharing.actions.withdrawal`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction

from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import NONE, Category, to_bits
from access.reading import require_write
from agencies.actions import notice
from agencies.models import Agency
from agencies.queries import require, workers
from audit import trail
from core.clock import LONDON, instant, today
from core.errors import Invalid
from people.models import YoungPerson
from sharing import endings, wording
from sharing.actions import involvement
from sharing.actions.withdrawal import withdraw
from sharing.enums import Competence, DecisionState, Giver
from sharing.lawful_bases import PUBLIC_BODIES
from sharing.models import Consent, ConsentLine, SharingDecision
from sharing.rules import (
    Giving,
    Line,
    check_consent,
    check_line,
    consent_warnings,
    turns,
)

__all__ = ["WORDING", "Line", "record", "warnings", "withdraw"]

WORDING = wording.CURRENT
"""Version of the words that are read to the young person."""


@transaction.atomic
def record(
    *,
    person: YoungPerson,
    lines: Sequence[Line],
    giver: str,
    giver_name: str = "",
    competence: str,
    competence_reasons: str = "",
    parental_responsibility: str = "",
    language: str = "English",
    channel: str,
    place: str,
    purposes: Sequence[str],
    replace: bool = False,
    by: Actor,
) -> Consent:
    """Record what was agreed: each line opens its categories to its recipient at once.

    With `replace`, a line takes the place of what the same recipient had by consent before.
    The actor must be able to write every category that is shared, and see the age on which
    competence depends: the checks would tell it. What a careful worker would think about is
    kept with it (`warned`). Raises NotAllowed or NotVisible; Invalid for what would make it
    no consent, and for asking for what has been decided anyway.
    """
    member = require(by, "record_consent")
    if not lines:
        raise Invalid(lines="Add at least one recipient")
    shared = NONE.union(*(line.categories for line in lines))
    sight = require_write(by, person.pk, Category.POINTER, *shared)
    if not sight.sees(Category.IDENTITY):
        raise NotAllowed
    check_consent(
        giver=giver,
        competence=competence,
        reasons=competence_reasons,
        age=person.age_on(today()),
        purposes=purposes,
        giver_name=giver_name,
        responsibility=parental_responsibility,
    )
    now = instant()
    for line in lines:
        check_line(line, now, _sixteenth(person) if giver == Giver.PARENT else None)
        _check_recipient(line, member)
        _check_not_decided(person, line)
    consent = Consent(
        person=person,
        giver=giver,
        giver_name=giver_name,
        competence=competence,
        competence_reasons=competence_reasons,
        parental_responsibility=parental_responsibility,
        wording_version=WORDING,
        language=language,
        channel=channel,
        place=place,
        purposes=list(purposes),
        given_at=now,
        recorded_by_id=member.user_id,
        warned=warnings(
            person=person,
            place=place,
            giver=giver,
            competence=competence,
            responsibility=parental_responsibility,
            by=member,
        ),
    ).sealed_save(force_insert=True)
    for line in lines:
        _add_line(consent, line, replace, by)
    trail.record(
        by,
        "consent.recorded",
        subject=consent,
        person_id=person.pk,
        categories=to_bits(shared),
        values={"giver": giver, "competence": competence, "channel": channel, "place": place},
        detail={"recipients": [line.agency_id for line in lines], "purposes": purposes},
    )
    _tell(lines, str(consent.pk))
    return consent


def warnings(
    *,
    person: YoungPerson,
    place: str,
    giver: str,
    competence: str,
    responsibility: str = "",
    by: Member,
) -> list[str]:
    """What a careful worker would think about before recording this consent."""
    kind = Agency.objects.values_list("kind", flat=True).get(pk=by.agency_id)
    assessed = (
        Consent.rows.filter(person=person, giver=Giver.YOUNG_PERSON, competence=Competence.ASSESSED)
        .order_by("-given_at")
        .values_list("given_at", flat=True)
        .first()
    )
    return consent_warnings(
        place=place,
        age=person.age_on(today()),
        born=person.date_of_birth,
        today=today(),
        giving=Giving(
            giver=giver,
            competence=competence,
            responsibility=responsibility,
            statutory=kind in PUBLIC_BODIES,
            competent_before=assessed.astimezone(LONDON).date() if assessed else None,
        ),
    )


def _add_line(consent: Consent, line: Line, replace: bool, by: Actor) -> ConsentLine:
    """Open what one recipient was given; end what it takes the place of."""
    opened = involvement.begin(
        person_id=consent.person_id,
        agency_id=line.agency_id,
        worker_id=line.worker_id,
        basis=Basis.CONSENT,
        categories=line.categories,
        ends=line.until,
        source=consent,
        by=by,
    )
    row = ConsentLine(
        person_id=consent.person_id,
        consent=consent,
        agency_id=line.agency_id,
        worker_id=line.worker_id,
        whole_agency_reason=line.whole_agency_reason,
        categories=line.categories,
        until=line.until,
        involvement=opened,
    ).sealed_save(force_insert=True)
    if replace:
        for before in _same_recipient(row):
            before.ended_at, before.replaced_by = consent.given_at, row
            before.sealed_save(update_fields=["ended_at", "replaced_by"])
            involvement.end(involvement=before.involvement, by=by)
            endings.ended(before.involvement, by)
    return row


def _same_recipient(row: ConsentLine) -> list[ConsentLine]:
    return list(
        ConsentLine.rows.filter(
            person_id=row.person_id,
            agency_id=row.agency_id,
            worker_id=row.worker_id,
            ended_at=None,
        )
        .exclude(pk=row.pk)
        .select_related("involvement")
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def _sixteenth(person: YoungPerson) -> datetime | None:
    """The beginning of the 16th birthday, in London; none when it is not known."""
    born = person.date_of_birth
    if born is None:
        return None
    return datetime.combine(turns(born, 16), time.min, tzinfo=LONDON)


def _check_not_decided(person: YoungPerson, line: Line) -> None:
    """Raise Invalid for asking about what is shared, or is about to be, whatever they say."""
    decided = SharingDecision.rows.filter(
        person=person, share=True, agency_id=line.agency_id, ended_at=None, until__gt=instant()
    ).filter(state__in=[DecisionState.PROPOSED, DecisionState.APPROVED])
    for row in decided:
        same_people = row.worker_id is None or row.worker_id == line.worker_id
        if same_people and row.categories & line.categories:
            raise Invalid(
                categories="It has been decided to share some of this with them anyway: tell the"
                " young person instead of asking"
            )


def _check_recipient(line: Line, member: Member) -> None:
    """Raise Invalid for a recipient who does not work there, or is the agency itself."""
    if line.worker_id == member.user_id:
        raise Invalid(worker="Somebody else has to record what opens something to you")
    if line.worker_id is not None:
        if not workers(line.agency_id).filter(user_id=line.worker_id).exists():
            raise Invalid(worker="This worker is not at that agency now")
    elif line.agency_id == member.agency_id:
        raise Invalid(agency="Your own agency does not need the young person's consent")
    if not Agency.objects.filter(pk=line.agency_id).exists():
        raise Invalid(agency="There is no such agency")


def _tell(lines: Sequence[Line], about: str) -> None:
    """Tell named recipients, without content, that what they see has changed."""
    notice.tell(
        [line.worker_id for line in lines if line.worker_id is not None],
        "consent_changed",
        path="/people/",
        about=about,
    )
