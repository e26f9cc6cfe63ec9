"""The vault: where a relocated young person lives, unreadable without a key that is not here.

Envelope encryption: each address has a data key of its own (AES-256-GCM), which is wrapped
with a master key from `VAULT_KEYS`, outside the database. Changing the master key wraps
the data keys anew and never opens an address. The keys of the row and of the person are
bound in: an envelope that is moved to another row can't be opened.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12
"""Bytes of a nonce, as NIST SP 800-38D recommends for GCM."""


class Locked(RuntimeError):
    """The envelope can't be opened: its key is not here, or somebody changed or moved it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the database keeps of one address."""

    key_id: str
    wrapped_key: bytes
    sealed: bytes


def seal(text: str, *, row_id: UUID, person_id: UUID) -> Envelope:
    """Put a text into an envelope for this row about this person."""
    data_key = AESGCM.generate_key(bit_length=256)
    bound = _bound(row_id, person_id)
    return Envelope(
        key_id=current_key_id(),
        wrapped_key=_encrypt(_master(current_key_id()), data_key, bound),
        sealed=_encrypt(data_key, text.encode(), bound),
    )


def unseal(envelope: Envelope, *, row_id: UUID, person_id: UUID) -> str:
    """The text. Raises Locked."""
    bound = _bound(row_id, person_id)
    data_key = _decrypt(_master(envelope.key_id), envelope.wrapped_key, bound)
    return _decrypt(data_key, envelope.sealed, bound).decode()


def rewrap(envelope: Envelope, *, row_id: UUID, person_id: UUID) -> Envelope:
    """The same envelope under the current master key; the text stays closed. Raises Locked."""
    bound = _bound(row_id, person_id)
    data_key = _decrypt(_master(envelope.key_id), envelope.wrapped_key, bound)
    return Envelope(
        current_key_id(), _encrypt(_master(current_key_id()), data_key, bound), envelope.sealed
    )


def current_key_id() -> str:
    """Names the master key with which new envelopes are closed: the first one given."""
    return _key_id(_secrets()[0])


def _secrets() -> list[str]:
    return [secret.strip() for secret in settings.VAULT_KEYS.split(",") if secret.strip()]


def _key_id(secret: str) -> str:
    return hashlib.sha256(b"vault key id:" + secret.encode()).hexdigest()[:12]


def _master(key_id: str) -> bytes:
    for secret in _secrets():
        if _key_id(secret) == key_id:
            hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"safe address vault")
            return hkdf.derive(secret.encode())
    raise Locked(f"The key {key_id} is not among VAULT_KEYS.")


def _bound(row_id: UUID, person_id: UUID) -> bytes:
    return row_id.bytes + person_id.bytes


def _encrypt(key: bytes, text: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise Locked("The envelope has been changed, or is of another row.") from error
