"""The days a patient may write on, and what a form asks on each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

from werkzeug.exceptions import NotFound

from ...domain.alone import help_alone, of_either
from ...domain.both_sides import NUMB_BEYOND_SET_UP
from ...domain.context import context_of
from ...domain.diary import DiaryEntry, fahrenheit_of
from ...domain.follow_ups import follow_ups
from ...domain.history import History
from ...domain.measures import MEASURES
from ...domain.open_signs import open_signs
from ...domain.places import place_of
from ...domain.signs import lines_for
from ...domain.surgery import Operation, postoperative_day
from ...services import oldest_new_day
from ...storage.people import Patient
from ...trends.parameters import STANDARD
from ..shared.forms.asking import Asking
from ..shared.forms.numbers import day_in

#: Nobody's diary is older; a phone that lost its clock may name such a day.
OLDEST_YEAR = 1900
#: Hour until which, after midnight, yesterday is offered first: the day lasts until people sleep.
#: Our default.
NIGHT_ENDS = 4
#: Days after the operation in which no question looks back over a week.
FIRST_WEEK = 7
#: Days without an entry after which the form says "welcome back". Our default.
AWAY_DAYS = 7


def read_day(text: str, today: date) -> date:
    """The civil date in a path; 404 for nonsense and for days that have not come yet."""
    day = day_in(text)
    if day is None or day > today or day.year < OLDEST_YEAR:
        raise NotFound
    return day


def may_add(
    day: date, today: date, *, operated: date | None = None, from_phone: bool = False
) -> bool:
    """Whether a missing entry may be added: today and up to three days back.

    After an operation, `operated`, the days in the hospital may be added for two weeks.

    One that waited on a phone without a signal was written in time, however late it arrives, and on
    the day it was there.
    """
    return from_phone or oldest_new_day(today, operated=operated) <= day <= today


def reads_fahrenheit(patient: Patient) -> bool:
    """Whether temperatures are shown and typed in Fahrenheit: as chosen, else as in the country."""
    habit = place_of(patient.country).temperature
    return patient.preferences.get("temperature", habit) == "F"


def asking_for(history: History, day: date, today: date, *, fahrenheit: bool = False) -> Asking:
    """What the form of `day` asks, as things stand without that day's own entry."""
    without = without_day(history, day)
    context = context_of(without, day)
    follow = follow_ups(context)
    operation, before = context.operation, context.operations_before
    loop = open_signs(without, today) if day == today else ()
    stored = next((entry for entry in history.entries if entry.day == day), None)
    return Asking(
        day=day,
        today=today,
        operation=operation,
        lines=lines_for(operation, postoperative_day(day, operation), before),
        operations_before=before,
        open_signs=tuple(sign.sign for sign in loop),
        severe_from=follow.severe_from,
        both_sides=follow.both_sides,
        both_sides_numb=follow.both_sides_numb,
        complete_numbness=follow.complete_numbness,
        tablets=_tablets_due(without.entries, day) and not is_first_week(day, operation),
        still_there=day < today and all(e.days_late for e in history.entries if e.day == day),
        is_first=not any(operation.day <= e.day < day and e.has_answers() for e in without.entries),
        fahrenheit=fahrenheit,
        own_item=_own_question(history, stored),
        asked_about=None if stored is None else history.region_of(stored),
    )


def _own_question(history: History, stored: DiaryEntry | None) -> str:
    """The person's own question; of a day that has answered it, in the words it was asked with."""
    if stored is None or stored.own_item is None:
        return history.own_item
    return stored.own_question or ""


def alone_on(history: History, asking: Asking, later: Iterable[int]) -> dict[str, Any]:
    """What the script of a form must know where it has no signal to ask: see `domain.alone`.

    It holds for the day of the form and this many days `later`, whichever it is sent for.
    """
    days = (asking.day + timedelta(days=one) for one in later)
    found = (
        help_alone(context_of(without_day(history, day), day), asking.open_signs) for day in days
    )
    alone = reduce(of_either, found)
    lowest = dict(alone.lowest)
    fever, high = lowest.pop("temperature_c", None), MEASURES["temperature_c"].high
    return {
        "lowest": lowest,
        "words": dict(alone.words),
        "both": sorted(alone.both_sides),
        # With numbness that is not little: for places on both sides also where it was not said.
        "bothNumb": dict.fromkeys(sorted(alone.both_sides_numb), NUMB_BEYOND_SET_UP),
        "severe": dict(alone.severe_from),
        # In Celsius and in Fahrenheit: typed in the other unit by mistake it is a fever too.
        "fever": [] if fever is None else [[fever, high], [fahrenheit_of(fever), None]],
    }


def without_day(history: History, day: date) -> History:
    """The same history without one day's entry."""
    return replace(history, entries=tuple(e for e in history.entries if e.day != day))


def _tablets_due(entries: Sequence[DiaryEntry], day: date) -> bool:
    first = day - timedelta(days=STANDARD.tablets_every - 1)
    return not any(first <= e.day < day and e.painkiller_change is not None for e in entries)


def is_first_week(day: date, operation: Operation) -> bool:
    """Whether the week that ends on `day` holds the operation: nothing is asked about it.

    A week in hospital cannot be compared with one before it, and six questions are enough there.
    Our default.
    """
    return 0 <= postoperative_day(day, operation) < FIRST_WEEK


def was_away(entries: Sequence[DiaryEntry], today: date) -> bool:
    """Whether the last entry is so long ago that the form says "welcome back"."""
    days = [entry.day for entry in entries if entry.day < today and entry.has_answers()]
    return bool(days) and (today - max(days)).days > AWAY_DAYS


#: Days of the strip on the home page.
WEEK = 7


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of the strip on the home page."""

    day: date
    is_today: bool
    is_done: bool
    #: Missing, and may still be added.
    can_add: bool


def week_of(entries: Sequence[DiaryEntry], today: date) -> tuple[WeekDay, ...]:
    """The last seven days, oldest first, today last."""
    done = {entry.day for entry in entries if entry.has_answers()}
    days = [today - timedelta(days=n) for n in range(WEEK - 1, -1, -1)]
    return tuple(
        WeekDay(day, day == today, day in done, day not in done and may_add(day, today))
        for day in days
    )
