"""What the marks of one picture mean, naming only those that are in it."""

from ..domain.language import N_
from ..domain.wording import Translate
from ..trends.levels import SPARSE_WINDOW
from .story import ChartStory
from .words import joined

_DOTS = N_("Dots: single days.")
_LATE = N_("Dots: single days (hollow: filled in 2 or more days later).")
_WEEKS = N_("Strokes: each week from its lowest to its highest day.")
_LONE = N_("Dots: single days without a line.")
_LINE = N_("Line: mean of the last 7 days, broken where too few were logged.")
_LINE_TWO = N_(
    "Line: mean of the last 7 days, of 14 where fewer than 3 were answered, broken where these are "
    "too few."
)
_FLAG = N_("Shaded: the flag, in the panels that carry its evidence.")
_GAPS = N_("Hatched: no entries.")
_BAND = N_("Pale area: range in published studies; dashes in it: their mean.")
_BEFORE = N_("Dashes at left: before the operation.")
_LANES = N_("Squares: ticked that day; full: same day or emergency.")
_PERIODS = N_("Bars A and B: the two periods compared.")
_BEST = N_("Bracket: own best week.")
_BEST_TWO = N_("Bracket: own best week, or best two weeks where too few days were answered.")


def legend(story: ChartStory, translate: Translate = str) -> str:
    """One sentence for each kind of mark in the picture; "" if there is none."""
    panels = story.panels
    brackets = {panel.spans[0] for panel in panels if panel.best is not None}
    late = any(any(panel.late) for panel in panels)
    days = _WEEKS if story.is_long else _LATE if late else _DOTS
    drawn = {panel.measure for panel in panels}
    is_field = any(drawn & {*field.measures} for field in (story.lead, *story.others) if field)
    marks = (
        (
            days,
            any(len(panel.days) > (len(panel.lone) if story.is_long else 0) for panel in panels),
        ),
        (_LONE, story.is_long and any(panel.lone for panel in panels)),
        (
            _LINE_TWO if any(panel.is_sparse for panel in panels) else _LINE,
            any(panel.line for panel in panels),
        ),
        (_GAPS, bool(story.gaps)),
        (_FLAG, is_field),
        (_BAND, any(panel.band for panel in panels)),
        (_LANES, bool(story.lanes)),
        (_PERIODS, any(first <= last for first, last in story.periods)),
        (_BEFORE, story.first == 0 and any(panel.before is not None for panel in panels)),
        (_BEST_TWO if SPARSE_WINDOW in brackets else _BEST, bool(brackets)),
    )
    told = [translate(sentence) for sentence, is_there in marks if is_there]
    return joined([*told, *(remark for panel in panels for remark in panel.remarks)])
