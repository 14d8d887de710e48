"""Many patients cost a page no more questions to the database than a few, and no whole tables."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from recovery_tracker.domain.history import Appointment, Event, EventKind
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.storage import record_rows
from recovery_tracker.storage.listing import FILTERS, PAGE_SIZE, patient_list
from tests.crowd import multiply
from tests.web.conftest import NOW, SYSTEM

LIST = "/clinic/patients"
TODAY = "/clinic/today"


@contextmanager
def asked(clinic) -> Iterator[list[tuple[str, object]]]:
    """Every SELECT that the program sends meanwhile, with its values."""
    found: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, _context, _many) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((statement, values))

    event.listen(clinic.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(clinic.database.engine, "before_cursor_execute", note)


def visits_today(clinic) -> None:
    """Everybody of the crowd is seen today: by an appointment, or as they noted it themselves."""
    with clinic.database.write() as session:
        ids = [row[0] for row in session.execute(text("SELECT id FROM patient"))]
        for place, patient_id in enumerate(ids):
            arranged, noted = Appointment(NOW.date(), "10:00"), Event(NOW.date(), EventKind.VISIT)
            visit = noted if place % 3 else arranged
            record_rows.add(session, patient_id, visit, by=SYSTEM, at=NOW)


def test_a_page_asks_as_little_for_a_hundred_as_for_twenty_five(clinic):
    """A question for each row, hidden in a loop, is what makes a list slow where it matters."""
    counts = {}
    for copies in (24, 3):
        # Carol cares for one of the two: 25 patients, then 100.
        multiply(clinic.database, copies)
        visits_today(clinic)
        carol = clinic.signed_in("carol")
        for path in (LIST, TODAY, f"{LIST}.csv"):
            carol.get(path)
            with asked(clinic) as questions:
                assert carol.get(path).status_code == 200
            counts.setdefault(path, []).append(len(questions))
    for path, (few, many) in counts.items():
        assert few == many, path
        assert many <= 18, (path, many)


@pytest.mark.parametrize(
    ("show", "visits_on"), [*((show, None) for show in FILTERS), ("all", NOW.date())]
)
def test_no_query_of_the_list_reads_a_whole_table(clinic, show, visits_on):
    """Each step of SQLite's plan is a search by an index; only what was found is sorted."""
    multiply(clinic.database, 30)
    carol = clinic.accounts["carol"]
    actor = Actor(carol.id, carol.name, Role.CLINICIAN, as_of=NOW)
    with asked(clinic) as questions, clinic.database.read() as session:
        patient_list(session, actor, today=NOW.date(), filter=show, visits_on=visits_on)
    assert len(questions) == 2
    for statement, values in questions:
        for step in plan_of(clinic, statement, values):
            assert is_found_by_index(step), (step, statement)


def test_the_small_lines_of_a_page_are_found_by_an_index(clinic):
    multiply(clinic.database, 30)
    carol = clinic.signed_in("carol")
    with asked(clinic) as questions:
        carol.page(LIST)
    lines = [one for one in questions if "entry_version" in one[0]]
    # The answers, the warning answers behind flags, and whether a reminder was answered.
    assert len(lines) == 3
    for line in lines:
        steps = plan_of(clinic, *line)
        tables = [one for one in steps if "entry_version" in one or "reminder" in one]
        assert tables
        assert all(is_found_by_index(step) for step in tables), steps


def is_found_by_index(step: str) -> bool:
    """False for a table that is read from end to end, or by an index made for this once."""
    if not step.startswith(("SCAN", "SEARCH")):
        return True
    return re.match(r"SEARCH \w+ USING (INTEGER PRIMARY KEY|(COVERING )?INDEX)", step) is not None


def plan_of(clinic, statement, values) -> list[str]:
    with clinic.database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row[3] for row in found]


def test_a_page_of_the_list_holds_fifty_and_leads_to_the_next(clinic):
    multiply(clinic.database, 60)
    carol = clinic.signed_in("carol")
    first = carol.page(LIST)
    assert first.text.count('role="rowheader"') == PAGE_SIZE
    assert "Page 1 of 2" in first.text
    second = carol.page(f"{LIST}?show=all&page=2")
    assert second.text.count('role="rowheader"') == 61 - PAGE_SIZE


def test_every_visit_of_a_full_day_has_its_report(clinic):
    """More visits than a page of the list holds; the file comes in parts, one for each report."""
    multiply(clinic.database, 2)
    visits_today(clinic)
    carol = clinic.signed_in("carol")
    form = carol.page(TODAY).form(f"{TODAY}/reports.zip")
    answer = carol.client.post(f"{TODAY}/reports.zip", data=form.hidden())
    parts = list(answer.iter_encoded())
    assert len(parts) == 3 + 1
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        assert [name[:10] for name in archive.namelist()] == [
            "01-report-",
            "02-report-",
            "03-report-",
        ]


def test_a_report_that_fails_costs_nobody_else_theirs(clinic):
    """Questions that are no list: what an older program or a hand in the database may leave."""
    multiply(clinic.database, 1)
    visits_today(clinic)
    with clinic.database.write() as session:
        broken = '{"questions": 5}'
        session.execute(
            text("UPDATE patient SET preferences = :broken WHERE id = :id"),
            {"broken": broken, "id": clinic.alice.id},
        )
    answer = clinic.signed_in("carol").send(TODAY, f"{TODAY}/reports.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
        assert names[-1] == "missing.txt"
        assert len(names) == 2


def test_a_visit_without_an_operation_is_named_instead_of_left_out(clinic):
    with clinic.database.write() as session:
        session.execute(text("DELETE FROM operation"))
    visits_today(clinic)
    answer = clinic.signed_in("carol").send(TODAY, f"{TODAY}/reports.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["missing.txt"]
        assert "(place on today’s list): 1." in archive.read("missing.txt").decode()
