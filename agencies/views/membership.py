"""The administrator's pages: who works here, in which role, and what a role may do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member, NotVisible
from access.roles import Role
from agencies.actions import account, membership, permission, token
from agencies.enums import ROLE_LABELS, ProposalState
from agencies.membership_forms import EndForm, MembershipForm
from agencies.models import (
    Agency,
    ApiToken,
    Membership,
    MembershipProposal,
    User,
    WithheldPermission,
)
from agencies.queries import require
from agencies.roles import MAY, NEEDS_TWO, PERMISSIONS
from core.clock import instant
from core.errors import Invalid

ENDED_SHOWN = 50


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Where an administrator begins: what waits, and the rooms."""
    member = _administrator(request)
    waiting = _waiting(member)
    return render(
        request,
        "agencies/manage/show.html",
        {
            "agency": Agency.objects.get(pk=member.agency_id),
            "waiting": [row for row in waiting if _may_decide(row, member)],
        },
    )


@require_GET
def memberships(request: HttpRequest) -> HttpResponse:
    """Who works here now, what is proposed, and who has left lately."""
    member = _administrator(request)
    rows = (
        Membership.objects.filter(agency_id=member.agency_id)
        .select_related("user", "home_agency")
        .order_by("user__name", "role", "pk")
    )
    now = instant()
    return render(
        request,
        "agencies/membership/list.html",
        {
            "live": rows.live(now),
            "me": member.user_id,
            "ended": rows.filter(ends__lte=now).order_by("-ends", "pk")[:ENDED_SHOWN],
            "waiting": [
                {"row": row, "may_decide": _may_decide(row, member)} for row in _waiting(member)
            ],
            "tokens": ApiToken.objects.filter(membership__agency_id=member.agency_id)
            .select_related("membership__user")
            .order_by("-created"),
        },
    )


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Have somebody join in a role; or propose it, where it takes two."""
    member = _administrator(request)
    form = MembershipForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            return _join(request, form, member)
        except Invalid as refused:
            for name, errors in refused.errors.items():
                form.add_error(name or None, errors)
    return render(request, "agencies/membership/begin.html", {"form": form})


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End a membership at once, after one question."""
    member = _administrator(request)
    row = (
        Membership.objects.filter(pk=membership_id, agency_id=member.agency_id)
        .select_related("user")
        .first()
    )
    if row is None:
        raise NotVisible
    form = EndForm(request.POST if request.method == "POST" else None, membership=row)
    if request.method == "POST" and form.is_valid():
        manager = form.cleaned_data.get("manager")
        membership.end(
            membership=row,
            manager_id=UUID(manager) if manager else None,
            by=request.actor,  # type: ignore[attr-defined]
        )
        messages.success(request, f"{row.user.name} no longer works here in that role.")
        if row.pk == member.membership_id:
            return redirect("working_as")
        return redirect("manage:memberships")
    return render(
        request,
        "agencies/membership/end.html",
        {"form": form, "row": row, "is_own": row.user_id == member.user_id},
    )


@require_http_methods(["GET", "POST"])
def remove_factors(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Let a colleague in again who has lost their second step, after one question."""
    member = _administrator(request)
    row = (
        Membership.objects.live()
        .filter(pk=membership_id, agency_id=member.agency_id)
        .exclude(user_id=member.user_id)
        .select_related("user")
        .first()
    )
    if row is None:
        raise NotVisible
    if request.method == "POST":
        account.remove_factors(user=row.user, by=member)
        messages.success(request, f"{row.user.name} sets up a new second step when they sign in.")
        return redirect("manage:memberships")
    return render(
        request,
        "agencies/membership/confirm.html",
        {
            "question": f"Remove the second step of {row.user.name}?",
            "consequences": [
                "Their authenticator app, passkeys and recovery codes stop working.",
                "They are signed out everywhere, and sign in with their password alone until they"
                " have set up a new second step, which is the first thing that they are asked for.",
                "They are told by e-mail.",
            ],
            "warning": "Speak to them first, by a number that you know: whoever asks for this may"
            " be somebody with their password.",
            "button": "Remove it",
        },
    )


@require_http_methods(["GET", "POST"])
def revoke_token(request: HttpRequest, digest: str) -> HttpResponse:
    """Take an API token back, after one question."""
    member = _administrator(request)
    row = (
        ApiToken.objects.filter(pk=digest, membership__agency_id=member.agency_id)
        .select_related("membership__user")
        .first()
    )
    if row is None:
        raise NotVisible
    if request.method == "POST":
        token.revoke(token=row, by=member)
        messages.success(request, "Taken back. Nothing opens to that token any more.")
        return redirect("manage:memberships")
    return render(
        request,
        "agencies/membership/confirm.html",
        {
            "question": f"Take back a token of {row.membership.user.name}?",
            "consequences": [
                "Whatever program uses it is refused, from this moment.",
                f"{row.membership.user.name} goes on working here.",
            ],
            "button": "Take it back",
        },
    )


@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Decide on what another administrator proposed, or take back one's own."""
    member = _administrator(request)
    row = (
        MembershipProposal.objects.filter(pk=proposal_id, agency_id=member.agency_id)
        .select_related("user", "proposed_by", "home_agency", "decided_by", "agency")
        .first()
    )
    if row is None:
        raise NotVisible
    if request.method == "POST":
        if request.POST.get("decision") == "approve":
            membership.approve(proposal=row, by=member)
            role = row.get_role_display().lower()
            messages.success(request, f"{row.user.name} is now {role} here.")
            return redirect("manage:memberships")
        if request.POST.get("decision") == "refuse":
            membership.refuse(proposal=row, by=member)
            messages.success(request, "The proposal is refused.")
            return redirect("manage:memberships")
    return render(
        request,
        "agencies/membership/decide.html",
        {
            "row": row,
            "open": row.state == ProposalState.PROPOSED,
            "may_decide": _may_decide(row, member),
            "is_own": row.proposed_by_id == member.user_id,
        },
    )


@require_GET
def permissions(request: HttpRequest) -> HttpResponse:
    """What each role may do at this agency, and what has been taken from it."""
    member = _administrator(request)
    withheld = set(
        WithheldPermission.objects.filter(agency_id=member.agency_id).values_list(
            "role", "permission"
        )
    )
    roles = [
        {
            "name": ROLE_LABELS[role],
            "role": role.value,
            "fixed": role is Role.ADMINISTRATOR,
            "permissions": [
                {"code": code, "words": words, "withheld": (role.value, code) in withheld}
                for code, words in PERMISSIONS.items()
                if code in MAY[role]
            ],
        }
        for role in Role
    ]
    return render(request, "agencies/permission/list.html", {"roles": roles})


@require_POST
def change_permission(request: HttpRequest) -> HttpResponse:
    """Take a permission from a role, or give it back."""
    member = _administrator(request)
    agency = Agency.objects.get(pk=member.agency_id)
    code, role = request.POST.get("permission", ""), request.POST.get("role", "")
    if role not in set(Role) or code not in MAY[Role(role)]:
        raise NotVisible
    act = permission.restore if request.POST.get("change") == "restore" else permission.withhold
    act(agency=agency, role=Role(role), permission=code, by=member)
    messages.success(request, "Changed. It counts from now.")
    return redirect("manage:permissions")


def _administrator(request: HttpRequest) -> Member:
    return require(request.actor, "manage_memberships")  # type: ignore[attr-defined]


def _join(request: HttpRequest, form: MembershipForm, member: Member) -> HttpResponse:
    user = form.user or _opened(form, member)
    if form.chosen_role in NEEDS_TWO:
        membership.propose(
            user=user,
            role=form.chosen_role,
            home_agency=form.home_agency,
            ends=form.ends_at,
            by=member,
        )
        words = "Proposed. It counts once a second administrator approves."
    else:
        membership.begin(
            user=user,
            agency=Agency.objects.get(pk=member.agency_id),
            role=form.chosen_role,
            home_agency=form.home_agency,
            ends=form.ends_at,
            by=member,
        )
        words = f"{user.name} can work here from now."
    if form.user is None:
        words += f" A link to choose a password goes to {user.email}."
    messages.success(request, words)
    return redirect("manage:memberships")


def _opened(form: MembershipForm, member: Member) -> User:
    """A new account, whose owner is sent a link to choose a password."""
    user = membership.open_account(
        username=form.cleaned_data["username"],
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        password=None,
        by=member,
    )
    account.invite(user=user)
    return user


def _waiting(member: Member) -> list[MembershipProposal]:
    return list(
        MembershipProposal.objects.filter(
            agency_id=member.agency_id, state=ProposalState.PROPOSED
        ).select_related("user", "proposed_by")
    )


def _may_decide(row: MembershipProposal, member: Member) -> bool:
    """Whether this administrator may approve it: it is neither theirs nor about them."""
    return member.user_id not in {row.proposed_by_id, row.user_id}
