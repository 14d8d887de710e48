"""`run` and `demo`: make the database ready, print the links, serve."""

import contextlib
import errno
import gc
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..domain.errors import RecoveryError
from .options import database_option, default_database, make_ready, seal_audit, secret_folder

if TYPE_CHECKING:
    from flask import Flask

    from ..storage.database import Database
    from ..web.config import Config

#: Two processes: a chart takes 60 to 250 ms of one and must not hold up a save
#: (docs/decisions/0002).
PROCESSES = 2
#: A slow phone holds a thread, not a process.
THREADS = 4
#: Seconds after which a thread lets another one compute. Python's default is ten times as long, and
#: whoever saves would wait that long after each statement while others assess
#: (docs/decisions/0116).
SWITCH = 0.0005

port_option = click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="0 picks any free port.",
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H")
@port_option
@database_option
def run(host: str, port: int, database_url: str | None) -> None:
    """Back up and upgrade the database, then serve the diary.

    On a first run it prints the link of the set-up page, which works once.
    """
    _compute_in_one_thread()
    from ..storage.database import open_database
    from ..web.auth.setup import setup_link
    from ..web.config import Config, utc_now
    from ..web.secret_file import secrets_in_use

    url = database_url or default_database()
    folder = secret_folder(url)
    newest, *older = secrets_in_use(folder)
    config = Config.from_environment(
        database_url=url,
        secret_key=newest,
        older_secrets=tuple(older),
        folder=folder,
        host=host,
        port=port,
    )
    with listening(host, port) as listener:
        make_ready(url)
        base = public_url(config, *listener.getsockname()[:2])
        click.echo(f"Your diary: {base}/")
        database = open_database(url)
        try:
            link = setup_link(database, base, at=utc_now())
            _note_keys(database, config)
            seal_audit(url)
        finally:
            database.close()
        if link is not None:
            click.echo(f"First run. Set it up here (the link works once): {link}")
        _serve(config, listener)


def _note_keys(database: "Database", config: "Config") -> None:
    """The record says which keys are in use; a missing one is reported, and help stays open."""
    from .. import services
    from ..services.assessing import SYSTEM
    from ..storage.errors import NotSaved
    from ..web.config import utc_now
    from ..web.shared.keys import mark
    from .checks import ANOTHER_KEY

    marks = [mark(one) for one in config.secrets]
    with contextlib.suppress(NotSaved):  # The problem with the database is reported elsewhere.
        if not services.note_keys(database, marks, by=SYSTEM, at=utc_now()):
            click.echo(ANOTHER_KEY, err=True)


@click.command()
@port_option
def demo(port: int) -> None:
    """Serve a throw-away database of synthetic patients and print two sign-in links.

    Nobody in it exists, and nothing typed into it is kept.
    """
    _compute_in_one_thread()
    from secrets import token_urlsafe

    from ..storage.database import open_database
    from ..storage.engine import url_of
    from ..web.auth.demo import demo_link
    from ..web.config import Config
    from .demo_data import fill

    started, owner = time.perf_counter(), os.getpid()
    # When told to stop, leave in the way that cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = Path(tempfile.mkdtemp(prefix="recovery-tracker-demo-"))
    try:
        with listening("127.0.0.1", port) as listener:
            url = url_of(folder / "demo.sqlite")
            make_ready(url)
            config = Config(database_url=url, secret_key=token_urlsafe(48))
            base = public_url(config, *listener.getsockname()[:2])
            database = open_database(url)
            try:
                people = fill(database)
                patient = demo_link(database, config.secret_key, base, people.patient)
                surgeon = demo_link(database, config.secret_key, base, people.surgeon)
            finally:
                database.close()
            click.echo("Demonstration: synthetic patients, thrown away when you stop it (Ctrl+C).")
            click.echo(f"patient: {patient}")
            click.echo(f"surgeon: {surgeon}")
            click.echo(f"ready after {time.perf_counter() - started:.1f} s", err=True)
            _serve(config, listener)
    finally:
        # A serving process that ends also gets here; the folder belongs to its parent.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _compute_in_one_thread() -> None:
    """NumPy's library starts a thread for each processor when it is imported, which a diary has no
    use for, and a process that divides must have no others.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens, so that the port is known and taken before anything else happens.

    Raises:
        RecoveryError: the address is not one of this machine's, or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            # Connections that arrive before the server is up wait in a queue.
            listener.listen(1024)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise RecoveryError(
            f"cannot listen on {host}, port {port} ({(error.strerror or str(error)).lower()}); "
            f"{_way_out(error)}"
        ) from error
    return listener


def _way_out(error: OSError) -> str:
    """What to do if the program cannot listen, typed as the command was."""
    if error.errno != errno.EADDRINUSE:
        return "try another --host or --port"
    context = click.get_current_context(silent=True)
    name = (context and context.info_name) or "run"
    again = f'make {name} ARGS="--port 9000"' if "MAKELEVEL" in os.environ else "--port 9000"
    return f"the diary may be running already; to use another port: {again}"


def public_url(config: "Config", host: str, port: int) -> str:
    """The address to type into a browser, without a slash at its end."""
    host = (*config.trusted_hosts, host)[0]
    if config.trusted_hosts and config.is_https:
        return f"https://{host}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(config: "Config", listener: socket.socket) -> None:
    """Serve until somebody stops it. What fails is on standard error; every request, if wished."""
    from ..web.shared.journal import write_to_terminal

    tells_requests = config.debug or config.json_log
    write_to_terminal(logging.INFO if tells_requests else logging.WARNING, as_json=config.json_log)
    try:
        from .processes import Server
    except ImportError:
        # gunicorn does not run everywhere (it needs fork); waitress does, with one process.
        _serve_alone(config, listener)
        return

    # Loaded once, before the processes divide: each begins at once, and the memory is shared.
    from ..web.application import load

    load()
    # What is loaded by now lives as long as the processes; none of them collects it again.
    gc.freeze()
    # From here on the socket is gunicorn's, which closes it by its number.
    handle = listener.detach()
    with _counted_together(config):
        Server(_settings(handle), lambda: _application(config)).run()


@contextlib.contextmanager
def _counted_together(config: "Config") -> Iterator[None]:
    """Where there are metrics the serving processes count into files of one folder."""
    if not config.metrics_token:
        yield
        return
    owner, folder = os.getpid(), tempfile.mkdtemp(prefix="recovery-tracker-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        yield
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _settings(handle: int) -> dict[str, Any]:
    return {
        "bind": f"fd://{handle}",
        "workers": PROCESSES,
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 10,
        # The access log would hold people's addresses, so the program keeps none. A request that
        # cannot be parsed is counted and not repeated: it may hold one-time tokens.
        "accesslog": None,
        "logger_class": "recovery_tracker.cli.quiet_logger.QuietLogger",
        # The proxy's headers say who asks and over which protocol; the program itself reads them as
        # RECOVERY_TRACKER_PROXIES says, and from nobody else.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "loglevel": "warning",
        "control_socket_disable": True,
        "proc_name": "recovery-tracker",
    }


def _application(config: "Config") -> "Flask":
    from ..web.application import create_app

    sys.setswitchinterval(SWITCH)
    return create_app(config)


def _serve_alone(config: "Config", listener: socket.socket) -> None:
    from waitress import create_server

    server: Any = create_server(_application(config), sockets=[listener], threads=2 * THREADS)
    stop: Callable[[], None] = server.close
    try:
        server.run()
    finally:
        stop()
