"""The chart as an image, the same for the patient and for their clinic.

A chart is an address of its own, so that the page stays small and a browser can ask whether it
changed. What was drawn once is kept in memory by its content; nothing of it is written to disk.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import Blueprint, Flask, abort, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ... import __version__, charts, handout
from ...domain.flags import Assessment
from ...domain.history import History
from ...domain.people import Action, Role
from ...services import Recovery, earlier_recoveries, read_recovery
from . import clock
from .access import actor, database, load_patient
from .forms.numbers import read_version
from .language import language_tag
from .policies import CARE, policy
from .security import keep_with_check

blueprint = Blueprint("pictures", __name__)

#: Drawings kept, about 120 kB each. Our default.
KEPT = 200

#: Panels of the small chart on the patient's home page: what one can do before how it hurts.
HOME_PANELS = ("walking", "axial_pain")

SIZES = ("wide", "narrow", "home")
THEMES = ("light", "dark")


class Drawings:
    """The latest drawings by content, shared by all threads of this process."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._drawings: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """The drawing, now the latest used; None where it was never made or is forgotten."""
        with self._lock:
            if key in self._drawings:
                self._drawings.move_to_end(key)
            return self._drawings.get(key)

    def made(self, key: str, draw: Callable[[], bytes]) -> bytes:
        """The drawing, from the cache or made now."""
        drawing = self.get(key)
        if drawing is None:
            drawing = draw()
            self.put(key, drawing)
        return drawing

    def forget(self) -> None:
        """No drawing is kept."""
        with self._lock:
            self._drawings.clear()

    def put(self, key: str, drawing: bytes) -> None:
        """The drawing is kept; the one that was not used for longest may go."""
        with self._lock:
            self._drawings[key] = drawing
            self._drawings.move_to_end(key)
            while len(self._drawings) > self._kept:
                self._drawings.popitem(last=False)


#: What this process has drawn.
DRAWINGS = Drawings()


def init_app(app: Flask) -> None:
    """After an erasure all cached drawings are forgotten."""
    app.extensions["recovery_forget_drawings"] = DRAWINGS.forget


@blueprint.get("/p/<public_id>/chart.svg")
@policy(CARE, Action.READ_DIARY)
def chart(public_id: str) -> ResponseReturnValue:
    """The chart in one size and theme; `weeks` is how far back it reaches, or `all`, `letters` how
    large its letters are.
    """
    patient = load_patient(public_id, Action.READ_DIARY)
    # The page around the picture is what is audited; looks within a minute are one anyway.
    recovery = read_recovery(
        database(), patient.id, today=clock.today(patient.zone), by=actor(), at=clock.now()
    )
    # A clinician's browser, on a ward's computer, keeps no picture after the session.
    if actor().role is Role.PATIENT:
        keep_with_check()
    return chart_answer(recovery)


def chart_answer(recovery: Recovery) -> ResponseReturnValue:
    """The chart of a diary, as the request asks for it; the caller has checked access."""
    size = one_of(SIZES, request.args.get("size"))
    theme = one_of(THEMES, request.args.get("theme"))
    letters = one_of(tuple(charts.LETTERS), request.args.get("letters"))
    history, assessment = _asked_recovery(recovery)
    story = charts.story_of(
        history,
        assessment,
        first=first_day(assessment, request.args.get("weeks", "all")),
        periods=_periods_asked(),
        translate=gettext,
    )
    if size == "home":
        story = story.only(*HOME_PANELS)
    key = content_key(repr(story), size, theme, letters, language_tag())
    response = make_response()
    response.mimetype = "image/svg+xml"
    response.set_etag(key)
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(_drawn(key, story, size, theme, letters))
    return response


def _asked_recovery(recovery: Recovery) -> tuple[History, Assessment]:
    """The recovery from the latest operation, or the one that `earlier` counts back to."""
    if recovery.history is None or recovery.assessment is None:
        abort(404)
    asked = request.args.get("earlier")
    if asked is None:
        return recovery.history, recovery.assessment
    place, found = read_version(asked), earlier_recoveries(recovery.history)
    if place is None or place >= len(found):
        abort(404)
    return found[place]


def _periods_asked() -> list[tuple[int, int]]:
    """The two periods of postoperative days in the address, each as `3-16`; else none."""
    found = [re.fullmatch(r"(\d{1,5})-(\d{1,5})", request.args.get(name, "")) for name in "ab"]
    return [(int(one[1]), int(one[2])) for one in found if one]


def _drawn(key: str, story: charts.ChartStory, size: str, theme: str, letters: str) -> bytes:
    def draw() -> bytes:
        sheet = charts.draw_recovery(
            story, size=size, theme=theme, letters=letters, translate=gettext
        )
        return sheet.to_svg(gettext(handout.CHART_TITLE), charts.describe(story))

    return DRAWINGS.made(key, draw)


def content_key(*parts: str) -> str:
    """The name under which a drawing of this content is kept."""
    return hashlib.sha256("\n".join((__version__, *parts)).encode()).hexdigest()[:32]


def one_of(names: tuple[str, ...], asked: str | None) -> str:
    """What was asked for, or the first of the names where it is none of them."""
    return asked if asked in names else names[0]


def weeks_asked(asked: str | None) -> int | None:
    """A number of weeks that can be zoomed to; None is the whole recovery."""
    weeks = read_version(asked or "")
    return weeks if weeks in charts.ZOOMS else None


def first_day(assessment: Assessment, asked: str | None) -> int:
    """The first postoperative day of a zoom that ends today; 0 for the whole recovery."""
    weeks = weeks_asked(asked)
    return 0 if weeks is None else max(0, assessment.postoperative_day - weeks * 7 + 1)
