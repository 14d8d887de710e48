"""Keys for single purposes, derived from the one secret of the installation."""

import base64

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derived(secret: str, purpose: str) -> str:
    """A key of 256 bits for one purpose, as url-safe text; the same for the same secret."""
    return base64.urlsafe_b64encode(_key(secret, purpose)).decode().rstrip("=")


def derived_fernet_key(secret: str, purpose: str) -> bytes:
    """The same in the form that Fernet encryption takes."""
    return base64.urlsafe_b64encode(_key(secret, purpose))


def _key(secret: str, purpose: str) -> bytes:
    derivation = HKDF(SHA256(), 32, salt=None, info=f"recovery-tracker {purpose}".encode())
    return derivation.derive(secret.encode())
