"""The serving processes end when they are asked to, in whatever moment that is."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("gunicorn", reason="gunicorn does not run here")

from flask import Flask
from gunicorn.workers.gthread import PollableMethodQueue

from recovery_tracker.cli.processes import Server, Serving

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
