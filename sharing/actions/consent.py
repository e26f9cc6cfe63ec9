"""Recording consent, and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import NONE, Category, to_bits
from access.reading import require_write
from agencies.actions import notice
from agencies.models import Agency
from agencies.queries import require, workers
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing import endings
from sharing.actions import involvement
from sharing.models import Consent, ConsentLine
from sharing.rules import Line, check_consent, check_line

WORDING = "2026-11"
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
    language: str = "English",
    channel: str,
    place: str,
    purposes: Sequence[str],
    by: Actor,
) -> Consent:
    """Record what was agreed: each line opens its categories to its recipient at once.

    The actor must be able to write every category that is shared, and see the age on which
    competence depends: the checks would tell it. Raises NotAllowed or NotVisible; Invalid
    for what would make it no consent.
    """
    member = require(by, "record_consent")
    if not lines:
        raise Invalid(lines="Add at least one recipient")
    shared = NONE.union(*(line.categories for line in lines))
    if not require_write(by, person.pk, Category.POINTER, *shared).sees(Category.IDENTITY):
        raise NotAllowed
    age = person.age_on(today())
    check_consent(
        giver=giver, competence=competence, reasons=competence_reasons, age=age, purposes=purposes
    )
    now = instant()
    for line in lines:
        check_line(line, now)
        _check_recipient(line, member)
    consent = Consent(
        person=person,
        giver=giver,
        giver_name=giver_name,
        competence=competence,
        competence_reasons=competence_reasons,
        wording_version=WORDING,
        language=language,
        channel=channel,
        place=place,
        purposes=list(purposes),
        given_at=now,
        recorded_by_id=member.user_id,
    ).sealed_save(force_insert=True)
    for line in lines:
        opened = involvement.begin(
            person_id=person.pk,
            agency_id=line.agency_id,
            worker_id=line.worker_id,
            basis=Basis.CONSENT,
            categories=line.categories,
            ends=line.until,
            source=consent,
            by=by,
        )
        ConsentLine(
            person=person,
            consent=consent,
            agency_id=line.agency_id,
            worker_id=line.worker_id,
            whole_agency_reason=line.whole_agency_reason,
            categories=line.categories,
            until=line.until,
            involvement=opened,
        ).sealed_save(force_insert=True)
    trail.record(
        by,
        "consent.recorded",
        subject=consent,
        person_id=person.pk,
        categories=to_bits(shared),
        values={"giver": giver, "competence": competence, "channel": channel, "place": place},
        detail={"recipients": [line.agency_id for line in lines], "purposes": purposes},
    )
    _tell(consent)
    return consent


@transaction.atomic
def withdraw(
    *, consent: Consent, words: str = "", line: ConsentLine | None = None, by: Actor
) -> Consent:
    """End a consent, or one line of it, at this instant: nothing opens by it any more.

    Other bases go on. Open tasks of those who lose access go back to the lead worker.
    Raises NotAllowed or NotVisible; Conflict when it is over already.
    """
    require(by, "record_consent")
    require_write(by, consent.person_id, Category.POINTER)
    locked: Consent = Consent.rows.select_for_update().get(pk=consent.pk)
    if locked.withdrawn_at is not None:
        raise Conflict("This consent has been withdrawn already.")
    now = instant()
    lines = list(
        ConsentLine.rows.filter(consent=locked, ended_at=None).select_related("involvement")
    )
    ending = [row for row in lines if line is None or row.pk == line.pk]
    if not ending:
        raise Conflict("This share has been withdrawn already.")
    for row in ending:
        row.ended_at = now
        row.sealed_save(update_fields=["ended_at"])
        involvement.end(involvement=row.involvement, by=by)
        endings.ended(row.involvement, by)
    if len(ending) == len(lines):
        locked.withdrawn_at, locked.withdrawal_words = now, words
        locked.sealed_save(update_fields=["withdrawn_at", "withdrawal_words"])
    trail.record(
        by,
        "consent.withdrawn",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits(NONE.union(*(row.categories for row in ending))),
        values={"withdrawal_words": words},
        detail={"recipients": [row.agency_id for row in ending]},
    )
    _tell(locked)
    return locked


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


def _tell(consent: Consent) -> None:
    """Tell named recipients, without content, that what they see has changed."""
    now = instant().isoformat()
    for row in ConsentLine.rows.filter(consent=consent, worker__isnull=False):
        if row.worker_id is not None:
            notice.tell(
                [row.worker_id], "consent_changed", path="/people/", about=f"{consent.pk}:{now}"
            )
