"""How guessable a password may be."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from agencies.models import User


class GuessableValidator:
    """Refuses a password that zxcvbn reckons can be guessed (score below 3 of 4)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError, with what would help, for a guessable password."""
        known = [user.username, user.name, user.email] if user else []
        # zxcvbn's time grows with length, and its score does not beyond this.
        result = zxcvbn(password[:72], user_inputs=known)
        if result["score"] < 3:
            advice = " ".join(result["feedback"]["suggestions"])
            raise ValidationError(
                f"This password is too easy to guess. {advice}".strip(), code="guessable"
            )

    def get_help_text(self) -> str:
        """What the form says beside the field."""
        return "Three or more unrelated words make a good password."
