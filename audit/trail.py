"""Writing the trail: events of actions and records of reads, in the caller's transaction."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from audit import canonical
from audit.models import AccessRecord, Event, StatedPurpose
from audit.waiting import sealing_wanted
from core.clock import instant
from core.ids import new_id
from core.prepared import Statement

request_id: ContextVar[UUID | None] = ContextVar("request_id", default=None)
"""The key of the transaction in hand, common to all that it writes."""

meeting_id: ContextVar[UUID | None] = ContextVar("meeting_id", default=None)
"""The meeting in which the reads of this transaction happen, if any."""


@dataclass(frozen=True, slots=True)
class Read:
    """Content of one person that one response shows."""

    person_id: UUID
    categories: int
    purpose: str = ""


class NoActor(RuntimeError):
    """There is no action and no read without an actor."""


def record(
    by: Any,
    verb: str,
    *,
    subject: models.Model | None = None,
    person_id: UUID | None = None,
    categories: int = 0,
    values: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    refused: bool = False,
) -> Event:
    """Add the event of one action to the trail.

    `by` is an actor of `access.actor`. `values` are the fields that were set, with their
    new values: the trail keeps names and keyed digests, never the values. `detail` holds
    identifiers and codes. Raises NoActor without an actor, and TransactionManagementError
    outside a transaction: an event that could outlive its action would be a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event needs its action's transaction.")
    event = Event(
        **_who(by),
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        person_id=person_id,
        categories=categories,
        refused=refused,
        fields=sorted(values or ()),
        digests={name: digest(value) for name, value in (values or {}).items()},
        detail={key: _plain(value) for key, value in (detail or {}).items()},
    ).prove()
    _EVENT.run(
        {
            field.attname: field.get_db_prep_save(getattr(event, field.attname), connection)
            for field in Event._meta.concrete_fields
        }
    )
    event._state.adding, event._state.db = False, connection.alias
    sealing_wanted(1)
    return event


def did(by: Any, verb: str, subject_id: UUID) -> bool:
    """Whether this user has done this to this subject: of rows that do not say who made them."""
    user_id = _who(by)["user_id"]
    return (
        user_id is not None
        and Event.objects.filter(subject_id=subject_id, verb=verb, user_id=user_id).exists()
    )


_EVENT = Statement(
    f"INSERT INTO {Event._meta.db_table}"  # noqa: S608 (names of ours)  # nosec B608
    f" ({', '.join(str(field.column) for field in Event._meta.concrete_fields)})"
    f" VALUES ({', '.join(f'%({field.attname})s' for field in Event._meta.concrete_fields)})"
)
"""Every action ends with it: by hand, so that it is not built anew."""


_READS = Statement(
    f"INSERT INTO {AccessRecord._meta.db_table}"  # nosec B608
    " (at, request_id, actor_kind, actor_name, user_id, membership_id, agency_id, role,"
    " meeting_id, route, id, person_id, categories, purpose, proof)"
    " SELECT %(at)s, %(request_id)s, %(actor_kind)s, %(actor_name)s, %(user_id)s,"
    " %(membership_id)s, %(agency_id)s, %(role)s, %(meeting_id)s, %(route)s, read.*"
    " FROM unnest(%(each_id)s::uuid[], %(each_person_id)s::uuid[], %(each_categories)s::int[],"
    " %(each_purpose)s::text[], %(each_proof)s::text[]) AS read"
)
"""Every response that shows somebody ends with it: by hand, so that its length costs little."""


def record_reads(by: Any, reads: Iterable[Read], *, route: str) -> None:
    """Add one access record for each read: one statement, whatever their number."""
    common = {**_who(by), "at": instant(), "route": route}
    keyed = [(new_id(), read) for read in reads]
    columns: dict[str, list[Any]] = {
        # As text: they are written twice, here and in the proof.
        "id": [str(key) for key, _ in keyed],
        "person_id": [str(read.person_id) for _, read in keyed],
        "categories": [read.categories for _, read in keyed],
        "purpose": [digest(_stated(read)) if read.purpose else "" for _, read in keyed],
    }
    columns["proof"] = canonical.proofs(canonical.ACCESS, common, columns)
    # Keys, numbers and digests: nothing in them that an array has to escape.
    written = {
        name: "{" + ",".join([f'"{one}"' for one in of]) + "}" for name, of in columns.items()
    }
    _READS.run({**common, **{f"each_{name}": of for name, of in written.items()}})
    if stated := [(key, read) for key, read in keyed if read.purpose]:
        StatedPurpose.objects.bulk_create(
            StatedPurpose(id=key, person_id=read.person_id, words=_stated(read))
            for key, read in stated
        )
    sealing_wanted(len(keyed))


def _stated(read: Read) -> str:
    return read.purpose[:200]


def purposes(records: Iterable[UUID]) -> dict[UUID, str]:
    """The words of stated purposes by access record, as far as they have not been erased."""
    found = StatedPurpose.objects.filter(pk__in=list(records))
    return dict(found.values_list("pk", "words"))


def digest(value: Any) -> str:
    """A keyed digest by which a value can be proved without being kept."""
    key = settings.AUDIT_KEY.encode()
    return hmac.new(key, repr(_plain(value)).encode(), hashlib.sha256).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, (frozenset, set, list, tuple)):
        return sorted(str(_plain(item)) for item in value)
    if value is None or isinstance(value, (bool, int)):
        return value
    return str(value)


def _who(by: Any) -> dict[str, Any]:
    kind = getattr(by, "kind", None)
    if kind is None:
        raise NoActor("No action without an actor.")
    names = {"public": "door", "system": "job", "operator": "command"}
    return {
        "request_id": request_id.get(),
        "actor_kind": kind,
        "actor_name": getattr(by, names[kind]) if kind in names else "",
        "user_id": getattr(by, "user_id", None),
        "membership_id": getattr(by, "membership_id", None),
        "agency_id": getattr(by, "agency_id", None),
        "role": str(getattr(by, "role", "")),
        "meeting_id": meeting_id.get(),
    }
