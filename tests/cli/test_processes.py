"""The serving processes end when they are asked to, in whatever moment that is."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("gunicorn", reason="gunicorn does not run here")

from flask import Flask
from gunicorn.workers.gthread import PollableMethodQueue

from recovery_tracker.cli.processes import Server, Serving
from recovery_tracker.cli.serving import SWITCH

#: A server whose process is asked to end in the moment it begins; when it ends, so does all.
ASKED_AT_ONCE = """
import os, signal
from flask import Flask
from recovery_tracker.cli.processes import Server

parent = os.getpid()

def asked(server, worker):
    os.kill(os.getpid(), signal.SIGTERM)

def ended(server, worker):
    if worker.pid == os.getpid() and os.getppid() == parent:
        print("ended", flush=True)
        os.kill(parent, signal.SIGTERM)

settings = {"bind": "127.0.0.1:0", "workers": 1, "threads": 1, "loglevel": "error"}
settings |= {"control_socket_disable": True, "post_fork": asked, "worker_exit": ended}
Server(settings, lambda: Flask("empty")).run()
"""


def test_a_process_that_is_asked_to_end_before_it_listens_to_signals_ends():
    said = subprocess.run(
        [sys.executable, "-c", ASKED_AT_ONCE],
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
        check=False,
    )
    assert (said.stdout, said.stderr, said.returncode) == ("ended\n", "Stopping ...\n", 0)


def test_a_second_signal_does_not_wait_for_what_the_first_one_holds():
    """The threads' lock is held by whatever was interrupted; to ask for it would be for ever."""
    serving = Serving.__new__(Serving)
    serving.alive = True
    serving.method_queue = PollableMethodQueue()
    serving.method_queue.init()
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as other:
        serving.tpool = pool
        with pool._shutdown_lock:
            other.submit(serving.handle_quit, 0, None).result(timeout=30)
    serving.method_queue.close()
    assert not serving.alive


#: Two processes of one thread each; one of them is busy until a file is there.
ONE_IS_BUSY = """
import os, sys, time
from flask import Flask
from recovery_tracker.cli.processes import Server

app = Flask("two")

@app.get("/busy")
def busy():
    while not os.path.exists(sys.argv[1]):
        time.sleep(0.02)
    return "done"

@app.get("/")
def quick():
    return str(os.getpid())

def ready(worker):
    print(worker.pid, flush=True)

settings = {"bind": "fd://LISTENER", "workers": 2, "threads": 1, "loglevel": "error"}
settings |= {"control_socket_disable": True, "post_worker_init": ready}
settings |= {"worker_exit": lambda server, worker: None}
Server(settings, lambda: app).run()
"""


def test_nobody_waits_in_a_busy_process_while_another_one_is_free(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        script = ONE_IS_BUSY.replace("LISTENER", str(listener.fileno()))
        server = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "enough")],
            stdout=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    try:
        assert server.stdout.readline()
        assert server.stdout.readline()
        with ThreadPoolExecutor(1) as pool:
            busy = pool.submit(_get, port, "/busy", 30)
            time.sleep(0.5)
            answered = {_get(port, "/", 5) for _ in range(20)}
            (tmp_path / "enough").touch()
            assert busy.result() == "done"
        assert len(answered) == 1
    finally:
        (tmp_path / "enough").touch()
        server.terminate()
        server.wait(30)
        server.stdout.close()


def _get(port, path, seconds):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_a_process_whose_parent_is_gone_signals_nobody(monkeypatch):
    """The number of a parent that ended may be that of any other program by now."""
    told = []
    monkeypatch.setattr(os, "kill", lambda *signalled: told.append(signalled))
    app = Server({}, lambda: Flask("empty")).load()
    parent, replace_all = os.getppid(), app.extensions["recovery_replace_processes"]
    replace_all()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    replace_all()
    assert told == [(parent, signal.SIGHUP)]


#: The parent as `run` makes it, in the moment in which it would begin to serve.
READY_TO_DIVIDE = """
import gc, json, os, sys

from sqlalchemy import Engine
from werkzeug.routing import Rule

from recovery_tracker.cli import main, processes


compiled = []


def modules_of_pages(load):
    before = set(sys.modules)
    builder = Rule._compile_builder
    Rule._compile_builder = lambda *asked: compiled.append(asked) or builder(*asked)
    browser = load().test_client()
    paths = ("/healthz", "/account/signed-out", "/nowhere")
    said = [browser.get(path).status_code for path in paths]
    return said, sorted(set(sys.modules) - before)


def told(self):
    # Whatever would be shared: a thread, a file, a connection, and what random numbers come from.
    here = "/proc/self"
    open_files = [os.path.realpath(f"{here}/fd/{one}") for one in os.listdir(f"{here}/fd")]
    gc.unfreeze()
    engines = [one for one in gc.get_objects() if isinstance(one, Engine)]
    found = {
        "threads": len(os.listdir(f"{here}/task")),
        "files": [one for one in open_files if ".sqlite" in one],
        "connections": sum(one.pool.checkedin() + one.pool.checkedout() for one in engines),
        "numbers": "numpy.random" in sys.modules,
    }
    sys.stdout.flush()
    reader, writer = os.pipe()
    if os.fork() == 0:
        found["said"], found["imported"] = modules_of_pages(self._load)
        found["compiled"] = len(compiled) < 40
        found["switch"] = sys.getswitchinterval()
        os.write(writer, json.dumps(found).encode())
        os._exit(0)
    os.wait()
    print("found", os.read(reader, 65536).decode(), flush=True)


processes.Server.run = told
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process holds")
def test_what_the_parent_holds_before_it_divides(url, tmp_path):
    """All modules, so that a new process answers at once, and nothing that must not be shared.

    Of its 350 builders of addresses a new process compiles those that it uses.
    """
    said = subprocess.run(
        [sys.executable, "-c", READY_TO_DIVIDE, "run", "--port", "0", "--database", url],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "data-home")},
    )
    line = next((one for one in said.stdout.splitlines() if one.startswith("found ")), said.stderr)
    assert json.loads(line.removeprefix("found ")) == {
        "threads": 1,
        "files": [],
        "connections": 0,
        "numbers": False,
        "said": [200, 200, 404],
        "imported": [],
        "compiled": True,
        "switch": pytest.approx(SWITCH),
    }
