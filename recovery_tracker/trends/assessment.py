"""Everything that a diary shows as of a day: answers, trends and silence put together."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from ..domain.flags import (
    Assessment,
    Episode,
    Pattern,
    Status,
    Urgency,
)
from ..domain.history import History
from ..domain.sensitivity import in_force, rule_set_name
from ..domain.surgery import postoperative_day
from .answers import answer_findings
from .joining import in_order, join_nerve
from .parameters import STANDARD, Parameters
from .quiet import is_too_little, quiet_findings, sufficiency, too_little_changes_on
from .steps import step_notes, steps_of, with_steps
from .worsening import trend_findings

#: Status of an active episode by its highest urgency; a note changes no status but its own.
_STATUS = {
    Urgency.EMERGENCY: Status.EMERGENCY,
    Urgency.SAME_DAY: Status.SAME_DAY,
    Urgency.REVIEW: Status.REVIEW,
}


def assess(history: History, today: date, parameters: Parameters = STANDARD) -> Assessment:
    """Everything the history shows at the end of `today`; nothing recorded later can change it.

    Pure: no clock, no file, no chance, no earlier result. Days without an entry are not filled in;
    `known_on` says what counted as known on the day.

    Back pain that settled at 2, and stands at 5 from day 100 on:

    >>> from datetime import date, timedelta
    >>> from recovery_tracker.domain.diary import DiaryEntry
    >>> from recovery_tracker.domain.surgery import Operation, Region
    >>> day_0 = date(2026, 1, 5)
    >>> days = [day_0 + timedelta(days=pod) for pod in range(1, 151)]
    >>> pain = [max(2, 7 - pod // 8) if pod < 100 else 5 for pod in range(1, 151)]
    >>> entries = tuple(DiaryEntry(day, axial_pain=p) for day, p in zip(days, pain))
    >>> found = assess(History((Operation(day_0, Region.LUMBAR),), entries), days[-1])
    >>> found.status.value, found.postoperative_day, found.sufficiency.logged
    ('review', 150, 150)
    >>> [(e.pattern.value, e.urgency.key, (e.raised_on - day_0).days) for e in found.active]
    [('loose_hardware', 'review', 109)]
    """
    known = history.known_on(today)
    answers = answer_findings(known, today, parameters)
    later = [operation.day for operation in history.operations]
    assessed = partial(
        Assessment,
        as_of=today,
        postoperative_day=postoperative_day(today, known.index),
        sufficiency=sufficiency(known, today, parameters),
        rule_set=rule_set_name(parameters.rule_set, in_force(known.sensitivity, today)),
    )
    changes: list[date | None] = [answers.next_change_on]
    is_before = today < known.index.day
    if is_before or known.diary_only:
        # The warning answers alone: there is nothing to compare yet, or no pattern is looked for.
        calm = Status.BEFORE_OPERATION if is_before else Status.NO_RULE_MATCHED
        changes += [known.index.day] if is_before else later
        return assessed(
            status=_pressing(answers.episodes) or calm,
            episodes=answers.episodes,
            next_change_on=_next_change(changes, today),
        )
    trends = trend_findings(known, today, parameters)
    steps = steps_of(known, today, parameters)
    notes = step_notes(steps, parameters)
    told = with_steps(trends.episodes, steps, parameters)
    others = join_nerve((*answers.episodes, *told))
    quiet = quiet_findings(known, today, others, parameters)
    episodes = in_order((*others, *quiet.episodes, *notes.episodes))
    changes += [quiet.next_change_on, notes.next_change_on]
    changes.append(too_little_changes_on(known, today, parameters))
    changes += [*later, *(step.first for step in history.sensitivity)]
    return assessed(
        status=_status(episodes, trends.compared, today, known, parameters),
        episodes=episodes,
        next_change_on=_next_change(changes, today),
        asks_daily=trends.near_alarm,
    )


def _status(
    episodes: Sequence[Episode],
    compared: bool,
    today: date,
    known: History,
    parameters: Parameters,
) -> Status:
    if (pressing := _pressing(episodes)) is not None:
        return pressing
    if any(e.pattern is Pattern.GONE_QUIET and e.cleared_on is None for e in episodes):
        return Status.GONE_QUIET
    if is_too_little(known, today, parameters):
        return Status.TOO_LITTLE_DATA
    return Status.NO_RULE_MATCHED if compared else Status.TOO_EARLY


def _pressing(episodes: Sequence[Episode]) -> Status | None:
    """The status of what somebody should act on; None where nothing active asks for it."""
    active = (episode.worst_urgency for episode in episodes if episode.cleared_on is None)
    return _STATUS.get(max(active, default=Urgency.NOTE))


def _next_change(days: Sequence[date | None], today: date) -> date | None:
    return min((day for day in days if day is not None and day > today), default=None)
