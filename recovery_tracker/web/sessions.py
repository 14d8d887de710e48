"""Signed-in sessions, kept on the server.

The cookie holds a random token; the database holds its SHA-256 and what the session knows. The
token changes whenever the person behind the session changes, so a cookie planted before signing
in is worthless after it. A session without content has no row and no cookie.
"""

import logging
import secrets
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from ..domain.people import Role
from ..storage import accounts
from ..storage import sessions as rows
from ..storage.database import Database
from ..storage.errors import NotSaved
from ..storage.trouble import Trouble
from .config import Config

log = logging.getLogger("recovery_tracker.web")

IDLE = {
    Role.PATIENT: timedelta(days=30),
    Role.CLINICIAN: timedelta(minutes=15),
    Role.ADMINISTRATOR: timedelta(minutes=15),
}
"""How long a session lives without being used. Fifteen minutes on a shared ward computer is
common hospital practice; a month on the patient's own phone is our default."""

VISITOR_IDLE = timedelta(hours=12)
"""A session of someone not signed in: a sign-in page left open."""

LONGEST = {
    Role.PATIENT: timedelta(days=180),
    Role.CLINICIAN: timedelta(hours=12),
    Role.ADMINISTRATOR: timedelta(hours=12),
}
"""From signing in to the end, however busy. Our defaults."""

TOUCH_AFTER = timedelta(minutes=1)
"""The last use is written at most this often, so that reading stays reading."""

ROLE_KEY = "recovery_role"
STARTED_KEY = "recovery_started"
USER_KEY = "_user_id"
"""Where the sign-in extension keeps who is signed in."""


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What one browser's session knows. `token` is None until it has been stored."""

    def __init__(
        self,
        content: MutableMapping[str, Any] | None = None,
        token: str | None = None,
        is_unreadable: bool = False,
    ):
        def changed(_: Any) -> None:
            self.modified = True
            self.accessed = True

        super().__init__(content, changed)
        self.token = token
        self.is_unreadable = is_unreadable
        self.user_at_start = self.get(USER_KEY)
        self.row: rows.StoredSession | None = None
        self.modified = False
        self.accessed = False


class DatabaseSessions(SessionInterface):
    """Loads and keeps sessions in the installation's own database."""

    def __init__(self, database: Database, config: Config, cookie_name: str) -> None:
        self._database = database
        self._config = config
        self.cookie_name = cookie_name

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of the cookie, or an empty one where there is none or it is over."""
        token = request.cookies.get(self.cookie_name)
        if not token or len(token) > 100:
            return ServerSession()
        try:
            with self._database.read() as session:
                row = rows.load_session(session, digest_of(token), self._config.clock())
        except NotSaved as error:
            if error.trouble != Trouble.DAMAGED:
                raise
            # Help stays open to everybody; what needs a sign-in says what is wrong.
            return ServerSession(is_unreadable=True)
        if row is None:
            return ServerSession()
        found = ServerSession(dict(row.content), token)
        found.row = row
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """The session is stored, renewed or ended, and the cookie says so."""
        assert isinstance(session, ServerSession)
        if session.accessed or session.token:
            response.vary.add("Cookie")
        if not session:
            self._end(session, response)
            return
        now = self._config.clock()
        is_new_person = session.get(USER_KEY) != session.user_at_start
        if not is_new_person and not session.modified and _is_recent(session.row, now):
            return
        old_token = session.token
        if old_token is None or is_new_person:
            session.token = secrets.token_urlsafe(32)
            session[STARTED_KEY] = now.isoformat()
        assert session.token is not None
        stored = rows.StoredSession(
            digest=digest_of(session.token),
            account_id=None,
            content=dict(session),
            created_at=datetime.fromisoformat(session[STARTED_KEY]),
            seen_at=now,
            expires_at=self._expiry(session, now),
        )
        try:
            self._store(stored, old_token, session.get(USER_KEY, ""), is_new_person)
        except NotSaved:
            # The page itself must reach its reader; they are asked to sign in again at worst.
            log.warning("a session could not be stored")
            return
        self._set_cookie(response, session.token, stored.expires_at)

    def _store(
        self, stored: rows.StoredSession, old_token: str | None, user: str, is_new_person: bool
    ) -> None:
        with self._database.write() as database:
            if old_token is not None and digest_of(old_token) != stored.digest:
                rows.delete_session(database, digest_of(old_token))
            elif old_token is not None and not rows.is_there(database, stored.digest):
                # Ended meanwhile, by signing out elsewhere or a new password: it stays ended.
                return
            owner = accounts.account_by_uniquifier(database, user)
            rows.save_session(database, replace(stored, account_id=owner.id if owner else None))
            if is_new_person:
                rows.delete_expired(database, stored.seen_at)

    def _expiry(self, session: ServerSession, now: datetime) -> datetime:
        name = session.get(ROLE_KEY)
        if USER_KEY not in session or name is None:
            return now + VISITOR_IDLE
        role = Role(name)
        started = datetime.fromisoformat(session[STARTED_KEY])
        return min(now + IDLE[role], started + LONGEST[role])

    def _end(self, session: ServerSession, response: Response) -> None:
        if session.token is None:
            return
        with self._database.write() as stored:
            rows.delete_session(stored, digest_of(session.token))
        response.delete_cookie(
            self.cookie_name,
            path="/",
            secure=self._config.is_https,
            httponly=True,
            samesite="Lax",
        )

    def _set_cookie(self, response: Response, token: str, expires_at: datetime) -> None:
        response.set_cookie(
            self.cookie_name,
            token,
            expires=expires_at,
            path="/",
            secure=self._config.is_https,
            httponly=True,
            samesite="Lax",
        )


def connect(app: Flask, database: Database, config: Config, *, is_demo: bool) -> None:
    """Sessions live in the database; a demo has a cookie of its own."""
    name = "recovery-demo" if is_demo else "recovery"
    if config.is_https:
        name = f"__Host-{name}"
    app.config["SESSION_COOKIE_NAME"] = name
    app.session_interface = DatabaseSessions(database, config, name)


def session_is_unreadable() -> bool:
    """Whether the cookie names a session that the damaged database cannot give."""
    return bool(getattr(session, "is_unreadable", False))


def _is_recent(row: rows.StoredSession | None, now: datetime) -> bool:
    """Whether the session was written so lately that another use need not be noted."""
    return row is not None and now - row.seen_at < TOUCH_AFTER


def digest_of(token: str) -> str:
    """What the database keeps of a secret token: its SHA-256, in hexadecimal."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
