"""Steps of a device beside simulated diaries: given, counted twice, or by a new watch half way.

What statistics found may not depend on them. How often they speak for or against a flag, and how
often their own note comes without a fall, is reported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.flags import Assessment, Episode, Pattern
from ..domain.passive import PassiveKind, PassiveValue, of_one_source
from ..trends import assess
from ..trends.step_course import SHARES
from .answer_checks import assessed
from .cells import Ask, Cell
from .cohort import Cohort
from .engine import INDEX_DAY
from .histories import history_of
from .metrics import Estimate, rate, share
from .simulate import generator_of
from .trial import Trial

_ALL = (1.0, 1.0)
Steps = NDArray[np.float64]

#: A person's typical day and its spread between people, log scale; of one day; of slow weeks and
#: what they keep a day; a Sunday; share of days on which the device was carried. Our default.
_TYPICAL, _BETWEEN, _DAY, _WEEKS, _KEEPS, _SUNDAY, _CARRIED = 5000, 0.4, 0.45, 0.15, 0.97, 0.6, 0.8
#: The usual is back after so many weeks (`SHARES` end at the fourth); on a bad back steps fall to
#: this share of it in so many of the people who worsen, and hold in the others. Our default.
_RECOVERED, _FALLEN, _FALLS_IN = 8.0, 0.6, 0.6
#: A watch counts so much more than a phone; it is new on this day where nothing else happens.
_WATCH, _NEW_WATCH = 1.15, 200


def _given(phone: Steps, since: int) -> list[PassiveValue]:
    return _counted("phone", phone)


def _twice(phone: Steps, since: int) -> list[PassiveValue]:
    return _counted("phone", phone) + _counted("watch", _WATCH * phone)


def _new_watch(phone: Steps, since: int) -> list[PassiveValue]:
    day = np.arange(phone.size)
    before, after = (np.where(side, phone, np.nan) for side in (day < since, day >= since))
    return _counted("phone", before) + _counted("watch", _WATCH * after)


VARIANTS: Mapping[str, Callable[[Steps, int], list[PassiveValue]]] = MappingProxyType(
    {"steps_given": _given, "steps_counted_twice": _twice, "steps_new_watch": _new_watch}
)


@dataclass(frozen=True)
class StepResult:
    """What one way of counting did in one scenario."""

    variant: str
    scenario: str
    #: People of whom every flag, day, name, size and status is as without steps.
    unchanged: Estimate
    #: Trend flags that steps spoke for, and against.
    supported: Estimate
    contradicted: Estimate
    #: Notes of less walking a patient-year.
    notes: Estimate


def step_results(trial: Trial) -> list[StepResult]:
    """Every way of counting, on people who stay well and on people who loosen."""
    found = []
    for scenario in ("healthy", "loosening"):
        cohort = trial.cohort(scenario).rows(slice(0, trial.sizes.read))
        rng = generator_of(trial.seed, f"steps {scenario}")
        phones = [_walked(rng, cohort, row) for row in range(cohort.patients)]
        absent = [assessed(cohort, row) for row in range(cohort.patients)]
        found += [_result(name, scenario, cohort, phones, absent) for name in VARIANTS]
    return found


def step_cells(results: list[StepResult]) -> dict[Cell, Estimate]:
    """The rows of the table: nothing may change, and how often a note comes."""
    cells = {}
    for row in results:
        key = f"{row.variant}, {row.scenario}"
        cells[Cell(key, row.scenario, Ask.SAME, 0, _ALL, _ALL)] = row.unchanged
        cells[Cell(f"{key}: notes", row.scenario, Ask.NOTES)] = row.notes
    return cells


def told(results: list[StepResult]) -> list[str]:
    """How often steps speak beside a flag, in a line for each way of counting."""
    return [
        f"{row.variant}, {row.scenario}: for {row.supported.value:.0%} and against "
        f"{row.contradicted.value:.0%} of {row.supported.count} trend flags"
        for row in results
    ]


def _walked(rng: Generator, cohort: Cohort, row: int) -> Steps:
    """A phone's steps on every day after the operation, NaN where it stayed at home."""
    size = int(cohort.diaries.observed_until[row]) + 1
    day = np.arange(size)
    weeks, shares = zip((0.0, 0.1), *SHARES, (_RECOVERED, 1.0), strict=True)
    steps = _TYPICAL * np.exp(_BETWEEN * rng.normal()) * np.interp(day / 7, weeks, shares)
    slow, level = np.empty(size), 0.0
    for place, step in enumerate(rng.normal(0, _WEEKS * np.sqrt(1 - _KEEPS**2), size)):
        level = _KEEPS * level + step
        slow[place] = level
    steps *= np.exp(slow + rng.normal(0, _DAY, size)) * np.where(day % 7 == 6, _SUNDAY, 1)
    falls = rng.random() < _FALLS_IN
    onset, ramp = int(cohort.truth.onset[row]), max(1, int(cohort.truth.ramp[row]))
    if falls and onset >= 0 and cohort.truth.axial[row] > 0:
        steps *= 1 - (1 - _FALLEN) * np.clip((day - onset + 1) / ramp, 0, 1)
    return np.where(rng.random(size) < _CARRIED, np.round(steps), np.nan)


def _counted(source: str, steps: Steps) -> list[PassiveValue]:
    return [
        PassiveValue(INDEX_DAY + timedelta(days=int(day)), PassiveKind.STEPS, source, steps[day])
        for day in np.flatnonzero(~np.isnan(steps))
    ]


def _result(
    name: str, scenario: str, cohort: Cohort, phones: list[Steps], absent: list[Assessment]
) -> StepResult:
    same, supported, contradicted, notes = [], [], [], 0
    for row, phone in enumerate(phones):
        onset = int(cohort.truth.onset[row])
        values = VARIANTS[name](phone, onset if onset >= 0 else _NEW_WATCH)
        history = replace(history_of(cohort, row), passive=of_one_source(values))
        given = assess(history, absent[row].as_of)
        same.append(_without_steps(given) == _without_steps(absent[row]))
        for episode in given.episodes:
            notes += episode.pattern is Pattern.LESS_WALKING
            if episode.likelihoods:
                codes = {r.code for r in (*episode.evidence_for, *episode.evidence_against)}
                supported.append("steps_fell" in codes)
                contradicted.append("steps_held" in codes)
    return StepResult(
        name,
        scenario,
        unchanged=share(np.array(same, dtype=bool)),
        supported=share(np.array(supported, dtype=bool)),
        contradicted=share(np.array(contradicted, dtype=bool)),
        notes=rate(notes, cohort.patient_years()),
    )


def _without_steps(found: Assessment) -> tuple[object, ...]:
    """All that an assessment says but for what steps may add."""
    episodes = [_bare(e) for e in found.episodes if e.pattern is not Pattern.LESS_WALKING]
    return found.status, found.sufficiency, episodes


def _bare(episode: Episode) -> Episode:
    said = (episode.evidence_for, episode.evidence_against)
    kept = [tuple(r for r in each if not r.code.startswith("steps_")) for each in said]
    return replace(episode, evidence_for=kept[0], evidence_against=kept[1])
