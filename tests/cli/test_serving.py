"""`run` and `demo` as real servers, started and stopped as a person would."""

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .server import Server, Visitor, hidden_fields, set_up


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'home' / 'diary.sqlite'}"


@pytest.fixture
def prepared(url, empty_file):
    """The same address, with the newest tables there already."""
    file = Path(url.removeprefix("sqlite:///"))
    file.parent.mkdir()
    shutil.copy(empty_file, file)
    return url


@pytest.fixture
def no_home(tmp_path):
    """An environment in which no folder of the user's own can be made, for root neither."""
    (tmp_path / "file").touch()
    none = dict.fromkeys(("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), "")
    return none | {"HOME": str(tmp_path / "file" / "home"), "RECOVERY_TRACKER_DATABASE_URL": ""}


@pytest.fixture
def running():
    """Starts servers and ends what is left of them."""
    started = []

    def start(*arguments, **environment):
        started.append(Server(*arguments, environment=environment))
        return started[-1]

    yield start
    for server in started:
        server.kill()


def test_a_first_run_leads_from_an_empty_folder_to_a_diary(running, url, tmp_path):
    """
    The link of the set-up page is printed, works once, and a second start does not print it.
    """
    server = running("run", "--port", 0, "--database", url)
    base = server.line_with("Your diary: ").rstrip("/")
    link = server.line_with("First run. Set it up here (the link works once): ")
    assert link.startswith(f"{base}/setup/")
    visitor, where = set_up(base, urlsplit(link).path)
    assert visitor.get(where)[0] == 200
    assert Visitor(base).get(urlsplit(link).path)[0] == 404
    for name in ("secret-key", "diary.sqlite"):
        assert stat.S_IMODE((tmp_path / "home" / name).stat().st_mode) == 0o600
    assert server.stop() == 0

    again = running("run", "--port", 0, "--database", url)
    later = again.line_with("Your diary: ").rstrip("/")
    status, page = Visitor(later, visitor.cookies).get("/")
    assert status == 200
    assert "Ana Example" in page or "/p/" in page
    assert again.stop() == 0
    assert "First run" not in page


def test_ctrl_c_stops_in_a_moment_where_nothing_but_the_database_can_be_written(
    running, url, no_home, tmp_path
):
    """As a service has it: no word of trouble, nothing left behind, and no seconds of tidying away.

    It took the processor 2 seconds; the clock of a busy machine says nothing.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = running("run", "--port", 0, "--database", url, TMPDIR=str(tmp_path), **no_home)
    base = server.line_with("Your diary: ").rstrip("/")
    assert Visitor(base).get("/help")[0] == 200
    served = processor_seconds(server.process.pid)
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.process.stderr.read() == "Stopping ...\n"
    assert server.stop() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert whole - served < 1
    assert list(tmp_path.glob("recovery-tracker-*")) == []


def processor_seconds(group):
    """What the living processes of a group have used so far."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text().rpartition(") ")[2].split()
            ticks += sum(map(int, fields[11:13])) if int(fields[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(
    ("database", "way_out"),
    [
        ((), "set RECOVERY_TRACKER_DATABASE_URL, or use --database"),
        (("--database", "postgresql://clinic/diary"), "set XDG_DATA_HOME"),
    ],
)
def test_a_home_that_is_read_only_is_told_the_way_out(
    command, no_home, monkeypatch, database, way_out
):
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, no_home[name])
    said = command("run", "--port", 0, *database)
    assert said.status == 1
    assert said.err.count("\n") == 1
    assert way_out in said.err


@pytest.mark.parametrize(("debug", "lines"), [("1", 1), ("", 0)])
def test_the_journal_names_the_route_of_a_request_where_it_is_wished(
    running, prepared, debug, lines
):
    server = running("run", "--port", 0, "--database", prepared, RECOVERY_TRACKER_DEBUG=debug)
    base = server.line_with("Your diary: ").rstrip("/")
    assert Visitor(base).get("/help?word=canary")[0] == 200
    server.process.terminate()
    written = server.process.stderr.read()
    assert server.stop() == 0
    told = re.findall(r"INFO recovery_tracker\.requests GET /help 200 \d+ ms", written)
    assert len(told) == lines
    assert "canary" not in written


def test_where_a_request_ends_is_never_in_doubt(running, prepared):
    """A proxy and the program must not read two requests where the other reads one."""
    server = running("run", "--port", 0, "--database", prepared)
    port = urlsplit(server.line_with("Your diary: ")).port
    doubtful = (
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: 5, 5",
        "Content-Length: -1",
        "Transfer-Encoding: identity, chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked",
        "Content-Length : 5",
        "X-A: b\r\n Content-Length: 5",
    )
    for lines in doubtful:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            text = f"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n\r\n"
            line.sendall(f"{text}0\r\n\r\nGET /help HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            answer = b"".join(iter(lambda one=line: one.recv(65_536), b""))
        assert re.match(rb"HTTP/1\.1 (400|501) ", answer), (lines, answer[:80])
        assert answer.count(b"HTTP/1.1 ") == 1, lines
    assert Visitor(f"http://127.0.0.1:{port}").get("/help")[0] == 200
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--host", "0.0.0.0"), {}),
        (("--host", "0.0.0.0"), {"RECOVERY_TRACKER_PROXIES": "1"}),
        ((), {"RECOVERY_TRACKER_SECRET_KEY": "changeme"}),
    ],
)
def test_an_unsafe_start_is_refused_in_one_line(command, url, arguments, environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = command("run", "--port", 0, "--database", url, *arguments)
    assert said.status == 1
    assert said.err.count("\n") == 1
    assert "Your diary" not in said.out


def test_a_port_that_is_taken_is_one_line(command, url, monkeypatch):
    monkeypatch.delenv("MAKELEVEL", raising=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = command("run", "--port", taken.getsockname()[1], "--database", url)
        monkeypatch.setenv("MAKELEVEL", "1")
        made = command("demo", "--port", taken.getsockname()[1])
    assert said.status == made.status == 1
    assert said.err.count("\n") == made.err.count("\n") == 1
    assert said.err.endswith("may be running already; to use another port: --port 9000\n")
    assert made.err.endswith('to use another port: make demo ARGS="--port 9000"\n')
    assert not Path(url.removeprefix("sqlite:///")).exists()


def test_the_demonstration_signs_in_a_patient_and_a_surgeon(running, tmp_path):
    """Two links; each shows a page first, and only its button signs in."""
    server = running("demo", "--port", 0, TMPDIR=str(tmp_path))
    links = {who: server.line_with(f"{who}: ") for who in ("patient", "surgeon")}
    for who, link in links.items():
        visitor = Visitor(link)
        status, page = visitor.get(link)
        assert status == 200
        status, where, _ = visitor.send("POST", link, hidden_fields(page))
        assert status == 303
        status, page = visitor.get(where)
        assert status == 200
        assert "demo" in page.lower(), f"the {who}'s page is not marked as a demonstration"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("recovery-tracker-demo-")]
    assert server.stop() == 0
    left = [p for p in tmp_path.iterdir() if p.name.startswith("recovery-tracker-demo-")]
    assert left == [], "the throw-away database is still there"


def test_the_secret_is_made_once_and_kept(command, url, tmp_path):
    from recovery_tracker.cli.options import secret_folder
    from recovery_tracker.web.secret_file import secrets_in

    os.umask(0o022)
    first = secrets_in(secret_folder(url))[0]
    assert len(first) >= 32
    assert secrets_in(secret_folder(url))[0] == first
    assert stat.S_IMODE((tmp_path / "home" / "secret-key").stat().st_mode) == 0o600
