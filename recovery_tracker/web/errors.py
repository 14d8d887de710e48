"""Refusals and failures as pages in kind words. None repeats what the person sent."""

import logging
import secrets
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    SecurityError,
    TooManyRequests,
    UnsupportedMediaType,
)
from werkzeug.http import parse_accept_header

from ..domain.errors import RecoveryError
from ..storage import errors as storage_errors
from ..storage.errors import NotSaved
from ..storage.settings import Installation
from .auth import resubmission
from .shared import access, journal, language, security
from .shared.pages import dialled, fingerprint, render
from .shared.policies import policy_of

log = logging.getLogger("recovery_tracker.web")

#: What a guard raises, and the words of the journal for it; the first that fits.
_GUARDS = (
    (SecurityError, "a foreign host"),
    (Forbidden, "another site"),
    (UnsupportedMediaType, "a body that is no form"),
    (RequestEntityTooLarge, "a body that is too large"),
    (TooManyRequests, "one try too many"),
    (BadRequest, "what cannot be read"),
)

FOREIGN_HOST = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Unknown address</title>'
    "</head><body><h1>Unknown address</h1><p>This program does not answer to that name. Whoever "
    "runs it can add the name to RECOVERY_TRACKER_TRUSTED_HOSTS.</p></body></html>"
)

NO_DATABASE = (
    '<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><meta name="viewport"'
    ' content="width=device-width"><title>{title}</title><link rel="stylesheet" href="{style}">'
    '</head><body><main class="wrap stack"><h1>{title}</h1><p>{nothing_saved}</p>'
    "<p><b>{urgent}</b></p>{numbers}</main></body></html>"
)


def init_app(app: Flask) -> None:
    """Every refusal and failure ends on a page of ours."""
    app.wsgi_app = _last_page(app, app.wsgi_app)  # type: ignore[assignment,method-assign]
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(RecoveryError, refused)
    app.register_error_handler(HTTPException, http_error)
    # Nesting without end in something that was sent; nothing of ours is that deep.
    app.register_error_handler(RecursionError, lambda _error: http_error(BadRequest()))
    app.register_error_handler(Exception, failed)


def expired_form(error: CSRFError) -> ResponseReturnValue:
    """The form belongs to a session that has ended; its answers are carried over."""
    journal.note_refused("a form without its token")
    terms = policy_of(current_app, request.endpoint or "")
    if terms is not None and terms.carries:
        # Who is asking is known by now: signed in again in the meantime, in another tab.
        return resubmission.handed_back(
            _("This page was open for too long. Nothing is saved yet.")
        ), 400
    return page_for(
        400,
        _("This page was open for too long"),
        _("Nothing was saved. Go back, load the page again and send it once more."),
    )


def refused(error: RecoveryError) -> ResponseReturnValue:
    """Something that cannot be done, in the words of the refusal."""
    if isinstance(error, NotSaved):
        return not_saved(error)
    if isinstance(error, storage_errors.NotFound):
        return http_error(NotFound())
    return page_for(400, _("This cannot be done"), _(str(error)))


def not_saved(error: NotSaved) -> ResponseReturnValue:
    """The database could not take it: said plainly, with everything typed kept for another try."""
    terms = policy_of(current_app, request.endpoint or "")
    if request.method != "POST" or terms is None or not terms.carries:
        return page_for(503, _("This cannot be done"), _(str(error)))
    return resubmission.handed_back(_(str(error))), 503


def http_error(error: HTTPException) -> ResponseReturnValue:
    """The page for a refusal. "Not yours" and "not there" are the same page."""
    words = next((said for kind, said in _GUARDS if isinstance(error, kind)), "")
    if words:
        journal.note_refused(words)
    if isinstance(error, SecurityError):
        # Asked under a foreign name: no link may be made from it.
        return FOREIGN_HOST, 400
    if isinstance(error, MethodNotAllowed):
        title, text = _("This page cannot do that"), _("Go back and use the buttons on the page.")
        code = 405
    elif isinstance(error, RequestEntityTooLarge):
        title, text = _("That is too much at once"), _("Send a smaller file or a shorter text.")
        code = 413
    elif isinstance(error, TooManyRequests):
        title = _("Too many tries")
        text = _("Please wait 15 minutes and try again. This keeps the diary safe.")
        code = 429
    elif isinstance(error, (NotFound, Forbidden)):
        if isinstance(error, NotFound) and (found := resubmission.not_theirs()):
            return found, 404
        title = _("We cannot find that page")
        text = _("It may have moved, or the link may be old.")
        code = 404
    elif isinstance(error, BadRequest):
        title = _("We could not read that")
        text = _("Nothing was saved. Go back and try again.")
        code = 400
    elif (error.code or 500) < 400:
        return error
    else:
        title, text = _("This cannot be done"), _("Go back and try again.")
        code = error.code or 500
    page, status = page_for(code, title, text)
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return page, status, headers


def _last_page(app: Flask, inner: WSGIApplication) -> WSGIApplication:
    """The answer when even the error page needs a database that cannot be read."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return inner(environ, start_response)
        except Exception as error:
            number = secrets.token_hex(4)
            log.error("failure %s: %s at %s", number, type(error).__name__, _places(error))
            if app.config["PROPAGATE_FAILURES"] and not _is_without_database(error):
                raise
            words = _page_without_database(app, environ)
            page = Response(words, 503, mimetype="text/html", headers=security.HEADERS)
            page.headers["Cache-Control"] = "no-store"
            return page(environ, start_response)

    return answer


def _page_without_database(app: Flask, environ: WSGIEnvironment) -> str:
    """Not even a session can be read, so the browser's language is the only one that is known."""
    wanted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
    tag = language.best_for(wanted)
    settings: Installation = app.extensions["recovery_installation"]
    with app.app_context(), force_locale(tag.replace("-", "_")):
        return NO_DATABASE.format(
            tag=tag,
            # As earlier pages named it, so that the browser has it even if it cannot be asked for.
            style=f"{environ.get('SCRIPT_NAME', '')}/static/app.css?v={fingerprint('app.css')}",
            title=_("The diary is busy"),
            nothing_saved=_(
                "Nothing was saved. Go back: your answers are still there. Try again in a minute."
            ),
            urgent=_("If this is urgent, do not wait. Call your emergency number now."),
            numbers=Markup().join(
                Markup('<p><a class="btn emer block" href="tel:{}">{}</a></p>').format(
                    dialled(number), number
                )
                for number in (settings.emergency_number, settings.team_number)
                if number
            ),
        )


def _is_without_database(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, NotSaved):
        error = error.__cause__ or error.__context__
    return error is not None


def failed(error: Exception) -> ResponseReturnValue:
    """Our fault: logged with an id and the place, never with what the person sent."""
    number = secrets.token_hex(4)
    log.error("failure %s: %s at %s", number, type(error).__name__, _places(error))
    if current_app.config["PROPAGATE_FAILURES"]:
        raise error
    return page_for(
        500,
        _("Something went wrong on our side"),
        _("Your last step may not have been saved. Please try again in a few minutes."),
        number=number,
    )


def page_for(code: int, title: str, text: str, *, number: str = "") -> tuple[str, int]:
    """An error page with the emergency advice, in the language of whoever is signed in."""
    access.speak_to_reader()
    return render("errors/error.html", title=title, text=text, number=number), code


def _places(error: Exception) -> str:
    """Files and lines of the traceback, innermost last, with no values in it."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-8:])
