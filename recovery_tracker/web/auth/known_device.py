"""A browser in which somebody has signed in before, so that strangers cannot lock them out of it.

Wrong tries are counted for an account; whoever knows its sign-in name could use them up, and a
patient with an emergency would stand outside. Tries from a browser that carries this cookie are
counted apart (the "device cookies" of OWASP). It opens nothing by itself.
"""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask_login import user_logged_in
from itsdangerous import BadSignature, URLSafeSerializer

from ..config import Config
from ..shared.keys import signing_keys

KEPT = timedelta(days=365)
"""How long a browser is known after the last sign-in. Our default."""


def init_app(app: Flask) -> None:
    """Every sign-in leaves its mark in the browser it was made in."""
    user_logged_in.connect(_mark, app)


def device_of(name: str) -> str:
    """What tells this browser from others, where `name` signed in here before; "" elsewhere."""
    known, found = _read()
    return found if known == digest(name) else ""


def device() -> str:
    """What tells this browser from others, whoever signed in here last; "" where nobody did."""
    return _read()[1]


def _read() -> tuple[str, str]:
    try:
        known, found = _signed().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return "", ""
    return known, found


def _mark(_app: Flask, user: Any, **_more: Any) -> None:
    name = f"account:{user.account.login}"
    mark = _signed().dumps([digest(name), device_of(name) or secrets.token_urlsafe(16)])

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
    return URLSafeSerializer(signing_keys(_secrets(), "known devices"))


def digest(name: str) -> str:
    """What is kept of a name, in place of the name."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _secrets() -> tuple[str, ...]:
    config: Config = current_app.extensions["recovery_config"]
    return config.secrets
