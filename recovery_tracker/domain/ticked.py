"""What became of the warning signs behind a flag: which were ticked, when last, and since then.

A flag keeps the answer that raised it. Later reports may be worse, so wherever a flag is named, the
worst and the newest sign are named too (`ticked_words`), read from the days of the diary.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from .asked_after import AfterTick, after_tick
from .context import Context
from .diary import DiaryEntry, SignChange, Source, told_celsius
from .flags import Episode, Urgency
from .open_signs import is_opened
from .reasons import days_beside
from .signs import SIGNS, WEEKLY_SIGNS
from .surgery import Operation, postoperative_day
from .triage import triage

#: A temperature from here on is a fever, as on the form.
FEVER = 38.0


@dataclass(frozen=True, slots=True)
class SignDay:
    """One day with its warning signs; `signs` is None where the question was not answered."""

    day: date
    signs: frozenset[str] | None
    temperature_c: float | None = None
    #: How signs of before were said to be.
    changes: Mapping[str, str] = field(default_factory=dict)
    #: What the form asked about; None where nobody knows.
    asked: frozenset[str] | None = None
    source: str = Source.FORM
    #: The civil day on which it was first recorded, and the instant, None where nobody knows.
    recorded_on: date = date.min
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TickedSign:
    """One sign since a flag was raised, and the days on which it was reported."""

    sign: str
    days: tuple[date, ...]
    #: The highest temperature reported with a fever, None without one.
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class Ticked:
    """The signs behind a flag, worst first, and what is known of each since it was last told."""

    signs: tuple[TickedSign, ...]
    since: Mapping[str, AfterTick] = field(default_factory=dict)


def signs_told(signs: frozenset[str] | None, changes: Mapping[str, str]) -> frozenset[str] | None:
    """The signs of a day; an open sign that is not gone counts as reported again."""
    if not changes:
        return signs  # Most days.
    there = {sign for sign, said in changes.items() if said != SignChange.GONE}
    return frozenset(signs or ()) | there


def sign_day(entry: DiaryEntry) -> SignDay:
    """The signs and the temperature of an entry."""
    told = signs_told(entry.signs, entry.sign_changes)
    celsius = entry.temperature_c
    return SignDay(
        entry.day,
        told,
        None if celsius is None else told_celsius(celsius),
        entry.sign_changes,
        entry.signs_asked,
        entry.source,
        entry.recorded_on(),
        entry.recorded_at,
    )


def told_on(day: SignDay) -> frozenset[str]:
    """Every sign reported on the day: ticked, still there when asked, or a measured fever.

    Headline, table, lanes and log of signs all count days by this.
    """
    told = day.signs or frozenset()
    return told if _fever(day) is None else told | {"fever"}


def told_from(episode: Episode) -> date:
    """The first day whose answers a flag tells: that on which it was raised, or an earlier one of
    two signs that raised it together.
    """
    reasons = (*episode.evidence_for, *(update.reason for update in episode.updates))
    return min((episode.raised_on, *(day for reason in reasons for day in days_beside(reason))))


def ticked_since(
    episode: Episode, days: Iterable[SignDay], operation: Operation, today: date
) -> Ticked | None:
    """The signs reported `told_from` a flag to its end; None if it rests on no ticked sign.
    The weekly questions are not included: they feed trends and are not warnings on their own. Nor
    is what is more urgent than the flag: it has one of its own.
    """
    if not episode.signs:
        return None
    end = episode.cleared_on or date.max
    reasons = (*episode.evidence_for, *(update.reason for update in episode.updates))
    first = told_from(episode)
    days = [day for day in days if first <= day.day <= end]
    own = {*episode.signs, *(reason.values.get("sign") for reason in reasons)}
    told = {
        sign: ticked
        for sign, ticked in _days_by_sign(days).items()
        if sign in own or _worst(sign, ticked, operation) <= episode.worst_urgency
    }
    if not told.keys() & set(episode.signs):
        return None
    opened = {*_opened_by(days, operation), *_raised(episode)}
    fever = max(filter(None, map(_fever, days)), default=None)
    ordered = sorted(told, key=lambda sign: _rank(sign, told[sign], episode, operation))
    return Ticked(
        tuple(
            TickedSign(sign, tuple(told[sign]), fever if sign == "fever" else None)
            for sign in reversed(ordered)
        ),
        {
            sign: after_tick(sign, ticked, days, today, opened=opened, operated_on=operation.day)
            for sign, ticked in told.items()
        },
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


def _opened_by(days: Iterable[SignDay], operation: Operation) -> Iterator[tuple[str, date]]:
    """The signs that the warning answers of each day make a matter to ask after, with the day."""
    for day in days:
        if signs := told_on(day):
            entry = DiaryEntry(
                day.day,
                signs=signs,
                temperature_c=day.temperature_c,
                sign_changes={sign: SignChange(how) for sign, how in day.changes.items()},
            )
            for concern in triage(entry, Context(operation, day.day, ())).concerns:
                if is_opened(concern):
                    yield concern.sign, day.day


def _raised(episode: Episode) -> Iterator[tuple[str, date]]:
    """The signs that something else, as pain, made a matter to ask after, as the flag tells.

    The answers behind a flag come with one urgency, that of the first; of the others only what
    raised them is known, and the least that it may have made of them.
    """
    known = [(update.reason, update.urgency) for update in episode.updates]
    known += [(reason, episode.urgency) for reason in episode.evidence_for[:1]]
    for reason in episode.evidence_for[1:]:
        sign = SIGNS.get(str(reason.values.get("sign")))
        if sign is not None and sign.raised_by and reason.code.startswith("raised_"):
            known.append((reason, min(sign.raised_by.values())))
    for reason, urgency in known:
        named, day = reason.values.get("sign"), reason.values.get("day")
        if urgency >= Urgency.SAME_DAY and isinstance(named, str) and isinstance(day, date):
            yield named, day
