"""Moving and walking that get clearly and lastingly worse, whatever pain does.

Pressure on the spinal cord or on nerves, and many an illness, need not hurt. Each of the last four
weeks must lie clearly below the person's own usual, which ends before them: a dip of two or three
weeks never speaks. Both together need less than one alone, because less walking is often a choice.
Sleep only stands beside.
"""

from collections.abc import Mapping

import numpy as np

from .parameters import Parameters
from .signals import Signal
from .windows import Floats, Series


def function_scores(signals: Mapping[str, Signal], p: Parameters) -> dict[str, Floats]:
    """The channels `moving` and `walking`, shape (n, days); an alarm is a score of 1 or more.

    What both raise together is told as moving.
    """
    above = {
        key: signals[key].now.values - signals[key].usual(p)
        for key in ("mobility", "walking")
        if key in signals
    }
    scores: dict[str, Floats] = {}
    if "walking" in above:
        scores["walking"] = _lowest(above["walking"], p.walking_alarm, p)
    if "mobility" in above:
        scores["moving"] = _lowest(above["mobility"], p.moving_alarm, p)
    if len(above) > 1:
        both = np.mean(list(above.values()), axis=0)
        each = [_lowest(one, p.function_least, p) for one in above.values()]
        are_worse = np.minimum(*each) >= 1.0
        joint = np.where(are_worse, _lowest(both, p.function_alarm, p), 0.0)
        scores["moving"] = np.maximum(scores["moving"], joint)
    return scores


def _lowest(above: Floats, alarm: float, p: Parameters) -> Floats:
    """The lowest mean of the last weeks above the usual, as a share of the alarm; -inf where a week
    holds no answer, or the usual too few. A day counts a little more than the alarm at most: so a
    bad week at either end is never one of two bad days.
    """
    series = Series(np.minimum(above / alarm, p.function_clip))
    week = p.short_window
    means = [series.mean(n * week, (n + 1) * week - 1, 1) for n in range(p.function_weeks)]
    lowest = np.minimum.reduce(means)
    return np.where(np.isnan(lowest), -np.inf, lowest)
