"""Small sealed files: encrypted and authenticated with AES-GCM, each bound to what it is for."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE: Final = 12
"""Bytes of a nonce of AES-GCM (NIST SP 800-38D)."""


def seal(key: bytes, content: bytes, context: str) -> bytes:
    """Return content encrypted and authenticated with AES-GCM, bound to its context."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes | None:
    """Return what was sealed, or None if key or context are others or a byte has changed."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
    except (InvalidTag, ValueError):
        return None
