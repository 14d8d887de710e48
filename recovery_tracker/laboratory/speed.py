"""How fast a cohort is replayed, next to ruptures' KernelCPD re-fitted daily in the same run."""

import io
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ..domain.history import History
from ..exchange.cohort_csv import read_cohort
from ..exchange.flags_csv import write_flags
from ..exchange.patients_csv import read_patients
from ..exchange.replaying import flags_of
from ..trends import assess
from .files import write_cohort
from .histories import history_of
from .simulate import simulate, simulate_scenario
from .slow_peers import package

#: KernelCPD is re-fitted on every day from the fourth week on, for this many patients.
_FITTED_PATIENTS = 12
_FITTED_FROM = 28

_REPEATS = 20


@dataclass(frozen=True)
class Speed:
    """Patient-days a second are logged days; files are read and written apart."""

    patients: int
    patient_days: int
    read_seconds: float
    replay_seconds: float
    write_seconds: float
    kernel_days_a_second: float
    #: One assessment of a diary of two years, logged daily.
    one_patient_seconds: float

    @property
    def days_a_second(self) -> float:
        return self.patient_days / self.replay_seconds

    @property
    def ratio(self) -> float:
        """Times as many patient-days a second as KernelCPD."""
        return self.days_a_second / self.kernel_days_a_second

    @property
    def file_share(self) -> float:
        """Share of the whole time that goes into reading and writing."""
        files = self.read_seconds + self.write_seconds
        return files / (files + self.replay_seconds)

    def __str__(self) -> str:
        return (
            f"replay: {self.patient_days:,} patient-days of {self.patients:,} patients in "
            f"{self.replay_seconds:.1f} s, {self.days_a_second:,.0f} a second; "
            f"KernelCPD re-fitted daily {self.kernel_days_a_second:,.0f} a second, "
            f"{self.ratio:.1f} times; files {100 * self.file_share:.0f} % of the time "
            f"(read {self.read_seconds:.1f} s, write {self.write_seconds:.1f} s); "
            f"one patient with two years {1000 * self.one_patient_seconds:.1f} ms"
        )


def measure_speed(patients: int = 1000, days: int = 400, seed: int = 1) -> Speed:
    """Writes a cohort to files, replays it, and runs KernelCPD on some of the same diaries.

    Raises RecoveryError where ruptures is not installed.
    """
    ruptures = package("ruptures")
    cohort = simulate(patients, days, seed)
    with TemporaryDirectory() as folder:
        write_cohort(cohort, Path(folder))
        started = time.perf_counter()
        people = read_patients(Path(folder) / "patients.csv")
        held = read_cohort(Path(folder) / "diary.csv", people)
        read = time.perf_counter()
        flags = [flag for batch in flags_of(held) for flag in batch]
        computed = time.perf_counter()
        write_flags(io.StringIO(), flags)
        written = time.perf_counter()
    return Speed(
        patients=patients,
        patient_days=held.patient_days,
        read_seconds=read - started,
        replay_seconds=computed - read,
        write_seconds=written - computed,
        kernel_days_a_second=_kernel_rate(ruptures, cohort.diaries.number("axial_pain")),
        one_patient_seconds=one_assessment(),
    )


def _kernel_rate(ruptures: Any, pain: Any) -> float:
    """Logged patient-days a second of a fit on all days so far, repeated each day."""
    fitted = 0
    started = time.perf_counter()
    for row in pain[:_FITTED_PATIENTS]:
        values = row[~np.isnan(row)][:, None]
        for day in range(_FITTED_FROM, len(values) + 1):
            ruptures.KernelCPD(kernel="linear", min_size=7).fit(values[:day]).predict(pen=10.0)
        fitted += len(values)
    return fitted / (time.perf_counter() - started)


def one_assessment() -> float:
    """Seconds of one assessment of a diary of two years, the median of several."""
    cohort = simulate_scenario("ramp_2_42", 1, seed=4, days=730)
    history: History = history_of(cohort, 0)
    today = history.index.day + timedelta(days=729)
    taken = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        assess(history, today)
        taken.append(time.perf_counter() - started)
    return float(np.median(taken))
