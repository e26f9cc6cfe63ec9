"""Reading agencies, memberships and rotas: nothing here is personal to a young person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from guardian.models import GroupObjectPermission

from access.actor import Actor, Member, NotAllowed
from access.context import known
from access.facts import ActorFacts
from access.roles import WORKERS, Role
from access.rule import is_live
from agencies.models import Agency, AgencyActivity, DutyShift, Membership, User, UserActivity
from agencies.roles import PERMISSIONS
from core.clock import instant
from core.periods import PeriodQuerySet, live
from core.prepared import Prepared


def actor_facts(actor: Member) -> ActorFacts:
    """The facts of a member at the present instant, read from the rows that hold now."""
    return known(("actor", actor), lambda: _actor_facts(actor))


def _actor_facts(actor: Member) -> ActorFacts:
    for found in _HAT.rows(at=instant(), membership=actor.membership_id):
        return facts_from(found, _stepped_up(actor))
    raise Membership.DoesNotExist


def learn(actor: Member, hat: Sequence[Any]) -> None:
    """Take the facts of a member from a row that was read with `hat_fields` at this instant."""
    known(("actor", actor), lambda: facts_from(hat, _stepped_up(actor)))


def _stepped_up(actor: Member) -> datetime | None:
    return None if actor.token else actor.stepped_up_at


def facts_from(hat: Sequence[Any], stepped_up_at: datetime | None = None) -> ActorFacts:
    """The facts of whoever works as a membership, from what was read with `hat_fields`."""
    user, agency, home, role, starts, ends, user_active, agency_active, on_duty = hat
    return ActorFacts(
        user=str(user),
        user_active=user_active,
        agency=str(agency),
        agency_active=agency_active,
        role=Role(role),
        starts=starts,
        ends=ends,
        home_agency=str(home) if home else None,
        on_duty=on_duty,
        stepped_up_at=stepped_up_at,
    )


HAT = (
    "user_id",
    "agency_id",
    "home_agency_id",
    "role",
    "starts",
    "ends",
    "user_active",
    "agency_active",
    "on_duty",
)
"""What `hat_fields` gives, in order."""


def hat_fields(at: datetime, prefix: str = "") -> list[Any]:
    """What `learn` needs of a membership; `prefix` leads to it ("membership__")."""
    user, agency = OuterRef(f"{prefix}user_id"), OuterRef(f"{prefix}agency_id")
    shifts = DutyShift.objects.live(at).filter(agency_id=agency, user_id=user, published_at__lte=at)
    return [
        *(f"{prefix}{name}" for name in HAT[:6]),
        Exists(UserActivity.objects.live(at).filter(user_id=user)),
        Exists(AgencyActivity.objects.live(at).filter(agency_id=agency)),
        Exists(shifts),
    ]


def _hat(at: datetime, membership: UUID) -> QuerySet[Membership, tuple[Any, ...]]:
    return Membership.objects.filter(pk=membership).values_list(*hat_fields(at))


_HAT = Prepared(_hat, at=datetime, membership=UUID)


def live_memberships(user: User) -> QuerySet[Membership]:
    """The hats that this user may wear now."""
    return _live_memberships(instant(), user.pk)


def _live_memberships(at: datetime, user: UUID) -> QuerySet[Membership]:
    acts = Membership.objects.filter(
        live(at, "agency__activities__"), live(at, "user__activities__"), user_id=user
    )
    return (
        Membership.objects.live(at)
        .filter(user_id=user, pk__in=acts.values("pk"))
        .select_related("agency", "home_agency")
    )


_HATS = Prepared(_live_memberships, at=datetime, user=UUID)


def hats(user: User) -> list[Membership]:
    """The same, read: asked before every page."""
    return _HATS.instances(at=instant(), user=user.pk)


def duty_users(agency_id: UUID) -> QuerySet[User]:
    """Who is on duty at an agency now, by a rota that has been published."""
    return User.objects.filter(pk__in=duty_shifts(agency_id).live().values("user_id"))


def duty_shifts(agency_id: UUID) -> PeriodQuerySet:
    """The published shifts of an agency that are not over, the first to begin first.

    Without those of who no longer works there with young people: nothing opens to them.
    """
    found: PeriodQuerySet = (
        DutyShift.objects.filter(
            Q(ends=None) | Q(ends__gt=instant()) & Q(ends__gt=F("starts")),
            agency_id=agency_id,
            published_at__lte=instant(),
            user__in=workers(agency_id).order_by().values("user_id"),
        )
        .select_related("user")
        .order_by("starts", "pk")
    )
    return found


def workers(agency_id: UUID, roles: Iterable[Role] = WORKERS) -> QuerySet[Membership]:
    """The live memberships of those who work with young people at an agency."""
    return (
        Membership.objects.live()
        .filter(live(prefix="user__activities__"), agency_id=agency_id, role__in=list(roles))
        .select_related("user")
        .order_by("user__name", "pk")
    )


def managers(agency_id: UUID) -> QuerySet[Membership]:
    """The live memberships of an agency's managers."""
    return workers(agency_id, [Role.MANAGER])


def group_name(agency_id: UUID | str, role: str) -> str:
    """The name of the group that holds what a role may do at an agency."""
    return f"{agency_id}:{role}"


def may(actor: Actor, permission: str) -> bool:
    """Whether the actor may do this at their agency.

    Asks the group of that membership's (agency, role), never the user, so that neither a
    superuser's flag nor another hat counts; first checks that the membership is live.
    Raises KeyError for a permission that does not exist.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    if not isinstance(actor, Member):
        return False
    return permission in permissions_of(actor)


def permissions_of(actor: Member) -> frozenset[str]:
    """Everything the actor may do at their agency now."""
    return known(("permissions", actor), lambda: _permissions_of(actor))


def _permissions_of(actor: Member) -> frozenset[str]:
    hat = actor_facts(actor)
    if hat.role is None or not (
        hat.user_active and hat.agency_active and is_live(instant(), hat.starts, hat.ends)
    ):
        return frozenset()
    held = _HELD.rows(group=group_name(hat.agency, hat.role), agency=hat.agency)
    return frozenset(codename for (codename,) in held) & frozenset(PERMISSIONS)


def _held(group: str, agency: str) -> QuerySet[GroupObjectPermission, tuple[Any, ...]]:
    # The group's rows: guardian lets a superuser pass when it is asked about users.
    return GroupObjectPermission.objects.filter(
        group__name=group,
        content_type__app_label=Agency._meta.app_label,
        content_type__model=Agency._meta.model_name,
        object_pk=agency,
    ).values_list("permission__codename")


_HELD = Prepared(_held, group=str, agency=str)


def require(actor: Actor, permission: str) -> Member:
    """The actor as a member who may do this at their agency. Raises NotAllowed."""
    if not isinstance(actor, Member) or not may(actor, permission):
        raise NotAllowed
    return actor
