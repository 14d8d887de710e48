"""Paper: the card for the wallet or the fridge, the two-week sheet, and the grid to type it in."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from recovery_tracker import overview
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.people import Action
from recovery_tracker.domain.signs import lines_for
from recovery_tracker.domain.surgery import REGION_NAMES, postoperative_day
from recovery_tracker.overview import DAYS_BACK_FROM_PAPER
from recovery_tracker.storage.errors import Conflict

from .. import clock
from ..access import actor, database, installation
from ..forms.paper import COLUMNS, PaperForm
from ..language import day_text
from ..pages import new_key, render
from ..policies import PATIENT, policy
from . import blueprint
from .guidance import advice_line
from .reading import Begun, recovery_of
from .words import say_short_day

#: Days on one sheet.
SHEET_DAYS = 14


@blueprint.get("/card")
@policy(PATIENT, Action.READ_DIARY)
def card(public_id: str) -> ResponseReturnValue:
    """The card to print: whom to call and when."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    index, clinic = recovery.history.index, installation()
    return render(
        "patient/card.html",
        patient=recovery.patient,
        operation_day=day_text(index.day),
        region=_(REGION_NAMES[index.region]),
        level_names=index.level_names,
        clinic=clinic,
        advice_line=advice_line(clinic),
        lines=_lines(recovery, clock.today(recovery.patient.zone)),
    )


@blueprint.get("/sheet")
@policy(PATIENT, Action.READ_DIARY)
def sheet(public_id: str) -> ResponseReturnValue:
    """The two-week sheet to print, with the same questions as the form."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    return render(
        "patient/sheet.html",
        patient=recovery.patient,
        columns=_columns(recovery),
        rows=SHEET_DAYS,
        lines=_lines(recovery, clock.today(recovery.patient.zone)),
        emergency_number=installation().emergency_number,
    )


@blueprint.route("/sheet/type", methods=["GET", "POST"])
@policy(PATIENT, Action.WRITE_DIARY, carries=True)
def type_sheet(public_id: str) -> ResponseReturnValue:
    """The grid; days that are in the diary already are left alone."""
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    today = clock.today(recovery.patient.zone)
    days = _open_days(recovery, today)
    form = PaperForm(days, request.form)
    status = 200
    if request.method == "POST" and not request.form.get("carried"):
        entries = form.to_entries(
            recorded_at=clock.now(), zone=recovery.patient.zone, asked=_asked(recovery, days)
        )
        if entries is not None:
            return redirect(_save(recovery, entries, today), 303)
        status = 422
    page = render(
        "patient/type_sheet.html",
        patient=recovery.patient,
        form=form,
        days=[(day, say_short_day(day)) for day in days],
        columns=_columns(recovery),
        key=request.form.get("key") or new_key(),
    )
    return page, status


def _save(recovery: Begun, entries: list[DiaryEntry], today: date) -> str:
    """Saves the rows, each with a key of its own; gives where to go next."""
    key = request.form.get("key") or new_key()
    public_id, worst = recovery.patient.public_id, None
    for entry in entries:
        try:
            recorded = overview.record_day(
                database(),
                recovery.patient.id,
                entry,
                by=actor(),
                at=clock.now(),
                today=today,
                key=str(uuid5(NAMESPACE_URL, f"{key}/{entry.day}")),
                expected_version=0,
            )
        except Conflict:
            continue  # Written on another page meanwhile: that one stands.
        urgency = recorded.triage.urgency
        if urgency is not None and urgency >= Urgency.SAME_DAY:
            worst = entry.day
    if worst is not None:
        return url_for("patient.advice", public_id=public_id, day=worst)
    return url_for("patient.history", public_id=public_id)


def _open_days(recovery: Begun, today: date) -> tuple[date, ...]:
    """The days of the last two weeks that have no entry yet, oldest first."""
    done = {stored.entry.day for stored in recovery.entries}
    back = range(DAYS_BACK_FROM_PAPER, -1, -1)
    return tuple(day for n in back if (day := today - timedelta(days=n)) not in done)


def _asked(recovery: Begun, days: tuple[date, ...]) -> dict[date, frozenset[str]]:
    index = recovery.history.index
    return {
        day: frozenset(
            sign for line in lines_for(index, postoperative_day(day, index)) for sign in line.signs
        )
        for day in days
    }


def _lines(recovery: Begun, today: date) -> list[str]:
    index = recovery.history.index
    return [_(line.text) for line in lines_for(index, postoperative_day(today, index))]


def _columns(recovery: Begun) -> list[tuple[str, str, str, int]]:
    """(key, name, what the numbers mean, highest number) of each column."""
    region = recovery.history.region
    columns = []
    for key in COLUMNS:
        measure = MEASURES[key]
        if measure.options and len(measure.options) > 2:
            words = ", ".join(f"{n} = {_(text)}" for n, text in enumerate(measure.options))
        else:
            words = f"0 = {_(measure.options[0])}, 10 = {_(measure.options[1])}"
        columns.append((key, _(measure.name_for(region)), words, int(measure.high or 0)))
    return columns
