"""A real mail server on this machine, which keeps what it is given, refuses it, or hangs up."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from recovery_tracker.web.config import MailServer

SENDER = "diary@example.org"


@dataclass
class Letterbox:
    """What arrived, as it arrived; `mood` says how the server behaves."""

    #: "kind", "refuses" the reader, is "busy", "refuses the text", or "hangs up" once it has it;
    #: "drips at the reader" and "drips at the text": it answers byte by byte.
    mood: str = "kind"
    #: The one reader at whom it drips; "" for all.
    only: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    passwords: list[bytes] = field(default_factory=list)
    #: Letters that came over TLS.
    sealed: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Says yes or no to a reader."""
        if self.mood == "refuses":
            return "550 nobody of this name"
        if self.mood == "busy":
            return "451 try again later"
        if self.mood == "drips at the reader" and self.only in ("", address):
            await self._drip(server)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        """Takes the text or not; may break the line before it says so."""
        if self.mood == "refuses the text":
            return "554 we do not like it"
        if self.mood == "drips at the text":
            await self._drip(server)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.readers += envelope.rcpt_tos
        self.sealed += session.ssl is not None
        if self.mood == "hangs up":
            server.transport.abort()
            await asyncio.sleep(0.05)
        return "250 taken"

    async def _drip(self, server):
        for _byte in range(100):
            server.transport.write(b"2")
            await asyncio.sleep(0.05)

    def authenticate(self, server, session, envelope, mechanism, found) -> AuthResult:
        """Anybody may hand in letters who says a password."""
        self.passwords.append(found.password)
        return AuthResult(success=True)


@dataclass(frozen=True)
class Running:
    """A server that runs: its port, its letterbox, and the settings that lead to it."""

    box: Letterbox
    port: int

    def settings(self, **more: Any) -> MailServer:
        """In the clear, as a mail server on the same machine may be spoken to."""
        return MailServer(
            **{"host": "127.0.0.1", "sender": SENDER, "port": self.port, "tls": False, **more}
        )


@contextmanager
def mail_server(certificate: Path | None = None, **more: Any) -> Iterator[Running]:
    """A server on a free port; with a certificate it offers STARTTLS and takes passwords."""
    box = Letterbox()
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        more |= {"tls_context": context, "authenticator": box.authenticate, **more}
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield Running(box, port)
    finally:
        controller.stop()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def certificate_in(folder: Path) -> Path:
    """Key and certificate of this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
