"""The language of pages before anybody has signed in: chosen once, kept by this browser."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from . import security
from .language import LANGUAGES, use_language
from .policies import ANYONE, policy

blueprint = Blueprint("language", __name__)


@blueprint.get("/language/<tag>")
@policy(ANYONE, before_setup=True)
def choose(tag: str) -> ResponseReturnValue:
    """This browser reads `tag` from now on wherever no account says otherwise.

    A link, so that it works on every page; it changes nothing but a cookie that names a language.
    """
    if tag not in LANGUAGES:
        raise NotFound
    use_language(tag)
    return redirect(security.own_path(request.args.get("next", "")) or url_for("home"), 303)
