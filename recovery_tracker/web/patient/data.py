"""My data: everything taken out as a file, and files brought in, in three steps.

What is this, what will happen, done: nothing is stored before the last step, and an import can be
taken back afterwards. A file that cannot be read is told of with every place in one list.
"""

import io
from pathlib import Path
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ... import services, takeout
from ...domain.people import Action
from ...exchange import long_reading
from ...exchange.diary_csv import COLUMNS, diary_text
from ...exchange.file_kinds import OF_OTHERS
from ...storage import diary, imports
from ...storage.audit import AuditAction
from ...storage.people import Patient
from ..shared import clock, waiting_files
from ..shared.access import actor, database, load_patient
from ..shared.downloads import download
from ..shared.language import short_day_text
from ..shared.pages import render
from ..shared.policies import PATIENT, policy
from ..shared.refused_files import in_words
from ..shared.report import handed_out
from . import blueprint
from .file_look import Look, choices_made, look_at, remember, sources_of
from .file_words import (
    ASKED,
    asks_of,
    column_name,
    differing_of,
    has_choices,
    orders_of,
    rows_of,
    samples_of,
    what_it_is,
)
from .open_advice import open_advice, waiting_warnings
from .reading import begun_or_none, recovery_of


@blueprint.get("/data")
@policy(PATIENT, Action.WRITE_DIARY)
def my_data(public_id: str) -> ResponseReturnValue:
    """What can be taken out, the form for a file, and what came in by file so far."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    return _page(patient)


#: What can be taken out: the name of the file and what it is.
_OUT = {
    "everything": ("recovery-diary.zip", "application/zip"),
    "table": ("days.csv", "text/csv"),
    "fhir": ("recovery-diary.fhir.json", "application/fhir+json"),
}


@blueprint.post("/data/take-out")
@policy(PATIENT, Action.READ_DIARY)
def take_out(public_id: str) -> ResponseReturnValue:
    """Everything as one zip, the days alone as a table, or the recovery for other programs."""
    patient = load_patient(public_id, Action.READ_DIARY)
    what = request.form.get("what")
    what = what if what in _OUT else "everything"
    name, kind = _OUT[what]
    services.note_file(
        database(),
        patient.id,
        AuditAction.EXPORTED,
        {"file": name},
        by=actor(),
        at=clock.now(),
    )
    return download(_content(what, patient), name, kind)


def _content(what: str, patient: Patient) -> bytes:
    if what == "table":
        with database().read() as session:
            entries = [stored.entry for stored in diary.entries_of(session, patient.id)]
        # The mark at the beginning lets spreadsheets read the characters correctly.
        return ("\N{ZERO WIDTH NO-BREAK SPACE}" + diary_text(entries)).encode()
    stream = io.BytesIO()
    if what == "fhir":
        report = handed_out(patient, by=actor())
        takeout.write_fhir(database(), patient, stream, clock.now(), report)
    else:
        takeout.write_everything(database(), patient, stream)
    return stream.getvalue()


@blueprint.post("/data/look")
@policy(PATIENT, Action.WRITE_DIARY)
def look_at_file(public_id: str) -> ResponseReturnValue:
    """What the file is and what would happen; nothing is stored."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    try:
        sent = request.files.get("file")
        # A field without a file is false.
        token = waiting_files.keep(sent, public_id) if sent else request.form.get("token", "")
    except OSError:
        return _page(patient, {"file": _("There is no room for this file here at the moment")})
    path = waiting_files.waiting(token, public_id)
    if path is None:
        gone = _("Choose a file first") if "token" not in request.form else _expired()
        return _page(patient, {"file": gone})
    long_reading.drop(path)  # With other answers the file may read differently.
    # What a person's columns mean is nothing for an address: such a table is read here.
    if long_reading.is_long(path) and "head" not in request.form:
        said = {name: request.form[name] for name in ASKED if request.form.get(name)}
        reading = url_for("patient.reading_file", public_id=public_id, token=token)
        return redirect(f"{reading}?{urlencode(said)}" if said else reading, 303)
    return _looked(patient, path, token)


@blueprint.get("/data/reading/<token>")
@policy(PATIENT, Action.WRITE_DIARY)
def reading_file(public_id: str, token: str) -> ResponseReturnValue:
    """How far a long file was read; once it is, the same as after a short one."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    path = waiting_files.waiting(token, public_id)
    if path is None:
        return _page(patient, {"file": _expired()})
    is_begun = long_reading.is_begun(path) or long_reading.begin(path, patient.zone, choices_made())
    share = long_reading.share_read(path)
    if is_begun and share is None:
        # A refused file stays: the page is asked for again when its script has seen the end.
        look = look_at(patient, path)
        return _preview(patient, look, token if _helps(look) else ""), _status(look)
    return render(
        "patient/data_reading.html",
        patient=patient,
        percent=int(100 * (share or 0)),
        is_waiting=not is_begun,
    )


def _looked(patient: Patient, path: Path, token: str) -> ResponseReturnValue:
    look = look_at(patient, path)
    if not _helps(look):
        waiting_files.drop(token, patient.public_id)
        token = ""
    return _preview(patient, look, token), _status(look)


def _helps(look: Look) -> bool:
    """Whether to keep the file helps: it was not refused, or something can be chosen."""
    return bool(look.heads) or not look.refusals or has_choices(look)


def _status(look: Look) -> int:
    return 422 if look.is_refused else 200


@blueprint.post("/data/bring-in")
@policy(PATIENT, Action.WRITE_DIARY)
def bring_in(public_id: str) -> ResponseReturnValue:
    """Everything of the file is in the diary, or nothing; a warning in it leads to its advice.

    One that waited before leads nowhere: the page says what came in, as without a warning.
    """
    patient = load_patient(public_id, Action.WRITE_DIARY)
    token = request.form.get("token", "")
    path = waiting_files.waiting(token, public_id)
    if path is None:
        return _page(patient, {"file": _expired()})
    today, begun = clock.today(patient.zone), begun_or_none(patient)
    before = waiting_warnings(open_advice(begun, today) if begun else ())
    look = look_at(patient, path, dry_run=False)
    if look.would is None:
        return _preview(patient, look, token), 422
    waiting_files.drop(token, public_id)
    if look.mapped:
        remember(patient, look.mapped)
    recovery = recovery_of(public_id, Action.WRITE_DIARY)
    if waiting_warnings(open_advice(recovery, today)) - before:
        # A warning of the last days came with the file: what to do stands on the first page.
        return redirect(url_for("patient.home", public_id=public_id, _anchor="advice"), 303)
    return redirect(url_for("patient.my_data", public_id=public_id, _anchor="came-in"), 303)


@blueprint.post("/data/undo")
@policy(PATIENT, Action.WRITE_DIARY)
def undo_import(public_id: str) -> ResponseReturnValue:
    """Takes one import back; what was changed since stays."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    services.undo_import(
        database(),
        patient.id,
        request.form.get("import", ""),
        by=actor(),
        at=clock.now(),
        today=clock.today(patient.zone),
    )
    return redirect(url_for("patient.my_data", public_id=public_id, _anchor="came-in"), 303)


def _expired() -> str:
    return _("We no longer have that file. Choose it again")


def _page(patient: Patient, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    with database().read() as session:
        done = imports.imports_of(session, patient.id)
    page = render(
        "patient/data.html",
        patient=patient,
        came_in=[
            (
                short_day_text(clock.day_of(one.at, patient.zone)),
                _brought(one),
                one.public_id,
                one.undone_at is None,
            )
            for one in done
        ],
        problems=problems or {},
    )
    return page, 422 if problems else 200


def _brought(one: imports.StoredImport) -> str:
    days = len(one.brought.get("days", ()))
    if not days:
        return what_it_is(one.kind)
    kind = what_it_is(one.kind)
    return ngettext("%(kind)s, %(num)s day", "%(kind)s, %(num)s days", days, kind=kind)


def _preview(patient: Patient, look: Look, token: str) -> str:
    return render(
        "patient/data_look.html",
        patient=patient,
        look=look,
        token=token,
        chosen={name: request.values.get(name) for name in ASKED},
        orders=orders_of(look),
        asks=asks_of(look),
        columns=[
            ("", _("leave it out")),
            *((key, column_name(key, look.region)) for key in COLUMNS),
        ],
        differing=differing_of(look),
        rows=rows_of(look),
        samples=samples_of(look),
        left_out=[in_words(one) for one in look.found.left_out] if look.found else [],
        sources=sources_of(look.found) if look.found else {},
        what_it_is=what_it_is,
        is_named=look.kind in OF_OTHERS,
        unlogged=sum(not e.has_answers() for e in look.found.archive.entries) if look.found else 0,
    )
