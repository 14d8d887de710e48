"""The proxies of docs/operations.md, run as they stand there: slow clients do not stop help."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.server import Server
from tests.mail_server import free_port

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")
SLOW, IDLE = 10, 60

pytestmark = pytest.mark.slow


def _recipe(name: str) -> str:
    """The indented text below the line that begins with the name."""
    after = re.split(rf"^{name}[^\n]*:\n", PAGE, flags=re.MULTILINE)[1]
    lines = after.strip("\n").split("\n")
    kept = []
    for line in lines:
        if line and not line.startswith("    "):
            break
        kept.append(line.removeprefix("    "))
    return "\n".join(kept)


def _nginx(folder: Path, port: int, behind: int) -> list[str]:
    site = _recipe("nginx")
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    site = re.sub(r"\n *ssl_certificate[^\n]*", "", site)
    site = site.replace("diary.example", "localhost").replace(
        "127.0.0.1:8000", f"127.0.0.1:{behind}"
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    file = folder / "nginx.conf"
    who = "user root;\n" * (os.getuid() == 0)
    file.write_text(
        f"{who}pid {folder}/pid;\nerror_log {folder}/errors;\ndaemon off;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\n{paths}\n{site}\n}}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(file)]


def _caddy(folder: Path, port: int, behind: int) -> list[str]:
    site = _recipe("Caddy").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    site = site.replace("diary.example {", f"http://localhost:{port} {{")
    said = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in re.findall(r"\d+", said)[:2]) >= (2, 7):
        old = re.search(r" *buffer_requests\n *max_buffer_size", site)
        assert old is not None
        site = site.replace(old[0], "        request_buffers")
    # No certificate and no port of its own to steer it, as a test needs them.
    site = site.replace(
        "{\n    servers {", "{\n    admin off\n    auto_https off\n    servers {", 1
    )
    file = folder / "Caddyfile"
    file.write_text(site)
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


@pytest.fixture(scope="module")
def diary(tmp_path_factory) -> Iterator[int]:
    """The program, as it stands behind a proxy; gives its port."""
    folder, port = tmp_path_factory.mktemp("diary"), free_port()
    environment = {
        "RECOVERY_TRACKER_PROXIES": "1",
        "RECOVERY_TRACKER_TRUSTED_HOSTS": "localhost",
        "HOME": str(folder),
    }
    url = f"sqlite:///{folder}/diary.db"
    server = Server("run", "--port", port, "--database", url, environment=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.kill()


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    environment = {"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"}
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it does not listen")


def _help(port: int, patience: float = 30) -> float:
    """Seconds until the whole help page is there."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", "/help", headers={"Host": "localhost"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        assert answer.read()
    finally:
        connection.close()
    return time.monotonic() - started


@contextmanager
def _slow_people(port: int, slow: int, idle: int) -> Iterator[list[socket.socket]]:
    """Connections that began to send a form and go on by a letter, and others that say nothing."""
    with ExitStack() as stack:
        made = []
        for number in range(slow + idle):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            if number < slow:
                one.sendall(
                    b"POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                    b"Content-Type: application/x-www-form-urlencoded\r\n"
                    b"Content-Length: 5000\r\n\r\nemail="
                )
            made.append(one)
        yield made[:slow]


def test_without_a_proxy_slow_people_stop_the_help_page(diary) -> None:
    """So that the tests below can fail."""
    with _slow_people(diary, 40, 0) as slow:
        time.sleep(0.5)
        for one in slow:
            one.sendall(b"a")
        with pytest.raises(TimeoutError):
            _help(diary, patience=2)


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_behind_the_proxy_of_the_page_they_do_not(diary, name, tmp_path) -> None:
    """Ten slow or sixty idle connections leave the help page under a second, where the machine has
    no more to do than to serve it.
    """
    if shutil.which(name, path="/usr/sbin:/usr/bin:/bin") is None:
        pytest.skip(f"{name} is not installed")
    port = free_port()
    command = (_nginx if name == "nginx" else _caddy)(tmp_path, port, diary)
    with _running(command, tmp_path, port):
        usual = sorted(_help(port) for _ in range(5))[2]
        allowed = max(1.0, 3 * usual)
        for slow, idle in ((SLOW, 0), (0, IDLE)):
            with _slow_people(port, slow, idle) as trickling:
                for _ in range(4):
                    for one in trickling:
                        one.sendall(b"a")
                    assert _help(port) < allowed, (slow, idle, usual)


def test_nginx_keeps_no_file_of_a_stranger(diary, tmp_path) -> None:
    """The program refuses it as soon as it is announced; what has come by then is on no disk."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin:/bin") is None:
        pytest.skip("nginx is not installed")
    port = free_port()
    with _running(_nginx(tmp_path, port, diary), tmp_path, port), ExitStack() as stack:
        for _file in range(3):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            one.sendall(
                b"POST /p/abcdefghijklmnopqrstuv/data/look HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n"
                b"Content-Length: 500000000\r\n\r\n--x\r\n"
            )
            with suppress(OSError):
                one.sendall(b"a" * 3_000_000)
            kept = [each for each in (tmp_path / "client_body").rglob("*") if each.is_file()]
            assert kept == []
            # The program hangs up on what it does not want to read, which nginx calls 502.
            assert one.recv(12) in [f"HTTP/1.1 {code}".encode() for code in (302, 403, 404, 502)]
        assert _help(port) < 5
