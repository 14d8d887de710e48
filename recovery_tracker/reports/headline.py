"""What happened, in one or two sentences with the numbers that the chart shows."""

from ..domain.language import N_
from ..domain.measures import MEASURES, Better, Kind
from ..domain.surgery import Region, completed_weeks
from ..domain.wording import Translate, difference, level_words
from ..trends.levels import SPARSE_WINDOW, WINDOW, Level, Levels

#: A mean that moved by less than this is "much the same". Our default.
MOVED = 1.0

_PAINS = ("axial_pain", "limb_pain")
_TOLD = (*_PAINS, "walking")

#: Sentences that fit above the chart.
_MOST = 2

_FELL_ROSE = N_(
    "{name} went from {before} to {best} at its best ({week}) and is now back at {last}."
)
_WORSE = N_("{name} was best in {week} ({best}) and is now {last}.")
_MOVED = N_("{name} went from {before} to {last}.")
_SAME = N_("{name} is much the same as before the operation ({before}, now {last}).")
_SAME_WORDS = N_("{name} is much the same as before the operation ({before}).")
_DOSES = N_("{name}: from {best} to {last} a day.")
_BEFORE = N_("{name} before the operation: {before}.")
_STEADY = N_("{name} is at {last}, about its best so far.")
_ALONE = N_("{name} is at {last}; there is no earlier week to compare.")
_LAST_KNOWN = N_("{name} was last known in {latest_week}: {latest}.")
_LAST_KNOWN_AND_BEST = N_(
    "{name} was last known in {latest_week}: {latest}; best so far {best} in {week}."
)
_TOO_FEW_SINCE = N_(
    "{name} was {answer} in the last answer ({answer_week}); last mean {latest} ({latest_week})."
)
_LAST_ANSWER = N_("{name} was {answer} in the last answer ({answer_week}).")
_TOO_FEW = N_("{name} was {answer} in the last answer ({answer_week}); too few for a mean.")


def headline(
    levels: Levels,
    region: Region,
    translate: Translate = str,
    *,
    worse_only: bool = False,
    about: str = "",
    pains_worse_only: bool = False,
) -> tuple[str, ...]:
    """Pain, then walking; empty where there is nothing to tell yet, as in the first week.

    `about` is the measure that the open flag is about: it is told first, or else a pain that went
    down would comfort above a flag of something else. `worse_only` tells only what got worse: a
    mean of seven days that went down would comfort beside a sign of today. `pains_worse_only` does
    so of pains alone, beside a flag of one that rose.
    """
    if levels.last_day < 0:
        return _baseline(levels, region, translate)
    if levels.last_day < WINDOW:
        return ()
    keys = (*_TOLD, about) if about in levels.measures and about not in _TOLD else _TOLD
    known = [levels.measures[key] for key in keys if levels.measures[key].answered_day is not None]
    if worse_only or pains_worse_only:
        told = [level for level in known if _got_worse(level, level.measure == about)]
        known = [one for one in known if one in told or not (worse_only or one.measure in _PAINS)]
    pains = [level for level in known if level.measure in _PAINS]
    if len(pains) > 1:
        # Of the two pains the one that the flag is about, else the one that moved more, else the
        # first: there is room for walking then.
        pains = [max(pains, key=lambda level: (level.measure == about, _moved_by(level)))]
    others = [level for level in known if level.measure not in _PAINS]
    chosen = sorted(pains + others, key=lambda level: level.measure != about)
    return tuple(
        sentence(level, region, translate, is_flagged=level.measure == about)
        for level in chosen[:_MOST]
    )


def _baseline(levels: Levels, region: Region, translate: Translate) -> tuple[str, ...]:
    """What a surgeon wants before an operation: where each measure stands."""
    known = [level for key in _TOLD if (level := levels.measures[key]).before is not None]
    return tuple(
        translate(_BEFORE).format(
            name=translate(MEASURES[level.measure].name_for(region)),
            before=level_words(level.measure, level.before, translate),
        )
        for level in known
    )


def _moved_by(level: Level) -> float:
    apart = abs(level.change or 0)
    return apart if apart >= MOVED else 0.0


def sentence(
    level: Level, region: Region, translate: Translate = str, *, is_flagged: bool = False
) -> str:
    """One measure's course; it must have been answered since the operation.

    An answer later than the last mean is told itself: "last known" would pass over it. Where an
    open flag is about the measure, a smaller loss since its best is told too.
    """
    answered = level.answered_day or 0
    words = {
        "name": translate(MEASURES[level.measure].name_for(region)),
        "before": level_words(level.measure, level.before, translate),
        "best": level_words(level.measure, level.best, translate),
        "last": _over(
            level_words(level.measure, level.last, translate), level.last_span, translate
        ),
        "week": _week(level.best_day or 0, level.best_span, translate),
        "latest": level_words(level.measure, level.latest, translate),
        "latest_week": _week(level.latest_day or 0, level.latest_span, translate),
        "answer": level_words(level.measure, float(level.values[answered]), translate),
        "answer_week": _week(answered, WINDOW, translate),
    }
    return translate(_template(level, is_flagged)).format(**words)


def _week(day: int, span: int, translate: Translate) -> str:
    """The week in which the days of a mean end; two weeks where the mean needed them."""
    week = completed_weeks(day)
    if span == SPARSE_WINDOW:
        return translate(N_("the two weeks up to week {week}")).format(week=week)
    if not week:
        return translate(N_("the first week"))
    return translate(N_("week {week}")).format(week=week)


def _over(level: str, span: int, translate: Translate) -> str:
    """The level of the last week; where it needed two weeks, that is said."""
    if span != SPARSE_WINDOW:
        return level
    return translate(N_("{level} over two weeks")).format(level=level)


def _template(level: Level, is_flagged: bool) -> str:
    if level.latest_day is None:
        return _TOO_FEW
    if (answered := level.answered_day or 0) > level.latest_day:
        told = (float(level.values[answered]), level.latest)
        is_same = len({level_words(level.measure, value) for value in told}) == 1
        return _LAST_ANSWER if is_same else _TOO_FEW_SINCE
    if level.last is None or level.best is None:
        return _LAST_KNOWN_AND_BEST if _lost(level) else _LAST_KNOWN
    if level.measure == "opioid_doses":
        return _DOSES
    if level.before is None:
        if _got_worse(level, is_flagged):
            return _WORSE
        return _STEADY if _has_earlier(level) else _ALONE
    if _got_worse(level, is_flagged):
        return _FELL_ROSE if _gained(level) else _WORSE
    if moved(level.measure, level.before, level.last):
        return _MOVED
    is_one_word = MEASURES[level.measure].kind is Kind.CHOICE and level_words(
        level.measure, level.before
    ) == level_words(level.measure, level.last)
    return _SAME_WORDS if is_one_word else _SAME


def _has_earlier(level: Level) -> bool:
    """Whether a mean shares no day with the last one: a first week is no best one."""
    return any(mean == mean for mean in level.means[: -level.last_span])


def _got_worse(level: Level, is_flagged: bool = False) -> bool:
    """Whether it is worse now than at its best; after a gain only by what patients notice, unless
    it is flagged.
    """
    if level.last is None or level.best is None or (level.change or 0) <= 0:
        return False
    if not moved(level.measure, level.best, level.last):
        return False
    return is_flagged or came_back(level) or not _gained(level)


def above_best(level: Level) -> float:
    """How far it is above its best week as a share of its scale; 0 where that is no difference."""
    if not _got_worse(level, is_flagged=True):
        return 0.0
    return float(level.change or 0) / float(MEASURES[level.measure].high or 1)


def _gained(level: Level) -> bool:
    """Whether its best week was better than the time before the operation."""
    if level.before is None or level.best is None:
        return False
    worse = level.best - level.before
    if MEASURES[level.measure].better is Better.HIGHER:
        worse = -worse
    return worse < 0 and moved(level.measure, level.before, level.best)


def _lost(level: Level) -> bool:
    if level.latest is None or level.best is None:
        return False
    return moved(level.measure, level.best, level.latest)


def came_back(level: Level) -> bool:
    """Whether the loss since the best week is one that patients notice.

    The best week is the luckiest of many: in a steady diary the last one lies a point above it.
    """
    mcid = MEASURES[level.measure].mcid
    if level.change is None or mcid is None or MEASURES[level.measure].kind is Kind.CHOICE:
        return True
    return level.change >= mcid


def moved(measure: str, one: float, other: float) -> bool:
    """Whether two means differ enough to be told apart: a point, or half of one and other words."""
    apart = abs(difference(one, other))
    if MEASURES[measure].kind is Kind.CHOICE and round(one) != round(other):
        return apart >= MOVED / 2
    return apart >= MOVED
