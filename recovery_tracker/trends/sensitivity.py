"""Quiet, standard and sensitive: one factor on every alarm of a worsening.

Quiet asks for a larger change, sensitive for a smaller one. Both were chosen so that they raise
about half and about twice the false flags of standard in healthy simulated diaries. A score is a
share of its alarm, so dividing scores is the same as multiplying every alarm; a new numb zone is
there or not and has no alarm to move.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..domain.flags import Episode
from ..domain.sensitivity import Sensitivity
from .parameters import Parameters
from .series import SENSITIVITY_CODES, Diaries, IntArray
from .windows import Floats

_SETTINGS = {code: setting for setting, code in SENSITIVITY_CODES.items()}
#: Channels that are there or not: nothing to make easier or harder.
_YES_OR_NO = frozenset({"zone"})
#: Reasons of a flag that was raised by a level.
_LEVELS = frozenset(
    {
        "behind_course",
        "behind_course_mean",
        "never_improved",
        "never_improved_borrowed",
        "never_improved_mean",
    }
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a setting does on simulated diaries, all answers given, and pain alone.

    `false_a_year` are false change flags a healthy patient-year from day 60 on; `caught` is the
    share of rises by 2 points over 42 days that are flagged within 60 days of their beginning.
    """

    false_a_year: float
    caught: float
    pain_false_a_year: float
    pain_caught: float


#: Source: `laboratory/sensitivity.py`, which makes this table; no patient was ever measured.
MEASURED_RULES = "2026-12-01.3"
MEASURED: Mapping[Sensitivity, Measured] = {
    Sensitivity.QUIET: Measured(0.06, 0.91, 0.07, 0.63),
    Sensitivity.STANDARD: Measured(0.22, 0.94, 0.2, 0.79),
    Sensitivity.SENSITIVE: Measured(0.53, 0.97, 0.43, 0.87),
}


def under(diaries: Diaries, setting: Sensitivity) -> Diaries:
    """The same diaries as if one setting had been in force all along."""
    codes = np.full(diaries.shape, SENSITIVITY_CODES[setting], dtype=np.int8)
    return replace(diaries, sensitivity=codes)


def factor_of(setting: Sensitivity, p: Parameters) -> float:
    """What every alarm of a worsening is multiplied by."""
    factors = {
        Sensitivity.QUIET: p.factor_quiet,
        Sensitivity.STANDARD: 1.0,
        Sensitivity.SENSITIVE: p.factor_sensitive,
    }
    return factors[setting]


def weighed(
    scores: Mapping[str, Floats], codes: IntArray | None, p: Parameters
) -> dict[str, Floats]:
    """The scores against the alarms that the settings of those days ask for."""
    if codes is None or not codes.any():
        return dict(scores)
    factors = np.array([factor_of(_SETTINGS[code], p) for code in sorted(_SETTINGS)])[codes]
    return {
        channel: score if channel in _YES_OR_NO else score / factors
        for channel, score in scores.items()
    }


def is_moved(episode: Episode) -> bool:
    """Whether a setting decides about it: a change found by statistics, no level and no answer."""
    if not episode.likelihoods or episode.signs:
        return False
    return not is_level(episode)


def is_level(episode: Episode) -> bool:
    """Whether it tells of a recovery that never came, or lags far behind, and not of a change."""
    return any(reason.code in _LEVELS for reason in episode.evidence_for)


def setting_on(diaries: Diaries, row: int, day: int) -> Sensitivity:
    """The setting that was in force for a patient on a postoperative day."""
    if diaries.sensitivity is None:
        return Sensitivity.STANDARD
    return _SETTINGS[int(diaries.sensitivity[row, day])]
