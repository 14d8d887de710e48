"""How an operation turned out at the times that registries ask: before, 6 weeks, 3 to 24 months."""

from dataclasses import dataclass
from math import isnan

from ..domain.follow_up_times import TIMES, at_times
from ..domain.history import History
from ..domain.language import N_
from ..domain.measures import MEASURES, Better
from ..domain.peg import MCID, pegs_of
from ..domain.questionnaires import INSTRUMENTS, by_instrument, value_words
from ..domain.wording import Translate, difference, number
from ..trends.levels import Levels

_PAINS = ("axial_pain", "limb_pain")


@dataclass(frozen=True, slots=True)
class Course:
    """One measure before the operation and at each of `TIMES`; None where it is not known.

    `words` are the same values as they are written, "–" for one that is not known.
    """

    name: str
    low: float
    high: float
    better: Better
    #: The smallest change that patients notice, None where nobody knows.
    mcid: float | None
    before: float | None
    values: tuple[float | None, ...]
    words: tuple[str, ...]
    decimals: int = 1

    def change(self, value: float | None) -> float | None:
        """From before the operation to a value; better is positive, whatever the direction."""
        if value is None or self.before is None or self.mcid is None:
            return None
        moved = difference(self.before, value, self.decimals)
        return moved if self.better is Better.HIGHER else -moved


def courses_of(history: History, levels: Levels, translate: Translate = str) -> tuple[Course, ...]:
    """Totals of forms, the adapted PEG and the pains of the diary, as far as anything is known."""
    operated_on = history.index.day
    found = []
    for name, scores in by_instrument(history.scores, history.region).items():
        instrument = INSTRUMENTS[name]
        before, later = at_times(scores, operated_on)
        values = [None if one is None else one.value for one in (before, *later)]
        found.append(
            Course(
                translate(instrument.name),
                *(instrument.low, instrument.high, instrument.better, instrument.mcid),
                values[0],
                tuple(values[1:]),
                tuple("–" if v is None else value_words(name, v, translate) for v in values),
                instrument.decimals,
            )
        )
    before_peg, pegs = at_times(pegs_of(history.entries), operated_on)
    means = [None if one is None else one.mean for one in (before_peg, *pegs)]
    found.append(_ten(translate(N_("Adapted PEG")), MCID, means))
    for key in _PAINS:
        level = levels.measures[key]
        weeks = [
            float(level.means[time.week_day]) if time.week_day <= levels.last_day else None
            for time in TIMES
        ]
        known = [None if one is None or isnan(one) else one for one in (level.before, *weeks)]
        name = translate(MEASURES[key].name_for(history.region))
        found.append(_ten(name, MEASURES[key].mcid, known))
    return tuple(one for one in found if any(v is not None for v in one.values))


def _ten(name: str, mcid: float | None, values: list[float | None]) -> Course:
    """A measure from 0 to 10 of which less is better."""
    words = tuple("–" if one is None else number(one) for one in values)
    return Course(name, 0, 10, Better.LOWER, mcid, values[0], tuple(values[1:]), words)
