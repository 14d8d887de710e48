"""What every answer carries and every request must pass, whatever the route.

Headers stand on all responses, errors included. A page that shows or takes stored data is
`no-store`; a page that shows a blank form says so with `blank_form()` and is `private, no-cache`,
so that Back brings the typed answers back.
"""

from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import Forbidden, UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

from ..config import Config

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
}

ONE_YEAR = 31_536_000
"""Seconds."""

LARGEST_REQUEST = 2 * 1024 * 1024
"""Bytes; a day's form with its longest note is under 20 kB. Our default."""

LARGEST_FILE = 500 * 1024 * 1024
"""Bytes of a file that a page takes: some ten years of a watch, packed. What takes long is read by
a process of its own. A larger one is read by the command `import`. Our default."""

TAKES_FILES = frozenset({"patient.look_at_file"})
"""Endpoints that a file may be sent to."""

csrf = CSRFProtect()


def init_app(app: Flask, config: Config) -> None:
    """Puts hosts, size limits, forged-request checks and headers around every route."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        TRUSTED_HOSTS=list(config.answered_hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,  # a form is good as long as the session it was made in
        WTF_CSRF_SSL_STRICT=False,  # referrers are never sent; Sec-Fetch-Site is checked instead
        WTF_CSRF_CHECK_DEFAULT=False,  # checked by `refuse_forged`, after the policy
        SEND_FILE_MAX_AGE_DEFAULT=ONE_YEAR if not config.debug else 0,
    )
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    app.after_request(lambda response: _add_headers(response, config))
    app.add_template_global(generate_csrf, "csrf_token")


def allow_file() -> None:
    """This request may hold a file; asked only by who has been let in to send one."""
    request.max_content_length = LARGEST_FILE


def blank_form() -> None:
    """This page holds a blank form and nothing stored: the browser may keep it for Back."""
    g.cache_rule = "private, no-cache"


def cacheable(seconds: int) -> None:
    """This answer holds nothing personal and may be kept by anyone for `seconds`."""
    g.cache_rule = f"public, max-age={seconds}"


def keep_with_check() -> None:
    """The reader's own browser may keep this, but asks each time (an ETag answers)."""
    g.cache_rule = "private, no-cache"


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that ask and change nothing."""

FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
"""What a page of ours sends. The sign-in library would read JSON too, of any shape."""


def is_foreign(asked: Request) -> bool:
    """Whether the page of another site sent this: a form, or a part of a page but the link to it.

    Following a link from elsewhere is no such thing. Asked before the session is opened, so that
    nothing is read, written or set for a request that is going to be refused.
    """
    crosses = asked.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    if asked.method in SAFE:
        return crosses and asked.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    origin = asked.headers.get("Origin")
    # A browser that hides the origin sends "null"; the token still decides there.
    if origin in {None, "null"}:
        return crosses
    return crosses or urlsplit(origin).netloc != asked.environ.get("HTTP_HOST")


def refuse_foreign() -> None:
    """Stops what another site sent, and every body that is no form."""
    if is_foreign(request):
        raise Forbidden
    if request.mimetype not in FORMS:
        raise UnsupportedMediaType


def refuse_forged() -> None:
    """Stops an unsafe request that lacks this session's token."""
    if request.method not in SAFE:
        csrf.protect()


def own_path(target: str | None) -> str | None:
    """The path of `target` where it leads to a page of this site, else None.

    The sign-in library writes where to go on as a whole address of the host that was asked; it is
    reduced to its path, so that no link ever holds more than that.
    """
    here = request.host_url.rstrip("/")
    if target and target.lower().startswith(f"{here.lower()}/"):
        target = target[len(here) :]
    return safe_path(target)


def next_page() -> str:
    """Where this visitor goes on after signing in: the page they came for, else the first one."""
    return own_path(request.args.get("next")) or own_path(request.form.get("next")) or "/"


def safe_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None. Never a scheme, host or backslash."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if "\\" in target or any(ord(sign) < 33 or ord(sign) == 127 for sign in target):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return None
    return target


def _add_headers(response: Response, config: Config) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if config.is_https:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    if request.endpoint == "static" and response.status_code in {200, 304}:
        return response
    if response.status_code < 400:
        rule = getattr(g, "cache_rule", "no-store")
    else:
        rule = "no-store"
    response.headers["Cache-Control"] = rule
    return response
