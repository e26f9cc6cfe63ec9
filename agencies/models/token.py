"""API tokens: knox's, bound to a membership."""

from __future__ import annotations

from django.db import models
from knox.models import AbstractAuthToken

from agencies.models.membership import Membership
from core.models import IMPERSONAL


class ApiToken(AbstractAuthToken):
    """A token of one membership, kept as a digest and never stepped up."""

    classified = IMPERSONAL

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=100, blank=True)

    class Meta(AbstractAuthToken.Meta):
        abstract = False
        verbose_name = "API token"
