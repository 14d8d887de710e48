"""Every flag of a cohort: the engine over its batches, on as many processors as there are."""

import multiprocessing
import os
from collections.abc import Iterator

from ..trends import DAY_ZERO, moved, replay
from .cohort_csv import Array, Cohort
from .flags_csv import PatientFlag

#: Patient-days below which a second process costs more than it saves (measured: 0.1 s to start).
_WORTH_SHARING = 100_000
#: Cells of a batch where processes share the work: small enough that none waits long at the end.
_SHARED_CELLS = 100_000

#: What a forked process inherits, so that no array is copied to it.
_shared: Cohort | None = None


def flags_of(cohort: Cohort, workers: int | None = None) -> Iterator[list[PatientFlag]]:
    """Every flag that would have been raised, batch by batch, as of each patient's last known day.

    The same flags in the same order whatever `workers` is; None takes every processor this process
    may use, where the cohort is worth it and the system can fork.
    """
    workers = _processors(cohort) if workers is None else workers
    if workers == 1:
        yield from (_flags(cohort, members) for members in cohort.groups())
        return
    global _shared
    _shared = cohort
    try:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            yield from pool.imap(_inherited, cohort.groups(_SHARED_CELLS))
    finally:
        _shared = None


def _processors(cohort: Cohort) -> int:
    if cohort.patient_days < _WORTH_SHARING:
        return 1
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _inherited(members: Array) -> list[PatientFlag]:
    assert _shared is not None
    return _flags(_shared, members)


def _flags(cohort: Cohort, members: Array) -> list[PatientFlag]:
    flags = []
    for row, episode in replay(cohort.diaries(members)):
        patient = cohort.patients[members[row]]
        days = (patient.operation.day - DAY_ZERO).days
        flags.append(PatientFlag(patient.id, patient.operation.region, moved(episode, days)))
    return flags
