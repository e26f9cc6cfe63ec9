"""API tokens: taking one back."""

from __future__ import annotations

from django.db import transaction

from access.actor import Actor
from agencies.actions.membership import require_administrator
from agencies.models import ApiToken
from audit import trail
from core.errors import Conflict


@transaction.atomic
def revoke(*, token: ApiToken, by: Actor) -> None:
    """Take a token back: from this instant it opens nothing, though its membership goes on.

    By an administrator of the membership's agency, their own too. Raises NotAllowed; Conflict
    when it is gone.
    """
    membership = token.membership
    require_administrator(by, membership.agency_id)
    deleted, _ = ApiToken.objects.filter(pk=token.pk).delete()
    if not deleted:
        raise Conflict("This token has been taken back already.")
    trail.record(by, "token.revoked", subject=membership, detail={"user": membership.user_id})
