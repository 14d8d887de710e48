"""What leaves the clinic's pages as files: lists and days as CSV, today's reports as one zip."""

import csv
import io
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask import make_response, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _

from ...domain.people import Action
from ...exchange.diary_csv import diary_text
from ...exchange.table import guarded
from ...services import note_file, note_files, patient_list
from ...storage.audit import AuditAction
from ...storage.listing import PatientList
from ..shared import clock
from ..shared.access import actor, database
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from ..shared.zones import clinic_today
from . import blueprint
from .chart import recovery_of
from .patients import rows_of

log = logging.getLogger("recovery_tracker.web")

#: Patients read together for a file; a page of the list is smaller.
AT_ONCE = 500


def _all_of(show: str, day: date) -> Iterator[PatientList]:
    """The whole of a filter in the order of need, a few large pages at a time."""
    page = pages = 1
    while page <= pages:
        found = patient_list(
            database(), actor(), today=day, filter=show, page=page, page_size=AT_ONCE
        )
        yield found
        page, pages = page + 1, found.pages


@blueprint.get("/patients.csv")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def patients_csv() -> ResponseReturnValue:
    """The list as a table, every page of it; dates in ISO, for a file outlives its year."""
    show = request.args.get("show", "all")
    day = clinic_today()
    found = list(_all_of(show, day))
    note_files(
        database(),
        [row.id for page in found for row in page.rows],
        AuditAction.EXPORTED,
        {"file": "patients.csv"},
        by=actor(),
        at=clock.now(),
    )
    rows = (row for page in found for row in rows_of(page, day, in_file=True))
    header = [
        *(_("Flag"), _("State"), _("Patient"), _("Hospital number"), _("Date of birth")),
        *(_("About"), _("Why"), _("Pain"), _("Change of pain"), _("Walking")),
        *(_("Change of walking"), _("Logged, last 14 days"), _("Last entry"), _("Next visit")),
        _("Last seen"),
    ]
    body = (
        (
            *(row.badge, row.attention, row.name, row.hospital_number, row.birth_date),
            *(row.about, row.why, row.pain.value, row.pain.change),
            *(row.walking.value, row.walking.change),
            *(row.logged, *row.dates),
        )
        for row in rows
    )
    return _csv(header, body, f"patients-{day.isoformat()}.csv")


@blueprint.get("/p/<public_id>/days.csv")
@policy(CLINICIAN, Action.READ_DIARY, fresh=TAKES_A_FILE)
def chart_csv(public_id: str) -> ResponseReturnValue:
    """Every day with every answer as it was given, in the columns of the diary file."""
    recovery = recovery_of(public_id, Action.READ_DIARY)
    note_file(
        database(),
        recovery.patient.id,
        AuditAction.EXPORTED,
        {"file": "days.csv"},
        by=actor(),
        at=clock.now(),
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
    # The mark at the beginning lets spreadsheets read the characters correctly.
    response = make_response("\N{ZERO WIDTH NO-BREAK SPACE}" + text)
    response.mimetype = "text/csv"
    _named(response, name)
    return response


def _named(response: Response, name: str) -> None:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
