"""The language of one page: the account's, else the installation's, else the browser's.

Dates and numbers are formatted here and nowhere else in the web. The diary's dates are civil
dates, so no time zone touches them.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, g, request
from flask_babel import Babel, get_locale, gettext

LANGUAGES = {"en-GB": "English", "en-US": "English (United States)"}
"""Tag to the language's own name; a language is offered once its catalogue is whole."""

DEFAULT_LANGUAGE = "en-GB"


def connect(app: Flask) -> None:
    """Makes `gettext` and the date filters known to views and templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en_GB"
    Babel(app, locale_selector=_locale_name)
    app.add_template_filter(day_text, "day")
    app.add_template_filter(short_day_text, "short_day")
    app.add_template_filter(instant_text, "instant")
    app.add_template_filter(gettext, "translate")
    app.add_template_global(language_tag, "language_tag")


def language_tag() -> str:
    """The BCP 47 tag of this page, for `<html lang>`."""
    wanted = getattr(g, "language", None)
    if wanted in LANGUAGES:
        return str(wanted)
    return request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE) or DEFAULT_LANGUAGE


def use_language(tag: str | None) -> None:
    """From here on this page speaks `tag`; None leaves the choice to the browser."""
    g.language = tag


def day_text(day: date) -> str:
    """A civil date in full: "Thursday 12 March 2026"."""
    return format_date(day, "EEEE d MMMM y", locale=get_locale())


def short_day_text(day: date) -> str:
    """A civil date in short: "12 Mar 2026"."""
    return format_date(day, "d MMM y", locale=get_locale())


def instant_text(instant: datetime, zone: str = "UTC") -> str:
    """An instant as it stood on the clock of `zone`: "12 Mar 2026, 08:40"."""
    local = instant.astimezone(ZoneInfo(zone))
    return format_datetime(local, "d MMM y, HH:mm", locale=get_locale())


def _locale_name() -> str:
    return language_tag().replace("-", "_")
