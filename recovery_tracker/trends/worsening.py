"""Worsenings, and recoveries that never came, in one diary: a batch of one.

`findings_of` is the same engine for any number of patients; `replay` feeds it cohorts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..domain.flags import Episode
from ..domain.history import History
from ..domain.sensitivity import rule_set_name
from .alarm_facts import facts_of
from .episodes import rises_of
from .evidence import Evidence, evidence_of
from .explain import stall_episode, trend_episode
from .moves import around_alarms
from .parameters import STANDARD, Parameters
from .points import points_of
from .sensitivity import setting_on
from .series import Diaries, diaries_of
from .stalls import stalls_of


@dataclass(frozen=True)
class TrendEpisodes:
    """What the statistics found; silence changes nothing of it.

    `compared` says whether some comparison was possible today, `near_alarm` whether axial pain came
    near its alarm in the last days.
    """

    episodes: tuple[Episode, ...]
    compared: bool = False
    near_alarm: bool = False


def trend_findings(
    history: History, today: date, parameters: Parameters = STANDARD
) -> TrendEpisodes:
    """Every trend flag and slow-recovery note that the history shows at the end of `today`."""
    first = history.index.day
    if today < first or not history.entries:
        return TrendEpisodes(())
    diaries = diaries_of([history], [today])
    found, evidence = findings_of(diaries, [first], parameters)
    compared, near = evidence.compared()[0], evidence.near_alarm(parameters)[0]
    return TrendEpisodes(found[0], bool(compared), bool(near))


def findings_of(
    diaries: Diaries, first_days: Sequence[date], parameters: Parameters = STANDARD
) -> tuple[list[tuple[Episode, ...]], Evidence]:
    """Episodes by patient, ordered by the day they were raised, and the evidence behind them.

    `first_days` are the operation days from which dates count.
    """
    evidence = evidence_of(diaries, parameters)
    rows: list[list[Episode]] = [[] for _ in first_days]
    rises = rises_of(diaries, evidence, parameters)
    for rise, moved in zip(rises, around_alarms(evidence, rises, parameters), strict=True):
        facts = facts_of(diaries, evidence, rise, moved, parameters)
        episode = trend_episode(rise, facts, first_days[rise.row], parameters)
        setting = setting_on(diaries, rise.row, rise.day)
        rule_set = rule_set_name(parameters.rule_set, setting)
        points = points_of(rise, facts, evidence, parameters)
        rows[rise.row].append(replace(episode, points=points, rule_set=rule_set))
    for stall in stalls_of(diaries, evidence.signals, evidence.speaks, parameters):
        rows[stall.row].append(stall_episode(stall, first_days[stall.row], parameters))
    ordered = [
        tuple(sorted(row, key=lambda e: (e.raised_on, e.pattern, e.onset or e.raised_on)))
        for row in rows
    ]
    return ordered, evidence
