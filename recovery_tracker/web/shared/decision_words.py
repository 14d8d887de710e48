"""A decision about a flag in words, the same on the page and on paper."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask_babel import get_locale

from ...domain.flags import DATED_DECISIONS, DECISION_NAMES, Decision
from ...domain.language import N_
from ...domain.wording import Pieces, Translate, mark, near_day_words
from ...storage.flags import StoredDecision
from .zones import clinic_zone


def instant_words(at: datetime, today: date, zone: str, translate: Translate = str) -> str:
    """Day and time of an instant where the patient is: for an emergency the hour counts.

    Where the clinic's clock stands otherwise, it says where that is.
    """
    there = at.astimezone(ZoneInfo(zone))
    said = translate(N_("{day}, {time}")).format(
        day=near_day_words(there.date(), today, translate), time=f"{there:%H:%M}"
    )
    here = at.astimezone(ZoneInfo(clinic_zone()))
    if there.utcoffset() == here.utcoffset():
        return said
    where = get_timezone_location(zone, locale=get_locale(), return_city=True)
    return said + mark(" (", translate) + where + mark(")", translate)


def decision_name(
    decision: Decision, until: date | None, today: date, translate: Translate = str
) -> str:
    """A decision, with its day where it has one."""
    if until is None:
        return translate(DECISION_NAMES[decision])
    return translate(DATED_DECISIONS[decision]).format(day=near_day_words(until, today, translate))


def decision_pieces(
    made: StoredDecision, today: date, zone: str, translate: Translate = str
) -> Pieces:
    """A decision in pieces: its day, author, time and note, each with a language tag; "" stands for
    the language of the page, or an unknown one.
    """
    words = decision_name(made.decision, made.until, today, translate)
    who = made.author + mark(", ", translate)
    said = f"{words} – {who}{instant_words(made.at, today, zone, translate)}"
    if not made.note:
        return ((said, ""),)
    return (f"{said}{mark(': ', translate)}“", ""), (made.note, made.language), ("”", "")
