"""The clinic of one day: who comes when and to whom, and their reports in one file."""

import logging
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import IO, cast

from flask import request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...reports import PAPERS
from ...services import patient_list, read_recovery
from ...storage import people
from ...storage.listing import ListedPatient, PatientList
from ..shared import clock
from ..shared.access import actor, database, installation
from ..shared.downloads import download
from ..shared.forms.numbers import day_in
from ..shared.pages import render
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from ..shared.report import record_made, report_name, report_of
from ..shared.zones import clinic_today
from . import blueprint
from .list_rows import rows_of

log = logging.getLogger("recovery_tracker.web")

#: Patients read together for a file; a page of the list is smaller.
AT_ONCE = 500


@blueprint.get("/today")
@policy(CLINICIAN, lists=True)
def today() -> ResponseReturnValue:
    """Those with a visit on a day, by their times, and their reports in one file.

    `day` is any day, by default today; one that is none is today.
    """
    here = clinic_today()
    day = _day_asked(request.args.get("day"), here)
    rows = [row for found in visits_on(day, here) for row in rows_of(found, here, visits_on=day)]
    return render(
        "clinician/today.html",
        rows=rows,
        day=day,
        today=here,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        paper=installation().paper,
    )


def _day_asked(text: str | None, here: date) -> date:
    day = day_in(text)
    # A day at either end of the calendar has no neighbour.
    return day if day is not None and date.min < day < date.max else here


def visits_on(day: date, here: date) -> Iterator[PatientList]:
    """Everybody with a visit on a day, by time, a few large pages at a time."""
    page = pages = 1
    while page <= pages:
        found = patient_list(
            database(),
            actor(),
            today=here,
            at=clock.now(),
            visits_on=day,
            page=page,
            page_size=AT_ONCE,
        )
        yield found
        page, pages = page + 1, found.pages


@blueprint.post("/today/reports.zip")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def todays_reports() -> ResponseReturnValue:
    """One page for each visit of a day, sent as each is made, so that progress can be seen.

    Files are counted and carry the hospital number, never a name. A patient of whom none could be
    made has a number without a file, and the text beside says so.
    """
    now, here = clock.now(), clinic_today()
    day = _day_asked(request.form.get("day"), here)
    paper = request.form.get("paper", "")
    paper = paper if paper in PAPERS else installation().paper
    patients = [row for found in visits_on(day, here) for row in found.rows]
    reports = ((row.hospital_number, _report_for(row, paper, now)) for row in patients)
    parts = _archive(reports, now, here)
    name = f"reports-{day.isoformat()}.zip"
    return download(stream_with_context(parts), name, "application/zip")


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
        "No report could be made for these patients (place on today’s list): %(numbers)s."
        " Open the patient’s page: it says what is missing.",
        numbers=listed,
    )
