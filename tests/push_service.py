"""A push service and a browser on this machine: takes messages as one of the large ones would, and
reads them as a phone would.
"""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class PushService:
    """What arrived: path, headers and body of each message; `says` is the status of its answers."""

    origin: str = ""
    says: int = 201
    #: Seconds until it answers.
    waits: float = 0.0
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def push_service() -> Iterator[PushService]:
    """A service on a free port."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            named = {name.lower(): value for name, value in self.headers.items()}
            service.taken.append((self.path, named, body))
            sleep(service.waits)
            self.send_response(service.says)
            if service.says == 307:
                self.send_header("Location", f"{service.origin}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Phone:
    """A browser that was asked for a subscription by the diary."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def said(self) -> dict[str, str]:
        """What its script sends to the diary."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": text_of(point), "auth": text_of(self.auth)}
        return {"endpoint": self.endpoint, **keys}

    def read(self, body: bytes) -> dict[str, str]:
        """The message, decrypted with keys that nobody else has."""
        told = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        found: dict[str, str] = json.loads(told)
        return found


def sender_of(headers: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """The key that signed a message, and what it says of its sender; the signature holds."""
    schema, parts = headers["authorization"].split(" ", 1)
    assert schema == "vapid"
    named = dict(part.strip().split("=", 1) for part in parts.split(","))
    told, signature = named["t"].rsplit(".", 1)
    raw = bytes_of(signature)
    halves = (int.from_bytes(half) for half in (raw[:32], raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(named["k"]))
    key.verify(utils.encode_dss_signature(*halves), told.encode(), ec.ECDSA(SHA256()))
    return named["k"], json.loads(bytes_of(told.split(".")[1]))
