"""How much of the diary is there, and what its silence says.

Silence never means that all is well. An entry counts from the day on which it was recorded; the day
of assessment itself is not over yet and is never counted as missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ..domain.circumstances import pain_jump
from ..domain.context import Context, context_from
from ..domain.diary import LATE_AFTER_DAYS, DiaryEntry
from ..domain.flags import (
    NOTE_PATTERNS,
    TREND_PATTERNS,
    Episode,
    Pattern,
    Reason,
    Sufficiency,
    Urgency,
)
from ..domain.history import History, Schedule
from ..domain.surgery import Operation
from .answers import Findings
from .parameters import STANDARD, Parameters

_DAY = timedelta(days=1)
#: How far ahead a missed scheduled day is looked for; a schedule without days expects nothing.
_HORIZON = 366


def sufficiency(known: History, today: date, parameters: Parameters = STANDARD) -> Sufficiency:
    """Logged and expected days since the index operation, as known at the end of today.

    A day is logged where a person answered something (`DiaryEntry.has_answers`): what a phone or
    watch counted makes none, and is no last entry. None is expected before the diary was begun.
    """
    operation = known.index
    first = max(operation.day, known.begun_on or operation.day)
    entries = [
        entry
        for entry in known.entries
        if operation.day <= entry.day <= today and entry.has_answers()
    ]
    days = [entry.day for entry in entries]
    recent = max(today - (parameters.recent_window - 1) * _DAY, first)
    gaps = [(b - a).days - 1 for a, b in pairwise([first - _DAY, *days, today + _DAY])]
    unasked = [day for day in days if not known.schedule.expects(day, operation)]
    return Sufficiency(
        logged=len(days),
        expected=expected_between(known.schedule, operation, first, today),
        recent_logged=sum(day >= recent for day in days),
        recent_expected=expected_between(known.schedule, operation, recent, today),
        late=sum(entry.days_late >= LATE_AFTER_DAYS for entry in entries),
        last_entry=days[-1] if days else None,
        longest_gap=max(0, *gaps),
        unasked=len(unasked),
        recent_unasked=sum(day >= recent for day in unasked),
        recent_told=sum(entry.tells_signs for entry in entries if entry.day >= recent),
    )


def expected_between(schedule: Schedule, operation: Operation, first: date, last: date) -> int:
    """Scheduled days from `first` to `last`, both included."""
    count = 0
    for (start, weekdays), (after, _) in zip(
        schedule.steps, [*schedule.steps[1:], (None, frozenset[int]())], strict=True
    ):
        begin = max(first, operation.day + start * _DAY)
        end = last if after is None else min(last, operation.day + (after - 1) * _DAY)
        days = (end - begin).days + 1
        if days <= 0:
            continue
        weeks, rest = divmod(days, 7)
        count += weeks * len(weekdays)
        count += sum((begin + n * _DAY).weekday() in weekdays for n in range(rest))
    return count


def is_too_little(known: History, today: date, parameters: Parameters = STANDARD) -> bool:
    """Whether the recent days are too few to look for a pattern: of all that the schedule has, the
    days before the diary was begun too.
    """
    operation = known.index
    recent = max(today - (parameters.recent_window - 1) * _DAY, operation.day)
    logged = unasked = 0
    for entry in reversed(known.entries):
        if entry.day < recent:
            break
        if not entry.has_answers():
            continue
        logged += 1
        unasked += not known.schedule.expects(entry.day, operation)
    if not logged:
        return True
    # A day written unasked counts on both sides: more answers never make it too little.
    told = expected_between(known.schedule, operation, recent, today) + unasked
    return logged < parameters.enough_share * told


def too_little_changes_on(
    known: History, today: date, parameters: Parameters = STANDARD
) -> date | None:
    """First later day on which "too little" turns without a new entry; None if it stays."""
    now = is_too_little(known, today, parameters)
    for ahead in range(1, parameters.recent_window + 1):
        day = today + ahead * _DAY
        if is_too_little(known, day, parameters) is not now:
            return day
    return None


@dataclass(frozen=True, slots=True)
class Silence:
    """Scheduled days missed in a row after an entry that arrived on `arrived`."""

    arrived: date
    missed: tuple[date, ...]
    #: The day after the last of them; may still lie ahead.
    raised_on: date
    #: Day on which the next entry arrived; None if none has.
    ended_on: date | None


def quiet_findings(
    known: History,
    today: date,
    others: Sequence[Episode] = (),
    parameters: Parameters = STANDARD,
) -> Findings:
    """Every stretch in which scheduled entries stopped; it ends with the next entry of a person.

    `others` are the episodes of answers and trends: silence soon after a sign, or while a worsening
    lasts, asks for a review instead of a note.
    """
    operation = known.index
    arrivals = sorted(
        (max(entry.recorded_on(), entry.day), place)
        for place, entry in enumerate(known.entries)
        if entry.day >= operation.day and entry.has_answers()
    )
    episodes = []
    next_change_on = None
    for at, (arrived, place) in enumerate(arrivals):
        following = arrivals[at + 1][0] if at + 1 < len(arrivals) else None
        silence = silence_after(arrived, following, known.schedule, operation, parameters)
        if silence is None:
            continue
        if silence.raised_on > today:
            next_change_on = silence.raised_on
            continue
        entry = known.of_index[place]
        context = context_before(silence, entry, known.of_index, operation)
        episodes.append(quiet_episode(silence, entry, context, others, parameters))
    return Findings(tuple(episodes), next_change_on)


def silence_after(
    arrived: date,
    following: date | None,
    schedule: Schedule,
    operation: Operation,
    parameters: Parameters = STANDARD,
) -> Silence | None:
    """The silence between two arrivals, or after the last one; None where there is none."""
    needed = int(parameters.quiet_scheduled_days)
    if following is not None and (following - arrived).days <= needed:
        return None  # Most gaps: shorter than the days that would have to be missed.
    missed = []
    for ahead in range(1, _HORIZON):
        day = arrived + ahead * _DAY
        if day == following:
            return None
        if schedule.expects(day, operation):
            missed.append(day)
        if len(missed) == needed:
            raised_on = day + _DAY
            # An entry on the very day it would be raised comes in time.
            late = following is not None and following <= raised_on
            return None if late else Silence(arrived, tuple(missed), raised_on, following)
    return None


def quiet_episode(
    silence: Silence,
    entry: DiaryEntry,
    context: Context,
    others: Sequence[Episode],
    parameters: Parameters = STANDARD,
) -> Episode:
    """The episode of a silence; `entry` is the last one before it, `context` its context."""
    concern = _worrying_before(silence, others, parameters) or _bad_day(entry, context)
    missed = silence.missed
    since = Reason("quiet_since", {"last_entry": entry.day, "missed": len(missed)})
    return Episode(
        pattern=Pattern.GONE_QUIET,
        urgency=Urgency.NOTE if concern is None else Urgency.REVIEW,
        raised_on=silence.raised_on,
        cleared_on=silence.ended_on,
        onset=missed[0],
        onset_first=missed[0],
        onset_last=missed[0],
        days_missing=len(missed),
        evidence_for=(since,) if concern is None else (since, concern),
        would_clear=Reason("ends_with_next_entry"),
        rule_set=parameters.rule_set,
    )


def context_before(
    silence: Silence, entry: DiaryEntry, entries: Iterable[DiaryEntry], operation: Operation
) -> Context:
    """The context of the last entry before a silence: what was known on the day it is raised."""
    known = [one for one in entries if max(one.recorded_on(), one.day) <= silence.raised_on]
    return context_from(operation, entry.day, known)


def _bad_day(entry: DiaryEntry, context: Context) -> Reason | None:
    jump = pain_jump(entry, context, entry.day)
    return None if jump is None else Reason("quiet_after_jump", jump.values)


def _worrying_before(
    silence: Silence, others: Sequence[Episode], parameters: Parameters
) -> Reason | None:
    """The flag that stood when it went quiet; None if none did."""
    recent = silence.arrived - int(parameters.quiet_after_sign_days) * _DAY
    for episode in others:
        if episode.raised_on > silence.raised_on or episode.pattern in NOTE_PATTERNS:
            continue
        news = (update.day for update in episode.updates)
        told = max([episode.raised_on, *(day for day in news if day <= silence.raised_on)])
        lasts = episode.cleared_on is None or episode.cleared_on > silence.arrived
        is_worsening = episode.pattern in TREND_PATTERNS and not episode.signs
        if told > recent or (is_worsening and lasts):
            return Reason("quiet_after_flag", {"pattern": episode.pattern.value, "day": told})
    return None
