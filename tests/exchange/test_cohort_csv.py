"""A cohort's files become arrays that hold exactly what single diaries would."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import RISK_FACTORS, Approach, Operation, Region
from recovery_tracker.exchange.cells import as_cell
from recovery_tracker.exchange.cohort_csv import cohort_from, read_cohort
from recovery_tracker.exchange.diary_csv import diary_from
from recovery_tracker.exchange.formula import is_formula
from recovery_tracker.exchange.patients_csv import COLUMNS as PATIENT_COLUMNS
from recovery_tracker.exchange.patients_csv import (
    LONGEST,
    CohortPatient,
    patients_from,
    read_patients,
)
from recovery_tracker.laboratory.files import write_cohort
from recovery_tracker.laboratory.simulate import simulate
from recovery_tracker.trends.series import diaries_of
from tests.memory import peak_of

PATIENTS = "patient_id,surgery_date,region,levels,preop_axial_pain,preop_limb_pain"
TWO = f"{PATIENTS}\nb,2026-01-01,lumbar,1,7,\na,2026-02-01,cervical,,,6.5\n"


@pytest.fixture
def stream(tmp_path):
    """A file with this content, open for reading."""
    opened = []

    def write(content):
        file = tmp_path / f"{len(opened)}.csv"
        file.write_text(content, newline="")
        opened.append(file.open("rb"))
        return opened[-1]

    yield write
    for each in opened:
        each.close()


@pytest.fixture
def cohort(stream):
    def read(diary, patients=TWO):
        return cohort_from(stream(diary), "D.csv", patients_from(stream(patients), "P.csv"))

    return read


def refused(read, *arguments):
    with pytest.raises(RecoveryError) as caught:
        read(*arguments)
    return str(caught.value)


def test_patients_keep_what_is_known_and_nothing_else(stream):
    b, a = patients_from(stream(TWO), "P.csv")
    assert (b.id, b.operation.region, b.operation.levels) == ("b", Region.LUMBAR, 1)
    assert (b.operation.preop_axial_pain, b.operation.preop_limb_pain) == (7, None)
    assert (a.operation.levels, a.operation.approach, a.observed_until) == (None, None, None)


def test_optional_columns_of_patients(stream):
    text = (
        f"observed_until,smoker,diabetes,approach,{PATIENTS}\n"
        "2026-03-01,yes,no,anterior,a,2026-01-01,cervical,2,7,6\n"
    )
    (patient,) = patients_from(stream(text), "P.csv")
    assert patient.operation.approach is Approach.ANTERIOR
    assert patient.operation.risk_factors == frozenset({"smoker"})
    assert patient.observed_until == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a,2026-01-01,elbow,1,7,6", "column region: 'elbow' is not one of"),
        ("a,,lumbar,1,7,6", "column surgery_date: This is empty"),
        (",2026-01-01,lumbar,1,7,6", "column patient_id: This is empty"),
        ("=a,2026-01-01,lumbar,1,7,6", "column patient_id: This must be printable"),
        ("a,2026-01-01,lumbar,0,7,6", "column levels: This must be a whole number from 1 to 25"),
        (
            "a,2026-01-01,lumbar,1,11,6",
            "column preop_axial_pain: This must be a number from 0 to 10",
        ),
        ("b,2026-01-01,lumbar,1,7,6", "column patient_id: This patient is already on row 2"),
    ],
)
def test_a_bad_patient_is_named_by_row_and_column(stream, row, problem):
    first = "b,2026-01-01,lumbar,1,7,6"
    text = f"{PATIENTS}\n{first}\n{row}\n"
    assert refused(patients_from, stream(text), "P.csv").startswith(f"P.csv, row 3, {problem}")


def test_observation_cannot_end_before_the_operation(stream):
    text = f"{PATIENTS},observed_until\na,2026-01-02,lumbar,1,7,6,2026-01-01\n"
    assert "column observed_until" in refused(patients_from, stream(text), "P.csv")


def test_by_default_everybody_is_observed_until_the_last_date_in_the_file(cohort):
    read = cohort("patient_id,date,axial_pain\nb,2026-01-03,4\na,2026-02-03,5\n")
    assert read.observed_until.tolist() == [33, 2]


def test_rows_come_in_any_order(cohort):
    read = cohort(
        "axial_pain,date,patient_id,temperature_c,signs\n"
        "4,2026-02-02,a,38.6,fever\n"
        "3,2026-01-05,b,,none\n"
        "2,2026-01-04,b,,\n"
    )
    grids = {
        read.patients[place].id: (diaries, row)
        for places, diaries in read.batches()
        for row, place in enumerate(places)
    }
    diaries, row = grids["b"]
    assert diaries.numbers["axial_pain"][row, 3:5].tolist() == [2, 3]
    assert np.isnan(diaries.numbers["axial_pain"][row, 0])
    assert diaries.signs_answered[row, 3:5].tolist() == [False, True]
    diaries, row = grids["a"]
    # 38.6 is a threshold: single precision would put it below itself.
    assert diaries.numbers["temperature_c"][row, 1] == 38.6
    assert diaries.signs["fever"][row, :2].tolist() == [False, True]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("c,2026-01-03,4", "row 2, column patient_id: This is not in the patients file"),
        (
            "a,2026-02-03,4\nb,2026-02-03,44",
            "row 3, column axial_pain: This must be a whole number",
        ),
        ("a,2026-02-03,0x4", "row 2, column axial_pain: This must be a whole number"),
        (
            "a,2026-02-03,-4\na,2026-02-04,4",
            "row 2, column axial_pain: This must be a whole number",
        ),
        ("a,,4", "row 2, column date: This is empty"),
        ("a,2026-02-03,4\n\na,2026-02-03,4", "row 4, column date: This day of this patient is"),
        ("a,2026-02-03T23:30:00Z,4", "row 2, column date: This is a time in UTC."),
        ("a,2126-02-03,4", "row 2, column date: This lies more than fifty years after"),
        ("a,2026-02-03", "row 2: Cells in this row: 2. Headings: 3."),
    ],
)
def test_a_bad_day_is_named_by_row_and_column(cohort, rows, problem):
    message = refused(cohort, f"patient_id,date,axial_pain\n{rows}\n")
    assert message.startswith(f"D.csv, {problem}")


def test_an_empty_cohort_has_no_batches(cohort):
    assert list(cohort("patient_id,date\n").batches()) == []
    assert list(cohort("patient_id,date\n", f"{PATIENTS}\n").batches()) == []


def _same(ours, theirs, row):
    """Whether a row of two sets of diaries holds the same answers."""
    width = min(ours.shape[1], theirs.shape[1])
    assert ours.logged[row, :width].tolist() == theirs.logged[0, :width].tolist()
    assert not ours.logged[row, width:].any()
    for key in set(ours.numbers) | set(theirs.numbers):
        np.testing.assert_array_equal(ours.number(key)[row, :width], theirs.number(key)[0, :width])
    for name in ("signs", "zones", "strain", "signs_asked"):
        left, right = getattr(ours, name) or {}, getattr(theirs, name) or {}
        for key in right:
            assert left[key][row, :width].tolist() == right[key][0, :width].tolist(), (name, key)
        if name != "signs_asked":
            assert not any(left[key][row].any() for key in set(left) - set(right))
    assert ours.signs_answered[row, :width].tolist() == theirs.signs_answered[0, :width].tolist()
    assert ours.lateness()[row, :width].tolist() == theirs.lateness()[0, :width].tolist()
    assert ours.limb_pain_side[row, :width].tolist() == theirs.limb_pain_side[0, :width].tolist()


def test_arrays_hold_what_the_single_diaries_hold(stream, cohort):
    """The quick reader and the reader of one diary agree on every answer."""
    header = (
        "date,axial_pain,limb_pain_side,temperature_c,numbness_zones,strain,signs,signs_asked,"
        "recorded_at,painkiller_change,note"
    )
    days = {
        "b": [
            "2026-01-01,7,left,38.6,left_foot;left_calf,none,none,,2026-01-04T08:00:00+00:00,,",
            "2026-01-03,,both,,,fall;lifting,fever;clunk,fever;chills,,none,",
            "2026-01-09,,,,,,,,,,only a note",
            "2026-01-10,,,,,,,,,,",
        ],
        "a": [
            "2026-02-04,3,,,none,,clunk,clunk;worse_on_loading,2026-02-04T08:00:00-05:00,fewer,",
            "2026-01-20,9,,,,,,,,,before the operation",
        ],
    }
    rows = "".join(f"{who},{day}\n" for who, of in days.items() for day in of)
    read = cohort(f"patient_id,{header}\n{rows}")
    for places, diaries in read.batches(cells=1):
        (place,) = places
        patient = read.patients[place]
        alone = "".join(f"{day}\n" for day in days[patient.id])
        entries = diary_from(stream(f"{header}\n{alone}"), "one.csv").entries
        last = patient.operation.day + timedelta(days=int(read.observed_until[place]))
        single = diaries_of([History((patient.operation,), entries)], [last])
        _same(diaries, single, 0)


def test_batches_hold_everybody_once_and_stay_small(cohort):
    rows = "".join(f"b,{date(2026, 1, 1) + timedelta(days=n)},3\n" for n in range(0, 300, 7))
    read = cohort(f"patient_id,date,axial_pain\n{rows}")
    batches = list(read.batches(cells=300))
    assert sorted(place for places, _ in batches for place in places) == [0, 1]
    assert all(diaries.logged.size <= 300 for _, diaries in batches)


def test_a_simulated_cohort_survives_its_files(tmp_path):
    """What `simulate` writes is what `replay` reads."""
    made = simulate(12, 90, 3)
    write_cohort(made, tmp_path)
    read = read_cohort(tmp_path / "diary.csv", read_patients(tmp_path / "patients.csv"))
    seen = 0
    for places, diaries in read.batches():
        seen += len(places)
        width = diaries.shape[1]
        for key, values in made.diaries.numbers.items():
            np.testing.assert_allclose(
                diaries.number(key), values[places, :width], rtol=0, atol=0.051
            )
        assert (diaries.logged == made.diaries.logged[places, :width]).all()
    assert seen == len(read.patients) == 12


BEFORE = """
from recovery_tracker.exchange.cohort_csv import cohort_from
from recovery_tracker.exchange.patients_csv import patients_from
patients, diary = (open(name, "rb") for name in sys.argv[1:])
people = patients_from(patients, "P.csv")
"""


def test_memory_grows_with_the_rows_and_not_with_the_text(tmp_path):
    """A day costs some bytes for each column, not the objects of its row."""
    count = 40_000
    start = date(2026, 1, 1)
    patients = (
        PATIENTS + "\n" + "".join(f"{n},2026-01-01,lumbar,1,7,7\n" for n in range(count // 100))
    )
    rows = "".join(
        f"{n // 100},{start + timedelta(days=n % 100)},3,2,1,0,4,none\n" for n in range(count)
    )
    header = "patient_id,date,axial_pain,limb_pain,walking,numbness,mobility,signs\n"
    files = tmp_path / "P.csv", tmp_path / "D.csv"
    for file, text in zip(files, (patients, header + rows), strict=True):
        file.write_text(text, newline="")
    reading = f'assert cohort_from(diary, "D.csv", people).patient_days == {count}'
    peak = peak_of(BEFORE, reading, *files)
    assert peak < 5_000_000 + 150 * count


_ids = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
_scores = st.none() | st.integers(0, 10).map(float)


@st.composite
def _patients(draw):
    day = draw(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
    until = draw(st.none() | st.integers(0, LONGEST))
    return CohortPatient(
        draw(_ids.filter(lambda text: not is_formula(text))),
        Operation(
            day=day,
            region=draw(st.sampled_from(Region)),
            levels=draw(st.none() | st.integers(1, 25)),
            approach=draw(st.none() | st.sampled_from(Approach)),
            risk_factors=draw(st.frozensets(st.sampled_from(sorted(RISK_FACTORS)))),
            preop_axial_pain=draw(_scores),
            preop_limb_pain=draw(_scores),
        ),
        None if until is None else day + timedelta(days=until),
    )


def _write(stream, patients):
    """The table of these patients."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(PATIENT_COLUMNS)
    for patient in patients:
        operation = patient.operation
        writer.writerow(
            [
                patient.id,
                as_cell(operation.day),
                operation.region,
                as_cell(operation.levels),
                as_cell(operation.preop_axial_pain),
                as_cell(operation.preop_limb_pain),
                as_cell(operation.approach),
                *(as_cell(key in operation.risk_factors) for key in RISK_FACTORS),
                as_cell(patient.observed_until),
            ]
        )


@given(st.lists(_patients(), max_size=4, unique_by=lambda patient: patient.id))
def test_patients_that_are_written_are_read_back(people):
    text = StringIO(newline="")
    _write(text, people)
    read = patients_from(BytesIO(text.getvalue().encode()), "P.csv")
    assert read == tuple(people)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ["b,2026-02-02,left_calf", "a,2026-02-02,left_calf"],
            "D.csv, row 3, column numbness_zones: 'left_calf' is not asked about after "
            "this operation.",
        ),
        (
            ["a,2026-02-03,none", "", "b,2026-02-02,left_calf;right_forearm", "a,2026-02-04,groin"],
            "D.csv, row 4, column numbness_zones: 'right_forearm' is not asked about after "
            "this operation.",
        ),
    ],
)
def test_a_place_of_another_region_is_refused_with_its_row(cohort, rows, message):
    rows = [row.replace("groin", "left_groin") for row in rows]
    text = "\n".join(["patient_id,date,numbness_zones", *rows, ""])
    assert refused(cohort, text) == message


def test_places_of_the_own_region_are_kept(cohort):
    text = (
        "patient_id,date,numbness_zones\na,2026-02-02,left_forearm\nb,2026-02-02,left_calf\n"
        "a,2026-02-03,\nb,2026-02-03,none\n"
    )
    found = cohort(text)
    assert {"left_forearm", "left_calf"} <= found.diaries(np.array([0, 1])).zones.keys()


def test_an_id_with_a_comma_is_no_number_with_a_decimal_comma():
    head = "patient_id;surgery_date;region;levels;preop_axial_pain;preop_limb_pain"
    text = f"{head}\n1,5;2026-01-05;lumbar;1;7,5;6\n"
    (patient,) = patients_from(BytesIO(text.encode()), "P.csv")
    assert (patient.id, patient.operation.preop_axial_pain) == ("1,5", 7.5)
