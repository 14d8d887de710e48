"""A browser in which somebody has signed in before, so that strangers cannot lock them out of it.

Wrong tries are counted for an account; whoever knows its sign-in name could use them up, and a
patient with an emergency would stand outside. Tries from a browser that carries this cookie are
counted apart (the "device cookies" of OWASP). It opens nothing on its own.
"""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask_login import user_logged_in
from itsdangerous import BadSignature, URLSafeSerializer

from ..config import current_config
from ..shared.keys import signing_keys

KEPT = timedelta(days=365)
"""How long a browser is known after the last sign-in. Our default."""

MOST = 8
"""Accounts that are known in one browser, on a ward's computer say; the cookie stays small."""


def init_app(app: Flask) -> None:
    """Every sign-in leaves its mark in the browser it was made in."""
    user_logged_in.connect(_mark, app)


def device_of(name: str) -> str:
    """What tells this browser apart, if `name` has signed in here before; otherwise ""."""
    return dict(_read()).get(digest(name), "")


def devices() -> list[str]:
    """What tells this browser from others, once for each person who signed in here, the last
    first."""
    return [token for _known, token in _read()]


def _read() -> list[tuple[str, str]]:
    """Digest of a name and what tells the browser, for each who signed in here, the last first."""
    try:
        found = _signed().loads(request.cookies.get(_cookie(), ""))
        # An older cookie names one account.
        pairs = [found] if found and isinstance(found[0], str) else found
        return [(str(known), str(token)) for known, token in pairs]
    except (BadSignature, ValueError, TypeError, KeyError):
        return []


def _mark(_app: Flask, user: Any, **_more: Any) -> None:
    name = f"account:{user.account.login}"
    own = (digest(name), device_of(name) or secrets.token_urlsafe(16))
    others = [pair for pair in _read() if pair[0] != own[0]]
    mark = _signed().dumps([own, *others][:MOST])

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            _cookie(),
            mark,
            max_age=KEPT,
            path="/",
            secure=_cookie().startswith("__Host-"),
            httponly=True,
            samesite="Lax",
        )
        return response


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(current_config().secrets, "known devices"))


def digest(name: str) -> str:
    """What is stored in place of a name."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
