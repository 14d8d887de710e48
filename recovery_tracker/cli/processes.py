"""The processes that serve: one parent, which says what happens to it, and those that answer."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from flask import Flask

#: What asks a process to end. All ask the same of it: answer what is in hand, then go.
_ENDING = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


class Server(BaseApplication):  # type: ignore[misc]
    """Serves what `load` gives, under settings of gunicorn."""

    def __init__(self, settings: dict[str, Any], load: Callable[[], "Flask"]) -> None:
        self._settings = {"worker_class": Serving, "worker_exit": _leave, **settings}
        self._load = load
        super().__init__()

    def run(self) -> None:
        """Serve until somebody stops it."""
        _Parent(self).run()

    def load_config(self) -> None:
        """The settings, and nothing from a file or the command line."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> "Flask":
        """The application of one serving process, which can have all of them replaced."""
        app, parent = self._load(), os.getppid()

        def replace_all() -> None:
            # The parent starts new ones and ends the others, the idle ones too.
            if os.getppid() == parent:
                os.kill(parent, signal.SIGHUP)

        app.extensions["recovery_replace_processes"] = replace_all
        return app


class _Parent(Arbiter):  # type: ignore[misc]
    """Says that it was asked to stop, once, before it waits for the serving processes."""

    told = False

    def stop(self, graceful: bool = True) -> None:
        if not self.told:
            self.told = True
            click.echo("Stopping ...", err=True)
        super().stop(graceful)

    def spawn_worker(self) -> int:
        # A new process has its parent's handlers until it has its own. A signal of that moment
        # would be lost, and the process killed ten seconds later; it waits instead.
        with _signals_wait():
            pid: int = super().spawn_worker()
        return pid


class Serving(ThreadWorker):  # type: ignore[misc]
    """A serving process, which Ctrl+C (sent to it and to its parent, which passes it on) ends once.

    gunicorn's own handler takes a lock of the thread pool, and hangs if a second signal arrives
    while the first one holds it.

    It takes no more connections than its threads can answer. gunicorn's would, and they waited in
    it while another process had nothing to do, or were lost with it.
    """

    _in_hand = 0

    def enqueue_req(self, conn: Any) -> None:
        """A thread answers what came on this connection, as soon as one is free."""
        self._in_hand += 1
        super().enqueue_req(conn)
        if self._in_hand >= self.cfg.threads:
            self.set_accept_enabled(False)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """It was answered, or there was nothing to answer yet."""
        self._in_hand -= 1
        super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Whether it takes new connections; gunicorn asks for that again and again."""
        super().set_accept_enabled(enabled and self._in_hand < self.cfg.threads)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Answer what is in hand, then end; asking again changes nothing."""
        self.handle_exit(sig, frame)

    def init_signals(self) -> None:
        """Sets its own signal handlers; signals held back since it began now arrive."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


@contextmanager
def _signals_wait() -> Iterator[None]:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _leave(_server: Any, worker: Any) -> None:
    """A serving process ends: the requests in hand are answered, the database is closed.

    It ends here: to tidy away what it shares with its parent would take it seconds, and what its
    parent wants done at the end (temporary folders) is its parent's. gunicorn calls this in the
    parent too, and where a process could not begin; there it does nothing.
    """
    if worker.pid != os.getpid() or not worker.booted:
        return
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN)
    worker.tpool.shutdown(wait=True)
    worker.wsgi.extensions["recovery_database"].close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
