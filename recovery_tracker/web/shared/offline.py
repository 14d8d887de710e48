"""What makes the diary installable and keeps it usable without a signal.

The worker and the manifest hold nothing personal and are the same for everybody. An entry made
without a signal waits on the phone, in the script's own store, and is sent with its key when the
signal is back; the key makes every repeat harmless.
"""

from flask import Blueprint, Response, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from . import security
from .pages import STATIC, asset, product_name
from .policies import ANYONE, policy

blueprint = Blueprint("offline", __name__)


@blueprint.get("/service-worker.js")
@policy(ANYONE, before_setup=True)
def worker() -> ResponseReturnValue:
    """The worker, at the root so that it may look after every page."""
    security.keep_with_check()
    return Response((STATIC / "service-worker.js").read_text("utf-8"), mimetype="text/javascript")


@blueprint.get("/manifest.webmanifest")
@policy(ANYONE, before_setup=True)
def manifest() -> ResponseReturnValue:
    """What a phone needs to put the diary on its first screen; no health word in it."""
    response = jsonify(
        {
            "name": product_name(_("Recovery diary")),
            "short_name": _("Diary"),
            "start_url": url_for("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#F2F5F4",
            "theme_color": "#0A4A5C",
            "icons": [
                _icon("icon.svg", "any", "image/svg+xml"),
                _icon("icon-192.png", "192x192"),
                _icon("icon-512.png", "512x512"),
                # Its edge may be cut to the shape of the phone's other icons.
                _icon("icon-512.png", "512x512", purpose="maskable"),
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    security.cacheable(3600)
    return response


def _icon(name: str, sizes: str, kind: str = "image/png", purpose: str = "any") -> dict[str, str]:
    return {"src": asset(name), "sizes": sizes, "type": kind, "purpose": purpose}
