"""Keys for single purposes, derived from the secret of the installation.

An installation has one secret, or several once it was changed (`recovery-tracker key rotate`): new
things are sealed with the newest, older ones are still read with the older. A backup may carry
them, wrapped by a passphrase.
"""

import base64
import binascii
import json
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ...domain.errors import RecoveryError

MEMORY, PASSES, LANES = 65_536, 3, 4
"""KiB, passes and lanes of argon2id: the second choice of RFC 9106, for 64 MiB of memory."""


_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256 (SEC 2, 2.4.2)."""

AUDIT = "audit chain"
"""The purpose of the key that the audit is written with."""


def derived(secret: str, purpose: str) -> str:
    """A key of 256 bits for one purpose, as url-safe text; the same for the same secret."""
    return base64.urlsafe_b64encode(_key(secret, purpose)).decode().rstrip("=")


def signing_keys(secrets: Sequence[str], purpose: str) -> list[str]:
    """The keys of one purpose as a signer takes them: it signs with the last and reads all."""
    return [derived(one, purpose) for one in reversed(secrets)]


def derived_fernet_key(secret: str, purpose: str) -> bytes:
    """The same key in the form that Fernet encryption needs."""
    return base64.urlsafe_b64encode(_key(secret, purpose))


def push_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key by which push services know this installation (VAPID); the same for the same secret.

    Sixty-four bits more than the order are reduced by it (FIPS 186-5, A.2.1).
    """
    number = int.from_bytes(_key(secret, "web push", 40)) % (_P256_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def _key(secret: str, purpose: str, length: int = 32) -> bytes:
    derivation = HKDF(SHA256(), length, salt=None, info=f"recovery-tracker {purpose}".encode())
    return derivation.derive(secret.encode())


def mark(secret: str) -> str:
    """What tells one secret from another and gives nothing of it away."""
    return derived(secret, "mark of this key")[:16]


def wrapped(secrets: Sequence[str], passphrase: str) -> str:
    """The secrets, newest first, as text that only the passphrase opens."""
    salt, nonce = os.urandom(16), os.urandom(12)
    kept = ChaCha20Poly1305(_from_passphrase(passphrase, salt)).encrypt(
        nonce, json.dumps(list(secrets)).encode(), None
    )
    parts = {"salt": salt, "nonce": nonce, "secrets": kept}
    return json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()})


def unwrapped(text: str, passphrase: str) -> tuple[str, ...]:
    """The secrets in what `wrapped` made, newest first.

    Raises:
        RecoveryError: the passphrase is another one, or the text was changed.
    """
    try:
        parts = {name: base64.b64decode(part) for name, part in json.loads(text).items()}
        cipher = ChaCha20Poly1305(_from_passphrase(passphrase, parts["salt"]))
        return tuple(json.loads(cipher.decrypt(parts["nonce"], parts["secrets"], None)))
    except (InvalidTag, ValueError, KeyError, AttributeError, binascii.Error) as error:
        raise RecoveryError("The passphrase does not open the key in this backup.") from error


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    derivation = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY)
    return derivation.derive(passphrase.encode())
