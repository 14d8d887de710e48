"""Every flag of a cohort: the engine over its batches, on as many processors as there are."""

from collections.abc import Iterator

import numpy as np

from ..trends import replay
from .cohort import BATCH_CELLS, Array, CohortArrays
from .flags_csv import PatientFlag
from .processes import processors, shared_out

#: Bytes of an array that is made and given back before the others. The C library (glibc) keeps the
#: memory of arrays up to the size of one that was given back, instead of asking for it again and
#: again (measured: a twenty-fifth of a replay from Parquet; from CSV the reading has this effect).
_LARGE = 1 << 24

#: Below this many patient-days a second process costs more than it saves (measured: 0.1 s to
#: start).
_WORTH_SHARING = 100_000


def flags_of(cohort: CohortArrays, workers: int | None = None) -> Iterator[list[PatientFlag]]:
    """Every flag that would have been raised, batch by batch, as of each patient's last known day.

    The flags and their order are the same whatever `workers` is; None uses every processor
    available to this process, if the cohort is large enough.
    """
    if workers is None:
        workers = processors() if cohort.patient_days >= _WORTH_SHARING else 1
    np.empty(_LARGE, np.uint8)
    groups = list(cohort.groups(BATCH_CELLS))
    return shared_out(lambda place: _flags(cohort, groups[place]), len(groups), workers)


def _flags(cohort: CohortArrays, members: Array) -> list[PatientFlag]:
    patients = [cohort.patients[member] for member in members]
    operations = [patient.operation for patient in patients]
    return [
        PatientFlag(patients[row].id, patients[row].operation.region, episode)
        for row, episode in replay(cohort.diaries(members), operations=operations)
    ]
