"""One panel of a chart as plain values: its days, its line, its band, and what stands beside it."""

from dataclasses import dataclass

import numpy as np

from ..domain.diary import DiaryEntry
from ..domain.history import History
from ..domain.language import N_
from ..domain.measures import MEASURES, Better, Kind
from ..domain.wording import SHORT_WORDS, Translate, level_words, mark
from ..fonts import printable
from ..trends.course import shown_course
from ..trends.levels import SPARSE_WINDOW, WINDOW, Level
from .words import direction_words, name_words, scale_words

#: The answers about pain tablets from the lowest to the highest on the panel.
TABLETS = tuple(SHORT_WORDS["painkiller_change"])


#: Wordings of the person's own question that have a panel of their own. Our default.
MOST_OWN = 2


@dataclass(frozen=True, slots=True)
class Bars:
    """What went on over stretches of days: first day, last day, height as a share of its row."""

    name: str
    pieces: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure. Days are postoperative days within the story; values on the measure's scale."""

    measure: str
    title: str
    direction: str
    higher_is_better: bool
    high: float
    ticks: tuple[tuple[float, str], ...]
    days: tuple[int, ...]
    values: tuple[float, ...]
    late: tuple[bool, ...]
    #: Day and mean; a break in the days is a break in the line.
    line: tuple[tuple[int, float], ...]
    #: Day, low and high of the published range; empty where none is known.
    band: tuple[tuple[int, float, float], ...]
    #: Day and mean of the published groups, on the days of the band.
    middle: tuple[tuple[int, float], ...]
    #: The value from before the operation; None where it is not known.
    before: float | None
    #: First day, last day and mean of the person's own best week, or of the two weeks in its place.
    best: tuple[int, int, float] | None
    #: What is written in the columns: before, best week, last week.
    columns: tuple[str, str, str]
    #: Days that the numbers of the last two columns rest on, 0 where there is none.
    spans: tuple[int, int] = (0, 0)
    #: Whether the line rests on two weeks anywhere, because a week of it holds too few answers.
    is_sparse: bool = False
    #: What stands below the three numbers in place of the days that they rest on.
    notes: tuple[str, str, str] | None = None
    #: Its own gaps; None where they are those of the diary.
    gaps: tuple[tuple[int, int], ...] | None = None
    #: Days on which another source of the same values began.
    marks: tuple[int, ...] = ()
    #: What its marks mean, already in the reader's language.
    remarks: tuple[str, ...] = ()
    #: Bars over stretches of days, each row of them 1 high, the lowest row first.
    bars: tuple[Bars, ...] = ()

    @property
    def lone(self) -> tuple[int, ...]:
        """Answered days of weeks that have no line: in a long chart they alone tell of these."""
        drawn = {day // 7 for day, _ in self.line}
        return tuple(day for day in self.days if day // 7 not in drawn)


def panel_of(history: History, level: Level, span: tuple[int, int], translate: Translate) -> Panel:
    """The panel of a followed measure; `span` holds the first and the last day of the chart."""
    measure = MEASURES[level.measure]
    first, last = span
    days = [int(d) for d in np.flatnonzero(~np.isnan(level.values)) if first <= d <= last]
    line = [int(d) for d in np.flatnonzero(~np.isnan(level.line)) if first <= d <= last]
    best = None
    if level.best is not None and level.best_day is not None and first <= level.best_day <= last:
        start = max(0, level.best_day - level.best_span + 1)
        best = (max(first, start), level.best_day, level.best)
    high = float(measure.high or 0)
    ticks = scale_words(level.measure, translate)
    if measure.kind is Kind.COUNT:
        most = float(np.nanmax(level.values)) if level.answered else 0.0
        high = next((limit for limit in (6.0, 12.0, 24.0) if most <= limit), high)
        ticks = ((0.0, "0"), (high, f"{high:g}"))
    band = _band(history, level, span)
    return Panel(
        measure=level.measure,
        title=name_words(level.measure, history.region, translate),
        direction=direction_words(level.measure, translate),
        higher_is_better=measure.better is Better.HIGHER,
        high=high,
        ticks=ticks,
        days=tuple(days),
        values=tuple(float(level.values[d]) for d in days),
        late=tuple(bool(level.late[d]) for d in days),
        line=tuple((d, round(float(level.line[d]), 4)) for d in line),
        band=tuple((day, low, high) for day, low, _, high in band),
        middle=tuple((day, mean) for day, _, mean, _ in band),
        before=level.before,
        best=best,
        columns=(
            "–" if level.before is None else level_words(level.measure, level.before, translate),
            "–" if level.best is None else level_words(level.measure, level.best, translate),
            level_words(level.measure, level.last, translate) if level.answered else "–",
        ),
        spans=(level.best_span, level.last_span),
        is_sparse=any(level.spans[d] == SPARSE_WINDOW for d in line),
    )


def _band(
    history: History, level: Level, span: tuple[int, int]
) -> tuple[tuple[int, float, float, float], ...]:
    """Day, low, mean and high of the published range, at no more than two hundred days."""
    first, last = max(span[0], 2), span[1]
    if last < first:
        return ()
    days = np.unique(np.linspace(first, last, min(200, last - first + 1)).round().astype(int))
    preop = level.before if level.measure in ("axial_pain", "limb_pain") else None
    band = shown_course(history.region, history.index.approach, level.measure, days, preop)
    if band is None:
        return ()
    return tuple(
        (int(day), round(float(low), 3), round(float(mean), 3), round(float(high), 3))
        for day, low, mean, high in zip(days, band.low, band.mean, band.high, strict=True)
    )


def tablets_panel(
    history: History, span: tuple[int, int], today: int, translate: Translate
) -> Panel | None:
    """What the patient said about pain tablets, week by week; None where it was never answered."""
    told = [(pod, place) for pod, place, _ in tablets_told(history)]
    key = "painkiller_change"
    if not told:
        return None
    last = _lately(told, today, level_words(key, float(told[-1][1]), translate))
    title = name_words(key, history.region, translate)
    return _dots(key, title, scale_words(key, translate), told, span, last)


def own_panels(
    history: History, span: tuple[int, int], today: int, translate: Translate
) -> list[Panel]:
    """The answers to the patient's own question, each wording of it apart, the newest first; of
    many the `MOST_OWN` that were answered last.
    """
    ends = ((0.0, "0"), (10.0, "10"))
    shown = [
        (words, told)
        for words, told in own_told(history, translate)
        if any(span[0] <= pod <= span[1] for pod, _ in told)
    ]
    return [
        _dots("own_item", words, ends, told, span, _lately(told, today, str(told[-1][1])))
        for words, told in shown[:MOST_OWN]
    ]


def _lately(told: list[tuple[int, int]], today: int, last: str) -> str:
    """The last answer, for the column of the last week; a dash where none is of that week."""
    return last if today - told[-1][0] < WINDOW else "–"


def _dots(
    measure: str,
    title: str,
    ticks: tuple[tuple[float, str], ...],
    told: list[tuple[int, int]],
    span: tuple[int, int],
    last: str,
) -> Panel:
    """Answers, not amounts: no line, no best week, and neither direction is better."""
    shown = [(pod, value) for pod, value in told if span[0] <= pod <= span[1]]
    return Panel(
        measure=measure,
        title=title,
        direction="",
        higher_is_better=False,
        high=ticks[-1][0],
        ticks=ticks,
        days=tuple(pod for pod, _ in shown),
        values=tuple(float(value) for _, value in shown),
        late=(False,) * len(shown),
        line=(),
        band=(),
        middle=(),
        before=None,
        best=None,
        columns=("–", "–", last),
    )


def own_told(history: History, translate: Translate) -> list[tuple[str, list[tuple[int, int]]]]:
    """Each wording of the patient's own question since the operation, the one answered last first,
    with postoperative day and answer.
    """
    index = history.index.day
    found: dict[str, list[tuple[int, int]]] = {}
    for entry in history.entries:
        if entry.own_item is not None and entry.day >= index:
            words = printable(entry.own_question or "").strip()
            words = words or name_words("own_item", history.region, translate)
            found.setdefault(words, []).append(((entry.day - index).days, entry.own_item))
    return sorted(found.items(), key=lambda one: -one[1][-1][0])


def own_words(history: History, translate: Translate) -> list[str]:
    """The same, a sentence for each wording, for those who cannot see it."""
    once = N_("{name}, from 0 to 10: answered once, {value}.")
    often = N_("{name}, from 0 to 10: answered on {count} days, last {value}.")
    return [
        translate(once if len(told) == 1 else often).format(
            name=words, count=len(told), value=told[-1][1]
        )
        for words, told in own_told(history, translate)
    ]


def tablets_told(history: History) -> list[tuple[int, int, DiaryEntry]]:
    """Postoperative day, place in `TABLETS` and entry of every answer since the operation."""
    index = history.index.day
    return [
        ((entry.day - index).days, TABLETS.index(entry.painkiller_change), entry)
        for entry in history.entries
        if entry.painkiller_change is not None and entry.day >= index
    ]


def tablets_words(history: History, translate: Translate) -> str:
    """The same in one sentence for those who cannot see it; "" where it was never answered."""
    told = tablets_told(history)
    if not told:
        return ""
    places = [place for _, place, _ in told]
    counts = [
        f"{level_words('painkiller_change', float(place), translate)} {places.count(place)}"
        for place in sorted(set(places))
    ]
    return translate(
        N_("{name} compared with the week before, number of answers: {counts}.")
    ).format(
        name=name_words("painkiller_change", history.region, translate),
        counts=mark(", ", translate).join(counts),
    )
