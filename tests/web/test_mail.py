"""Letters against a real mail server: what became of each is known, or said to be unknown."""

import re
import socket
import ssl

import pytest

from recovery_tracker.domain.reminders import Delivery, is_address
from recovery_tracker.web.config import MailServer, UnsafeConfig
from recovery_tracker.web.shared.mail import Post, letter
from tests.mail_server import SENDER, certificate_in, free_port, mail_server
from tests.web.conftest import NOW


@pytest.fixture
def running():
    with mail_server() as found:
        yield found


def hello(server, to="nora@example.org"):
    return letter(server, to, "今天", "Línea\n.\nend\n", at=NOW, stop="https://diary.example/stop")


def test_a_letter_arrives_once_and_whole(running):
    server = running.settings()
    with Post(server) as post:
        assert [post.send(hello(server)) for _ in range(2)] == [Delivery.SENT] * 2
    assert running.box.readers == ["nora@example.org"] * 2
    arrived = running.box.letters[0]
    assert (arrived["Subject"], arrived["From"]) == ("今天", SENDER)
    assert arrived.get_content().splitlines() == ["Línea", ".", "end"]
    assert arrived["List-Unsubscribe"] == "<https://diary.example/stop>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"].endswith("@example.org>")
    assert socket.gethostname() not in str(arrived)


def test_the_link_that_stops_letters_stays_whole(running):
    """A mail program shows its own button for it only where it can read the address."""
    stop = f"https://diary.{'long-name.' * 8}example/reminders/stop/{'x' * 70}"
    server = running.settings()
    text = f"Línea\n{stop}\n"
    made = letter(server, "nora@example.org", "今天", text, at=NOW, stop=stop)
    assert f"List-Unsubscribe: <{stop}>\r\n".encode() in made.as_bytes()
    with Post(server) as post:
        assert post.send(made) is Delivery.SENT
    (arrived,) = running.box.letters
    assert arrived["List-Unsubscribe"] == f"<{stop}>"
    assert (arrived["Subject"], arrived.get_content().split()) == ("今天", text.split())


@pytest.mark.parametrize("mood", ["refuses", "busy", "refuses the text"])
def test_a_refused_letter_has_surely_failed(running, mood, caplog):
    running.box.mood = mood
    server = running.settings()
    with Post(server) as post:
        assert post.send(hello(server)) is Delivery.FAILED
        running.box.mood = "kind"
        assert post.send(hello(server)) is Delivery.SENT
    assert "nora" not in caplog.text
    assert re.search("SMTP(RecipientsRefused|DataError 554)", caplog.text)


def test_a_line_that_breaks_after_the_text_leaves_it_open(running, caplog):
    """The server may have kept the letter: nobody knows, so nobody says "sent" or "failed"."""
    running.box.mood = "hangs up"
    server = running.settings()
    with Post(server) as post:
        assert post.send(hello(server)) is Delivery.UNSURE
        running.box.mood = "kind"
        assert post.send(hello(server)) is Delivery.SENT
    assert len(running.box.letters) == 2
    assert "SMTPServerDisconnected" in caplog.text


def test_a_server_that_is_not_there_is_asked_once(monkeypatch):
    server = MailServer("127.0.0.1", SENDER, free_port(), tls=False)
    with Post(server) as post:
        assert post.send(hello(server)) is Delivery.FAILED
        monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("again"))
        assert post.send(hello(server)) is Delivery.FAILED


def test_over_tls_by_default_and_the_password_only_there(tmp_path, monkeypatch):
    certificate = certificate_in(tmp_path)
    with mail_server(certificate) as running:
        server = running.settings(host="localhost", tls=True, user="diary", password="sesame")
        with Post(server) as post:
            assert post.send(hello(server)) is Delivery.FAILED  # a certificate nobody vouches for
        assert running.box.passwords == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with Post(server) as post:
            assert post.send(hello(server)) is Delivery.SENT
        assert (running.box.sealed, running.box.passwords) == (1, [b"sesame"])


def test_no_certificate_is_read_for_a_line_without_tls(running, monkeypatch):
    """To read those of the system takes longer than to hand in a letter."""
    server, read = running.settings(), []
    monkeypatch.setattr(ssl, "create_default_context", lambda: read.append("them"))
    with Post(server) as post:
        assert post.send(hello(server)) is Delivery.SENT
    assert read == []


def test_a_server_without_tls_gets_nothing(running):
    server = running.settings(tls=True)
    with Post(server) as post:
        assert post.send(hello(server)) is Delivery.FAILED
    assert running.box.letters == []


def test_the_environment_says_where_letters_leave():
    assert MailServer.from_environment({}) is None
    found = {"RECOVERY_TRACKER_SMTP_HOST": "mail.example.org", "RECOVERY_TRACKER_SMTP_FROM": SENDER}
    plain = MailServer.from_environment(found)
    assert plain == MailServer("mail.example.org", SENDER, port=587, tls=True)
    secret = {"RECOVERY_TRACKER_SMTP_USER": "u", "RECOVERY_TRACKER_SMTP_PASSWORD": "sesame"}
    more = {"RECOVERY_TRACKER_SMTP_PORT": "465", **secret}
    whole = MailServer.from_environment(found | more)
    assert (whole.port, whole.user, whole.password) == (465, "u", "sesame")
    assert "sesame" not in repr(whole)


@pytest.mark.parametrize(
    "more",
    [
        {"RECOVERY_TRACKER_SMTP_FROM": ""},
        {"RECOVERY_TRACKER_SMTP_FROM": "Diary <diary@example.org>"},
        {"RECOVERY_TRACKER_SMTP_PORT": "many"},
        {"RECOVERY_TRACKER_SMTP_PORT": "0"},
        {"RECOVERY_TRACKER_SMTP_TLS": "off"},
    ],
)
def test_settings_that_would_not_be_safe_stop_the_program(more):
    found = {"RECOVERY_TRACKER_SMTP_HOST": "mail.example.org", "RECOVERY_TRACKER_SMTP_FROM": SENDER}
    with pytest.raises(UnsafeConfig, match="RECOVERY_TRACKER_SMTP"):
        MailServer.from_environment(found | more)


@pytest.mark.parametrize("text", ["nora@example.org", "n.o+diary@mail.example.co.uk", "a@b"])
def test_an_address(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "nora", "@example.org", "nora@", "a@b@c", "a@b..c", "two words@example.org",
     "a@example.org,b@example.org", "<a@example.org>", "a@example.org\nBcc: b@example.org",
     "größe@example.org", "=?utf-8?q?b=40x.org=2C_a?=@example.org", "a" * 250 + "@b.org"],
)  # fmt: skip
def test_no_address(text):
    assert not is_address(text)
