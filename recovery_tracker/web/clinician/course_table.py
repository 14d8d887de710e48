"""The outcomes of one patient as a table with a small drawing for each measure."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from ...domain.follow_up_times import BEFORE, TIMES
from ...domain.measures import Better
from ...domain.wording import number
from ...reports.courses import Course, courses_of
from ...services import Recovery
from ...trends.levels import levels_of
from ..shared.language import mark

_WIDTH, _HEIGHT, _MARGIN = 132, 40, 5


@dataclass(frozen=True, slots=True)
class CourseCell:
    """A value and its change since before the operation, "" where there is none."""

    value: str
    change: str
    #: Whether patients notice a change of this size for the better, or for the worse.
    is_better: bool = False
    is_worse: bool = False


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One measure: its drawing, its cells, and the change that patients notice."""

    name: str
    picture: Markup
    cells: tuple[CourseCell, ...]
    noticed: str


def course_header() -> list[str]:
    """The heads of the columns after the name."""
    return [_(BEFORE), *(_(time.name) for time in TIMES)]


def course_rows(recovery: Recovery) -> list[CourseRow]:
    """A row for each measure of which anything is known after the operation."""
    assert recovery.history is not None
    levels = levels_of(recovery.history, recovery.today)
    return [_row(course) for course in courses_of(recovery.history, levels, _)]


def _row(course: Course) -> CourseRow:
    cells = [CourseCell(course.words[0], "")]
    for value, words in zip(course.values, course.words[1:], strict=True):
        change = course.change(value)
        if change is None or course.mcid is None:
            cells.append(CourseCell(words, ""))
            continue
        said = _written(change if course.better is Better.HIGHER else -change, course.decimals)
        is_noticed = abs(change) >= course.mcid
        cells.append(CourseCell(words, said, is_noticed and change > 0, is_noticed and change < 0))
    noticed = "–" if course.mcid is None else _written(course.mcid, 1).removeprefix("+")
    return CourseRow(course.name, _picture(course), tuple(cells), noticed)


def _written(change: float, decimals: int) -> str:
    said = number(change)
    if decimals > 1:
        said = f"{change:.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    return f"+{said}" if change > 0 else said


def _picture(course: Course) -> Markup:
    """A dot for each value, the one from before as a line, and around it what nobody notices."""
    label = mark("; ").join(
        head + mark(": ") + words
        for head, words in zip(course_header(), course.words, strict=True)
        if words != "–"
    )
    return Markup(
        '<svg class="spark course" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        'aria-label="{label}">{parts}</svg>'
    ).format(w=_WIDTH, h=_HEIGHT, label=label, parts=Markup("").join(map(Markup, _parts(course))))


def _parts(course: Course) -> Iterator[str]:
    values = (course.before, *course.values)
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    # An index below 0 is rare: the scale goes as far down as its values do.
    bottom = min([max(course.low, 0), *(value for _n, value in known)])

    def x(place: int) -> float:
        return _MARGIN + place * (_WIDTH - 2 * _MARGIN) / (len(values) - 1)

    def y(value: float) -> float:
        share = (value - bottom) / (course.high - bottom)
        return _HEIGHT - _MARGIN - min(max(share, 0), 1) * (_HEIGHT - 2 * _MARGIN)

    if course.before is not None:
        around = course.mcid or 0
        top, end = y(course.before + around), y(course.before - around)
        if around:
            yield f'<rect class="b" x="0" y="{top:.1f}" width="{_WIDTH}" height="{end - top:.1f}"/>'
        level = y(course.before)
        yield f'<path class="ax" stroke-dasharray="4 3" d="M0 {level:.1f}H{_WIDTH}"/>'
    if len(known) > 1:
        line = "L".join(f"{x(n):.1f} {y(value):.1f}" for n, value in known)
        yield f'<path class="l" d="M{line}"/>'
    for n, value in known:
        yield f'<circle class="p" cx="{x(n):.1f}" cy="{y(value):.1f}" r="3"/>'
