"""Rendering: strict templates, and what every template may call."""

import secrets
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import segno
from flask import Flask, render_template, request, url_for
from flask_babel import gettext
from jinja2 import StrictUndefined
from markupsafe import Markup

from ...domain.people import ROLE_NAMES, Role
from .access import installation, why_asked_again
from .security import next_page

STATIC = Path(__file__).parents[1] / "static"


def init_app(app: Flask) -> None:
    """A missing variable is an error; assets carry a fingerprint in their address."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_global(asset)
    app.add_template_global(new_key)
    app.add_template_global(is_demo)
    app.add_template_global(code_picture, "authr_uri_picture")
    app.add_template_global(role_name)
    app.add_template_filter(dialled)
    app.add_template_global(next_page)
    app.add_template_global(why_asked_again)


def render(template: str, **values: Any) -> str:
    """The page, with nothing but the values given and the functions every page knows."""
    return render_template(template, **values)


def asset(name: str) -> str:
    """Address of a static file that changes when the file does."""
    return url_for("static", filename=name, v=fingerprint(name))


def new_key() -> str:
    """A fresh idempotency key: the same form sent twice is one deed."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


def dialled(number: str) -> str:
    """A telephone number as a dialling link takes it: digits and a leading plus."""
    return "".join(sign for sign in number if sign.isdigit() or sign in "+*#")


def role_name(role: Role) -> str:
    """What an account is for, in words."""
    return gettext(ROLE_NAMES[role])


def code_picture(key: str, name: str, issuer: str) -> Markup:
    """The set-up address of an authenticator app as a QR picture, drawn into the page."""
    label = quote(f"{issuer}:{name}")
    query = urlencode({"secret": key.replace("-", "").replace(" ", ""), "issuer": issuer})
    picture = segno.make(f"otpauth://totp/{label}?{query}", error="m")
    # The library writes plain shapes with no text of ours in them.
    return Markup(picture.svg_inline(scale=5, border=2, light="#fff", dark="#000"))


def is_demo() -> bool:
    """Whether this page comes from a throw-away database of made-up people."""
    if request.endpoint == "static":
        return False
    return bool(installation().is_demo)


@cache
def fingerprint(name: str) -> str:
    """The part of a static file's address that changes when the file does."""
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
