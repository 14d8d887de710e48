"""A cohort's flags are the same on one processor and on several, and in the order of the file."""

import pytest

from recovery_tracker.domain.flags import Urgency
from recovery_tracker.exchange import processes, replaying
from recovery_tracker.exchange.cohort import CohortArrays
from recovery_tracker.exchange.cohort_csv import read_cohort
from recovery_tracker.exchange.patients_csv import read_patients
from recovery_tracker.exchange.replaying import flags_of
from recovery_tracker.laboratory.files import write_cohort
from recovery_tracker.laboratory.simulate import simulate


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> CohortArrays:
    folder = tmp_path_factory.mktemp("cohort")
    write_cohort(simulate(40, 300, 3), folder)
    return read_cohort(folder / "diary.csv", read_patients(folder / "patients.csv"))


def test_two_workers_find_what_one_finds(cohort: CohortArrays, monkeypatch) -> None:
    alone = [flag for batch in flags_of(cohort, workers=1) for flag in batch]
    monkeypatch.setattr(replaying, "BATCH_CELLS", 3_000)
    shared = list(flags_of(cohort, workers=2))
    assert len(shared) == 4
    assert [flag for batch in shared for flag in batch] == alone
    assert alone


def test_dates_are_those_of_each_patients_own_calendar(cohort: CohortArrays) -> None:
    surgery = {patient.id: patient.operation.day for patient in cohort.patients}
    for batch in flags_of(cohort, workers=1):
        for flag in batch:
            day = (flag.episode.raised_on - surgery[flag.patient_id]).days
            assert 0 <= day < 300


def test_a_failure_in_a_worker_is_not_swallowed(cohort: CohortArrays, monkeypatch) -> None:
    def broken(_: object, **_beside: object) -> None:
        raise RuntimeError("no such day")

    monkeypatch.setattr(replaying, "replay", broken)
    with pytest.raises(RuntimeError, match="no such day"):
        list(flags_of(cohort, workers=2))
    assert processes._work is None


@pytest.mark.parametrize(
    ("risk", "answers", "without", "beside"),
    [
        ("osteoporosis", "fall", Urgency.REVIEW, Urgency.SAME_DAY),
        ("blood_thinner", "head_injury", Urgency.SAME_DAY, Urgency.EMERGENCY),
    ],
)
def test_a_risk_of_the_patients_file_counts(tmp_path, risk, answers, without, beside) -> None:
    """What set-up knows of a patient makes an answer as urgent in a file as on the form."""
    people, days = tmp_path / "P.csv", tmp_path / "D.csv"
    needed = "patient_id,surgery_date,region,levels,preop_axial_pain,preop_limb_pain"
    people.write_text(
        f"{needed},{risk}\nplain,2026-01-05,lumbar,1,7,6,no\nrisk,2026-01-05,lumbar,1,7,6,yes\n"
    )
    days.write_text(
        f"patient_id,date,axial_pain,signs\nplain,2026-05-05,2,none\nplain,2026-05-06,2,{answers}\n"
        f"risk,2026-05-05,2,none\nrisk,2026-05-06,2,{answers}\n"
    )
    found = [f for batch in flags_of(read_cohort(days, read_patients(people))) for f in batch]
    urgencies = {flag.patient_id: flag.episode.urgency for flag in found}
    assert urgencies == {"plain": without, "risk": beside}
