"""The language of one page: the account's, else the installation's, else the browser's.

Dates and numbers are formatted here and nowhere else in the web. The diary's dates are civil
dates, so no time zone touches them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale, get_translations, gettext
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept

from ...domain.language import N_
from ...domain.wording import Pieces
from ...domain.wording import mark as mark_in
from ...translations import FOLDER, LOCALES, is_checked
from . import clock

LANGUAGES = {
    "en-GB": "English",
    "en-US": "English (United States)",
    "es": "Español",
    "zh-Hant": "繁體中文",
}
"""Tag to the language's own name; a language is offered once its catalogue is whole."""

DEFAULT_LANGUAGE = "en-GB"

COOKIE = "language"
"""Names the language that was read last in this browser: kept for pages before signing in."""
_COOKIE_SECONDS = 365 * 86_400

#: What the sign-in library says about a form, in our words and from our catalogues.
LIBRARY_MESSAGES = {
    "INVALID_PASSWORD": N_("That password is wrong. Check it and try again."),
    "PASSWORD_NOT_PROVIDED": N_("Type your password."),
    "RETYPE_PASSWORD_MISMATCH": N_("The two new passwords are not the same."),
    "PASSWORD_IS_THE_SAME": N_("Choose a password that is not the one you have now."),
    "TWO_FACTOR_INVALID_TOKEN": N_("That code is wrong. Type the newest one."),
    "INVALID_RECOVERY_CODE": N_("That recovery code is wrong or has already been used."),
    "WEBAUTHN_NAME_REQUIRED": N_("Give this device a name."),
    "WEBAUTHN_NAME_INUSE": N_("You already have a passkey with this name: %(name)s."),
    "WEBAUTHN_EXPIRED": N_("That took longer than %(within)s. Start again."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": N_("We do not know this passkey."),
}


class Patterns(NamedTuple):
    """How a place writes a civil date, with its weekday, in short, in full, and an instant."""

    near: str
    short: str
    full: str
    instant: str


#: By locale, then by language.
_PATTERNS = {
    "en": Patterns("EEEE d MMMM", "d MMM y", "EEEE d MMMM y", "d MMM y, HH:mm"),
    "en_US": Patterns("EEEE, MMMM d", "MMM d, y", "EEEE, MMMM d, y", "MMM d, y, h:mm a"),
    "es": Patterns("EEEE d 'de' MMMM", "d MMM y", "EEEE d 'de' MMMM 'de' y", "d MMM y, HH:mm"),
    "zh": Patterns("M月d日EEEE", "y年M月d日", "y年M月d日 EEEE", "y年M月d日 HH:mm"),
}


def init_app(app: Flask) -> None:
    """Makes `gettext` and the date filters known to views and templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en_GB"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    app.config["SECURITY_I18N_DIRNAME"] = [str(FOLDER)]
    app.config["SECURITY_I18N_DOMAIN"] = "messages"
    for name, message in LIBRARY_MESSAGES.items():
        app.config[f"SECURITY_MSG_{name}"] = (message, "error")
    Babel(app, locale_selector=_locale_name)
    # A page says a hundred sentences: their catalogue is looked up once for all of them.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: _catalogue()(message),
        lambda one, many, n: get_translations().ungettext(one, many, n),
        newstyle=True,
    )
    app.after_request(_remember)
    app.add_template_filter(day_text, "day")
    app.add_template_filter(short_day_text, "short_day")
    app.add_template_filter(instant_text, "instant")
    app.add_template_filter(gettext, "translate")
    # Not a filter: one of a constant is worked out once, in the language of the first reader.
    app.add_template_global(mark, "mark")
    app.add_template_global(say_day, "say_day")
    app.add_template_global(weekday, "weekday")
    app.add_template_global(language_tag, "language_tag")
    app.add_template_global(languages_to_choose, "languages_to_choose")
    app.add_template_global(text_direction, "text_direction")


def language_tag() -> str:
    """The BCP 47 tag of this page, for `<html lang>`."""
    for wanted in (getattr(g, "language", None), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return best_for(request.accept_languages)


def spoken(pieces: Pieces) -> Markup:
    """Text in pieces for a page; a piece in a language other than the page's says which."""
    page = language_tag()
    return Markup().join(
        Markup('<span lang="{}">{}</span>').format(tag, text) if tag and tag != page else text
        for text, tag in pieces
    )


def _remember(response: Response) -> Response:
    """The language of the account stays in this browser after signing out."""
    tag = getattr(g, "language", None)
    if tag in LANGUAGES and request.cookies.get(COOKIE) != tag:
        response.set_cookie(
            COOKIE,
            tag,
            max_age=_COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


def quick_gettext(message: str, **values: object) -> str:
    """As `gettext`, for pages that say thousands of things in one language.

    The catalogue is looked up once for a request; Flask-Babel does it for every sentence.
    """
    say = _SAY.get() or _catalogue()
    said = say(message)
    return said % values if values else said


def _catalogue() -> Callable[[str], str]:
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations().ugettext
    say: Callable[[str], str] = found
    return say


#: The catalogue inside `in_one_language`.
_SAY: ContextVar[Callable[[str], str] | None] = ContextVar("say", default=None)


@contextmanager
def in_one_language() -> Iterator[None]:
    """Inside, `quick_gettext` says everything in the language of this request without asking which
    one that is, and what it has said once is kept: a file says a hundred thousand things.
    """
    token = _SAY.set(cache(_catalogue()))
    try:
        yield
    finally:
        _SAY.reset(token)


def languages_to_choose() -> list[tuple[str, str, bool]]:
    """(tag, own name, whether it is this page's), for those who are not signed in."""
    if g.get("actor") is not None:
        return []
    return [(tag, name, tag == language_tag()) for tag, name in LANGUAGES.items()]


def best_for(accepted: LanguageAccept) -> str:
    """Our language that the browser asks for first; any of a kind does for the kind.

    A browser set to Chinese says `zh-TW` or `zh-HK`, never `zh-Hant`.
    """
    for wanted, quality in accepted:
        if quality > 0:
            kind = wanted.partition("-")[0].lower()
            exact = [tag for tag in LANGUAGES if tag.lower() == wanted.lower()]
            alike = [tag for tag in LANGUAGES if tag.partition("-")[0] == kind]
            if exact or alike:
                return (exact or alike)[0]
    return DEFAULT_LANGUAGE


def text_direction() -> str:
    """ "ltr" or "rtl", for `<html dir>`."""
    return str(get_locale().text_direction)


def unchecked_languages() -> str:
    """The languages whose advice no clinician has signed, by their own names; "" if none."""
    waiting = [locale.replace("_", "-") for locale in LOCALES if not is_checked(locale)]
    return mark(", ").join(LANGUAGES[tag] for tag in waiting)


def mark(text: str) -> str:
    """A mark that stands between two texts, such as "; ", as the page's language writes it."""
    return mark_in(text, gettext)


def use_language(tag: str | None) -> None:
    """From here on this page speaks `tag`; None leaves the choice to the browser."""
    g.language = tag
    g.pop("catalogue", None)


def day_text(day: date) -> str:
    """A civil date in full: "Thursday 12 March 2026"."""
    return format_date(day, _patterns().full, locale=get_locale())


def short_day_text(day: date) -> str:
    """A civil date in short: "12 Mar 2026"."""
    return format_date(day, _patterns().short, locale=_calendar())


def say_day(day: date) -> str:
    """A civil date: "Thursday 12 March", with its year where that is not this one."""
    if day.year != clock.now().year:
        return day_text(day)
    return format_date(day, _patterns().near, locale=get_locale())


def say_short_day(day: date) -> str:
    """The same in short: "Thu 12 Mar"."""
    skeleton = "MMMEd" if day.year == clock.now().year else "yMMMEd"
    return str(format_skeleton(skeleton, day, locale=get_locale()))


def weekday(day: date) -> str:
    """For example "Thu"."""
    return format_date(day, "EEE", locale=get_locale())


def instant_text(instant: datetime, zone: str) -> str:
    """An instant as it stood on the clock of `zone`: "12 Mar 2026, 08:40"."""
    local = instant.astimezone(ZoneInfo(zone))
    return format_datetime(local, _patterns().instant, locale=_calendar())


def _calendar() -> Locale:
    """Whose months stand in a date: "Sep" as in charts and reports, not the British "Sept"."""
    locale = get_locale()
    return Locale("en") if locale.language == "en" else locale


def _patterns() -> Patterns:
    locale = get_locale()
    return _PATTERNS.get(str(locale)) or _PATTERNS.get(locale.language) or _PATTERNS["en"]


def _locale_name() -> str:
    return language_tag().replace("-", "_")
