"""What leaves the clinic's pages as files: lists and days as CSV, today's reports as one zip."""

import csv
import io
import logging
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, cast

from flask import make_response, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _

from ...domain.people import Action
from ...exchange.diary_csv import diary_text
from ...exchange.table import guarded
from ...reports import PAPERS
from ...services import note_file, note_files, patient_list, read_recovery
from ...storage import people
from ...storage.audit import AuditAction
from ...storage.listing import ListedPatient, PatientList
from ..shared import clock
from ..shared.access import actor, database, installation
from ..shared.pages import render
from ..shared.pictures import record_made, report_name, report_of
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from ..shared.zones import clinic_today
from . import blueprint
from .chart import recovery_of
from .patients import rows_of

log = logging.getLogger("recovery_tracker.web")

#: Patients read at once for a file; a page of the list is smaller.
AT_ONCE = 500


@blueprint.get("/today")
@policy(CLINICIAN, lists=True)
def today() -> ResponseReturnValue:
    """Those with a visit today, in the order of need, and their reports in one file."""
    now, day = clock.now(), clinic_today()
    rows = [row for found in _all_of("visit_today", day) for row in rows_of(found, day)]
    return render(
        "clinician/today.html", rows=rows, now=now, user=actor().name, paper=installation().paper
    )


def _all_of(show: str, day: date) -> Iterator[PatientList]:
    """The whole of a filter in the order of need, a few large pages at a time."""
    page = pages = 1
    while page <= pages:
        found = patient_list(
            database(), actor(), today=day, filter=show, page=page, page_size=AT_ONCE
        )
        yield found
        page, pages = page + 1, found.pages


@blueprint.post("/today/reports.zip")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def todays_reports() -> ResponseReturnValue:
    """One page for each visit of today, sent as each is made, so that progress can be seen.

    Files are counted and carry the hospital number, never a name. A patient of whom none could be
    made has a number without a file, and the text beside says so.
    """
    now, day = clock.now(), clinic_today()
    paper = request.form.get("paper", "")
    paper = paper if paper in PAPERS else installation().paper
    patients = [row for found in _all_of("visit_today", day) for row in found.rows]
    reports = ((row.hospital_number, _report_for(row, paper, now)) for row in patients)
    parts = _archive(reports, now, day)
    response = Response(stream_with_context(parts), mimetype="application/zip")
    _named(response, f"reports-{day.isoformat()}.zip")
    return response


def _report_for(row: ListedPatient, paper: str, now: datetime) -> bytes | None:
    """The PDF, noted in the audit; None where there is nothing to report on, or it failed.

    One that fails costs nobody else theirs: the file is on its way already.
    """
    try:
        with database().read() as session:
            day = clock.today(people.patient_by_id(session, row.id).zone)
        recovery = read_recovery(database(), row.id, today=day, by=actor(), at=now)
        if recovery.history is None or recovery.assessment is None:
            return None
        pdf = report_of(recovery, paper)
        record_made(recovery, pdf, by=actor())
        return pdf
    except Exception as error:
        # The kind of error only: its text could hold an answer.
        log.error("report of patient %d failed: %s", row.id, type(error).__name__)
        return None


class _Outbox:
    """Takes what an archive writes until it is sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def take(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _archive(
    reports: Iterable[tuple[str | None, bytes | None]], now: datetime, day: date
) -> Iterator[bytes]:
    """A zip file in parts, one for each report and one for the end."""
    outbox = _Outbox()
    missing = []
    with zipfile.ZipFile(cast(IO[bytes], outbox), "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (hospital_number, pdf) in enumerate(reports, start=1):
            if pdf is None:
                missing.append(number)
                continue
            archive.writestr(_entry(f"{number:02}-{report_name(hospital_number, day)}", now), pdf)
            yield outbox.take()
        if missing:
            archive.writestr(_entry("missing.txt", now), _missing_words(missing))
    yield outbox.take()


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, now.timetuple()[:6])


def _missing_words(numbers: Sequence[int]) -> str:
    listed = ", ".join(str(number) for number in numbers)
    return _(
        "No report was made for these places of today’s list: %(numbers)s."
        " Open the patient’s page: it says what is missing.",
        numbers=listed,
    )


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
    rows = (row for page in found for row in rows_of(page, day))
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
    # The mark at the beginning lets spreadsheets read the letters right.
    response = make_response("\N{ZERO WIDTH NO-BREAK SPACE}" + text)
    response.mimetype = "text/csv"
    _named(response, name)
    return response


def _named(response: Response, name: str) -> None:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
