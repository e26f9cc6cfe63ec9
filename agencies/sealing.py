"""Encryption of what a user alone may read back."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def fernet(purpose: str) -> Fernet:
    """A box whose key is derived from FIELD_KEY for one purpose."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.FIELD_KEY.encode())))


def seal(values: dict[str, list[str]]) -> bytes:
    """What was typed, unreadable without the key."""
    return fernet("drafts").encrypt(json.dumps(values).encode())


def unseal(sealed: bytes) -> dict[str, list[str]]:
    """What was typed; empty when it can't be read any more."""
    try:
        values: dict[str, list[str]] = json.loads(fernet("drafts").decrypt(bytes(sealed)))
    except (InvalidToken, ValueError):
        return {}
    return values
