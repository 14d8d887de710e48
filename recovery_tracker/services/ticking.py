"""Assessments whose day has come, or that could not be made when the record was changed."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from time import perf_counter, sleep
from zoneinfo import ZoneInfo

from ..domain.flags import Assessment
from ..storage import patient_summary
from ..storage.database import Database
from ..storage.patient_summary import waiting_for_assessment
from ..trends.parameters import STANDARD
from .assessing import SYSTEM, assess_and_store, is_past, read_history
from .change import civil_day, patient_change


def reassess(
    database: Database, patient_id: int, *, today: date, at: datetime
) -> Assessment | None:
    """Flags and summary follow the record as it is now: for `tick`, and after an upgrade.

    None where there is no operation, or where the assessment failed and is marked as due.
    """
    with patient_change(database, patient_id, by=SYSTEM, at=at, today=today) as session:
        history = read_history(session, patient_id)
        return assess_and_store(session, patient_id, history, today, SYSTEM, at)


def tick(
    database: Database,
    now: datetime,
    shown: Callable[[list[tuple[int, str]]], Iterable[tuple[int, str]]] = iter,
) -> int:
    """Every summary whose day has come is assessed again; returns how many were.

    `shown` hands out the patients one by one and may show how far it is: after a change of the
    rules ten thousand take ten minutes (measured: 31 ms of the processor for each, and its rest).
    Idempotent: run at once again it does nothing. It rests as long as it works, because SQLite lets
    one write at a time and keeps no queue. Measured on two busy cores, beside a tick of 150: a save
    took 0.13 s (at most 0.9 s); without the rests one waited over ten seconds and was refused.
    """
    latest = now.astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    with database.read() as session:
        waiting = waiting_for_assessment(session, latest, STANDARD.rule_set)
    done = 0
    for patient_id, zone in shown(waiting):
        began = perf_counter()
        today = civil_day(now, zone)
        with database.read() as session:
            due = is_past(patient_summary.summary_of(session, patient_id), today)
        if due and reassess(database, patient_id, today=today, at=now) is not None:
            done += 1
            sleep(perf_counter() - began)
    return done
