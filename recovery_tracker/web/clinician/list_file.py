"""The list as a CSV file, sent some patients at a time: the words of the page, no pictures."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from flask import request, stream_with_context
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from numpy.typing import NDArray

from ...exchange.table import guarded
from ...services import note_each, note_file_of_many, patient_list, whole_list
from ...storage.audit import AuditAction
from ...storage.lines import LINE_ANSWERS, answers_of, last_seen_of, lines_of, operations_of
from ...storage.listing import ListedPatient
from ...trends.levels import SPARSE_WINDOW, recent_means
from ..shared import clock
from ..shared.access import actor, database
from ..shared.language import quick_gettext as _
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from ..shared.zones import clinic_today, clinic_zone
from . import blueprint
from .patients import about_of, logged_words, measure_of, reasons_of, state_words, why_of
from .sparklines import CHANGE_OVER, LEAD, SPAN, level_and_change, spark
from .words import badge

#: Patients read and sent at once. The first part is on its way in a fifth of a second.
AT_ONCE = 250

#: Days that a mean of today and one of three weeks ago rest on.
_DAYS = CHANGE_OVER + SPARSE_WINDOW


@blueprint.get("/patients.csv")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def patients_csv() -> ResponseReturnValue:
    """The list as a table, every page of it; dates in ISO, for a file outlives its year.

    Before the lines of a patient are sent their record says so.
    """
    show, tag = request.args.get("show", "all"), request.args.get("tag", "")
    sort = request.args.get("sort", "")
    day, by, at = clinic_today(), actor(), clock.now()
    found = patient_list(database(), by, today=day, at=at, filter=show, tag=tag, page_size=1)
    counts = found.counts
    about = {"file": "patients.csv"}
    count = counts.get(show, counts["all"])
    note_file_of_many(database(), count, AuditAction.EXPORTED, about, by=by, at=at)

    def parts() -> Iterator[str]:
        # The mark at the beginning lets spreadsheets read the letters right.
        yield "\N{ZERO WIDTH NO-BREAK SPACE}" + _lines([_header()])
        everybody = whole_list(
            database(), by, today=day, filter=show, sort=sort, tag=tag, at_once=AT_ONCE
        )
        for rows in everybody:
            ids = [row.id for row in rows]
            note_each(database(), ids, AuditAction.EXPORTED, about, by=by, at=at)
            yield _lines(_cells(rows, day))

    response = Response(stream_with_context(parts()), mimetype="text/csv")
    name = f"patients-{day.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue()


def _header() -> list[str]:
    return [
        *(_("Flag"), _("State"), _("Patient"), _("Hospital number"), _("Date of birth")),
        *(_("About"), _("Why"), _("Pain"), _("Change of pain"), _("Walking")),
        *(_("Change of walking"), _("As of"), _("Logged, last 14 days"), _("Last entry")),
        *(_("Next visit"), _("Last seen")),
    ]


def _cells(rows: Sequence[ListedPatient], today: date) -> list[list[str]]:
    ids, zone = [row.id for row in rows], clinic_zone()
    with database().read() as session:
        first = today - timedelta(days=_DAYS - 1)
        answers = _Answers(rows, answers_of(session, ids, first=first, last=today), first)
        # Of whom too little was logged lately is told what was last known: a few of them.
        rare = [row.id for row in rows if not all(answers.words(row, key) for key in _keys(row))]
        begin = today - timedelta(days=SPAN - 1 + LEAD)
        older = lines_of(session, rare, first=begin, last=today) if rare else {}
        operations = operations_of(session, ids, last=today)
        seen = last_seen_of(session, ids, today=today)
        reasons = reasons_of(session, rows, zone, today)
    found = []
    for row in rows:
        told: list[str] = []
        for key in _keys(row):
            words = answers.words(row, key)
            if not words:
                line = spark(key, older.get(row.id, ()), today, row.operation_day)
                words = line.value, line.change
            told += words
        operation = operations.get(row.id)
        days = (row.last_entry, row.next_visit, seen.get(row.id))
        found.append(
            [
                badge(row.urgency, row.status, is_answered=row.flags_open > 0)[1],
                state_words(row, reasons[row.id], today),
                *(row.name, row.hospital_number or ""),
                row.birth_date.isoformat() if row.birth_date else "",
                about_of(row, operation, today),
                why_of(row, reasons[row.id], operation, today),
                *told,
                row.as_of.isoformat() if row.as_of else "",
                logged_words(row),
                *(day.isoformat() if day else "" for day in days),
            ]
        )
    return found


def _keys(row: ListedPatient) -> tuple[str, str]:
    return measure_of(row.episode), "walking"


class _Answers:
    """The answers of many patients over the last weeks, and the means of all of them at once."""

    def __init__(
        self, rows: Sequence[ListedPatient], told: Sequence[Sequence[Any]], first: date
    ) -> None:
        self._place = {row.id: number for number, row in enumerate(rows)}
        self._start = [self._starts(row, first) for row in rows]
        values = np.full((len(LINE_ANSWERS), len(rows), _DAYS), np.nan)
        if told:
            patients, days, *answers = zip(*told, strict=True)
            start = first.toordinal()
            at = np.array([self._place[patient] for patient in patients])
            on = np.array([day.toordinal() - start for day in days])
            for number, column in enumerate(answers):
                values[number, at, on] = np.array(column, dtype=np.float64)
        for number, start_at in enumerate(self._start):
            values[:, number, :start_at] = np.nan
        self._means: NDArray[np.float64]
        self._means, self._spans = recent_means(values)

    @staticmethod
    def _starts(row: ListedPatient, first: date) -> int:
        """The place of the first day that counts: not before the operation."""
        if row.operation_day is None:
            return 0
        return min(max(0, (row.operation_day - first).days), _DAYS - 1)

    def words(self, row: ListedPatient, key: str) -> tuple[str, str] | None:
        """The level of the last week and its change; None where too little was logged for it."""
        measure, place = LINE_ANSWERS.index(key), self._place[row.id]
        span = int(self._spans[measure, place, -1])
        is_to_come = row.operation_day is not None and self._start[place] == _DAYS - 1
        if not span or is_to_come:
            return None
        now = float(self._means[measure, place, -1])
        then = float(self._means[measure, place, -1 - CHANGE_OVER])
        is_known = self._start[place] < _DAYS - CHANGE_OVER
        return level_and_change(key, now, then if is_known else float("nan"), span)
