"""How it is going, as a chart, in words and as a table; and the report for the visit."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from ... import charts
from ...domain.flags import Assessment
from ...domain.history import History
from ...domain.people import Action
from ...domain.surgery import postoperative_day
from ...reports import operation_words
from ...services import Recovery, earlier_recoveries
from ..shared import clock
from ..shared.access import installation
from ..shared.device_words import device_table
from ..shared.language import day_text
from ..shared.pages import render
from ..shared.pictures import HOME_PANELS, first_day
from ..shared.policies import PATIENT, policy
from . import blueprint
from .calm import may_calm
from .plan import plan_of
from .reading import Begun, letters, recovery_of, scores_are_hidden
from .words import getting_on, say_postoperative

#: Zooms offered on the chart page, as the chart's address takes them.
ZOOMS = ("6", "12", "26", "52", "all")

#: Weeks in a row with no entry that the table tells in one row. Our default.
FOLDED_FROM = 3

#: The larger letters, for browsers whose own are large; as in `charts.LETTERS`.
_LARGER = ("large", "largest")


@blueprint.get("/recovery")
@policy(PATIENT, Action.READ_DIARY)
def recovery(public_id: str) -> ResponseReturnValue:
    """The chart page: words first, the chart second, the same numbers as a table."""
    found = recovery_of(public_id, Action.READ_DIARY)
    today = clock.today(found.patient.zone)
    zooms = _zooms_that_differ(found)
    weeks = request.args.get("weeks", "12")
    weeks = weeks if weeks in zooms else "12" if "12" in zooms else "all"
    return render(
        "patient/recovery.html",
        patient=found.patient,
        getting_on=_in_words(found, today),
        picture=picture_parts(found, today, weeks),
        earlier=_earlier(found) if weeks == "all" else (),
        has_before=len(found.history.operations) > 1,
        has_entries=bool(found.history.entries),
        plan=plan_of(found, today),
        devices=device_table(found.history, today),
        weeks=weeks,
        zooms=[(zoom, _zoom_name(zoom)) for zoom in zooms],
    )


@blueprint.get("/report")
@policy(PATIENT, Action.MAKE_REPORT)
def report(public_id: str) -> ResponseReturnValue:
    """The report as a web page, with the PDF in both paper sizes."""
    found = recovery_of(public_id, Action.MAKE_REPORT)
    today = clock.today(found.patient.zone)
    index = found.history.index
    return render(
        "patient/report.html",
        patient=found.patient,
        operation_day=day_text(index.day),
        pod=say_postoperative(today, index),
        getting_on=_in_words(found, today),
        picture=picture_parts(found, today, "12"),
        has_entries=bool(found.history.entries),
        questions=found.patient.questions,
        paper=installation().paper,
    )


def _in_words(found: Begun, today: date) -> tuple[Markup, ...]:
    """How it is going; without pain scores for who chose to see none unless they open the chart.

    Nothing where no weeks may be compared.
    """
    if not may_calm(found, today):
        return ()
    hide = scores_are_hidden(found, postoperative_day(today, found.history.index))
    return getting_on(found.history, today, scores=not hide)


def picture_parts(found: Begun, today: date, weeks: str = "12") -> Mapping[str, object] | None:
    """What stands around the chart: its words and its table.

    None before the operation and before the first entry.
    """
    return picture_of(found, today, weeks, size=letters())


def picture_of(
    found: Recovery, today: date, weeks: str = "12", *, size: str = ""
) -> Mapping[str, object] | None:
    """The same of a diary that may have no operation yet: then None too."""
    history = found.history
    if history is None or found.assessment is None or not history.entries:
        return None
    if postoperative_day(today, history.index) < 0:
        return None
    return _parts(history, found.assessment, weeks, size)


def _earlier(found: Begun) -> list[dict[str, object]]:
    """The recoveries before the latest operation, newest first, each with its own chart."""
    return [
        {
            "title": operation_words(history.index, _),
            "picture": {
                **_parts(history, assessment, "all", letters()),
                "operation": place,
            },
        }
        for place, (history, assessment) in enumerate(earlier_recoveries(found.history))
    ]


def _parts(history: History, assessment: Assessment, weeks: str, size: str) -> dict[str, object]:
    """`size` is the text size that the reader chose, as in `charts.LETTERS`."""
    first = first_day(assessment, weeks)
    story = charts.story_of(history, assessment, first=first, translate=_)
    header, rows = charts.table(story)
    small = story.only(*HOME_PANELS)
    return {
        "weeks": weeks,
        "description": charts.describe(story),
        "key": story.key,
        "letters": size,
        "sizes": charts.pixel_sizes(story, size),
        "larger": {letters: charts.pixel_sizes(story, letters)["narrow"] for letters in _LARGER},
        "small": charts.pixel_sizes(small, size)["home"],
        "small_larger": {
            letters: charts.pixel_sizes(small, letters)["home"] for letters in _LARGER
        },
        "legend": charts.legend(story, _),
        "small_legend": charts.legend(small, _),
        "header": header,
        "rows": _newest_first(rows),
    }


def _newest_first(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The weeks, newest first; a stretch of them with nothing written is one row: nobody listens to
    a hundred empty ones.
    """
    found: list[Sequence[str]] = []
    for is_empty, alike in groupby(reversed(rows), key=_is_empty):
        weeks = list(alike)
        if is_empty and len(weeks) >= FOLDED_FROM:
            span = _("%(low)s to %(high)s", low=weeks[-1][0], high=weeks[0][0])
            weeks = [(span, *weeks[0][1:])]
        found += weeks
    return found


def _is_empty(row: Sequence[str]) -> bool:
    return row[-1] == "0" and set(row[1:-1]) <= {"–"}


def _zooms_that_differ(found: Begun) -> tuple[str, ...]:
    """The spans to choose from that show different charts: "all" is the one that begins at the
    start.
    """
    if found.assessment is None:
        return ("all",)
    return tuple(zoom for zoom in ZOOMS if zoom == "all" or first_day(found.assessment, zoom))


def _zoom_name(zoom: str) -> str:
    return _("Everything") if zoom == "all" else _("%(n)s weeks", n=zoom)
