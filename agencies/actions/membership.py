"""Agencies, users and memberships: who exists, and which hats there are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from access.actor import Actor, Member, NotAllowed, Operator, System
from access.roles import Role
from agencies import endings
from agencies.actions import notice, permission
from agencies.enums import ProposalState
from agencies.models import (
    Agency,
    AgencyActivity,
    Membership,
    MembershipProposal,
    User,
    UserActivity,
)
from agencies.queries import managers, require, workers
from agencies.roles import NEEDS_TWO
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid


@transaction.atomic
def open_agency(*, name: str, slug: str, kind: str, phone: str = "", by: Actor) -> Agency:
    """Add an agency that works here from now on."""
    agency = Agency.objects.create(name=name, slug=slug, kind=kind, phone=phone)
    AgencyActivity.objects.create(agency=agency)
    permission.sync()
    trail.record(by, "agency.opened", subject=agency, values={"name": name, "kind": kind})
    return agency


@transaction.atomic
def close_agency(*, agency: Agency, by: Actor) -> None:
    """End an agency's work here: from this instant nothing opens to its people."""
    AgencyActivity.objects.live().filter(agency=agency).update(ends=instant())
    trail.record(by, "agency.closed", subject=agency)


@transaction.atomic
def open_account(
    *, username: str, name: str, email: str, password: str | None, is_demo: bool = False, by: Actor
) -> User:
    """Make an account that is active from now on. It sees nothing without a membership.

    By an administrator or an operator. Raises NotAllowed for anybody else.
    """
    if not isinstance(by, Operator):
        require(by, "manage_memberships")
    # In small letters, as it is looked for when somebody signs in with it.
    user = User(username=username, name=name, email=email.lower(), is_demo=is_demo)
    user.set_password(password)
    user.save()
    UserActivity.objects.create(user=user)
    trail.record(by, "account.opened", subject=user)
    return user


@transaction.atomic
def close_account(*, user: User, by: Actor) -> None:
    """Deactivate an account at once: sign-in fails and nothing opens.

    All memberships end with it, and what follows from that: whoever the user leads goes to a
    manager.
    """
    UserActivity.objects.live().filter(user=user).update(ends=instant())
    User.objects.filter(pk=user.pk).update(is_active=False)
    trail.record(by, "account.closed", subject=user)
    for locked in Membership.objects.select_for_update().filter(user=user, left_at=None):
        if locked.ends is None or locked.ends > instant():
            locked.ends = instant()
        _leave(locked, "membership.ended", None, by)


@transaction.atomic
def begin(
    *,
    user: User,
    agency: Agency,
    role: Role,
    home_agency: Agency | None = None,
    ends: datetime | None = None,
    by: Actor,
) -> Membership:
    """Make a user a member of an agency in a role from now on.

    By an administrator of that agency, for somebody else, in a role that one may give
    alone; or by an operator. Raises NotAllowed, Conflict when the user has that role.
    """
    if not isinstance(by, Operator):
        member = require_administrator(by, agency.pk)
        if member.user_id == user.pk or role in NEEDS_TWO:
            raise NotAllowed
    return _begin(user=user, agency=agency, role=role, home_agency=home_agency, ends=ends, by=by)


@transaction.atomic
def end(*, membership: Membership, manager_id: UUID | None = None, by: Actor) -> None:
    """End a membership at this instant, and with it all that named the user there.

    Always possible: without a manager who takes over the cases that the user leads, any
    manager does. Raises NotAllowed; Conflict when it is over; Invalid for a manager who
    is none.
    """
    if not isinstance(by, Operator):
        require_administrator(by, membership.agency_id)
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    if locked.ends is not None and locked.ends <= instant():
        raise Conflict("This membership is over already.")
    others = managers(locked.agency_id).exclude(user_id=locked.user_id)
    if manager_id is not None and not others.filter(user_id=manager_id).exists():
        raise Invalid(manager="Choose a manager of your agency")
    locked.ends = instant()
    _leave(locked, "membership.ended", manager_id, by)


@transaction.atomic
def leave_lapsed(*, membership_id: UUID, by: System) -> bool:
    """Do what follows from the end of a membership whose last day, set beforehand, is over.

    As though an administrator ended it: any manager takes over. Whether there was anything to
    do: False for one that goes on, or that somebody has seen to meanwhile.
    """
    found = (
        Membership.objects.select_for_update(skip_locked=True)
        .filter(pk=membership_id, ends__lte=instant(), left_at=None)
        .first()
    )
    if found is None:
        return False
    _leave(found, "membership.lapsed", None, by)
    return True


def _leave(locked: Membership, verb: str, manager_id: UUID | None, by: Actor) -> None:
    """End what named the user there, now that their membership has ended."""
    locked.left_at = instant()
    locked.sealed_save(update_fields=["ends", "left_at"])
    trail.record(
        by,
        verb,
        subject=locked,
        detail={"user": locked.user_id, "agency": locked.agency_id, "role": locked.role},
    )
    still = workers(locked.agency_id).filter(user_id=locked.user_id).exists()
    endings.ended(endings.Ending(locked, manager_id, still_works_there=still), by)


@transaction.atomic
def propose(
    *,
    user: User,
    role: Role,
    home_agency: Agency | None = None,
    ends: datetime | None = None,
    by: Actor,
) -> MembershipProposal:
    """Propose to make somebody a manager, an auditor or an administrator of one's agency.

    Raises NotAllowed, also for oneself; Conflict when it is proposed or so already.
    """
    member = require(by, "manage_memberships")
    if member.user_id == user.pk or role not in NEEDS_TWO:
        raise NotAllowed
    has_it = Membership.objects.live().filter(user=user, agency_id=member.agency_id, role=role)
    if has_it.exists():
        raise Conflict("This user has that role at your agency already.")
    try:
        with transaction.atomic():
            proposal = MembershipProposal(
                user=user,
                agency_id=member.agency_id,
                role=role,
                home_agency=home_agency,
                ends=ends,
                proposed_by_id=member.user_id,
                proposed_at=instant(),
            ).sealed_save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("This has been proposed already.") from error
    trail.record(by, "membership_proposal.proposed", subject=proposal, detail=_detail(proposal))
    second = workers(member.agency_id, [Role.ADMINISTRATOR])
    notice.tell(
        second.exclude(user_id__in=[member.user_id, user.pk]).values_list("user_id", flat=True),
        "approval_wanted",
        path="/manage/memberships/",
        about=str(proposal.pk),
    )
    return proposal


@transaction.atomic
def approve(*, proposal: MembershipProposal, by: Actor) -> Membership:
    """Approve as the second administrator: the membership begins at this instant.

    Raises NotAllowed for the proposer, for whom it is about and for who may not; Conflict
    when it has been decided, or when its end has passed.
    """
    locked = _locked(proposal, by)
    if by.user_id in {locked.proposed_by_id, locked.user_id}:  # type: ignore[union-attr]
        raise NotAllowed
    if locked.ends is not None and locked.ends <= instant():
        raise Conflict("The time for which this was proposed is over.")
    locked.membership = _begin(
        user=locked.user,
        agency=locked.agency,
        role=Role(locked.role),
        home_agency=locked.home_agency,
        ends=locked.ends,
        by=by,
    )
    _decide(locked, ProposalState.APPROVED, by)
    return locked.membership


@transaction.atomic
def refuse(*, proposal: MembershipProposal, by: Actor) -> None:
    """Refuse a proposal, or take back one's own. Raises NotAllowed, Conflict."""
    _decide(_locked(proposal, by), ProposalState.REFUSED, by)


def require_administrator(by: Actor, agency_id: UUID) -> Member:
    """The actor as one who may manage this agency's memberships. Raises NotAllowed."""
    member = require(by, "manage_memberships")
    if member.agency_id != agency_id:
        raise NotAllowed
    return member


def _begin(
    *,
    user: User,
    agency: Agency,
    role: Role,
    home_agency: Agency | None,
    ends: datetime | None,
    by: Actor,
) -> Membership:
    if ends is not None and ends <= instant():
        raise Invalid(ends="The end must be in the future")
    try:
        with transaction.atomic():
            membership = Membership(
                user=user,
                agency=agency,
                role=role,
                home_agency=home_agency,
                starts=instant(),
                ends=ends,
            ).sealed_save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("This user has that role at that agency already.") from error
    trail.record(
        by,
        "membership.begun",
        subject=membership,
        detail={"user": user, "agency": agency, "role": role, "home": home_agency},
    )
    return membership


def _locked(proposal: MembershipProposal, by: Actor) -> MembershipProposal:
    """The proposal, locked, for an administrator of its agency. Raises NotAllowed, Conflict."""
    require_administrator(by, proposal.agency_id)
    locked = MembershipProposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != ProposalState.PROPOSED:
        raise Conflict("This has been decided already.")
    return locked


def _decide(locked: MembershipProposal, state: ProposalState, by: Actor) -> None:
    assert isinstance(by, Member)
    locked.state, locked.decided_by_id, locked.decided_at = state, by.user_id, instant()
    locked.sealed_save(update_fields=["state", "decided_by", "decided_at", "membership"])
    trail.record(by, f"membership_proposal.{state.value}", subject=locked, detail=_detail(locked))


def _detail(proposal: MembershipProposal) -> dict[str, object]:
    return {
        "user": proposal.user_id,
        "agency": proposal.agency_id,
        "role": proposal.role,
        "home": proposal.home_agency_id,
    }
