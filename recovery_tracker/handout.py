"""The chart and the report to hand over, made from a recovery in one call.

Combines `charts` and `reports`, which do not import each other, for `web` and `cli`.
"""

from collections.abc import Callable

from .charts import PRINT_WIDTH, describe, draw_recovery, legend, print_height, story_of
from .domain.flags import Assessment
from .domain.history import History
from .domain.language import N_
from .domain.wording import Translate
from .reports import PLAIN, Handover, Picture, RecoverySummary, summarise, write_pdf

CHART_TITLE = N_("Chart of the recovery")

#: Heights of the panels on paper, tallest first: a page with little else on it has room.
PAPER_SHARES = (1.45, 1.3, 1.2, 1.12, 1.05, 0.98, 0.92, 0.86, 0.8, 0.75, 0.7)

#: Gives the drawing of this content: an earlier one, or what the function draws.
Keeping = Callable[[str, Callable[[], bytes]], bytes]


def _drawn_anew(_content: str, draw: Callable[[], bytes]) -> bytes:
    return draw()


def chart_of(
    history: History,
    assessment: Assessment,
    *,
    translate: Translate = str,
    kept: Keeping = _drawn_anew,
    own_language: str = "",
) -> Picture:
    """The chart on paper, drawn at the height that a page asks for, with its words.

    `kept` may give back what was drawn before of the same story; `own_language` is that of what the
    patient typed, "" if that is not known.
    """
    story = story_of(history, assessment, translate=translate)
    description = describe(story)

    def draw(height: float) -> bytes:
        sheet = draw_recovery(
            story, size="print", theme="print", height=height, translate=translate
        )
        return sheet.to_svg(translate(CHART_TITLE), description, letters=True)

    def drawn(height: float) -> bytes:
        return kept(f"{story!r} {height}", lambda: draw(height))

    heights = tuple(print_height(story, share) for share in PAPER_SHARES)
    return Picture(
        drawn,
        PRINT_WIDTH,
        heights,
        description,
        legend(story, translate),
        story.key_pieces(own_language),
    )


def report_of(
    history: History,
    assessment: Assessment,
    page: Handover = PLAIN,
    *,
    paper: str = "a4",
    translate: Translate = str,
    kept: Keeping = _drawn_anew,
) -> bytes:
    """The one-page report as PDF: `reports.summarise` with the chart set out on paper."""
    summary = summarise(history, assessment, page, translate)
    picture = chart_of(
        history, assessment, translate=translate, kept=kept, own_language=page.own_language
    )
    return write_pdf(summary, picture, paper=paper, translate=translate)


__all__ = ["Handover", "Picture", "RecoverySummary", "chart_of", "report_of"]
