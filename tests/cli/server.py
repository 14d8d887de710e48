"""A real server in a process of its own, and a visitor who reads its pages over HTTP."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

_COMMAND = [sys.executable, "-c", "from recovery_tracker.cli import main; main()"]


class Server:
    """`recovery-tracker ARGUMENTS`, started in a process group that is ended with it."""

    def __init__(self, *arguments, environment=None):
        self.process = subprocess.Popen(
            [*_COMMAND, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, **(environment or {}), "PYTHONUNBUFFERED": "1"},
        )

    def line_with(self, start):
        """What follows `start` in the first line that begins with it."""
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if line.startswith(start):
                return line.removeprefix(start).strip()
        raise AssertionError(f"{''.join(seen)}{self.process.stderr.read()}")

    def kill(self):
        """End it as a power cut would: every process of the group, at once."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self._close()

    def stop(self):
        """Ask it to end, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self._close()
        return self.process.returncode

    def _close(self):
        self.process.wait(30)
        self.process.stdout.close()
        self.process.stderr.close()


class Visitor:
    """A browser without a script: keeps cookies, follows nothing by itself."""

    def __init__(self, base, cookies=None):
        self.host = urlsplit(base).netloc
        self.cookies = dict(cookies or {})

    def send(self, method, path, fields=None):
        """(status, where it leads, text) of one request; OSError where nobody answers."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            headers = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Origin": f"http://{self.host}",
            }
            body = None
            if fields is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = urlencode(fields)
            target = urlsplit(path)._replace(scheme="", netloc="").geturl()
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return response.status, response.headers.get("Location", ""), text

    def get(self, path):
        """The page, or where it leads to in the end."""
        for _ in range(5):
            status, where, text = self.send("GET", path)
            if status not in (301, 302, 303):
                return status, text
            path = where
        raise AssertionError(f"{path} goes round in circles")


def hidden_fields(page):
    """The hidden fields of a page's main form: token, key, versions."""
    form = page[page.index("<main") :]
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        found[name[1]] = unescape(value[1]) if value else ""
    return found


def set_up(base, link):
    """A visitor who went through set-up as "just me" and is signed in."""
    visitor = Visitor(base)
    status, page = visitor.get(f"{link}/details?mode=just_me&country=GB")
    assert status == 200
    fields = hidden_fields(page) | {
        "name": "Ana Example",
        "login": "ana",
        "password": "violet kettle on the moon",
        "zone": "Europe/London",
        "emergency_number": "999",
    }
    status, where, page = visitor.send("POST", f"{link}/details", fields)
    assert status == 303, page
    return visitor, where
