"""The panel of steps: what a phone or watch counted, beside the person's own usual from before.

Only where a device counted any. It shows one source; where another one began is marked, because a
new watch is not more walking.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..domain.history import History
from ..domain.language import N_
from ..domain.passive import PASSIVE_MEASURES, PassiveKind
from ..domain.surgery import completed_weeks
from ..domain.wording import TOO_FEW, Translate, mark, near_day_words
from ..trends.step_course import (
    MONTH,
    SHARES_PEOPLE,
    WEEK_NEEDS,
    StepCourse,
    published_share,
    step_course,
)
from .panels import Panel

#: Tops of the scale, in steps a day.
_TOPS = (
    2_000,
    4_000,
    6_000,
    8_000,
    10_000,
    12_000,
    15_000,
    20_000,
    30_000,
    50_000,
    100_000,
    200_000,
)

_SHARE = N_("{percent} %")
_READ = N_(
    "Steps counted by {source}: a typical day before the operation, in the best four weeks and in "
    "the last week; as per cent of before."
)
_LATE_USUAL = N_("Before: the last twelve weeks, in which many already walk less.")
_OTHER = N_("Upright dashes in it: from {day} on {source} counted as well, and is not added.")
_GAPS = N_("Hatched in it: no steps counted.")
_DASHES = N_(
    "Dashes in weeks 1 to 4: mean of {people} patients in published studies, against their usual."
)


def steps_panel(
    history: History, today: date, span: tuple[int, int], translate: Translate
) -> tuple[Panel, StepCourse] | None:
    """The panel and the data behind it; None if no device counted steps."""
    course = step_course(history, today)
    if course is None or np.isnan(course.values).all():
        return None
    first, last = span
    days, line = _known_days(course.values, span), _known_days(course.line, span)
    marks = tuple(day for day, _ in course.others if first < day <= last)
    gaps = tuple((max(a, first), min(b, last)) for a, b in course.gaps if b >= first and a <= last)
    middle = _published(course, span)
    share = partial(_share, course, translate=translate)
    drawn = {"marks": bool(marks), "middle": bool(middle), "gaps": bool(gaps)}
    top = max([*(course.values[d] for d in days), course.usual or 0, *(s for _, s in middle)])
    high = next((limit for limit in _TOPS if top <= limit), _TOPS[-1])
    return (
        Panel(
            measure=str(PassiveKind.STEPS),
            title=translate(PASSIVE_MEASURES[PassiveKind.STEPS].name),
            direction=translate(N_("higher is better")),
            higher_is_better=True,
            high=float(high),
            ticks=((0.0, "0"), (float(high), _steps(high))),
            days=tuple(days),
            values=tuple(float(course.values[d]) for d in days),
            late=(False,) * len(days),
            line=tuple((d, round(float(course.line[d]), 1)) for d in line),
            band=(),
            middle=middle,
            before=course.usual,
            best=_best(course, span),
            columns=(
                "–" if course.usual is None else _steps(course.usual),
                "–" if course.best is None else _steps(course.best),
                translate(TOO_FEW) if course.last is None else _steps(course.last),
            ),
            notes=("", share(course.best), share(course.last)),
            gaps=gaps,
            marks=marks,
            remarks=_remarks(history, course, today, drawn, translate),
        ),
        course,
    )


def _known_days(values: NDArray[np.float64], span: tuple[int, int]) -> list[int]:
    """The days of a span that have a value."""
    return [int(d) for d in np.flatnonzero(~np.isnan(values)) if span[0] <= d <= span[1]]


def _best(course: StepCourse, span: tuple[int, int]) -> tuple[int, int, float] | None:
    """First day, last day and value of the best four weeks, cut to a span."""
    end = course.best_day
    if course.best is None or end is None or end > span[1]:
        return None
    start = max(span[0], end - MONTH + 1)
    return (start, end, course.best) if start < end else None


def _published(course: StepCourse, span: tuple[int, int]) -> tuple[tuple[int, float], ...]:
    """The published course from the person's own usual; empty where that is unknown."""
    if course.usual is None:
        return ()
    days = np.arange(span[0], span[1] + 1, dtype=np.float64)
    return tuple(
        (int(day), round(float(share) * course.usual, 1))
        for day, share in zip(days, published_share(days), strict=True)
        if not np.isnan(share)
    )


def _steps(steps: float) -> str:
    """Steps a day to the nearest ten; from ten thousand on with a space.

    >>> _steps(5234.2), _steps(12345)
    ('5230', '12\\xa0340')
    """
    whole = round(steps / 10) * 10
    return str(whole) if whole < 10_000 else f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}")


def _share(course: StepCourse, steps: float | None, translate: Translate) -> str:
    ratio = course.ratio(steps)
    return "" if ratio is None else translate(_SHARE).format(percent=round(100 * ratio))


def _remarks(
    history: History,
    course: StepCourse,
    today: date,
    panel_has: Mapping[str, bool],
    translate: Translate,
) -> tuple[str, ...]:
    said = [translate(_READ).format(source=course.source)]
    if course.is_late_usual:
        said.append(translate(_LATE_USUAL))
    if panel_has["gaps"]:
        said.append(translate(_GAPS))
    if panel_has["middle"]:
        said.append(translate(_DASHES).format(people=SHARES_PEOPLE))
    if panel_has["marks"]:
        said += [_other(history, day, one.source, today, translate) for day, one in course.others]
    return tuple(said)


def _other(history: History, day: int, source: str, today: date, translate: Translate) -> str:
    began = near_day_words(history.index.day + timedelta(days=day), today, translate)
    return translate(_OTHER).format(day=began, source=source)


def steps_words(history: History, course: StepCourse, today: date, translate: Translate) -> str:
    """The same for those who cannot see it."""
    counted = int(np.count_nonzero(~np.isnan(course.values)))
    parts = []
    if course.usual is not None:
        said = translate(N_("before the operation {value}"))
        parts.append(said.format(value=_steps(course.usual)))
    for steps, said in (
        (course.best, N_("best four weeks {value}, up to week {week}")),
        (course.last, N_("last week {value}")),
    ):
        if steps is not None:
            share = _share(course, steps, translate)
            value = _steps(steps)
            if share:
                value += mark(" (", translate) + share + mark(")", translate)
            week = completed_weeks(course.best_day or 0)
            parts.append(translate(said).format(value=value, week=week))
    if course.last is None:
        parts.append(translate(N_("last week {value}")).format(value=translate(TOO_FEW)))
    once = N_("Steps a day, counted by {source} on 1 day")
    often = N_("Steps a day, counted by {source} on {count} days")
    head = translate(once if counted == 1 else often).format(source=course.source, count=counted)
    said = mark(", ", translate).join(parts)
    told = [head + mark(": ", translate) + said + mark(".", translate)]
    told += [
        translate(N_("From {day} {source} counted too, and is not added.")).format(
            day=near_day_words(history.index.day + timedelta(days=day), today, translate),
            source=one.source,
        )
        for day, one in course.others
        if day
    ]
    return " ".join(told)


def with_steps(
    header: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    course: StepCourse,
    translate: Translate,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The table of weeks with a typical day of each before its last column."""
    name = translate(PASSIVE_MEASURES[PassiveKind.STEPS].name)
    told = (*header[:-1], name, header[-1])
    return told, tuple((*row[:-1], _week(course, week), row[-1]) for week, row in enumerate(rows))


def _week(course: StepCourse, week: int) -> str:
    values = course.values[week * 7 : week * 7 + 7]
    known = values[~np.isnan(values)]
    return "–" if known.size < WEEK_NEEDS else _steps(float(np.exp(np.log(known).mean())))
