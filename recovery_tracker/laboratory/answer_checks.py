"""Checks that need the whole assessment, entry by entry: warning answers, infection, silence."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.random import Generator

from ..domain.flags import Assessment, Pattern, Urgency
from ..domain.history import History
from ..domain.signs import SIGNS
from ..trends import assess, replay
from . import engine
from .cells import Ask, Cell
from .cohort import Cohort
from .engine import INDEX_DAY, day_of
from .histories import history_of
from .metrics import Estimate, rate, share
from .simulate import generator_of
from .trial import Trial

_ALL = (1.0, 1.0)
INFECTION = Cell("infection_late", "infection_late", Ask.ANSWERED, 0, _ALL, _ALL)
INFECTION_ACUTE = Cell("infection_acute", "infection_acute", Ask.ANSWERED, 0, _ALL, _ALL)
QUIET = Cell("worse_then_quiet", "worse_then_quiet", Ask.ANSWERED, 7, _ALL, _ALL)
URGENT = Cell("warning_answers", "healthy", Ask.ANSWERED, 0, _ALL, _ALL)
INVENTED = Cell("invented_warnings", "healthy", Ask.FALSE_EARLY, 0, (0, 0), (0, 0))

#: Patterns that a warning answer may raise.
_BY_ANSWER = frozenset(
    {Pattern.EMERGENCY_SIGN, Pattern.URGENT_SIGN, Pattern.INFECTION, Pattern.NERVE, Pattern.EVENT}
)


def assessed(cohort: Cohort, row: int) -> Assessment:
    """The assessment at the end of a patient's observation."""
    last = INDEX_DAY + timedelta(days=int(cohort.diaries.observed_until[row]))
    return assess(history_of(cohort, row), last)


def infection_named(trial: Trial, scenario: str) -> Estimate:
    """Share of infections named `infection` on the very day the sign was given."""
    cohort = trial.cohort(scenario).rows(slice(0, trial.sizes.read))
    hits = []
    for row in range(cohort.patients):
        on = {
            day_of(episode.raised_on)
            for episode in assessed(cohort, row).episodes
            if episode.pattern is Pattern.INFECTION
        }
        hits.append(int(cohort.truth.sign_day[row]) in on)
    return share(np.array(hits, dtype=bool))


def quiet_noticed(trial: Trial) -> Estimate:
    """Share of people who fall silent after a worsening and are noticed within seven days."""
    cohort = trial.cohort(QUIET.scenario).rows(slice(0, trial.sizes.read))
    hits = []
    for row in range(cohort.patients):
        silent = int(cohort.truth.quiet_from[row])
        raised = [
            day_of(episode.raised_on)
            for episode in assessed(cohort, row).episodes
            if episode.pattern is Pattern.GONE_QUIET
            and (episode.cleared_on is None or day_of(episode.cleared_on) > silent)
        ]
        hits.append(any(day <= silent + QUIET.within for day in raised))
    return share(np.array(hits, dtype=bool))


def warning_answers(trial: Trial) -> tuple[Estimate, Estimate]:
    """(share flagged on the same day with at least that urgency, invented flags a patient).

    Healthy diaries in which one emergency or same-day sign is ticked on one logged day; the same
    diaries untouched must raise none.
    """
    rng = generator_of(trial.seed, "warning answers")
    cohort = trial.cohort("healthy").rows(slice(0, trial.sizes.read))
    hits, invented = [], 0
    for row in range(cohort.patients):
        invented += sum(
            episode.pattern in _BY_ANSWER and episode.worst_urgency >= Urgency.SAME_DAY
            for episode in assessed(cohort, row).episodes
        )
        hits.append(_found_on_its_day(rng, history_of(cohort, row)))
    return share(np.array(hits, dtype=bool)), rate(invented, cohort.patients)


def burden(trial: Trial) -> str:
    """Every flag and note that healthy people are given in a year, by pattern and urgency."""
    cohort = trial.cohort("healthy")
    counts: Counter[str] = Counter()
    for _, part in engine.batches(cohort):
        for _, episode in replay(part.diaries):
            counts[f"{episode.pattern.value} ({episode.worst_urgency.key})"] += 1
    years = cohort.patient_years()
    told = ", ".join(f"{name} {count / years:.3f}" for name, count in sorted(counts.items()))
    return f"all flags and notes a healthy patient-year, {trial.generator} generator: {told}"


def _found_on_its_day(rng: Generator, history: History) -> bool:
    answered = [place for place, entry in enumerate(history.entries) if entry.signs is not None]
    place = int(rng.choice(answered))
    entry = history.entries[place]
    pod = (entry.day - history.index.day).days
    urgent = [
        s.id for s in SIGNS.values() if (s.urgency_on(pod, history.index) or 0) >= Urgency.SAME_DAY
    ]
    sign = SIGNS[urgent[int(rng.integers(len(urgent)))]]
    ticked = replace(entry, signs=(entry.signs or frozenset()) | {sign.id})
    entries = (*history.entries[:place], ticked)
    result = assess(replace(history, entries=entries), entry.day)
    wanted = sign.urgency_on(pod, history.index) or Urgency.NOTE
    return any(
        episode.raised_on == entry.day
        and sign.id in episode.signs
        and episode.worst_urgency >= wanted
        for episode in result.episodes
    )
