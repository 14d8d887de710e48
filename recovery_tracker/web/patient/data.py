"""My data: everything taken out as a file, and files brought in, in three steps.

What is this, what will happen, done: nothing is stored before the last step, and an import can be
taken back afterwards. A file that cannot be read is told of with every place in one list.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from ... import services, takeout
from ...domain.errors import RecoveryError
from ...domain.history import History
from ...domain.measures import MEASURES
from ...domain.passive import PassiveKind, days_by_source
from ...domain.people import Action
from ...domain.surgery import Operation, Region
from ...exchange.choices import DATE_ORDERS, Choices
from ...exchange.diary_csv import COLUMNS, Limits, diary_text
from ...exchange.incoming import Incoming, NeedsMapping, read_file
from ...exchange.mapping import NO_MAPPING, ColumnMap
from ...exchange.problems import FileRefused
from ...exchange.table import plain_name
from ...services import Imported
from ...storage import diary, imports, people, record_rows
from ...storage.audit import AuditAction
from ...storage.people import Patient
from ..shared import clock, waiting_files
from ..shared.access import actor, database, load_patient
from ..shared.language import mark, short_day_text
from ..shared.pages import new_key, render
from ..shared.policies import PATIENT, policy
from . import blueprint
from .open_advice import open_advice
from .reading import recovery_of

#: Rows of a file that are shown before anything is stored.
SHOWN = 5
#: Columns of a file that a person can explain on a page; more is for a mapping file. Our default.
MOST_HEADS = 40

#: Columns of a table that hold no answer.
_NO_ANSWERS = frozenset({"date", "signs_asked", "recorded_at"})

#: Options of the command line in a refusal, which a page has as buttons.
_OPTION = re.compile(r" \((?:or say )?--[^)]*\)|, or say the order|; then choose it(?= |$)")


@dataclass(slots=True)
class _Look:
    """What a file is and what would happen with it, or why not."""

    kind: str = ""
    refusals: tuple[str, ...] = ()
    found: Incoming | None = None
    would: Imported | None = None
    heads: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    mapped: dict[str, str] = field(default_factory=dict)
    #: Where the person was operated: what the pain and the numbness of a table are about.
    region: Region = Region.LUMBAR
    #: The person said what the columns mean, and none of them is an answer.
    names_no_answer: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.refusals) or self.names_no_answer


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
    response = make_response(_content(what, patient))
    response.mimetype = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _content(what: str, patient: Patient) -> bytes:
    if what == "table":
        with database().read() as session:
            entries = [stored.entry for stored in diary.entries_of(session, patient.id)]
        # The mark at the beginning lets spreadsheets read the characters correctly.
        return ("\N{ZERO WIDTH NO-BREAK SPACE}" + diary_text(entries)).encode()
    stream = io.BytesIO()
    if what == "fhir":
        takeout.write_fhir(database(), patient, stream, clock.now())
    else:
        takeout.write_everything(database(), patient, stream)
    return stream.getvalue()


@blueprint.post("/data/look")
@policy(PATIENT, Action.WRITE_DIARY)
def look_at_file(public_id: str) -> ResponseReturnValue:
    """What the file is and what would happen; nothing is stored."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        token = waiting_files.keep(sent, public_id)
    else:
        token = request.form.get("token", "")
    path = waiting_files.waiting(token, public_id)
    if path is None:
        gone = _("Choose a file first") if "token" not in request.form else _expired()
        return _page(patient, {"file": gone})
    look = _look(patient, path)
    if not look.heads and look.refusals and not _has_choices(look):
        # Nothing that could be chosen would help: the file is not kept.
        waiting_files.drop(token, public_id)
        token = ""
    return _preview(patient, look, token), 422 if look.is_refused else 200


@blueprint.post("/data/bring-in")
@policy(PATIENT, Action.WRITE_DIARY)
def bring_in(public_id: str) -> ResponseReturnValue:
    """Everything of the file is in the diary, or nothing; a warning in it leads to its advice."""
    patient = load_patient(public_id, Action.WRITE_DIARY)
    token = request.form.get("token", "")
    path = waiting_files.waiting(token, public_id)
    if path is None:
        return _page(patient, {"file": _expired()})
    look = _look(patient, path, dry_run=False)
    if look.would is None:
        return _preview(patient, look, token), 422
    waiting_files.drop(token, public_id)
    if look.mapped:
        _remember(patient, look.mapped)
    recovery, today = recovery_of(public_id, Action.WRITE_DIARY), clock.today(patient.zone)
    if any(one.is_waiting for one in open_advice(recovery, today)):
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
        key=new_key(),
    )
    return page, 422 if problems else 200


def _brought(one: imports.StoredImport) -> str:
    days = len(one.brought.get("days", ()))
    if not days:
        return one.kind
    return ngettext("%(kind)s, %(num)s day", "%(kind)s, %(num)s days", days, kind=one.kind)


def _has_choices(look: _Look) -> bool:
    text = " ".join(look.refusals)
    return any(word in text for word in ("day or month", "Fahrenheit", "0-100", "UTF-8", "year"))


# What is this, what will happen.


def _look(patient: Patient, path: Path, *, dry_run: bool = True) -> _Look:
    at, today = clock.now(), clock.today(patient.zone)
    with database().read() as session:
        done = record_rows.values_of(session, patient.id, Operation)
    look = _Look(mapped=_mapped(), region=_region_of(done))
    # A table of which nothing but the day is known is shown again, to be explained.
    is_explained = bool(set(look.mapped.values()) - _NO_ANSWERS)
    how = ColumnMap(look.mapped, _choices()) if is_explained else NO_MAPPING
    try:
        look.found = read_file(
            path,
            zone=patient.zone,
            limits=Limits({operation.region for operation in done}, today, at),
            choices=_choices(),
            how=how,
        )
        look.kind = look.found.kind
        look.would = _import(patient, look.found, done, dry_run=dry_run)
    except NeedsMapping as needs:
        look.kind, look.heads, look.samples = needs.kind, needs.heads[:MOST_HEADS], needs.rows
        if "head" in request.form:
            look.names_no_answer = True
        else:
            look.mapped = _guessed(patient, needs)
    except FileRefused as refused:
        look.refusals = tuple(_plain(line, path) for line in refused.listed)
    except RecoveryError as error:
        look.refusals = (_plain(_(str(error)), path),)
    return look


def _region_of(done: Sequence[Operation]) -> Region:
    latest = max(done, key=lambda operation: operation.day, default=None)
    return latest.region if latest else Region.LUMBAR


def _plain(line: str, path: Path) -> str:
    """A refusal as a page says it: without the name of a waiting file, and without options."""
    line = line.replace(f"{path}: ", "").replace(f"{path.name}, ", "").replace(f"{path.name}: ", "")
    line = _OPTION.sub("", line)
    return line[:1].upper() + line[1:]


def _import(
    patient: Patient, found: Incoming, done: tuple[Operation, ...], *, dry_run: bool
) -> Imported:
    read, at = found.archive, clock.now()
    if not (done or read.operations):
        raise RecoveryError(_("Enter your operation first; the days are counted from it."))
    source = request.form.get("source", "")
    return services.import_history(
        database(),
        patient.id,
        History(
            operations=read.operations or done,
            entries=read.entries,
            events=read.events,
            imaging=read.imaging,
            schedule=patient.schedule,
            instructions=read.instructions,
            scores=read.scores,
            medicines=read.medicines,
        ),
        by=actor(),
        at=at,
        today=clock.today(patient.zone),
        appointments=read.appointments,
        passive=found.passive,
        kind=found.kind,
        steps_source=source if source in _sources(found) else "",
        dry_run=dry_run,
    )


def _choices() -> Choices:
    dates = request.form.get("dates")
    return Choices(
        dates=dates if dates in DATE_ORDERS else None,
        fahrenheit=request.form.get("temperature") == "f",
        hundred=request.form.get("scale") == "100",
        encoding="cp1252" if request.form.get("encoding") == "cp1252" else None,
    )


def _mapped() -> dict[str, str]:
    """What the person said about the columns: head to column."""
    said = zip(request.form.getlist("head"), request.form.getlist("means"), strict=False)
    return {head: column for head, column in said if column in COLUMNS}


def _guessed(patient: Patient, needs: NeedsMapping) -> dict[str, str]:
    """What was said of such columns before, and names that are ours; scales are never guessed."""
    known: Any = patient.preferences.get("import_columns")
    before = known if isinstance(known, dict) else {}
    guessed: dict[str, str] = {}
    for head in needs.heads:
        name = before.get(head) or plain_name(head, COLUMNS)
        if head.strip().lower() in ("datum", "fecha", "day", "日期"):
            name = "date"
        if name in COLUMNS and name not in guessed.values():
            guessed[head] = name
    return guessed


def _remember(patient: Patient, columns: dict[str, str]) -> None:
    """The mapping is offered again for the next file of the same columns."""
    with database().read() as session:
        now = people.patient_by_id(session, patient.id)
    services.save_patient(
        database(),
        people.with_preferences(now, import_columns=columns),
        by=actor(),
        at=clock.now(),
    )


def _sources(found: Incoming) -> dict[str, int]:
    return dict(days_by_source(found.passive, PassiveKind.STEPS))


def _preview(patient: Patient, look: _Look, token: str) -> str:
    return render(
        "patient/data_look.html",
        patient=patient,
        look=look,
        token=token,
        chosen={
            "dates": request.form.get("dates"),
            "temperature": request.form.get("temperature"),
            "scale": request.form.get("scale"),
            "encoding": request.form.get("encoding"),
        },
        asks=_asks(look),
        columns=[
            ("", _("leave it out")),
            *((key, _column_name(key, look.region)) for key in COLUMNS),
        ],
        differing=_differing(look),
        rows=_rows(look),
        samples=_samples(look),
        sources=_sources(look.found) if look.found else {},
        key=new_key(),
    )


def _samples(look: _Look) -> list[str]:
    """What stands under each head in the first rows, short enough for a line."""
    under = ([row[at] for row in look.samples if at < len(row)] for at in range(len(look.heads)))
    return [", ".join(cell for cell in cells if cell)[:60] for cells in under]


def _asks(look: _Look) -> dict[str, bool]:
    """Which questions about the file are shown: those that a refusal is about.

    The scale is asked for every table of another shape: 4 of 100 looks like 4 of 10.
    """
    text = " ".join(look.refusals)
    return {
        "dates": "day or month" in text or "year of four" in text,
        "temperature": "Fahrenheit" in text,
        "scale": bool(look.heads) or "0-100" in text,
        "encoding": "UTF-8" in text,
    }


def _differing(look: _Look) -> list[tuple[str, str]]:
    """The first answers that the diary has in another way, as (day, question)."""
    found = look.would.differing[:SHOWN] if look.would else ()
    return [(short_day_text(day), _column_name(key, look.region)) for day, key in found]


def _column_name(key: str, region: Region) -> str:
    names = {
        "date": _("Day"),
        "temperature_f": _("Temperature (°F)"),
        "signs": _("Warning signs"),
        "signs_asked": _("Warning signs asked"),
        "recorded_at": _("Written at"),
    }
    return names.get(key) or _(MEASURES[key].name_for(region))


def _rows(look: _Look) -> list[tuple[str, str]]:
    """The first days as they were read, so that a swapped column is seen before it is stored."""
    if look.found is None:
        return []
    rows = [
        (
            short_day_text(entry.day),
            mark(", ").join(
                f"{_column_name(key, entry.region or look.region)} {value}"
                for key in ("axial_pain", "limb_pain", "walking", "mobility", "numbness", "steps")
                if (value := getattr(entry, key)) is not None
            )
            or _("other answers"),
        )
        for entry in look.found.archive.entries[:SHOWN]
    ]
    for value in look.found.passive[: SHOWN - len(rows)]:
        counted = f"{value.source}{mark(': ')}{_kind_name(value.kind)} {value.value:g}"
        rows.append((short_day_text(value.day), counted))
    return rows


def _kind_name(kind: PassiveKind) -> str:
    from ...domain.passive import PASSIVE_MEASURES

    return _(PASSIVE_MEASURES[kind].name)
