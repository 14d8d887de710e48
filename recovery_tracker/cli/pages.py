"""The report of a diary file: the same figure and the same page as in the browser."""

from .. import __version__, charts
from ..domain.flags import Assessment
from ..domain.history import History
from ..domain.status import status_sentence
from ..reports import Picture, summarise, write_pdf


def report_pdf(history: History, assessment: Assessment, paper: str) -> bytes:
    """The one-page PDF of a diary whose owner the file does not name."""
    story = charts.story_of(history, assessment)
    description = charts.describe(story)
    figure = charts.draw_recovery(story, size="print", theme="print")
    picture = Picture(charts.to_svg(figure, status_sentence(assessment), description), description)
    return write_pdf(summarise(history, assessment, version=__version__), picture, paper=paper)
