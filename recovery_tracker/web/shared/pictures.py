"""The chart as an image and the report as a PDF, the same for the patient and for their clinic.

A chart is an address of its own, so that the page stays small and a browser can ask whether it
changed. What was drawn once is kept in memory by its content; nothing of it is written to disk.
"""

import hashlib
import re
from collections import Counter, OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, abort, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ... import __version__, charts, handout
from ...domain.flags import Assessment, Condition, Decision, Episode, FlagKey
from ...domain.history import History, Imaging
from ...domain.people import Action, Actor, Role
from ...domain.wording import Pieces
from ...reports import PAPERS, Handover
from ...services import Recovery, earlier_recoveries, note_file, read_recovery
from ...storage import accounts, people
from ...storage.audit import AuditAction
from ...storage.people import Patient
from . import clock
from .access import actor, database, installation, load_patient
from .decision_words import decision_pieces, instant_words
from .downloads import download
from .forms.numbers import read_version
from .language import language_tag
from .pages import product_name
from .policies import CARE, policy
from .security import keep_with_check
from .signature import signature_words
from .zones import clinic_today

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


_DRAWINGS = Drawings()


def init_app(app: Flask) -> None:
    """After an erasure all cached drawings are forgotten."""
    app.extensions["recovery_forget_drawings"] = _DRAWINGS.forget


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
    size = _one_of(SIZES, request.args.get("size"))
    theme = _one_of(THEMES, request.args.get("theme"))
    letters = _one_of(tuple(charts.LETTERS), request.args.get("letters"))
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
    key = _key(repr(story), size, theme, letters, language_tag())
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

    return _DRAWINGS.made(key, draw)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join((__version__, *parts)).encode()).hexdigest()[:32]


def _one_of(names: tuple[str, ...], asked: str | None) -> str:
    return asked if asked in names else names[0]


def weeks_asked(asked: str | None) -> int | None:
    """A number of weeks that can be zoomed to; None is the whole recovery."""
    weeks = read_version(asked or "")
    return weeks if weeks in charts.ZOOMS else None


def first_day(assessment: Assessment, asked: str | None) -> int:
    """The first postoperative day of a zoom that ends today; 0 for the whole recovery."""
    weeks = weeks_asked(asked)
    return 0 if weeks is None else max(0, assessment.postoperative_day - weeks * 7 + 1)


@blueprint.get("/p/<public_id>/report.pdf")
@policy(CARE, Action.MAKE_REPORT)
def report(public_id: str) -> ResponseReturnValue:
    """The one page to hand over; its file name carries the hospital number and no name."""
    patient = load_patient(public_id, Action.MAKE_REPORT)
    today = clock.today(patient.zone)
    recovery = read_recovery(database(), patient.id, today=today, by=actor(), at=clock.now())
    return report_answer(recovery, by=actor())


def report_answer(recovery: Recovery, *, by: Actor) -> ResponseReturnValue:
    """The report of a diary; the caller has checked access. The audit trail says it was made."""
    if recovery.history is None or recovery.assessment is None:
        abort(404)
    paper = _one_of(PAPERS, request.args.get("paper") or installation().paper)
    pdf = report_of(
        recovery,
        paper,
        with_notes=request.args.get("notes") != "no",
        with_appendix=request.args.get("appendix") == "yes",
    )
    record_made(recovery, pdf, by=by)
    name = report_name(recovery.patient.hospital_number, clock.today(recovery.patient.zone))
    return download(pdf, name, "application/pdf", inline=True)


def _carers_of(recovery: Recovery) -> tuple[tuple[str, int], ...]:
    """Who wrote days of the diary for the patient, and how many."""
    with database().read() as session:
        owner = accounts.account_of_patient(session, recovery.patient.id)
    own = {None, None if owner is None else owner.id}
    written = Counter(
        stored.author
        for stored in recovery.entries
        if stored.author_role is Role.PATIENT and stored.author_account_id not in own
    )
    return tuple(sorted(written.items()))


def report_name(hospital_number: str | None, today: date) -> str:
    """The file's name: whose report it is, as the hospital numbers it, and of which day."""
    number = re.sub(r"[^A-Za-z0-9_-]+", "-", hospital_number or "").strip("-")
    return "-".join(filter(None, ("report", number, today.isoformat()))) + ".pdf"


def handed_out(patient: Patient, *, by: Actor) -> bytes | None:
    """The report as the patient hands it out today; None where there is nothing to report yet."""
    today, at = clock.today(patient.zone), clock.now()
    recovery = read_recovery(database(), patient.id, today=today, by=by, at=at, audited=False)
    if recovery.history is None or recovery.assessment is None:
        return None
    return report_of(recovery, installation().paper)


def record_made(recovery: Recovery, pdf: bytes, *, by: Actor) -> None:
    """The audit trail says which page was handed out, to whom and under which rules."""
    assert recovery.assessment is not None
    details = {
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "rule_set": recovery.assessment.rule_set,
        "version": __version__,
    }
    note_file(
        database(),
        recovery.patient.id,
        AuditAction.REPORT_MADE,
        details,
        by=by,
        at=clock.now(),
    )


def unanswered_of(recovery: Recovery) -> tuple[Episode, ...]:
    """Flags that wait for a person although the diary of today does not show them (any more)."""
    assert recovery.assessment is not None
    shown = {episode.key for episode in recovery.assessment.active}
    waiting = (flag.episode for flag in recovery.waiting_flags(clinic_today()))
    return tuple(episode for episode in waiting if episode.key not in shown)


def _withdrawn_of(recovery: Recovery) -> tuple[Episode, ...]:
    """Flags of this recovery that were withdrawn after somebody had decided about them."""
    assert recovery.history is not None
    since = recovery.history.index.day
    return tuple(
        flag.episode
        for flag in recovery.flags
        if flag.condition is Condition.WITHDRAWN and flag.decisions
        if flag.episode.raised_on >= since
    )


def _decided(recovery: Recovery, today: date) -> dict[FlagKey, tuple[Pieces, ...]]:
    """What was decided about each flag, by `Episode.key`."""
    zone = recovery.patient.zone
    return {
        flag.episode.key: tuple(
            decision_pieces(made, today, zone, gettext) for made in flag.decisions
        )
        for flag in recovery.flags
        if flag.decisions
    }


def imaging_asked(recovery: Recovery) -> date | None:
    """The day of the latest decision for imaging about a flag that holds, where the patient is,
    while the record has no result of that day or later.
    """
    assert recovery.history is not None
    zone = ZoneInfo(recovery.patient.zone)
    asked = [
        made.at.astimezone(zone).date()
        for flag in recovery.flags
        if flag.is_open
        for made in flag.decisions
        if made.decision is Decision.IMAGING
    ]
    results = [i.day for i in recovery.history.imaging if i.result is not Imaging.AWAITED]
    waiting = [day for day in asked if day > max(results, default=date.min)]
    return max(waiting, default=None)


def _answered(recovery: Recovery) -> frozenset[FlagKey]:
    """The flags about which somebody decided after they last asked."""
    return frozenset(
        flag.episode.key
        for flag in recovery.flags
        if any(made.at >= flag.attention_since for made in flag.decisions)
    )


def _corrected(recovery: Recovery) -> frozenset[FlagKey]:
    """The flags whose answer the patient has corrected since."""
    return frozenset(flag.episode.key for flag in recovery.flags if flag.corrected_by_patient)


def _recorded(recovery: Recovery, today: date) -> dict[FlagKey, str]:
    """When a warning answer reached the clinic, in the same way."""
    return {
        flag.episode.key: instant_words(flag.stored_at, today, recovery.patient.zone, gettext)
        for flag in recovery.flags
        if flag.episode.signs and not flag.imported
    }


def report_of(
    recovery: Recovery, paper: str, *, with_notes: bool = True, with_appendix: bool = False
) -> bytes:
    """The PDF of a recovery that has an operation and an assessment."""
    assert recovery.history is not None
    assert recovery.assessment is not None
    patient = recovery.patient
    today = recovery.assessment.as_of
    with database().read() as session:
        surgeon = people.surgeon_of(session, patient.id)
    next_visit = min(recovery.coming_visits(today), key=lambda visit: visit.day, default=None)
    page = Handover(
        name=patient.name,
        birth_date=patient.birth_date,
        hospital_number=patient.hospital_number or "",
        visit=None if next_visit is None else next_visit.day,
        questions=patient.questions,
        with_notes=with_notes,
        with_appendix=with_appendix,
        unanswered=unanswered_of(recovery),
        withdrawn=_withdrawn_of(recovery),
        written_by=_carers_of(recovery),
        decided=_decided(recovery, today),
        answered=_answered(recovery),
        recorded=_recorded(recovery, today),
        corrected=_corrected(recovery),
        imaging_asked=imaging_asked(recovery),
        clinic=installation().clinic_name,
        surgeon=surgeon,
        visit_with=next_visit.with_whom if next_visit else "",
        version=__version__,
        product=product_name(""),
        signed=signature_words(installation()),
        ended_on=patient.ended_on,
        language=language_tag(),
        own_language=patient.language,
    )
    return handout.report_of(
        recovery.history,
        recovery.assessment,
        page,
        paper=paper,
        translate=gettext,
        kept=lambda content, draw: _DRAWINGS.made(_key(content, "print", language_tag()), draw),
    )
