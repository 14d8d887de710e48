"""Sessions: of people who are signed in on the server, of everybody else in their own cookie.

Signed in, the cookie holds a random token; the database holds its SHA-256 and what the session
knows. The token changes whenever the person behind the session changes, so a cookie planted before
signing in is worthless after it.

A visitor's session is sealed into the cookie itself and nothing of it is stored: a stranger costs
no row and no byte. Somebody half signed in, with the password right and the second step to come, is
a visitor still: that half lasts ten minutes and ends with any change of what its account signs in
with.
"""

import json
import logging
import secrets
from collections.abc import Mapping, MutableMapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from ...domain.people import Role
from ...services import signing_in
from ...storage import accounts
from ...storage import sessions as rows
from ...storage.database import Database
from ...storage.errors import NotSaved
from ...storage.trouble import Trouble
from ..config import Config
from ..shared.keys import derived_fernet_key
from ..shared.security import is_foreign

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

VISITOR_RENEWED = timedelta(hours=1)
"""A visitor's cookie is sealed again at most this often, unless what it holds changes."""

HALF_SIGN_IN = timedelta(minutes=10)
"""From the right password to the second step. Our default."""

LONGEST = {
    Role.PATIENT: timedelta(days=180),
    Role.CLINICIAN: timedelta(hours=12),
    Role.ADMINISTRATOR: timedelta(hours=12),
}
"""From signing in to the end, however busy. Our defaults."""

TOUCH_AFTER = timedelta(minutes=1)
"""The last use is written at most this often, so that reading stays reading."""

WARNED_BEFORE = timedelta(minutes=2)
"""Staff are told this long before an unused session ends (WCAG 2.2.1 asks for 20 seconds)."""

LARGEST_COOKIE = 3800
"""Bytes of a visitor's sealed session; browsers keep 4,096 with name and attributes (RFC 6265)."""

ROLE_KEY = "recovery_role"
STARTED_KEY = "recovery_started"
DEVICE_KEY = "recovery_device"
"""The browser and system of a session, in words."""
RING_KEY = "recovery_ring"
"""The address at which the device of a session rings, where it was chosen in that session."""
USER_KEY = "_user_id"
"""Where the sign-in extension keeps who is signed in."""
MARK_LENGTH = 16
HALF_PREFIX = "tf_"
"""What the extension keeps of somebody who is half signed in begins like this."""
HALF_USER_KEY = "tf_user_id"
HALF_STARTED_KEY = "tf_recovery_started"
HALF_BOUND_KEY = "tf_recovery_bound"

VISITOR_MARK = "visitor."
"""A cookie that begins like this is a session in itself; a token has no dot."""


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What one browser's session knows. `token` is None until it has been stored."""

    def __init__(
        self,
        content: MutableMapping[str, Any] | None = None,
        token: str | None = None,
        is_unreadable: bool = False,
        is_foreign: bool = False,
    ):
        def changed(_: Any) -> None:
            self.modified = True
            self.accessed = True

        super().__init__(content, changed)
        self.token = token
        self.is_unreadable = is_unreadable
        self.is_foreign = is_foreign
        self.user_at_start = self.get(USER_KEY)
        self.row: rows.StoredSession | None = None
        #: When a visitor's cookie was sealed; None for every other session.
        self.sealed_at: datetime | None = None
        self.modified = False
        self.accessed = False


class DatabaseSessions(SessionInterface):
    """Loads and keeps the sessions of an installation."""

    def __init__(self, database: Database, config: Config, cookie_name: str) -> None:
        self._database = database
        self._config = config
        self._seal = Fernet(derived_fernet_key(config.secret_key, "visitor sessions"))
        self.cookie_name = cookie_name

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session named by the cookie, or an empty one if it has ended or there is none."""
        if is_foreign(request):
            return ServerSession(is_foreign=True)
        token = request.cookies.get(self.cookie_name) or ""
        try:
            if token.startswith(VISITOR_MARK):
                return self._open_visitor(token.removeprefix(VISITOR_MARK))
            if not token or len(token) > 100:
                return ServerSession()
            with self._database.read() as session:
                row = rows.load_session(session, digest_of(token), self._config.clock())
        except NotSaved as error:
            if error.trouble != Trouble.DAMAGED:
                raise
            # Help stays open to everybody; what needs a sign-in says what is wrong.
            return ServerSession(is_unreadable=True)
        if row is None or _is_of_the_future(row, self._config.clock()):
            return ServerSession()
        found = ServerSession(dict(row.content), token)
        found.row = row
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """The session is stored, renewed or ended, and the cookie says so."""
        assert isinstance(session, ServerSession)
        if session.is_foreign or session.is_unreadable:
            # The cookie stays what it is; the next request may find it good.
            return
        if session.accessed or session.token:
            response.vary.add("Cookie")
        if USER_KEY not in session:
            self._save_visitor(session, response)
            return
        now = self._config.clock()
        is_new_person = session.get(USER_KEY) != session.user_at_start
        if not is_new_person and not session.modified and _is_recent(session.row, now):
            return
        old_token = session.token
        if old_token is None or is_new_person:
            session.token = secrets.token_urlsafe(32)
            session[STARTED_KEY] = now.isoformat()
            # Whoever planted the earlier cookie may know the token of its forms.
            session["csrf_token"] = secrets.token_hex(20)
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
            self._store(stored, old_token, session[USER_KEY], is_new_person)
        except NotSaved:
            # The page itself must reach its reader; they are asked to sign in again at worst.
            log.warning("a session could not be stored")
            return
        self._set_cookie(response, session.token, stored.expires_at)

    def _open_visitor(self, sealed: str) -> ServerSession:
        try:
            kept = json.loads(self._seal.decrypt(sealed))
        except (InvalidToken, ValueError):
            return ServerSession()
        sealed_at = datetime.fromisoformat(kept["at"])
        if abs(self._config.clock() - sealed_at) >= VISITOR_IDLE:
            return ServerSession()
        content = kept["content"]
        if HALF_USER_KEY in content and not self._still_half_signed_in(content):
            content = {
                name: value for name, value in content.items() if not name.startswith(HALF_PREFIX)
            }
        found = ServerSession(content)
        found.sealed_at = sealed_at
        return found

    def _save_visitor(self, session: ServerSession, response: Response) -> None:
        if session.token is not None:
            signing_in.end_session(self._database, digest_of(session.token))
        if not session:
            if session.token is not None or session.sealed_at is not None:
                self._delete_cookie(response)
            return
        now = self._config.clock()
        is_fresh = session.sealed_at is not None and now - session.sealed_at < VISITOR_RENEWED
        if is_fresh and not session.modified:
            return
        if HALF_USER_KEY in session and HALF_BOUND_KEY not in session:
            session[HALF_STARTED_KEY] = now.isoformat()
            session[HALF_BOUND_KEY] = self._bound(session[HALF_USER_KEY])
        text = json.dumps({"at": now.isoformat(), "content": dict(session)})
        sealed = VISITOR_MARK + self._seal.encrypt(text.encode()).decode()
        if len(sealed) <= LARGEST_COOKIE:
            self._set_cookie(response, sealed, now + VISITOR_IDLE)

    def _still_half_signed_in(self, content: MutableMapping[str, Any]) -> bool:
        started, bound = content.get(HALF_STARTED_KEY), content.get(HALF_BOUND_KEY)
        if not started or not bound:
            return False
        if abs(self._config.clock() - datetime.fromisoformat(started)) >= HALF_SIGN_IN:
            return False
        return bool(bound == self._bound(content[HALF_USER_KEY]))

    def _bound(self, user: str) -> str:
        """What a half sign-in of this account is bound to; "" where it may not sign in."""
        with self._database.read() as session:
            account = accounts.account_by_uniquifier(session, user)
        if account is None or not account.active:
            return ""
        means = [
            account.password_hash,
            account.totp_secret,
            account.second_factor,
            account.recovery_codes,
        ]
        return digest_of(json.dumps(means))

    def _store(
        self, stored: rows.StoredSession, old_token: str | None, user: str, is_new_person: bool
    ) -> None:
        signing_in.keep_session(
            self._database,
            stored,
            user,
            instead_of=None if old_token is None else digest_of(old_token),
            is_new_person=is_new_person,
        )

    def _expiry(self, session: ServerSession, now: datetime) -> datetime:
        role = _role_of(session)
        started = datetime.fromisoformat(session[STARTED_KEY])
        return min(now + IDLE[role], started + LONGEST[role])

    def _delete_cookie(self, response: Response) -> None:
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


def init_app(app: Flask, database: Database, config: Config, *, is_demo: bool) -> None:
    """Sessions are kept; a demo has a cookie of its own."""
    name = "recovery-demo" if is_demo else "recovery"
    if config.is_https:
        name = f"__Host-{name}"
    app.config["SESSION_COOKIE_NAME"] = name
    app.add_template_global(seconds_to_warning)
    app.session_interface = DatabaseSessions(database, config, name)


def seconds_to_warning() -> int | None:
    """Seconds from now until a clinician or an administrator is told that the session ends, which
    is `WARNED_BEFORE` its end unless it is used in the meantime; None for everybody else.
    """
    role = session.get(ROLE_KEY)
    if USER_KEY not in session or role not in (Role.CLINICIAN, Role.ADMINISTRATOR):
        return None
    # The last use may have been noted a little earlier than it was.
    return int((IDLE[Role(role)] - TOUCH_AFTER - WARNED_BEFORE).total_seconds())


def _role_of(content: Mapping[str, Any]) -> Role:
    # A session without a role was made by no sign-in of ours.
    return Role(content.get(ROLE_KEY, Role.ADMINISTRATOR))


def _is_of_the_future(row: rows.StoredSession, now: datetime) -> bool:
    """Whether the session was used while the clock ran ahead by more than it may be idle: it would
    live on for as long as that.
    """
    return row.seen_at - now >= IDLE[_role_of(row.content)]


def _is_recent(row: rows.StoredSession | None, now: datetime) -> bool:
    """Whether the session was written so recently that another use need not be noted."""
    return row is not None and now - row.seen_at < TOUCH_AFTER


def mark_of(stored: rows.StoredSession) -> str:
    """What names a session to its owner: the beginning of a digest, of no use to anybody else."""
    return stored.digest[:MARK_LENGTH]


def digest_of(token: str) -> str:
    """What the database keeps of a secret token: its SHA-256, in hexadecimal."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
