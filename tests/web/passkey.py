"""A passkey in software: what a phone answers when a page asks it to make one or to use it."""

import base64
import json
import secrets
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


class SoftwarePasskey:
    """One key pair (ES256, no attestation) of one account at one site."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(16)
        self._origin = origin
        self._uses = 0
        self._owner = ""

    def made(self, options: dict) -> str:
        """The answer to a page that asks for a new passkey, as its script sends it."""
        self._owner = options["user"]["id"]
        point = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        holder = bytes(16) + len(self._id).to_bytes(2) + self._id + cbor2.dumps(key)
        data = self._data(options["rp"]["id"], HOLDS_KEY) + holder
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._asked("webauthn.create", options["challenge"]),
            attestationObject=attested,
        )

    def used(self, options: dict) -> str:
        """The answer to a page that asks who is there, as its script sends it."""
        self._uses += 1
        data = self._data(options["rpId"], 0)
        asked = self._asked("webauthn.get", options["challenge"])
        signature = self._key.sign(data + sha256(asked).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=asked,
            authenticatorData=data,
            signature=signature,
            userHandle=_bytes(self._owner),
        )

    def _data(self, site: str, more: int) -> bytes:
        flags = bytes([USER_PRESENT | USER_VERIFIED | more])
        return sha256(site.encode()).digest() + flags + self._uses.to_bytes(4)

    def _asked(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self._origin}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: _text(part) for name, part in parts.items()}
        mine = _text(self._id)
        return json.dumps(
            {
                "id": mine,
                "rawId": mine,
                "type": "public-key",
                "response": response,
                "extensions": "{}",
            }
        )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
