"""A user: somebody who signs in. What they may do follows from memberships alone."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from core.models import IMPERSONAL, BaseModel
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time


class User(AbstractUser, BaseModel):  # type: ignore[django-manager-missing]
    """Somebody with an account. Superuser and staff flags open nothing."""

    classified = IMPERSONAL

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True, help_text="Work telephone.")
    is_demo = models.BooleanField(
        default=False, help_text="Made by load_demo; refused outside demo and debug."
    )

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name that colleagues see."""
        return self.name

    def get_short_name(self) -> str:
        """The first of the user's names."""
        return self.name.split(" ")[0]


class UserActivity(Period, BaseModel):
    """A period in which an account is active; outside it nothing opens to the user."""

    classified = IMPERSONAL

    user = models.ForeignKey(User, models.PROTECT, related_name="activities")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("user_activity_ends_after_start"),
            one_at_a_time(
                "user_active_once", "user", message="The account is active in that period."
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} from {self.starts:%Y-%m-%d}"
