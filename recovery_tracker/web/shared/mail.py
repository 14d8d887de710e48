"""Letters to a mail server, where one is set: plain text, over TLS, with no health word in them.

`Post.send` never raises: it says what became of the letter. Between "sent" and "failed" stands
"unsure": the server had asked for the text, and the line broke before it answered.
"""

import logging
import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from types import TracebackType

from ...domain.reminders import Delivery
from ..config import TLS_PORT, MailServer
from . import deadline
from .deadline import within

log = logging.getLogger(__name__)

#: Seconds to wait for an answer; a page may be waiting too. Our default.
PATIENCE = 15
_GIVE_ME_THE_TEXT = 354
#: A longer address would be broken into encoded words, and no mail program reads a link from those;
#: 998 signs are allowed in a line (RFC 5322, 2.1.1).
_WHOLE_LINES = SMTP.clone(max_line_length=998)


def letter(
    server: MailServer, to: str, subject: str, text: str, *, at: datetime, stop: str = ""
) -> EmailMessage:
    """A letter to one person; `stop` is the address of the page that ends these letters."""
    made = EmailMessage(policy=_WHOLE_LINES)
    made["From"] = server.sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = format_datetime(at)
    # The name of this machine is nobody's business.
    made["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    if stop:
        made["List-Unsubscribe"] = f"<{stop}>"
    made.set_content(text)
    return made


class Post:
    """One line to the mail server, opened for the first letter and again after a break.

    Used in a `with` block. A server that could not be reached, or that let a letter run out of
    time, is not asked again by the same post.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: _Line | None = None
        #: Whether the server is not asked any more.
        self.is_away = False

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, letter: EmailMessage) -> Delivery:
        """What became of the e-mail; the log has the kind of error, never an address."""
        if self.is_away:
            return Delivery.FAILED
        try:
            line = self._line = self._line or within(deadline.AT_MOST, self._connected)
        except (OSError, smtplib.SMTPException) as error:
            self.is_away = True
            log.error("mail server: %s", _kind(error))
            return Delivery.FAILED
        line.asked_for_text = False
        try:
            within(deadline.AT_MOST, lambda: line.send_message(letter))
        except (OSError, smtplib.SMTPException) as error:
            said_no = isinstance(error, smtplib.SMTPResponseException)
            outcome = Delivery.UNSURE if line.asked_for_text and not said_no else Delivery.FAILED
            log.error("letter %s: %s", outcome, _kind(error))
            if isinstance(error, TimeoutError):
                self.is_away = True
                line.cut()
            self._hang_up()
            return outcome
        return Delivery.SENT

    def _connected(self) -> "_Line":
        server = self._server
        # The certificates of the system are read for a line that needs them.
        tls = ssl.create_default_context() if server.tls else None
        if tls and server.port == TLS_PORT:
            line: _Line = _TlsLine(server.host, server.port, timeout=PATIENCE, context=tls)
        else:
            line = _Line(server.host, server.port, timeout=PATIENCE)
        try:
            if tls and server.port != TLS_PORT:
                line.starttls(context=tls)
            if server.user:
                line.login(server.user, server.password)
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is None or line.is_cut:
            return
        try:
            within(PATIENCE, line.quit)
        except TimeoutError:
            line.cut()
        except (OSError, smtplib.SMTPException):
            line.close()


class _Line(smtplib.SMTP):
    """Remembers whether the server has asked for the text: from then on it may have taken it."""

    asked_for_text = False
    is_cut = False

    def cut(self) -> None:
        """Ends the line under whoever still reads from it in another thread, who then closes it."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                # Not that of TLS, which would change what the other thread is using.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        self.asked_for_text = self.asked_for_text or code == _GIVE_ME_THE_TEXT
        return code, text


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""


def _kind(error: Exception) -> str:
    """What went wrong without what was said about it: a server's answer often holds the address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code is not None else type(error).__name__
