"""Samples: drawn, looked at by a checklist, and opened with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from access.actor import Actor, NotVisible
from access.categories import to_bits
from agencies.queries import require
from audit import trail
from core.clock import instant, today
from core.errors import Conflict, Invalid
from oversight import facts, rules, scope
from oversight.enums import Question, Reply, Risk, SampleKind
from oversight.models import CheckAnswer, Sample, SampledShare, SampleOpening
from sharing.actions import audit_sample
from sharing.models import ConsentLine

LARGEST = 50


@transaction.atomic
def draw(
    *,
    kind: str,
    since: date,
    until: date,
    size: int,
    seed: str = "",
    weights: Mapping[str, int] | None = None,
    by: Actor,
) -> Sample:
    """Draw shares that began on these days. The same seed over the same shares draws the same.

    Raises NotAllowed, Invalid, and Conflict when there is no share to draw from.
    """
    member = require(by, "take_sample")
    if since > until:
        raise Invalid(until="The last day must not be before the first")
    if until > today():
        raise Invalid(until="The last day must not be in the future")
    if not 1 <= size <= LARGEST:
        raise Invalid(size=f"Draw between 1 and {LARGEST} shares")
    used = dict(weights or rules.WEIGHTS) if kind == SampleKind.RISK else {}
    if unknown := used.keys() - set(Risk.values):
        raise Invalid({"weights": f"No such risk: {', '.join(sorted(unknown))}"})
    there = facts.shares(by, since, until)
    if not there:
        raise Conflict("No share that you may review began on those days.")
    chosen = seed or secrets.token_hex(6)
    drawn = rules.draw(
        {key: share.risks for key, share in there.items()}, seed=chosen, size=size, weights=used
    )
    sample = Sample(
        agency_id=member.agency_id,
        kind=kind,
        seed=chosen,
        since=since,
        until=until,
        weights=used,
        drawn_from=len(there),
        drawn_by_id=member.user_id,
        drawn_at=instant(),
    )
    sample.save(force_insert=True)
    for place, key in enumerate(drawn, 1):
        row = there[key].row
        SampledShare(
            sample=sample,
            person_id=row.person_id,
            place=place,
            line=row if isinstance(row, ConsentLine) else None,
            decision=None if isinstance(row, ConsentLine) else row,
            risks=sorted(there[key].risks),
        ).save(force_insert=True)
    trail.record(
        by,
        "sample.drawn",
        subject=sample,
        detail={
            "agency": member.agency_id,
            "kind": kind,
            "seed": chosen,
            "size": len(drawn),
            "from": len(there),
        },
    )
    return sample


@transaction.atomic
def answer(*, share: SampledShare, answers: Mapping[str, str], by: Actor) -> None:
    """Keep the answers that were given on a share's checklist; the others stay as they are.

    Raises NotAllowed, NotVisible and Invalid.
    """
    member = require(by, "take_sample")
    _mine(share, by)
    if answers.keys() - set(Question.values) or set(answers.values()) - set(Reply.values):
        raise Invalid({"": "That is no answer on this checklist."})
    before = {row.question: row for row in CheckAnswer.rows.filter(share=share)}
    changed = {
        question: reply
        for question, reply in answers.items()
        if question not in before or before[question].answer != reply
    }
    if not changed:
        return
    for question, reply in changed.items():
        row = before.get(question) or CheckAnswer(
            share=share, person_id=share.person_id, question=question
        )
        row.answer, row.answered_by_id, row.answered_at = reply, member.user_id, instant()
        row.save()
    trail.record(
        by,
        "sample.checked",
        subject=share,
        person_id=share.person_id,
        values=changed,
        detail={"agency": member.agency_id},
    )


@transaction.atomic
def open_content(*, share: SampledShare, reason: str, by: Actor) -> SampleOpening:
    """Open what was shared to the auditor, for 60 minutes, with a reason.

    Raises NotAllowed, NotVisible, Invalid, and Conflict when it is open to them already.
    """
    member = require(by, "take_sample")
    _mine(share, by)
    if not reason.strip():
        raise Invalid(reason="Say why you need to read what was shared")
    if scope.opening(by, of=share) is not None:
        raise Conflict("It is open to you already.")
    opened = audit_sample.open_content(
        person_id=share.person_id,
        categories=share.share.categories,
        length=rules.SAMPLE_TIME,
        source=share,
        by=by,
    )
    row = SampleOpening(
        person_id=share.person_id,
        share=share,
        reason=reason,
        opened_by_id=member.user_id,
        opened_at=instant(),
        ends=instant() + rules.SAMPLE_TIME,
        involvement=opened,
    )
    row.save(force_insert=True)
    trail.record(
        by,
        "sample.opened",
        subject=row,
        person_id=share.person_id,
        categories=to_bits(opened.categories),
        values={"reason": reason},
        detail={"agency": member.agency_id, "until": row.ends.isoformat()},
    )
    return row


def _mine(share: SampledShare, by: Actor) -> None:
    if not scope.sampled(by).filter(pk=share.pk).exists():
        raise NotVisible
