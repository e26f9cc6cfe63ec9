"""Impact assessments: written by one user, signed by another, taken back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from access.actor import Actor, Member, NotAllowed
from agencies.queries import require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from sharing.enums import Feature
from sharing.models import ImpactAssessment


@transaction.atomic
def write(
    *,
    feature: str,
    data_protection: str,
    equality: str,
    document: str = "",
    review_on: date,
    by: Actor,
) -> ImpactAssessment:
    """Write the next version for the actor's agency. It opens nothing before it is signed.

    Raises NotAllowed; Invalid for an empty part or a day gone by.
    """
    member = require(by, "manage_registers")
    faults = {
        name: "Write what was found"
        for name, words in (("data_protection", data_protection), ("equality", equality))
        if not words.strip()
    }
    if feature not in set(Feature):
        faults["feature"] = "Choose what it is about"
    if review_on <= today():
        faults["review_on"] = "The day of review must be in the future"
    if faults:
        raise Invalid(faults)
    rows = ImpactAssessment.objects.filter(agency_id=member.agency_id, feature=feature)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    made = ImpactAssessment(
        agency_id=member.agency_id,
        feature=feature,
        version=last + 1,
        data_protection=data_protection,
        equality=equality,
        document=document,
        review_on=review_on,
        written_by_id=member.user_id,
        written_at=instant(),
    ).sealed_save(force_insert=True)
    _record(by, "impact_assessment.written", made)
    return made


@transaction.atomic
def sign(*, assessment: ImpactAssessment, by: Actor) -> ImpactAssessment:
    """Sign it off as a second user: the gate opens. Raises NotAllowed, Conflict."""
    member = require(by, "manage_registers")
    locked = _locked(assessment, member)
    if locked.signed_at is not None:
        raise Conflict("This has been signed off already.")
    if locked.written_by_id == member.user_id:
        raise NotAllowed
    locked.signed_by_id, locked.signed_at = member.user_id, instant()
    locked.sealed_save(update_fields=["signed_by", "signed_at"])
    _record(by, "impact_assessment.signed", locked)
    return locked


@transaction.atomic
def withdraw(*, assessment: ImpactAssessment, reason: str, by: Actor) -> ImpactAssessment:
    """Take it back: without another one the gate closes now.

    Raises NotAllowed, Conflict; Invalid without a reason.
    """
    member = require(by, "manage_registers")
    locked = _locked(assessment, member)
    if not reason.strip():
        raise Invalid(reason="Say why")
    locked.withdrawn_at, locked.withdrawn_reason = instant(), reason
    locked.sealed_save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _record(by, "impact_assessment.withdrawn", locked)
    return locked


def _locked(assessment: ImpactAssessment, member: Member) -> ImpactAssessment:
    locked = ImpactAssessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.agency_id != member.agency_id:
        raise NotAllowed
    if locked.withdrawn_at is not None:
        raise Conflict("This has been taken back already.")
    return locked


def _record(by: Actor, verb: str, row: ImpactAssessment) -> None:
    trail.record(by, verb, subject=row, detail={"feature": row.feature, "version": row.version})
