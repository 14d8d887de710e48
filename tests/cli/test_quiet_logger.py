"""The server writes down nothing of what somebody sent."""

import socket

from gunicorn.config import Config

from recovery_tracker.cli.quiet_logger import QuietLogger
from recovery_tracker.cli.serving import _settings

CANARY = "/invitation/canary-token?q=canary-query"


def test_no_address_and_no_request_line(capfd):
    settings = Config()
    settings.set("loglevel", "debug")
    log = QuietLogger(settings)
    log.warning(f"Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET {CANARY}'")
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        log.exception("Error handling request %s %s", "GET", CANARY)
        log.exception(error)
    written = capfd.readouterr().err
    assert "refused" in written
    assert "failed" in written
    assert "canary" not in written
    assert "192.0.2.7" not in written


def test_the_server_takes_the_quiet_one_and_believes_no_header():
    settings = Config()
    with socket.socket() as one:
        for name, value in _settings(one.fileno()).items():
            settings.set(name, value)
    assert settings.logger_class is QuietLogger
    assert settings.forwarded_allow_ips == []
    assert settings.secure_scheme_headers == {}
