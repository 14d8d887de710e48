"""What leaves the clinic's pages as files: lists and days as CSV, today's reports as one zip."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from flask import make_response, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _

from ...domain.people import Action
from ...exchange.diary_csv import diary_text
from ...exchange.table import guarded
from ...overview import patient_list, read_recovery
from ...reports import PAPERS
from ...storage import audit
from ...storage.listing import PatientList, PatientRow
from .. import clock
from ..access import actor, database, installation
from ..pages import render
from ..pictures import record_made, report_of
from ..policies import CLINICIAN, policy
from . import blueprint
from .chart import recovery_of
from .patients import Row, rows_of


@blueprint.get("/today")
@policy(CLINICIAN)
def today() -> ResponseReturnValue:
    """Those with a visit today, in the order of need, and their reports in one file."""
    now = clock.now()
    found = _visiting(now.date())
    return render(
        "clinician/today.html", rows=found, now=now, user=actor().name, paper=installation().paper
    )


def _visiting(day: date) -> list[Row]:
    return [
        row for found in _pages_visiting(day) for row in rows_of(PatientList(found, {}, 1, 1), day)
    ]


def _pages_visiting(day: date) -> Iterator[tuple[PatientRow, ...]]:
    """The patients with a visit on `day`, in the order of need, as the list has them in pages."""
    page = 1
    while True:
        found = patient_list(database(), actor(), today=day, filter="visit_soon", page=page)
        if here := tuple(row for row in found.rows if row.next_visit == day):
            yield here
        if page >= found.pages:
            return
        page += 1


@blueprint.post("/today/reports.zip")
@policy(CLINICIAN)
def todays_reports() -> ResponseReturnValue:
    """One page for each visit of today. Names of files are counted, so that none names anybody."""
    now = clock.now()
    paper = request.form.get("paper", "")
    paper = paper if paper in PAPERS else installation().paper
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        patients = chain.from_iterable(_pages_visiting(now.date()))
        for number, patient in enumerate(patients, start=1):
            recovery = read_recovery(database(), patient.id, today=now.date(), by=actor(), at=now)
            if recovery.history is None or recovery.assessment is None:
                continue
            pdf = report_of(recovery, paper)
            record_made(recovery, pdf)
            entry = zipfile.ZipInfo(f"report-{number:02}.pdf", now.timetuple()[:6])
            archive.writestr(entry, pdf)
    response = make_response(file.getvalue())
    response.mimetype = "application/zip"
    _named(response, f"reports-{now.date().isoformat()}.zip")
    return response


@blueprint.get("/patients.csv")
@policy(CLINICIAN)
def patients_csv() -> ResponseReturnValue:
    """The list as a table, every page of it."""
    show = request.args.get("show", "all")
    day = clock.now().date()
    rows: list[Row] = []
    page = 1
    while True:
        found = patient_list(database(), actor(), today=day, filter=show, page=page)
        rows += rows_of(found, day)
        if page >= found.pages:
            break
        page += 1
    header = [
        *(_("Flag"), _("State"), _("Patient"), _("About"), _("Why"), _("Pain"), _("Walking")),
        *(_("Logged, last 14 days"), _("Last entry"), _("Next visit")),
    ]
    body = (
        (
            *(row.badge, row.attention, row.name, row.about, row.why),
            *(f"{row.pain.value} {row.pain.change}".strip(), row.walking.value),
            *(row.logged, row.last_entry, row.next_visit),
        )
        for row in rows
    )
    return _csv(header, body, f"patients-{day.isoformat()}.csv")


@blueprint.get("/p/<public_id>/days.csv")
@policy(CLINICIAN, Action.READ_DIARY)
def chart_csv(public_id: str) -> ResponseReturnValue:
    """Every day with every answer as it was given, in the columns of the diary file."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    with database().write() as session:
        audit.record(
            session,
            audit.AuditAction.EXPORTED,
            by=actor(),
            at=clock.now(),
            patient_id=recovery.patient.id,
            details={"file": "days.csv"},
        )
    entries = [stored.entry for stored in recovery.entries]
    return _file(diary_text(entries), "days.csv")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Response:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([guarded(str(cell)) for cell in row] for row in rows)
    return _file(file.getvalue(), name)


def _file(text: str, name: str) -> Response:
    # The mark at the beginning lets spreadsheets read the letters right.
    response = make_response("\N{ZERO WIDTH NO-BREAK SPACE}" + text)
    response.mimetype = "text/csv"
    _named(response, name)
    return response


def _named(response: Response, name: str) -> None:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
