"""A server on this machine that answers byte by byte, faster than any time-out of one read."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

#: Seconds between two bytes, and how many come before it hangs up: longer than a test waits.
PAUSE, BYTES = 0.05, 100


@contextmanager
def slow_server() -> Iterator[int]:
    """Its port. Whoever asks gets one letter after the other and never the end of a line."""
    ended = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_accept, args=(listening, ended), daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listening: socket.socket, ended: Event) -> None:
    with suppress(OSError):
        while True:
            line, _address = listening.accept()
            Thread(target=_drip, args=(line, ended), daemon=True).start()


def _drip(line: socket.socket, ended: Event) -> None:
    with line, suppress(OSError):
        for _byte in range(BYTES):
            if ended.wait(PAUSE):
                return
            line.sendall(b"2")
