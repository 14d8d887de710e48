"""The key of the audit: without it nobody, not even our own code, writes what `check` accepts.

A link made with a key carries the key's mark and a keyed code (HMAC-SHA-256) in place of a plain
digest; earlier links keep theirs, and the first keyed one holds them in place. The end of each
chain is sealed too, so that a tail cannot be cut off. Whoever can read the key can write: the chain
shows what was changed by somebody who got at the database alone.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

_SPLIT = ":"
_keys: dict[str, bytes] = {}


def use_audit_keys(keys: Sequence[str]) -> None:
    """From now on this process writes with the first of these and reads with all; with none of them
    links are plain digests.
    """
    _keys.clear()
    for key in keys:
        _keys[sha256(f"mark {key}".encode()).hexdigest()[:8]] = key.encode()


def is_used() -> bool:
    """Whether this process has a key."""
    return bool(_keys)


def code_of(text: str) -> str:
    """The keyed code of a text by the newest key, with its mark; its plain digest without one."""
    for mark, key in _keys.items():
        return f"{mark}{_SPLIT}{_hmac(key, text)}"
    return sha256(text.encode()).hexdigest()


def is_code_of(code: str, text: str) -> bool:
    """Whether this is the code of the text; nobody can tell it of a key that is not here."""
    mark, split, digest = code.rpartition(_SPLIT)
    if not split:
        return hmac.compare_digest(code, sha256(text.encode()).hexdigest())
    return mark not in _keys or hmac.compare_digest(digest, _hmac(_keys[mark], text))


def is_keyed(code: str) -> bool:
    """Whether a key made this code."""
    return _SPLIT in code


def is_of_ours(code: str) -> bool:
    """Whether one of the keys that are here made this code."""
    mark, split, _digest = code.rpartition(_SPLIT)
    return bool(split) and mark in _keys


def seal_of(chain: int, sequence: int, digest: str) -> str:
    """The seal on the end of a chain; "" without a key."""
    return code_of(_end(chain, sequence, digest)) if _keys else ""


def is_seal_of(seal: str, chain: int, sequence: int, digest: str) -> bool:
    """Whether a key that is here sealed this end."""
    return is_of_ours(seal) and is_code_of(seal, _end(chain, sequence, digest))


def _end(chain: int, sequence: int, digest: str) -> str:
    return f"end {chain} {sequence} {digest}"


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest()
