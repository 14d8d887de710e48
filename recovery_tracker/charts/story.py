"""What a chart tells, decided before anything is drawn.

A `ChartStory` holds plain values: which days, which dots, where the line breaks, what is written
where. `recovery` draws it, `words` says it; neither decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from ..domain.flags import NOTE_PATTERNS, TREND_PATTERNS, Assessment, Episode
from ..domain.history import EVENT_NAMES, IMAGING_NAMES, History
from ..domain.language import N_
from ..domain.measures import MEASURES, Better, Kind
from ..domain.surgery import Region
from ..domain.wording import MODALITY_NAMES, Translate, day_words, level_words
from ..fonts import printable
from ..trends.course import expected_course
from ..trends.levels import Level, Levels, levels_of
from .words import (
    direction_words,
    joined,
    name_words,
    scale_words,
    sentence_of,
    weekly_rows,
)

#: Shortest stretch that is drawn, so that the first days do not fill the whole width.
SHORTEST = 14

#: Longest label of an event, in characters; the rest is in the list below the chart.
LABEL_LENGTH = 40

#: Weeks that can be asked for; None is the whole recovery.
ZOOMS = (2, 6, 12, 26, 52, None)


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
    #: The value from before the operation; None where it is not known.
    before: float | None
    #: First day, last day and mean of the own best week.
    best: tuple[int, int, float] | None
    #: What is written in the columns: before, best week, last week.
    columns: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that happened on a day."""

    day: int
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A stretch in which a flag held: from its onset, or where that is not estimated its first day.

    `noticed` is the day it was raised; `stop` the day it ended, None while it holds.
    """

    start: int
    noticed: int
    stop: int | None
    label: str


@dataclass(frozen=True, slots=True)
class ChartStory:
    """Everything a chart of one recovery shows. Days run from `first` to `last`, both included."""

    region: Region
    operation_day: date
    first: int
    last: int
    #: The last day that has happened; the axis may reach further.
    today: int
    panels: tuple[Panel, ...]
    gaps: tuple[tuple[int, int], ...]
    events: tuple[Tick, ...]
    #: The flag that is written out, and others that are only shaded.
    lead: Field | None
    others: tuple[Field, ...]
    #: Fixed words on the chart, already in the reader's language.
    words: Mapping[str, str]
    description: str
    #: Header and rows of the same numbers.
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def only(self, *measures: str) -> "ChartStory":
        """The same story with these panels alone, in this order."""
        panels = {panel.measure: panel for panel in self.panels}
        return replace(self, panels=tuple(panels[key] for key in measures if key in panels))


def story_of(
    history: History,
    assessment: Assessment,
    *,
    first: int | None = None,
    last: int | None = None,
    translate: Translate = str,
) -> ChartStory:
    """The story of a recovery on the day of its assessment.

    `first` and `last` are postoperative days that cut the picture, not the numbers: before, best
    and last week are always those of the whole recovery.
    """
    today = assessment.as_of
    levels = levels_of(history, today)
    known = history.known_on(today)
    first = max(0, 0 if first is None else first)
    last = max(levels.last_day if last is None else last, first + SHORTEST - 1)
    span = (first, last)
    panels = tuple(
        _panel(known, level, levels, span, translate)
        for level in levels.measures.values()
        if level.measure != "opioid_doses" or level.answered
    )
    lead, others = _fields(assessment, known.index.day, span, translate)
    events = _ticks(known, span, translate)
    header, rows = weekly_rows(levels, known.index.day, translate)
    return ChartStory(
        region=known.region,
        operation_day=known.index.day,
        first=first,
        last=last,
        today=levels.last_day,
        panels=panels,
        gaps=tuple(
            (max(a, first), min(b, last)) for a, b in levels.gaps if b >= first and a <= last
        ),
        events=events,
        lead=lead,
        others=others,
        words={key: translate(text) for key, text in _WORDS.items()},
        description=_description(known, levels, lead, events, translate),
        header=(
            translate(N_("Week")),
            *(name_words(key, known.region, translate) for key in header),
            translate(N_("Days logged")),
        ),
        rows=rows,
    )


_WORDS = {
    "symptoms": N_("SYMPTOMS"),
    "movement": N_("MOVEMENT"),
    "lower": N_("lower is better"),
    "higher": N_("higher is better"),
    "before": N_("Before op"),
    "best": N_("Best week"),
    "last": N_("Last week"),
    "band": N_("range in published studies"),
    "gap": N_("no entries"),
    "empty": N_("No entries yet"),
    "days": N_("Days after operation"),
    "weeks": N_("Weeks after operation"),
    "months": N_("Months after operation"),
}


def _panel(
    history: History, level: Level, levels: Levels, span: tuple[int, int], translate: Translate
) -> Panel:
    measure = MEASURES[level.measure]
    first, last = span
    days = [int(d) for d in np.flatnonzero(~np.isnan(level.values)) if first <= d <= last]
    line = [int(d) for d in np.flatnonzero(~np.isnan(level.line)) if first <= d <= last]
    best = None
    if level.best is not None and level.best_day is not None and first <= level.best_day <= last:
        start = max(0, level.best_day - levels.window + 1)
        best = (max(first, start), level.best_day, level.best)
    high = float(measure.high or 0)
    ticks = scale_words(level.measure, translate)
    if measure.kind is Kind.COUNT:
        most = float(np.nanmax(level.values)) if level.answered else 0.0
        high = next((limit for limit in (6.0, 12.0, 24.0) if most <= limit), high)
        ticks = ((0.0, "0"), (high, f"{high:g}"))
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
        band=_band(history, level, span),
        before=level.before,
        best=best,
        columns=(
            "–" if level.before is None else level_words(level.measure, level.before, translate),
            "–" if level.best is None else level_words(level.measure, level.best, translate),
            level_words(level.measure, level.last, translate) if level.answered else "–",
        ),
    )


def _band(
    history: History, level: Level, span: tuple[int, int]
) -> tuple[tuple[int, float, float], ...]:
    """The published range at no more than about two hundred days of the span."""
    first, last = max(span[0], 2), span[1]
    if last < first:
        return ()
    days = np.unique(np.linspace(first, last, min(200, last - first + 1)).round().astype(int))
    preop = level.before if level.measure in ("axial_pain", "limb_pain") else None
    band = expected_course(history.region, history.index.approach, level.measure, days, preop)
    if band is None:
        return ()
    return tuple(
        (int(day), round(float(low), 3), round(float(high), 3))
        for day, low, high in zip(days, band.low, band.high, strict=True)
    )


def _ticks(history: History, span: tuple[int, int], translate: Translate) -> tuple[Tick, ...]:
    """Events and imaging within the span, oldest first; those of one day share a tick."""
    named: dict[int, list[str]] = {}
    for event in history.events:
        label = event.label.strip() or translate(EVENT_NAMES[event.kind])
        named.setdefault((event.day - history.index.day).days, []).append(label)
    for image in history.imaging:
        modality = translate(MODALITY_NAMES.get(image.modality, image.modality))
        label = f"{modality}: {translate(IMAGING_NAMES[image.result]).lower()}"
        named.setdefault((image.day - history.index.day).days, []).append(label)
    return tuple(
        Tick(day, _short(", ".join(labels)))
        for day, labels in sorted(named.items())
        if span[0] <= day <= span[1]
    )


def _short(label: str) -> str:
    label = " ".join(printable(label).split())
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1].rstrip() + "…"


def _fields(
    assessment: Assessment, operation_day: date, span: tuple[int, int], translate: Translate
) -> tuple[Field | None, tuple[Field, ...]]:
    """The most urgent flag that holds, else the latest of the ended, and all others."""
    drawn = [e for e in assessment.episodes if e.pattern not in NOTE_PATTERNS]
    order = sorted(
        drawn,
        key=lambda e: (e.cleared_on is None, e.worst_urgency, e.onset is not None, e.raised_on),
        reverse=True,
    )
    lead = order[0] if order and order[0].cleared_on is None else None
    fields = {id(e): _field(e, operation_day, translate) for e in drawn}
    seen = [e for e in drawn if _overlaps(fields[id(e)], span)]
    return (
        fields[id(lead)] if lead is not None and lead in seen else None,
        tuple(fields[id(e)] for e in seen if e is not lead and e.pattern in TREND_PATTERNS),
    )


def _overlaps(field: Field, span: tuple[int, int]) -> bool:
    return field.start <= span[1] and (field.stop is None or field.stop >= span[0])


def _field(episode: Episode, operation_day: date, translate: Translate) -> Field:
    def pod(day: date) -> int:
        return (day - operation_day).days

    start = episode.raised_on if episode.onset is None else episode.onset
    stop = None if episode.cleared_on is None else pod(episode.cleared_on)
    raised = day_words(episode.raised_on, translate)
    if episode.signs:
        label = translate(N_("Reported on {day}")).format(day=raised)
    elif episode.onset is None:
        label = translate(N_("Noticed {day}")).format(day=raised)
    else:
        label = translate(N_("Began about {onset}, noticed {day}")).format(
            onset=day_words(episode.onset, translate), day=raised
        )
    return Field(pod(start), pod(episode.raised_on), stop, label)


def _description(
    history: History,
    levels: Levels,
    lead: Field | None,
    events: tuple[Tick, ...],
    translate: Translate,
) -> str:
    start = history.index.day

    def on(pod: int) -> str:
        return day_words(start + timedelta(days=pod), translate)

    def said(sentence: str, **values: object) -> str:
        return translate(sentence).format(**values)

    sentences = [said(N_("Chart of {days} days after the operation."), days=levels.last_day + 1)]
    sentences += [
        sentence_of(level, history.region, translate)
        for level in levels.measures.values()
        if level.measure != "opioid_doses" or level.answered
    ]
    if lead is not None:
        sentences.append(f"{lead.label}.")
    sentences += [
        said(N_("No entries from {first} to {last}."), first=on(a), last=on(b))
        for a, b in levels.gaps[-3:]
    ]
    if events:
        listed = "; ".join(f"{on(event.day)} {event.label}" for event in events)
        sentences.append(said(N_("Events: {events}."), events=listed))
    return joined(sentences)
