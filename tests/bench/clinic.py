"""A clinician with ten thousand patients: the list, a chart, its figure, a report, a clinic day."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from flask.testing import FlaskClient
from sqlalchemy import select

from recovery_tracker.domain.history import Appointment
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.storage import record_rows
from recovery_tracker.storage.database import Database
from recovery_tracker.storage.listing import FILTERS
from recovery_tracker.storage.tables.people import PatientRow
from recovery_tracker.web.clinician.sparklines import SPAN
from recovery_tracker.web.config import utc_now
from tests.bench.timing import now, said, said_seconds, since, times_of
from tests.bench.visitor import signed_in
from tests.cli.server import hidden_fields
from tests.crowd import multiply

_BY = Actor(None, "bench", Role.SYSTEM)
_CROWD = 10_000
_VISITS_TODAY = 30
_PAGE = "must be under 150"
_LIST = "/clinic/patients"


def crowded(database: Database, today: date) -> int:
    """Ten thousand patients of one surgeon, with every day that a list draws."""
    with database.read() as session:
        few = len(session.scalars(select(PatientRow.id)).all())
    return multiply(database, _CROWD // few, since=today - timedelta(days=SPAN + 6))


def lists(client: FlaskClient, patients: int) -> Iterator[str]:
    """The list's pages, filters and searches, each as the surgeon asks for it."""
    pages = -(-patients // 50)
    for number in (1, 2, pages // 2, pages):
        yield _asked(client, f"list of {patients:,}, page {number:,}", f"{_LIST}?page={number}")
    for name in FILTERS:
        if name != "all":
            yield _asked(client, f"  only “{name}”", f"{_LIST}?show={name}")
    fields = hidden_fields(client.get(_LIST).get_data(as_text=True))
    for what, search in (("a name", "lindqvist 12"), ("a number", "DEMO-007 4"), ("nobody", "zzz")):
        sent = {**fields, "search": search}
        taken = times_of(lambda sent=sent: _found(client.post(_LIST, data=sent)), 7)
        yield said(f"  search for {what}", taken, _PAGE)
    start = now()
    _found(client.get("/clinic/patients.csv"))
    yield said_seconds("  all of it as CSV", since(start)[0])


def _asked(client: FlaskClient, name: str, path: str, bar: str = _PAGE) -> str:
    return said(name, times_of(lambda: _found(client.get(path)), 7), bar)


def _found(answer) -> bytes:
    assert answer.status_code == 200, answer.status
    return answer.data


def chart(client: FlaskClient, public_id: str) -> Iterator[str]:
    """The chart of two years of diary, its figure, and the page to hand over."""
    yield _asked(client, "chart page, two years", f"/clinic/p/{public_id}")
    figure = f"/p/{public_id}/chart.svg"
    taken = []
    looks = product(("wide", "narrow"), ("light", "dark"))
    kinds = [f"{figure}?size={size}&theme={theme}" for size, theme in looks]
    for kind in kinds:
        start = now()
        _found(client.get(kind))
        taken.append(since(start))
    yield said("  its figure, drawn", taken, "must be under 400")
    yield _asked(client, "  its figure, drawn before", kinds[0], "by content")
    yield _asked(client, "  its report", f"/p/{public_id}/report.pdf", "must be under 1,000")


def clinic_day(client: FlaskClient, database: Database, today: date) -> Iterator[str]:
    """Thirty visits today: their list, and their reports in one file."""
    with database.write() as session:
        # Apart by a prime, so that the thirty are different people.
        ids = session.scalars(select(PatientRow.id).order_by(PatientRow.id)).all()
        for patient_id in ids[::331][:_VISITS_TODAY]:
            record_rows.add(session, patient_id, Appointment(today, "10:00"), by=_BY, at=utc_now())
    yield _asked(client, f"today's clinic, {_VISITS_TODAY} visits", "/clinic/today")
    fields = hidden_fields(client.get("/clinic/today").get_data(as_text=True))
    start = now()
    file = _found(client.post("/clinic/today/reports.zip", data=fields))
    taken = since(start)[0]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        made = len([name for name in archive.namelist() if name.endswith(".pdf")])
    # One or two of the made-up people may have a visit of their own today.
    assert _VISITS_TODAY <= made <= _VISITS_TODAY + 3, made
    yield said_seconds(f"  {_VISITS_TODAY} reports in one file", taken, "must be under 15")


def clinic(database: Database, url: str, surgeon: int, two_years: str) -> Iterator[str]:
    """Every line of the surgeon's side."""
    today = utc_now().date()
    start = now()
    patients = crowded(database, today)
    yield said_seconds(f"making {patients:,} patients", since(start)[0])
    client = signed_in(database, url, surgeon)
    yield from lists(client, patients)
    yield from chart(client, two_years)
    yield from clinic_day(client, database, today)
