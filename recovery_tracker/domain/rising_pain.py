"""Pain that rises: the last days against the own best stretch, where a fever makes it matter."""

from datetime import timedelta
from statistics import fmean

from .context import Context, since
from .diary import DiaryEntry
from .flags import Reason

#: Rising pain: the mean of one of these numbers of days (at least `_NOW_NEEDS` recorded) stands
#: this many points above the own best stretch. Source of the points: a deterioration that people
#: notice is smaller than an improvement, 1.2 points (COMI), below the cut-offs of 1.3 to 1.8 for
#: getting better (Suzuki 2020). A good week in bad ones hides nothing. The days are our default.
_NOW_DAYS, _NOW_NEEDS = (3, 7, 14), 3
_RISE = 1.2
#: With fewer, the last answers of this many days speak, `_NOW_NEEDS` at most. Our default.
_NOW_LONGEST = 28
#: The best stretch: lowest mean of 28 days (at least 8 recorded, two a week) after day 42, ending
#: at least 14 days ago. Our default.
_BEST_DAYS, _BEST_NEEDS, _BEST_FIRST_POD, _BEST_ENDED = 28, 8, 42, 14


def rising_pain(entry: DiaryEntry, context: Context) -> Reason | None:
    """Back or neck pain clearly above the own best stretch; None with too few answers."""
    best, now = _best_stretch(context), _pain_now(entry, context)
    if best is None or now is None or now - best < _RISE:
        return None
    levels = {"before": round(best, 1), "now": round(now, 1)}
    return Reason("rising_pain", {"measure": "axial_pain", **levels})


def _pain_now(entry: DiaryEntry, context: Context) -> float | None:
    """Mean of the last three days, week or two weeks, the highest; None without an answer."""

    def within(days: int) -> list[int]:
        first = context.day - timedelta(days=days - 1)
        entries = since((*context.earlier, entry), first)
        return [each.axial_pain for each in entries if each.axial_pain is not None]

    means = [fmean(scores) for scores in map(within, _NOW_DAYS) if len(scores) >= _NOW_NEEDS]
    if not means:
        # Whoever writes seldom, or felt too ill to write, is judged by the last answers, or by
        # today's alone.
        last = within(_NOW_LONGEST)[-_NOW_NEEDS:]
        means = [fmean(last)] if last else []
    return max(means, default=None)


def _best_stretch(context: Context) -> float | None:
    first = context.operation.day + timedelta(days=_BEST_FIRST_POD)
    last = context.day - timedelta(days=_BEST_ENDED)
    scores = [
        (entry.day.toordinal(), entry.axial_pain)
        for entry in since(context.earlier, first)
        if entry.day <= last and entry.axial_pain is not None
    ]
    best: float | None = None
    start = total = 0
    for end, (day, score) in enumerate(scores):
        total += score
        while day - scores[start][0] >= _BEST_DAYS:
            total -= scores[start][1]
            start += 1
        count = end - start + 1
        if count >= _BEST_NEEDS and (best is None or total / count < best):
            best = total / count
    return best
