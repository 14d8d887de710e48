"""Judging one cohort: what was raised against what was true."""

import numpy as np
from numpy.typing import NDArray

from ..domain.flags import Episode
from ..trends.parameters import STANDARD
from ..trends.personal import preop_score
from .cells import Answers, Ask, Cell
from .cohort import Cohort
from .engine import Found, day_of
from .metrics import (
    MONITORED_FROM,
    Alarms,
    Estimate,
    delays,
    median_delay,
    rate,
    share,
)
from .results import FirstAlarms, LeadResult, NameResult, OnsetResult

#: A flag this long after the onset still belongs to it, when its name is judged.
BELONGS_DAYS = 120

#: Month 6: from here on a recovery shows what it gained.
_SETTLED_FROM = 182

#: Reasons that say why, by the explanation that was true.
EXPLANATION_CODES = {
    "tablets_stopped": frozenset({"tablets_fewer"}),
    "walking_doubled": frozenset({"walking_more"}),
}


def judge_alarms(cell: Cell, cohort: Cohort, alarms: Alarms) -> Estimate:
    """What a detector reaches in a cell that needs nothing but the days of its alarms."""
    if cell.ask is Ask.FALSE_A_YEAR:
        watched = alarms.between(MONITORED_FROM)
        return rate(len(watched.row), cohort.patient_years(MONITORED_FROM))
    if cell.ask is Ask.FALSE_EARLY:
        return rate(len(alarms.between(0, cell.within).row), cohort.patients)
    late = delays(alarms, cohort.truth.onset)
    if cell.ask is Ask.MEDIAN:
        return median_delay(late)
    return share(late <= cell.within)


def judge(cell: Cell, cohort: Cohort, found: Found) -> Estimate:
    """What the module reaches in any cell."""
    if cell.ask is Ask.NAMED:
        return share(_named_by(cohort, found, cell.within))
    if cell.ask in (Ask.LEVELS, Ask.FALSE_LEVELS):
        raised = [row for row, _ in found.levels]
        if cell.ask is Ask.FALSE_LEVELS:
            raised = [row for row in raised if _gained(cohort, row)]
        return rate(len(raised), cohort.patient_years(MONITORED_FROM))
    if cell.ask is Ask.EXPLAINED:
        return share(_explained(cohort, found))
    return judge_alarms(cell, cohort, found.alarms)


def _gained(cohort: Cohort, row: int) -> bool:
    """Whether all answers from month 6 on are 30 % or more below the pain before the operation.

    That is the whole diary's word, not the four weeks' that a rule looked at.
    """
    before, _ = preop_score(cohort.diaries, "axial_pain", row)
    later = cohort.diaries.number("axial_pain")[row, _SETTLED_FROM:]
    known = later[~np.isnan(later)]
    return bool(known.size and known.mean() <= (1 - STANDARD.least_gain) * before)


def first_alarms(
    generator: str, answers: Answers, calm: Found, cohort: Cohort, found: Found, people: int
) -> FirstAlarms:
    """How the first alarm of a person's diary comes about; `calm` is of `people` healthy ones."""
    healthy = {int(row) for row in calm.alarms.between(MONITORED_FROM).row}
    watched = found.alarms.between(MONITORED_FROM)
    firsts: dict[int, int] = {}
    for row, day in zip(watched.row.tolist(), watched.day.tolist(), strict=True):
        firsts.setdefault(row, day)
    onset = cohort.truth.onset
    real = [onset[row] <= day <= onset[row] + BELONGS_DAYS for row, day in firsts.items()]
    places = np.arange(cohort.patients)
    return FirstAlarms(
        generator,
        answers,
        share(np.arange(people) < len(healthy)),
        share(places < sum(real)),
        share(places < len(real) - sum(real)),
    )


def _named_by(cohort: Cohort, found: Found, day: int) -> NDArray[np.bool_]:
    named = np.zeros(cohort.patients, dtype=bool)
    for row, episode in found.episodes:
        in_time = day_of(episode.raised_on) <= day
        if in_time and episode.pattern in cohort.truth.accepted[row]:
            named[row] = True
    return named


def caught_flags(cohort: Cohort, found: Found) -> list[tuple[int, Episode]]:
    """The first flag of each patient within `BELONGS_DAYS` of the onset.

    A never improved patient has no day of onset: the first flag of all counts.
    """
    last = cohort.truth.onset + BELONGS_DAYS
    last[cohort.truth.onset == 0] = cohort.diaries.shape[1]
    return [
        (row, episode)
        for row, episode in enumerate(found.first_after(cohort.truth.onset))
        if episode is not None and day_of(episode.raised_on) <= last[row]
    ]


def _explained(cohort: Cohort, found: Found) -> NDArray[np.bool_]:
    told = []
    for row, episode in caught_flags(cohort, found):
        codes = {reason.code for reason in episode.explained_by}
        told.append(bool(codes & EXPLANATION_CODES[cohort.truth.explanation[row]]))
    return np.array(told, dtype=bool)


def names_of(generator: str, answers: Answers, cohort: Cohort, found: Found) -> NameResult:
    """Which pattern the first flag of each caught patient named."""
    named: dict[str, int] = {}
    right = ambiguous = 0
    for row, episode in caught_flags(cohort, found):
        named[episode.pattern.value] = named.get(episode.pattern.value, 0) + 1
        accepted = cohort.truth.accepted[row]
        right += episode.pattern in accepted
        ambiguous += len(accepted) > 1
    return NameResult(generator, answers, cohort.truth.scenario[0], named, right, ambiguous)


def onsets_of(generator: str, answers: Answers, cohort: Cohort, found: Found) -> OnsetResult:
    """Estimated onset and interval of every caught change."""
    days = []
    for row, e in caught_flags(cohort, found):
        if e.onset is not None and e.onset_first is not None and e.onset_last is not None:
            told = (day_of(e.onset), day_of(e.onset_first), day_of(e.onset_last))
            days.append((int(cohort.truth.onset[row]), *told))
    columns = np.array(days, dtype=np.float64).reshape(-1, 4).T
    return OnsetResult(generator, answers, cohort.truth.scenario[0], *columns)


def lead_of(generator: str, answers: Answers, cohort: Cohort, found: Found) -> LeadResult:
    """How long before the end of its ramp each change was caught; misses count as never."""
    late = delays(found.alarms, cohort.truth.onset)
    lead = cohort.truth.ramp - late
    return LeadResult(
        generator,
        answers,
        cohort.truth.scenario[0],
        share(lead > 0),
        float(np.median(lead)),
    )
