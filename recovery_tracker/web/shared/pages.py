"""Rendering: strict templates, and what every template may call."""

import re
import secrets
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import segno
from flask import Flask, Response, render_template, request, url_for
from flask_babel import gettext
from flask_babel import gettext as _
from jinja2 import StrictUndefined
from markupsafe import Markup

from ...domain.people import ROLE_NAMES, Rights, Role
from ...storage.accounts import Account
from ...storage.invitations import Invitation
from ..config import current_config
from .access import (
    has_full_rights,
    installation,
    may_here,
    reader_id,
    reader_name,
    signed_in_as_patient,
    whose_diary,
    why_asked_again,
)
from .language import unchecked_languages
from .security import next_page
from .signature import is_signed

STATIC = Path(__file__).parents[1] / "static"


def init_app(app: Flask) -> None:
    """A missing variable is an error; assets carry a fingerprint in their address."""
    app.jinja_env.undefined = StrictUndefined
    app.after_request(turn_nothing)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_global(asset)
    app.add_template_global(new_key)
    app.add_template_global(is_demo)
    app.add_template_global(unchecked_words)
    app.add_template_global(only_here)
    app.add_template_global(may_here)
    app.add_template_global(has_full_rights)
    app.add_template_global(reader_id)
    app.add_template_global(reader_name)
    app.add_template_global(whose_diary)
    app.add_template_global(signed_in_as_patient)
    app.add_template_global(link_picture)
    app.add_template_global(code_picture, "authr_uri_picture")
    app.add_template_global(role_name)
    app.add_template_global(account_words)
    app.add_template_global(product_name)
    app.add_template_filter(dialled)
    app.add_template_global(next_page)
    app.add_template_global(why_asked_again)


def turn_nothing(answer: Response) -> Response:
    """A page without the signs that turn the direction of what follows.

    After one in the name of a medicine, "12 mg" is seen as "gm 21". Paper and charts leave them
    out too; letters that run to the left need none. The fields of a form keep them: each turns no
    more than its own text, and what is saved unchanged stays as it was typed.
    """
    if answer.mimetype == "text/html" and not answer.is_streamed:
        page = answer.get_data()
        if _TURNS.search(page):
            answer.set_data(_TURNS_OR_FIELD.sub(lambda found: found[1] or b"", page))
    return answer


#: Embeddings, overrides and isolates with their ends, U+202A to 202E and U+2066 to 2069, in UTF-8.
_TURNS = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
#: The same, or what a field of a form holds: no text of anybody can end it, for `<` and `"` are
#: escaped.
_TURNS_OR_FIELD = re.compile(rb'(<textarea\b[^>]*>[^<]*|\svalue="[^"]*")|' + _TURNS.pattern)


def render(template: str, **values: Any) -> str:
    """The page, with nothing but the values given and the functions every page knows."""
    return render_template(template, **values)


def product_name(own: str) -> str:
    """What the product is called here: the installation's name for it, otherwise its own."""
    return current_config().shown_name or own


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


def account_words(account: Account | Invitation) -> str:
    """What an account is for and how far it goes, in words."""
    known = {
        (Role.PATIENT, Rights.READ): _("Carer who reads"),
        (Role.PATIENT, Rights.WRITE): _("Carer who reads and writes"),
        (Role.CLINICIAN, Rights.ANSWER): _("Clinician who cannot change rules"),
        (Role.CLINICIAN, Rights.READ): _("Clinician who can only read"),
        (Role.CLINICIAN, Rights.DESK): _("Front desk"),
    }
    return known.get((account.role, account.rights)) or role_name(account.role)


def code_picture(key: str, name: str, issuer: str) -> Markup:
    """The set-up address of an authenticator app as a QR picture, drawn into the page."""
    label = quote(f"{issuer}:{name}")
    query = urlencode({"secret": key.replace("-", "").replace(" ", ""), "issuer": issuer})
    picture = segno.make(f"otpauth://totp/{label}?{query}", error="m")
    # The library writes plain shapes with no text of ours in them.
    return Markup(picture.svg_inline(scale=5, border=2, light="#fff", dark="#000"))


def link_picture(link: str) -> Markup:
    """An address as a QR picture, drawn into the page; "" where only this computer reaches it."""
    if only_here(link):
        return Markup("")
    picture = segno.make(link, error="m")
    return Markup(picture.svg_inline(scale=5, border=4, light="#fff", dark="#000"))


def only_here(link: str) -> bool:
    """Whether an address opens on this computer alone, so that nobody else can use it."""
    host = urlsplit(link).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def unchecked_words() -> str:
    """What of the advice no clinician has signed, where a language is chosen; "" if nothing.

    Naming the translations alone would say that the English words are signed.
    """
    if is_demo() or not installation().rules_signed_by:
        return _("No clinician has checked the advice yet, in any language.")
    if not is_signed(installation()):
        return _("No clinician has checked the advice in use now, in any language.")
    names = unchecked_languages()
    if not names:
        return ""
    return _("No clinician has checked the advice in these languages yet: %(names)s.", names=names)


def is_demo() -> bool:
    """Whether this page comes from a throw-away database of made-up people."""
    if request.endpoint == "static":
        return False
    return bool(installation().is_demo)


@cache
def fingerprint(name: str) -> str:
    """The part of a static file's address that changes when the file does."""
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
