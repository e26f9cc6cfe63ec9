"""Reading referrals, always for somebody."""

from __future__ import annotations

from access.actor import Actor, Member, NotVisible
from access.models import VisibleQuerySet
from access.reading import Sight, sight
from access.roles import Role
from agencies.enums import AgencyKind
from agencies.models import Agency
from core.ids import tidy_reference
from core.periods import live
from referrals.enums import ReferralState
from referrals.models import Referral


def received(actor: Member) -> VisibleQuerySet:
    """Referrals sent to the actor's agency about people whom the actor sees."""
    return (
        # Workers see whom to ask about everybody: the newest are soon found. Auditors see few.
        Referral.objects.visible_to(actor, listing=actor.role is Role.AUDITOR)
        .filter(sent_to_id=actor.agency_id)
        .select_related("person", "sent_to")
        .order_by("-received_at", "-pk")
    )


def waiting(actor: Member) -> VisibleQuerySet:
    """Those not decided on yet, the oldest first."""
    return received(actor).filter(state=ReferralState.RECEIVED).order_by("received_at", "pk")


def sent(actor: Member) -> VisibleQuerySet:
    """The actor's own referrals, for as long as they see the pointer by them."""
    return (
        Referral.objects.visible_to(actor)
        .filter(referrer_id=actor.user_id)
        .select_related("person", "sent_to")
        .order_by("-received_at", "-pk")
    )


def load(actor: Actor, reference: str) -> tuple[Referral, Sight]:
    """A referral to the actor's agency, with what the actor sees of the person.

    Raises NotVisible for one that the actor can't see and one that is not there alike.
    """
    referral = _find(actor, reference)
    if not isinstance(actor, Member) or referral.sent_to_id != actor.agency_id:
        raise NotVisible
    return referral, sight(actor, referral.person_id)


def load_sent(actor: Actor, reference: str) -> Referral:
    """A referral that the actor made. Raises NotVisible for any other and none alike."""
    referral = _find(actor, reference)
    if not isinstance(actor, Member) or referral.referrer_id != actor.user_id:
        raise NotVisible
    return referral


def receiving_agencies() -> list[Agency]:
    """The agencies to which a referral can be sent: units first, then charities."""
    kinds = [AgencyKind.INTEGRATED_UNIT, AgencyKind.VOLUNTARY]
    found = Agency.objects.filter(live(prefix="activities__"), kind__in=kinds)
    return sorted(found, key=lambda agency: (not agency.is_unit, agency.name))


def _find(actor: Actor, reference: str) -> Referral:
    if "\0" in reference:
        raise NotVisible
    found: Referral | None = (
        Referral.objects.visible_to(actor)
        .filter(reference=tidy_reference(reference))
        .select_related("person", "sent_to", "referrer", "referrer_agency", "decided_by")
        .first()
    )
    if found is None:
        raise NotVisible
    return found
