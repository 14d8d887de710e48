"""The list as a CSV file, sent some patients at a time: the words of the page, no pictures."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from flask import request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ...services import note_files, whole_list, whole_order
from ...storage.audit import AuditAction
from ...storage.lines import (
    DayLine,
    OperationLine,
    Sums,
    last_seen_of,
    lines_of,
    operations_of,
    sums_of,
)
from ...storage.listing import ListedPatient
from ...trends.levels import SPARSE_WINDOW, WINDOW, mean_of_sums
from ..shared import clock
from ..shared.access import actor, database
from ..shared.downloads import download, lines, table
from ..shared.language import in_one_language
from ..shared.language import quick_gettext as _
from ..shared.policies import CLINICIAN, TAKES_A_FILE, policy
from ..shared.zones import clinic_today, clinic_zone
from . import blueprint
from .list_words import (
    Reasons,
    about_of,
    badge_of,
    logged_words,
    measure_of,
    reasons_of,
    state_words,
    why_of,
)
from .sparklines import CHANGE_OVER, LEAD, SPAN, level_and_change, recent_words

#: Patients read and sent at once. Once the records are written, the first part is on its way in an
#: eighth of a second.
AT_ONCE = 500


@blueprint.get("/patients.csv")
@policy(CLINICIAN, fresh=TAKES_A_FILE)
def patients_csv() -> ResponseReturnValue:
    """The list as a table, every page of it; dates in ISO, for a file outlives its year.

    Before the first line is sent the record of everybody on it says so: patients whose numbers
    follow one another share pages of the database, those who follow one another in the list do not.
    """
    show, tag = request.args.get("show", "all"), request.args.get("tag", "")
    sort = request.args.get("sort", "")
    day, by, at = clinic_today(), actor(), clock.now()
    ids = whole_order(database(), by, today=day, filter=show, sort=sort, tag=tag)
    note_files(database(), ids, AuditAction.EXPORTED, {"file": "patients.csv"}, by=by, at=at)

    def parts() -> Iterator[str]:
        yield table([_header()])
        for rows in whole_list(database(), ids, today=day, at=at, at_once=AT_ONCE):
            with in_one_language():
                said = lines(_cells(rows, day, sort))
            yield said

    name = f"patients-{day.isoformat()}.csv"
    return download(stream_with_context(parts()), name, "text/csv")


def _header() -> list[str]:
    return [
        *(_("Flag"), _("State"), _("Patient"), _("Hospital number"), _("Date of birth")),
        *(_("About"), _("Why"), _("Pain"), _("Change of pain"), _("Walking")),
        *(_("Change of walking"), _("As of"), _("Logged, last 14 days"), _("Last entry")),
        *(_("Next visit"), _("Last seen")),
    ]


def _cells(rows: Sequence[ListedPatient], today: date, sort: str) -> list[list[str]]:
    ids, zone = [row.id for row in rows], clinic_zone()
    keys = {row.id: _keys(row, sort) for row in rows}
    with database().read() as session:
        answers = _Answers(session, keys, today)
        levels = {row.id: answers.words(row) for row in rows}
        # Of whom too little was logged lately is told what was last known, and beside an urgent
        # flag what got worse: a few of them.
        rare = [patient_id for patient_id, words in levels.items() if words is None]
        begin = today - timedelta(days=SPAN + LEAD)
        last = today + timedelta(days=1)
        older = lines_of(session, rare, first=begin, last=last) if rare else {}
        operations = operations_of(session, ids, last=today)
        seen = last_seen_of(session, ids, today=today)
        reasons = reasons_of(session, rows, zone, today)
    return [
        _told(
            row,
            levels[row.id] or _last_known(row, keys[row.id], older.get(row.id, ())),
            operations.get(row.id),
            seen.get(row.id),
            reasons[row.id],
            today,
        )
        for row in rows
    ]


def _told(
    row: ListedPatient,
    levels: Sequence[str],
    operation: OperationLine | None,
    seen: date | None,
    reasons: Reasons,
    today: date,
) -> list[str]:
    return [
        badge_of(row)[1],
        state_words(row, reasons, today),
        row.name,
        row.hospital_number or "",
        _iso(row.birth_date),
        about_of(row, operation, row.today),
        why_of(row, reasons, operation, row.today),
        *levels,
        _iso(row.as_of),
        logged_words(row),
        _iso(row.last_entry),
        _iso(row.next_visit),
        _iso(seen),
    ]


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _last_known(
    row: ListedPatient, keys: tuple[str, str], days: tuple[DayLine, ...]
) -> tuple[str, ...]:
    """Level and change of each measure from the days themselves."""
    said = (
        recent_words(key, days, row.today, row.operation_day, worse_only=row.has_urgent)
        for key in keys
    )
    return tuple(word for words in said for word in words)


def _keys(row: ListedPatient, sort: str) -> tuple[str, str]:
    return measure_of(row.episode, sort=sort), "walking"


class _Answers:
    """The level of each measure in the last week, and what it was three weeks before.

    `keys` are the two measures of each patient.
    """

    def __init__(self, session: Session, keys: Mapping[int, tuple[str, str]], today: date) -> None:
        # The week and what is before it: of today, and of three weeks ago.
        ago = [
            (end + last - 1, end + first)
            for end in (0, CHANGE_OVER)
            for first, last in ((0, WINDOW), (WINDOW, SPARSE_WINDOW))
        ]
        periods = [(today - timedelta(days=a), today - timedelta(days=b)) for a, b in ago]
        self._today, self._keys = today, keys
        self._sums: dict[int, Mapping[int, Sums]] = {}
        for pair in set(keys.values()):
            ids = [patient_id for patient_id, its in keys.items() if its == pair]
            self._sums |= sums_of(session, ids, periods, pair)

    def words(self, row: ListedPatient) -> tuple[str, ...] | None:
        """Level of the last week and change of both measures; None where too little was logged for
        one of them, where the day is another one, or beside an urgent flag.
        """
        is_before = row.operation_day is not None and row.operation_day >= self._today
        sums = self._sums.get(row.id)
        if is_before or sums is None or row.today != self._today or row.has_urgent:
            return None
        said: tuple[str, ...] = ()
        for key, at in zip(self._keys[row.id], (2, 4), strict=True):
            now, span = _mean(sums.get(0), sums.get(1), at)
            if not span:
                return None
            said += level_and_change(key, now, _mean(sums.get(2), sums.get(3), at)[0], span)
        return said


def _mean(week: Sums | None, before: Sums | None, at: int) -> tuple[float, int]:
    """Of the sums of a week and of the one before it, those that stand at a place."""
    one, other = ((row[at] or 0, row[at + 1]) if row else (0, 0) for row in (week, before))
    return mean_of_sums(one, other)
