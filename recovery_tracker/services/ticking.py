"""Assessments whose day has come, or that could not be made when the record was changed."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import islice
from time import perf_counter, sleep
from zoneinfo import ZoneInfo

from ..domain.flags import Assessment
from ..domain.people import Occasion
from ..storage import patient_summary, sessions
from ..storage.database import Database, lock_chains
from ..storage.patient_summary import waiting_for_assessment
from ..trends.parameters import STANDARD
from .assessing import SYSTEM, Foreseen, assess_and_store, foresee, is_past, read_history
from .change import change, civil_day, patient_change

#: Patients whose flags are stored in one write, which takes some 0.1 s. Our default.
AT_ONCE = 25


def reassess(
    database: Database, patient_id: int, *, today: date, at: datetime
) -> Assessment | None:
    """Flags and summary follow the record as it is now: for `tick`, and after an upgrade.

    None where there is no operation, or where the assessment failed and is marked as due.
    """
    with patient_change(database, patient_id, by=SYSTEM, at=at, today=today) as session:
        history = read_history(session, patient_id)
        return assess_and_store(session, patient_id, history, Occasion(SYSTEM, at, today))


def tick(
    database: Database,
    now: datetime,
    shown: Callable[[list[tuple[int, str]]], Iterable[tuple[int, str]]] = iter,
) -> int:
    """Every summary whose day has come is assessed again; returns how many were. No session and no
    form that waited is kept beyond its time.

    `shown` hands out the patients one by one and may show how far it is. Idempotent: run at once
    again it does nothing. Some patients are read and assessed before the database is locked, and
    what was found is stored in one write, after which it rests as long: saves go on meanwhile.
    """
    _forget_expired(database, now)
    latest = now.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    with database.read() as session:
        waiting = iter(shown(waiting_for_assessment(session, latest, STANDARD.rule_set)))
    done = 0
    while some := list(islice(waiting, AT_ONCE)):
        foreseen = _foreseen(database, some, now)
        if foreseen:
            began = perf_counter()
            done += _store(database, foreseen, now)
            sleep(perf_counter() - began)
    return done


def _forget_expired(database: Database, now: datetime) -> None:
    with database.read() as session:
        is_any = sessions.is_any_expired(session, now)
    if is_any:
        with change(database) as session:
            sessions.delete_expired(session, now)


def _foreseen(
    database: Database, some: Iterable[tuple[int, str]], now: datetime
) -> dict[int, Foreseen]:
    """What those find whose day has come, by number."""
    found = {}
    with database.read() as session:
        for patient_id, zone in some:
            today = civil_day(now, zone)
            if is_past(patient_summary.summary_of(session, patient_id), today):
                found[patient_id] = foresee(read_history(session, patient_id), today)
    return found


def _store(database: Database, foreseen: dict[int, Foreseen], now: datetime) -> int:
    """Flags and summaries follow the records as they are now; returns how many could."""
    with change(database) as session:
        lock_chains(session, foreseen.keys())
        return sum(
            assess_and_store(
                session,
                patient_id,
                read_history(session, patient_id),
                Occasion(SYSTEM, now, one.today),
                foreseen=one,
            )
            is not None
            for patient_id, one in foreseen.items()
        )
