"""Signing in to a throw-away database of made-up people; nothing here exists anywhere else.

A link carries a sealed account number. Following it shows a page; only its button signs in, so
that a preview or a prefetch does nothing.
"""

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from ...domain.errors import RecoveryError
from ...storage import accounts, settings
from ...storage.database import Database
from ..shared import access
from ..shared.keys import derived
from ..shared.pages import render
from ..shared.policies import ANYONE, policy
from .account_store import SignedIn

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


class NotADemo(RecoveryError):
    """The database holds, or may hold, real people."""


def demo_link(database: Database, secret_key: str, base_url: str, account_id: int) -> str:
    """The link that signs this made-up person in; `NotADemo` for any other database."""
    with database.read() as session:
        if not settings.read_installation(session).is_demo:
            raise NotADemo("Sign-in links work in a demo database only.")
    return f"{base_url.rstrip('/')}/demo/{_serializer(secret_key).dumps(account_id)}"


@blueprint.get("/<token>")
@policy(ANYONE)
def confirm(token: str) -> ResponseReturnValue:
    """Who one is about to become."""
    return render("account/demo.html", account=_account_of(token), token=token)


@blueprint.post("/<token>")
@policy(ANYONE)
def enter(token: str) -> ResponseReturnValue:
    """Signed in as that made-up person."""
    account = _account_of(token)
    login_user(SignedIn(account, lambda _: ()), remember=False, authn_via=["demo"])
    return redirect(url_for("home"), 303)


def _account_of(token: str) -> accounts.Account:
    if not access.installation().is_demo:
        raise NotFound
    try:
        account_id = _serializer(current_app.config["SECRET_KEY"]).loads(token)
    except BadSignature as error:
        raise NotFound from error
    with access.database().read() as session:
        account = accounts.account_by_id(session, account_id)
    if account is None or not account.active:
        raise NotFound
    return account


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(derived(secret_key, "demo"))
