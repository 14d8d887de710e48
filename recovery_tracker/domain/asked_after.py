"""What became of a sign after it was last told: said, asked and left open, or not asked.

The form of a day asks "how is it now?" about open signs, if it is filled in on that day; the
warning question asks only what is new or worse. Silence about the one is no answer to the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Protocol

from .context import SAME_MATTER_DAYS
from .diary import SignChange, Source
from .language import N_
from .signs import LEFT_OPEN, LINES
from .wording import Translate, near_day_words, sentences


class AskedDay(Protocol):
    """What is read of a day (`ticked.SignDay`)."""

    @property
    def day(self) -> date: ...
    @property
    def signs(self) -> frozenset[str] | None: ...
    @property
    def asked(self) -> frozenset[str] | None: ...
    @property
    def changes(self) -> Mapping[str, str]: ...
    @property
    def source(self) -> str: ...
    @property
    def recorded_on(self) -> date: ...
    @property
    def recorded_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class AfterTick:
    """What is known of one sign since it was last told."""

    #: How it was said to be, and on which day; None where it was ticked and nothing said since.
    change: str | None = None
    on: date | None = None
    #: Entries since then whose form asked how it is now, with no answer.
    left_open: int = 0
    #: Entries since then that were asked what is new or worse, and did not name it.
    not_new: int = 0
    #: Whether there is any entry since then, or the last word is of today.
    has_later: bool = False
    is_of_today: bool = False


def after_tick(
    sign: str,
    told: Sequence[date],
    days: Sequence[AskedDay],
    today: date,
    *,
    opened: Collection[tuple[str, date]],
    operated_on: date,
) -> AfterTick:
    """What the `days` say about a sign since the last of the days on which it was `told`.

    `opened`: each sign with the days on which it was told so that the next form asks how it is.
    """
    change, on, not_new, later, last = None, None, 0, False, told[-1]
    for day in days:
        if day.day < last:
            continue
        said = day.changes.get(sign)
        if said is not None and (day.day == last or said == SignChange.GONE):
            change, on, not_new = said, day.day, 0
            continue
        if day.day == last:
            continue
        later = True
        if day.signs is not None and is_asked(sign, day.asked):
            not_new += 1
    left_open = _left_open(sign, set(told), days, opened, operated_on)
    return AfterTick(change, on, left_open, not_new, later, max(last, on or last) >= today)


def alike_since(states: Sequence[AfterTick]) -> AfterTick | None:
    """What is true of several signs since the last of them was told, where all were only left open,
    or only not told as new; None where more was said of one.
    """
    if any(one.on is not None or one.is_of_today for one in states):
        return None
    left_open = min(one.left_open for one in states)
    if left_open:
        return replace(states[0], left_open=left_open)
    not_new = min(one.not_new for one in states)
    is_plain = not_new and not any(one.left_open for one in states)
    return replace(states[0], not_new=not_new) if is_plain else None


def _left_open(
    sign: str,
    told: Collection[date],
    days: Iterable[AskedDay],
    opened: Collection[tuple[str, date]],
    operated_on: date,
) -> int:
    """How many forms asked how the sign is, with no answer, since it was last spoken of.

    Read in the order of recording: a form asks about what is open when it is filled in, so a day
    added late is asked about only from then on. The operation ends what was asked about before it.
    """
    is_open, asked_until, count, since = False, date.max, 0, date.min
    for day in sorted(days, key=_recorded):
        said = day.changes.get(sign)
        if said is None and day.day not in told:
            is_known = is_open and day.day <= asked_until and not since < operated_on <= day.day
            count += is_known and asks_after(day)
            continue
        count, since = 0, day.day
        is_open = is_open or said is not None or (sign, day.day) in opened
        is_file = day.source == Source.IMPORT
        asked_until = day.day + timedelta(days=SAME_MATTER_DAYS) if is_file else date.max
        is_late = day.recorded_on > day.day
        if said == SignChange.GONE and (sign not in (day.signs or ()) or is_late):
            is_open = False
    return count


def _recorded(day: AskedDay) -> tuple[date, datetime, date]:
    at = day.recorded_at or datetime.min.replace(tzinfo=UTC)
    return day.recorded_on, at, day.day


def asks_after(day: AskedDay) -> bool:
    """Whether its form asked how open signs are: the one that is filled in on its own day does."""
    return day.source == Source.FORM and day.recorded_on <= day.day


def is_asked(sign: str, asked: frozenset[str] | None) -> bool:
    """Whether the line of a sign was among what a form asked; None: nobody knows, so all of it."""
    return asked is None or not asked.isdisjoint(_same_line(sign))


@cache
def _same_line(sign: str) -> frozenset[str]:
    """The sign, and what stands on a form in its place: its line, or the question left open."""
    found = {sign, *(asked for asked, left_open in LEFT_OPEN.items() if left_open == sign)}
    for line in LINES:
        stands_for = (*line.signs, *line.follow_ups, line.if_nothing_chosen, line.if_left_open)
        # "Something else" is stored for lines without a sign of their own.
        if sign in stands_for and sign != "unspecified":
            found |= set(line.signs)
    return frozenset(found)


#: How a sign was said to be.
_SAID = {
    SignChange.BETTER: N_("Said to be better on {day}."),
    SignChange.SAME: N_("Said to be the same on {day}."),
    SignChange.WORSE: N_("Said to be worse on {day}."),
    SignChange.GONE: N_("Said to be gone on {day}."),
}


def after_words(found: AfterTick, today: date, translate: Translate = str) -> str:
    """The same in one or two sentences; "" where nothing can have been told since."""
    parts = _said_words(found, today, translate)
    if found.left_open == 1:
        parts.append(translate(N_("“How is it now?” was asked in the entry since and left open.")))
    elif found.left_open:
        asked = N_("“How is it now?” was asked in the {count} entries since and left open.")
        parts.append(translate(asked).format(count=found.left_open))
    if parts or found.is_of_today:
        return sentences(parts, translate)
    if found.not_new == 1:
        return translate(N_("Not told as new or worse in the entry since that asked."))
    if found.not_new:
        told = N_("Not told as new or worse in the {count} entries since that asked.")
        return translate(told).format(count=found.not_new)
    return translate(N_("Not asked about since.") if found.has_later else N_("No entry since."))


def _said_words(found: AfterTick, today: date, translate: Translate) -> list[str]:
    if found.on is None:
        return []
    day = near_day_words(found.on, today, translate)
    return [translate(_SAID[SignChange(str(found.change))]).format(day=day)]


def after_in_brief(found: AfterTick, today: date, translate: Translate = str) -> str:
    """What was last said, and how often the question was left open; "" where neither is known."""
    parts = _said_words(found, today, translate)
    if found.left_open == 1:
        parts.append(translate(N_("“How is it now?” left open once.")))
    elif found.left_open:
        said = translate(N_("“How is it now?” left open {count} times."))
        parts.append(said.format(count=found.left_open))
    if not parts and not found.is_of_today and not found.has_later:
        parts.append(translate(N_("No entry since.")))
    return sentences(parts, translate)


#: What was said of a sign, the least worrying first; None where nothing was.
_BY_CONCERN = (SignChange.GONE, SignChange.BETTER, None, SignChange.SAME, SignChange.WORSE)


def concern_of(found: AfterTick) -> tuple[int, int]:
    """How worrying what became of a sign is beside that of another, the higher the more."""
    change = None if found.change is None else SignChange(str(found.change))
    return _BY_CONCERN.index(change), found.left_open
