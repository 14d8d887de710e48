"""The lane of medicines beside pain: a bar for each dose, as high as what was taken in a day."""

from datetime import date

from ..domain.history import History
from ..domain.language import N_
from ..domain.medicines import Medicine, by_name, course_words, daily_words
from ..domain.wording import Translate
from ..fonts import printable
from .panels import Bars, Panel

#: Medicines that have a lane; of more the latest ones are drawn. Our default.
MOST = 3
#: Height of a bar whose amount is not known, and the lowest of those that is, in rows.
_UNKNOWN, _LOWEST = 0.45, 0.18
#: Height of the highest bar: the rest of a lane is air.
_HIGHEST = 0.78


def medicines_panel(
    history: History, today: date, span: tuple[int, int], translate: Translate
) -> Panel | None:
    """The bars within the span; None where no medicine was taken in it."""
    first = history.index.day
    drawn = [
        lane
        for doses in by_name(history.medicines)
        if (lane := _lane(doses, first, today, span)).pieces
    ][-MOST:]
    if not drawn:
        return None
    bars = tuple(reversed(drawn))
    now = [one for one in history.medicines if one.is_taken(today)]
    said = daily_words(now[0], translate) if len(bars) == 1 and now else ""
    return Panel(
        measure="medicines",
        title=translate(N_("Medicines")),
        direction="",
        higher_is_better=False,
        high=float(len(bars)),
        ticks=tuple((float(place), one.name) for place, one in enumerate(bars)),
        days=(),
        values=(),
        late=(),
        line=(),
        band=(),
        middle=(),
        before=None,
        best=None,
        columns=("", "", printable(said)),
        notes=("", "", ""),
        gaps=(),
        bars=bars,
        remarks=(translate(N_("Bars: medicines, as high as the dose of the day.")),),
    )


def _lane(doses: tuple[Medicine, ...], first: date, today: date, span: tuple[int, int]) -> Bars:
    # Doses of different units cannot be compared, so only those of the first unit share a scale.
    unit = doses[0].unit
    most = max((one.daily for one in doses if one.daily and one.unit == unit), default=None)
    pieces = []
    for one, following in zip(doses, (*doses[1:], None), strict=True):
        end = min(today, one.until or today)
        if following is not None:
            end = min(end, following.day)
        start, stop = (one.day - first).days, (end - first).days
        if following is not None and end == following.day:
            stop -= 1
        height = _UNKNOWN
        if most and one.daily and one.unit == unit:
            height = max(_LOWEST, _HIGHEST * one.daily / most)
        start, stop = max(start, span[0]), min(stop, span[1])
        if start <= stop:
            pieces.append((start, stop, round(height, 4)))
    return Bars(printable(doses[0].name), tuple(pieces))


def medicines_words(history: History, today: date, translate: Translate) -> str:
    """Every medicine since before the operation, in words; "" where there is none."""
    return " ".join(course_words(doses, today, translate) for doses in by_name(history.medicines))
