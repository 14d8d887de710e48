"""What became of the warning signs behind a flag: which were ticked, when last, and since then.

A flag keeps the answer that raised it. Later reports may be worse, so wherever a flag is named, the
worst and the newest sign are named too, read from the days of the diary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .diary import DiaryEntry, SignChange, told_celsius
from .flags import Episode
from .language import N_
from .signs import SIGNS, WEEKLY_SIGNS
from .surgery import Operation, postoperative_day
from .wording import Translate, near_day_words, number

#: A temperature from here on is a fever, as on the form.
FEVER = 38.0

#: How many signs are named; the worst and the newest are always among them. Our default.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class SignDay:
    """One day with its warning signs; `signs` is None where the question was not answered."""

    day: date
    signs: frozenset[str] | None
    temperature_c: float | None = None
    #: Signs of before that were said to be gone.
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TickedSign:
    """One sign since a flag was raised, and the days on which it was reported."""

    sign: str
    days: tuple[date, ...]
    #: The highest temperature reported with a fever, None without one.
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class Ticked:
    """The signs behind a flag, worst first, and how often they have been asked about since."""

    signs: tuple[TickedSign, ...]
    #: Days after the last tick on which the signs were answered: none of them was ticked.
    clear_since: int
    #: The last day on which one of them was said to be gone, once that was said of all.
    gone_on: date | None = None


def signs_told(signs: frozenset[str] | None, changes: Mapping[str, str]) -> frozenset[str] | None:
    """The signs of a day; an open sign that is not gone counts as reported again."""
    if not changes:
        return signs  # Most days.
    there = {sign for sign, said in changes.items() if said != SignChange.GONE}
    return frozenset(signs or ()) | there


def signs_gone(changes: Mapping[str, str]) -> frozenset[str]:
    """The signs that were said to be gone on a day."""
    return frozenset(sign for sign, said in changes.items() if said == SignChange.GONE)


def sign_day(entry: DiaryEntry) -> SignDay:
    """The signs and the temperature of an entry."""
    told = signs_told(entry.signs, entry.sign_changes)
    celsius = entry.temperature_c
    gone = signs_gone(entry.sign_changes)
    return SignDay(entry.day, told, None if celsius is None else told_celsius(celsius), gone)


def told_on(day: SignDay) -> frozenset[str]:
    """Every sign reported on the day: ticked, still there when asked, or a measured fever.

    Headline, table, lanes and log of signs all count days by this.
    """
    told = day.signs or frozenset()
    return told if _fever(day) is None else told | {"fever"}


def ticked_since(episode: Episode, days: Iterable[SignDay], operation: Operation) -> Ticked | None:
    """The signs reported from the day of a flag to its end; None if it rests on no ticked sign.

    The weekly questions are not included: they feed trends and are not warnings on their own. Nor
    is what is more urgent than the flag: it has one of its own.
    """
    if not episode.signs:
        return None
    end = episode.cleared_on or date.max
    days = [day for day in days if episode.raised_on <= day.day <= end]
    reasons = (*episode.evidence_for, *(update.reason for update in episode.updates))
    own = {*episode.signs, *(reason.values.get("sign") for reason in reasons)}
    told = {
        sign: ticked
        for sign, ticked in _days_by_sign(days).items()
        if sign in own or _worst(sign, ticked, operation) <= episode.worst_urgency
    }
    if not told.keys() & set(episode.signs):
        return None
    last = max(ticked[-1] for ticked in told.values())
    fever = max(filter(None, map(_fever, days)), default=None)
    ordered = sorted(told, key=lambda sign: _rank(sign, told[sign], episode, operation))
    return Ticked(
        tuple(
            TickedSign(sign, tuple(told[sign]), fever if sign == "fever" else None)
            for sign in reversed(ordered)
        ),
        clear_since=sum(day.day > last and day.signs is not None for day in days),
        gone_on=_gone_on(days, told),
    )


def _fever(day: SignDay) -> float | None:
    celsius = day.temperature_c
    return celsius if celsius is not None and celsius >= FEVER else None


def _warnings(day: SignDay) -> frozenset[str]:
    return told_on(day) - frozenset(WEEKLY_SIGNS)


def _days_by_sign(days: Iterable[SignDay]) -> dict[str, list[date]]:
    told: dict[str, list[date]] = {}
    for day in days:
        for sign in _warnings(day):
            told.setdefault(sign, []).append(day.day)
    return told


def _rank(
    sign: str, days: Sequence[date], episode: Episode, operation: Operation
) -> tuple[int, date, int, str]:
    """The highest urgency of a sign, the last day on which it was told, and how often it was."""
    raised = int(episode.urgency) if sign in episode.signs else 0
    return max(_worst(sign, days, operation), raised), days[-1], len(days), sign


def _worst(sign: str, days: Iterable[date], operation: Operation) -> int:
    """The highest urgency of a sign on these days."""
    urgencies = (
        SIGNS[sign].urgency_on(postoperative_day(day, operation), operation) for day in days
    )
    return max(int(urgency or 0) for urgency in urgencies)


def _gone_on(days: Iterable[SignDay], told: Mapping[str, Sequence[date]]) -> date | None:
    """The last day on which a sign was said to be gone, once that was said of all; else None."""
    gone: dict[str, date] = {}
    for day in days:
        gone |= dict.fromkeys(day.gone - _warnings(day), day.day)
    if all(gone.get(sign, date.min) > ticked[-1] for sign, ticked in told.items()):
        return max(gone[sign] for sign in told)
    return None


def ticked_words(found: Ticked, today: date, translate: Translate = str) -> str:
    """The signs with their days, the worst and the newest among them, and what was told since.

    Of signs of today nothing can have been told since.

    >>> sign = TickedSign("fever", (date(2026, 11, 24), date(2026, 11, 25)), 38.7)
    >>> ticked_words(Ticked((sign,), 4), date(2026, 11, 29))
    'Fever up to 38.7\\xa0°C (24 Nov to 25 Nov). Not ticked in the 4 entries since.'
    """
    named = list(found.signs[:MOST_NAMED])
    newest = max(found.signs, key=lambda sign: sign.days[-1])
    if newest.days[-1] > max(sign.days[-1] for sign in named):
        named[-1] = newest
    groups: dict[str, list[str]] = {}
    for sign in named:
        groups.setdefault(_when(sign.days, today, translate), []).append(_name(sign, translate))
    parts = [f"{', '.join(names)} ({when})" for when, names in groups.items()]
    if more := len(found.signs) - len(named):
        parts.append(translate(N_("{count} more")).format(count=more))
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}. {_since(found, newest, today, translate)}".strip()


def _name(sign: TickedSign, translate: Translate) -> str:
    if sign.temperature_c is not None:
        fever = translate(N_("fever {temperature}\N{NO-BREAK SPACE}°C"))
        if len(sign.days) > 1:
            fever = translate(N_("fever up to {temperature}\N{NO-BREAK SPACE}°C"))
        return fever.format(temperature=number(sign.temperature_c))
    return translate(SIGNS[sign.sign].clinician)


def _when(days: tuple[date, ...], today: date, translate: Translate) -> str:
    """A day, the first and last of consecutive days, or how many there are and from when to
    when."""
    first, last = days[0], days[-1]
    if first == last:
        return near_day_words(first, today, translate)
    end = near_day_words(last, today, translate)
    if (last - first).days + 1 > len(days):
        start = near_day_words(first, today, translate)
        said = translate(N_("{count} days, {first} to {last}"))
        return said.format(count=len(days), first=start, last=end)
    start = near_day_words(first, today, translate)
    return translate(N_("{first} to {last}")).format(first=start, last=end)


def _since(found: Ticked, newest: TickedSign, today: date, translate: Translate) -> str:
    clear = found.clear_since
    if found.gone_on is not None:
        day = near_day_words(found.gone_on, today, translate)
        return translate(N_("Said to be gone on {day}.")).format(day=day)
    if not clear:
        return "" if newest.days[-1] >= today else translate(N_("No entry since."))
    if clear == 1:
        return translate(N_("Not ticked in the entry since."))
    return translate(N_("Not ticked in the {count} entries since.")).format(count=clear)
