"""How far a recovery has come and how far its diary can be trusted, in words."""

from collections.abc import Callable
from datetime import date

from ..domain.flags import Sufficiency
from ..domain.history import History
from ..domain.language import N_
from ..domain.status import NOTHING_SINCE, NOTHING_YET
from ..domain.surgery import postoperative_day
from ..domain.wording import Translate, days_words, near_day_words, time_since

#: What lies more days than this before the first entry the diary does not know: neither the days
#: after an operation nor the day on which something began. Our default.
BEGUN_LATE = 14

#: From this day after the operation on, it is said that a diary was begun: somebody asked before
#: could still have filled in the day of the operation. Our default.
SAID_FROM = 4


def now_words(history: History, today: date, translate: Translate = str) -> str:
    """How far the recovery has come: its day, and its week or month; before it, the days to go."""
    day = postoperative_day(today, history.index)
    if day == -1:
        return translate(N_("The day before the operation"))
    if day < 0:
        return translate(N_("{days} days before the operation")).format(days=-day)
    if day == 0:
        return translate(N_("The day of the operation"))
    if day < 7:
        return translate(N_("Day {day}")).format(day=day)
    since = time_since(history.index.day, today, translate)
    return translate(N_("Day {day}, {since}")).format(day=day, since=since)


def sufficiency_line(
    held: Sufficiency, known: History, today: date, translate: Translate = str
) -> str:
    """How far the diary can be trusted: days logged, late, and the longest gap.

    Before the operation: the days of the baseline.
    """
    if today < known.index.day:
        return baseline_words(known, today, translate)
    if not held.logged:
        return translate(NOTHING_SINCE)
    said = [
        kept_words(held, known, today, translate),
        *([translate(N_("{late} filled in late.")).format(late=held.late)] if held.late else []),
        translate(N_("Longest gap: {gap}.")).format(gap=days_words(held.longest_gap, translate)),
    ]
    return " ".join(said)


def baseline_words(known: History, today: date, translate: Translate = str) -> str:
    """How many days were entered before the operation, and the last of them."""
    days = [entry.day for entry in known.entries if entry.has_answers()]
    if not days:
        return translate(NOTHING_YET)
    said = N_("{days} entered before the operation, the last on {day}.")
    return translate(said).format(
        days=days_words(len(days), translate), day=near_day_words(days[-1], today, translate)
    )


def kept_words(held: Sufficiency, known: History, today: date, translate: Translate = str) -> str:
    """Of the days that the schedule asked for the logged ones; days written unasked apart.

    A diary begun late says so: before its first entry no day is expected.
    """
    said = translate(N_("{logged} of {expected} expected days logged ({percent} %).")).format(
        logged=held.kept,
        expected=held.expected,
        percent=round(100 * held.kept / max(held.expected, 1)),
    )
    if not held.expected:
        said = translate(N_("No day was asked for yet."))
    more = N_("1 more day was logged without being asked for.")
    if held.unasked > 1:
        more = N_("{count} more days were logged without being asked for.")
    unasked = translate(more).format(count=held.unasked) if held.unasked else ""
    return " ".join(filter(None, (said, unasked, begun_late(known, today, translate))))


def is_before_diary(day: date, begun: date | None) -> bool:
    """Whether a day is so long before the first entry, `begun`, that the diary cannot know it."""
    return begun is not None and (begun - day).days > BEGUN_LATE


def begun_late(
    known: History,
    today: date,
    translate: Translate = str,
    *,
    show_day: Callable[[date], str] | None = None,
) -> str:
    """Since when there are entries, where that is days after the operation; else ""."""
    begun = known.begun_on
    pod = -1 if begun is None else postoperative_day(begun, known.index)
    if begun is None or pod < SAID_FROM:
        return ""
    said = translate(N_("The diary was begun on {day}, day {pod} after the operation."))
    day = show_day(begun) if show_day else near_day_words(begun, today, translate)
    return said.format(day=day, pod=pod)
