"""What a clinician does about a flag: looked at, decided. The condition is never touched."""

from datetime import date

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from ...domain.errors import RecoveryError
from ...domain.flags import DECISION_NAMES, Decision
from ...domain.history import Event, EventKind
from ...domain.people import Action
from ...storage import flags, idempotency, surgeries
from ...storage.errors import Conflict, NotFound
from ...storage.people import Patient
from .. import clock
from ..access import actor, database, load_patient
from ..policies import CLINICIAN, policy
from . import blueprint
from .chart import chart_page

NOTE_LENGTH = 1000


@blueprint.post("/p/<public_id>/flag/<flag_id>/seen")
@policy(CLINICIAN, Action.DECIDE_FLAG)
def seen(public_id: str, flag_id: str) -> ResponseReturnValue:
    """The flag counts as looked at; it still waits for a decision."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    try:
        with database().write() as session:
            flags.mark_seen(session, patient.id, flag_id, by=actor(), at=clock.now())
    except NotFound:
        abort(404)
    return _back(public_id, flag_id)


@blueprint.post("/p/<public_id>/flag/<flag_id>/decision")
@policy(CLINICIAN, Action.DECIDE_FLAG)
def decide(public_id: str, flag_id: str) -> ResponseReturnValue:
    """The decision stands beside the flag for good, and as an event on the chart."""
    patient = load_patient(public_id, Action.DECIDE_FLAG)
    form = request.form
    target = f"decision-{flag_id}"
    try:
        decision = Decision(form.get("decision", ""))
        until = date.fromisoformat(form["until"]) if form.get("until") else None
        version = int(form.get("version", ""))
    except ValueError:
        problem = (
            _("Choose what you decided.")
            if form.get("decision", "") not in DECISION_NAMES
            else _("Write the day as year, month and day.")
        )
        return _again(public_id, flag_id, {target: problem}, 422)
    note = form.get("note", "").strip()
    if len(note) > NOTE_LENGTH:
        problem = _("Use at most %(n)s characters.", n=NOTE_LENGTH)
        return _again(public_id, flag_id, {f"note-{flag_id}": problem}, 422)
    content = ["decision", patient.id, flag_id, str(decision), note, str(until)]
    try:
        with database().write() as session:
            if idempotency.first_answer(session, form.get("key", ""), content) is None:
                _store(session, patient, flag_id, decision, note, until, version)
                idempotency.remember(
                    session,
                    form.get("key", ""),
                    content,
                    flag_id,
                    at=clock.now(),
                    patient_id=patient.id,
                )
    except NotFound:
        abort(404)
    except RecoveryError as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _again(public_id, flag_id, {target: _(str(error))}, status)
    return _back(public_id, flag_id)


def _store(
    session: Session,
    patient: Patient,
    flag_id: str,
    decision: Decision,
    note: str,
    until: date | None,
    version: int,
) -> None:
    today = clock.today(patient.zone)
    flags.decide(
        session,
        patient.id,
        flag_id,
        decision,
        by=actor(),
        at=clock.now(),
        today=today,
        note=note,
        until=until,
        expected_version=version,
    )
    event = Event(today, EventKind.DECISION, _(DECISION_NAMES[decision]))
    surgeries.add(session, patient.id, event, by=actor(), at=clock.now())


def _back(public_id: str, flag_id: str) -> ResponseReturnValue:
    target = url_for("clinician.chart", public_id=public_id, _anchor=f"flag-{flag_id}")
    return redirect(target, 303)


def _again(
    public_id: str, flag_id: str, problems: dict[str, str], status: int
) -> ResponseReturnValue:
    """The page again with everything that was typed, and what to change."""
    typed = {name: request.form.get(name, "") for name in ("decision", "note", "until")} | {
        "flag": flag_id
    }
    page = chart_page(public_id, Action.DECIDE_FLAG, problems=problems, typed=typed)
    return page, status
