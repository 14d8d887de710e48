"""The numbers at the weeks at which studies report, beside the published ones."""

from dataclasses import dataclass
from math import isnan

from ..domain.history import History
from ..domain.language import N_
from ..domain.measures import MEASURES
from ..domain.wording import SHORT_OPTIONS, Translate, number
from ..trends.course import shown_course
from ..trends.levels import SPARSE_WINDOW, Level, Levels

#: Weeks after the operation at which studies of fusions report most often.
WEEKS = (6, 12, 26, 52)

#: The measures that have a row.
_SHOWN = ("axial_pain", "limb_pain", "walking")


@dataclass(frozen=True, slots=True)
class MarkCell:
    """The own mean of a week, and beside it the published mean and range; "" where none is."""

    own: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """A row for each measure: its name, its value before, and a cell for each week."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[MarkCell, ...]], ...]
    #: What the numbers are.
    line: str


def marks_of(history: History, levels: Levels, translate: Translate = str) -> Marks | None:
    """The numbers of the weeks that have passed; None before the first of them."""
    weeks = [week for week in WEEKS if levels.last_day >= week * 7 + 6]
    if not weeks:
        return None
    rows = []
    for key in _SHOWN:
        level = levels.measures[key]
        if not level.answered:
            continue
        cells = [_cell(history, level, week, translate) for week in weeks]
        before = "–" if level.before is None else _value(key, level.before, translate)
        name = translate(MEASURES[key].name_for(history.region))
        rows.append((name, (MarkCell(before), *cells)))
    if not rows:
        return None
    is_published = any(cell.published for _, cells in rows for cell in cells)
    said = [translate(N_("Mean of the days of that week."))]
    if is_published:
        said.append(translate(N_("In brackets: published mean and range.")))
    heads = [translate(N_("week {week}")).format(week=week) for week in weeks]
    return Marks((translate(N_("Before op")), *heads), tuple(rows), " ".join(said))


def _cell(history: History, level: Level, week: int, translate: Translate) -> MarkCell:
    day = week * 7 + 6
    mean = float(level.means[day])
    own = "–" if isnan(mean) else _value(level.measure, mean, translate)
    if own != "–" and level.spans[day] == SPARSE_WINDOW:
        own = translate(N_("{level} over two weeks")).format(level=own)
    return MarkCell(own, _published(history, level, day - 3))


def _value(key: str, value: float, translate: Translate) -> str:
    if key in SHORT_OPTIONS:
        return translate(SHORT_OPTIONS[key][round(value)])
    return number(value)


def _published(history: History, level: Level, day: int) -> str:
    preop = level.before if level.measure in ("axial_pain", "limb_pain") else None
    band = shown_course(history.region, history.index.approach, level.measure, [day], preop)
    if band is None:
        return ""
    low, mean, high = (number(float(part[0])) for part in (band.low, band.mean, band.high))
    return f"{mean}, {low}–{high}"
