"""The same picture in words: labels, a description for those who cannot see it, and its table."""

from collections.abc import Iterable

import numpy as np

from ..domain.language import N_
from ..domain.measures import MEASURES, Better, Kind
from ..domain.surgery import Region, completed_weeks
from ..domain.wording import SHORT_OPTIONS, SHORT_WORDS, Translate, level_words, mark
from ..trends.levels import ENOUGH, FOLLOWED, SPARSE_WINDOW, Level, Levels

DIRECTIONS = {
    Better.LOWER: N_("lower is better"),
    Better.HIGHER: N_("higher is better"),
    Better.NEITHER: "",
}


#: Names that are too long beside a panel.
CHART_NAMES = {
    "opioid_doses": N_("Strong painkillers"),
    "painkiller_change": N_("All pain tablets"),
}


def name_words(measure: str, region: Region, translate: Translate = str) -> str:
    """The name of a measure as it stands beside its panel."""
    return translate(CHART_NAMES.get(measure, MEASURES[measure].name_for(region)))


def direction_words(measure: str, translate: Translate = str) -> str:
    """Which way is better, in words; "" where neither is."""
    words = DIRECTIONS[MEASURES[measure].better]
    return translate(words) if words else ""


def scale_words(measure: str, translate: Translate = str) -> tuple[tuple[float, str], ...]:
    """The ticks of a measure's axis with what is written beside them."""
    if measure in SHORT_OPTIONS:
        names = SHORT_OPTIONS[measure]
        shown = (0, 2, 4) if measure == "walking" else (0, 4)
        return tuple((float(n), translate(names[n])) for n in shown)
    if measure in SHORT_WORDS:
        lowest, *_, highest = SHORT_WORDS[measure].values()
        return ((0.0, translate(lowest)), (len(SHORT_WORDS[measure]) - 1.0, translate(highest)))
    if MEASURES[measure].kind is Kind.SCORE:
        return ((0.0, "0"), (5.0, "5"), (10.0, "10"))
    return ()


def sentence_of(level: Level, region: Region, translate: Translate = str) -> str:
    """One measure's course: before, at its best, in the last week."""
    name = name_words(level.measure, region, translate)
    if not level.answered and level.before is None:
        return translate(N_("{name}: no entries.")).format(name=name)
    parts = []
    if level.before is not None:
        before = level_words(level.measure, level.before, translate)
        parts.append(translate(N_("before the operation {value}")).format(value=before))
    if not level.answered:
        return name + mark(": ", translate) + _ended(parts, translate)
    if level.best is not None and level.best_day is not None:
        best = level_words(level.measure, level.best, translate)
        week = completed_weeks(level.best_day)
        said = N_("best week {value}, in week {week}")
        if level.best_span == SPARSE_WINDOW:
            said = N_("best two weeks {value}, up to week {week}")
        parts.append(translate(said).format(value=best, week=week))
    last = level_words(level.measure, level.last, translate)
    said = N_("last week {value}")
    if level.last_span == SPARSE_WINDOW:
        said = N_("last two weeks {value}")
    parts.append(translate(said).format(value=last))
    days = N_("1 day answered") if level.answered == 1 else N_("{count} days answered")
    answered = translate(days).format(count=level.answered)
    head = name + mark(" (", translate) + answered + mark(")", translate)
    return head + mark(": ", translate) + _ended(parts, translate)


def _ended(parts: Iterable[str], translate: Translate) -> str:
    return mark(", ", translate).join(parts) + mark(".", translate)


def weekly_rows(
    levels: Levels, translate: Translate = str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The picture as a table: one row a week with the mean of each measure and the days logged.

    The mean of choices is the nearest of their words, as beside the picture; one of fewer than
    three answers is not given. Weeks count as on the axis: the first seven days are week 0.
    """
    shown = [key for key in FOLLOWED if levels.measures[key].answered]
    return tuple(shown), tuple(
        (
            str(week),
            *(_weekly(levels.measures[key], week, translate) for key in shown),
            str(int(levels.logged[week * 7 : week * 7 + 7].sum())),
        )
        for week in range(completed_weeks(levels.last_day) + 1)
    )


def _weekly(level: Level, week: int, translate: Translate) -> str:
    values = level.values[week * 7 : week * 7 + 7]
    known = values[~np.isnan(values)]
    if known.size < ENOUGH:
        return "–"
    return level_words(level.measure, float(known.mean()), translate)


def joined(sentences: Iterable[str]) -> str:
    """Sentences as one paragraph, the empty ones left out."""
    return " ".join(sentence for sentence in sentences if sentence)
