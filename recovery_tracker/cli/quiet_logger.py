"""The server's own log, without anything that somebody sent."""

from typing import Any

from gunicorn.glogging import Logger


class QuietLogger(Logger):  # type: ignore[misc]
    """Says that a request could not be read or failed, never whose it was or what it contained: the
    address of a page may hold a one-time token.
    """

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """The warning; about a request that cannot be read, only that there was one."""
        if "from ip=" in msg:
            msg, args, kwargs = "A request that cannot be read was refused.", (), {}
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """That a request failed; the program's own journal says where."""
        self.error_log.error("A request failed in the server.")
