"""Warning answers that no flag says, because the assessment failed: found without statistics."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from ..domain.context import SAME_MATTER_DAYS, context_of
from ..domain.diary import DiaryEntry, SignChange
from ..domain.flags import Condition, Urgency
from ..domain.history import History
from ..domain.signs import SIGNS, WAS_THERE
from ..domain.triage import Concern, Triage, advice_of, named_signs, triage
from ..storage.entry_rows import StoredEntry
from ..storage.flags import StoredFlag
from .reading import Recovery


def unflagged(recovery: Recovery, today: date) -> tuple[tuple[date, Concern], ...]:
    """What the days of the last two weeks call for today, the most urgent first; nothing where each
    answer has a flag, or is said to be gone.
    """
    if not recovery.assessment_is_due or recovery.history is None:
        return ()
    asked_after = {open_sign.sign for open_sign in recovery.open_signs}
    first = today - timedelta(days=SAME_MATTER_DAYS)
    found = [
        (stored.day, concern)
        for stored in recovery.entries
        if stored.day >= first
        for concern in standing_triage(recovery, recovery.history, stored).concerns
        if concern.urgency >= Urgency.SAME_DAY
        # Of what is gone nobody is asked any more: that nobody was called about it still counts.
        if concern.sign in asked_after or concern.sign not in SIGNS or concern.advice == WAS_THERE
        if not _is_flagged(concern, stored.entry, recovery.flags)
    ]
    return tuple(sorted(found, key=lambda one: -one[1].urgency))


def standing_triage(recovery: Recovery, history: History, stored: StoredEntry) -> Triage:
    """What a stored day calls for, in its newest version; nothing that is over by now."""
    day = stored.entry.day
    others = tuple(entry for entry in history.entries if entry.day != day)
    found = triage(stored.entry, context_of(replace(history, entries=others), day))
    over = {c.sign for c in found.concerns if _is_over(c.sign, day, recovery, history)}
    return Triage(tuple(concern for concern in found.concerns if concern.sign not in over))


def named_in(flag: StoredFlag, history: History) -> set[str]:
    """The signs that make a flag as urgent as it is, also those told later than the first."""
    return {sign for sign, _advice in advice_of(flag.episode, history.index)}


def _is_over(sign: str, day: date, recovery: Recovery, history: History) -> bool:
    """Whether the patient has said since that a sign of a day is gone, and no flag asks for a call
    about it any more."""
    gone = [
        max(stored.recorded_at, stored.corrected_at or stored.recorded_at)
        for stored in recovery.entries
        if stored.day > day and stored.entry.sign_changes.get(sign) is SignChange.GONE
    ]
    if not gone:
        return False
    about = [flag for flag in recovery.flags if sign in named_in(flag, history)]
    told = [flag.attention_since for flag in about if day in flag.episode.days]
    is_open = any(flag.is_open for flag in about)
    return bool(told) and max(told) < max(gone) and not is_open


def _is_flagged(concern: Concern, entry: DiaryEntry, flags: Iterable[StoredFlag]) -> bool:
    """Whether a flag says what a day calls for: one that holds the day, or an open one where the
    day only says that its sign is still there, or gone. One that ended before says nothing of a
    new answer.
    """
    is_worse = entry.sign_changes.get(concern.sign) is SignChange.WORSE
    is_known = concern.reason.code == "still_there" or concern.advice == WAS_THERE
    is_no_news = is_known and not is_worse
    for flag in flags:
        episode = flag.episode
        holds = (flag.is_open and is_no_news) or entry.day in episode.days
        # Nobody is asked whether an answer in numbers is gone: the flag of its day was about it.
        is_over = flag.condition is Condition.ENDED and concern.sign not in SIGNS
        stands = flag.is_open or flag.is_missed or is_over
        is_as_urgent = episode.worst_urgency >= concern.urgency
        if stands and holds and is_as_urgent and concern.sign in named_signs(episode):
            return True
    return False
