"""The signature of checkpoints: Ed25519, with a key that no database holds."""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def public_key() -> str:
    """The public half of the key in use: by it alone anybody can check every checkpoint."""
    return _encoded(_private().public_key())


def sign(digest: str) -> str:
    """The signature of a checkpoint's digest."""
    return base64.b64encode(_private().sign(bytes.fromhex(digest))).decode()


def is_signed(digest: str, signature: str, key: str) -> bool:
    """Whether `key`, which must be one of ours, signed this digest."""
    if key not in {public_key(), *settings.AUDIT_OLD_PUBLIC_KEYS}:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def _private() -> Ed25519PrivateKey:
    secret = settings.AUDIT_SIGNING_KEY
    if not secret:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY must be set.")
    seed = hashlib.sha256(b"throughline checkpoint\0" + secret.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _encoded(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes_raw()).decode()
