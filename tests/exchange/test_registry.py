"""A registry is one cohort, whatever it is written in, however it is cut, whoever works on it."""

import csv
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange import cohort_csv, sharing
from recovery_tracker.exchange.arrow import ParquetTable, write_parquet
from recovery_tracker.exchange.cohort_csv import last_day_of, read_cohort
from recovery_tracker.exchange.flags_csv import COLUMNS, flags_file, write_flags
from recovery_tracker.exchange.patients_csv import read_patients
from recovery_tracker.exchange.registry import Partition, parts_of, replay_part, replay_parts
from recovery_tracker.exchange.replaying import flags_of
from recovery_tracker.exchange.sharing import on_dask
from recovery_tracker.laboratory.files import write_cohorts, write_registry
from recovery_tracker.laboratory.simulate import simulate, simulate_blocks

Work = Callable[[Partition], int]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some patients as CSV; every third does not say until when they were observed."""
    folder = tmp_path_factory.mktemp("cohort")
    write_cohorts([simulate(24, 200, 5)], 24, folder)
    patients = folder / "patients.csv"
    rows = _read(patients)
    for row in rows[::3]:
        row["observed_until"] = ""
    _write(patients, rows)
    return folder


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def _write(path: Path, rows: Sequence[dict[str, str]], **how: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n", **how)  # type: ignore[arg-type]
        writer.writeheader()
        writer.writerows(rows)
    return path


def _flags(patients: Path, diary: Path, out: Path) -> bytes:
    cohort = read_cohort(diary, read_patients(patients))
    with flags_file(out) as stream:
        write_flags(stream, [flag for batch in flags_of(cohort, 1) for flag in batch])
    return out.read_bytes()


@pytest.fixture(scope="module")
def expected(whole: Path) -> bytes:
    return _flags(whole / "patients.csv", whole / "diary.csv", whole / "expected.csv")


def _cut(whole: Path, into: Path, size: int, write: Callable[[Path, list[dict[str, str]]], None]):
    """The cohort in files of so many patients, in an order that is not that of their ids."""
    patients = _read(whole / "patients.csv")
    patients.sort(key=lambda row: row["patient_id"][::-1])
    diary = {
        patient: list(rows)
        for patient, rows in groupby(_read(whole / "diary.csv"), key=lambda row: row["patient_id"])
    }
    for first in range(0, len(patients), size):
        some = patients[first : first + size]
        write(into / "patients" / f"{first:03}", some)
        write(into / "diary" / f"{first:03}", [d for p in some for d in diary[p["patient_id"]]])
    return parts_of(into / "patients", into / "diary")


def _as_csv(path: Path, rows: list[dict[str, str]]) -> None:
    _write(path.with_suffix(".csv"), rows)


def _as_parquet(path: Path, rows: list[dict[str, str]]) -> None:
    text = _write(path.with_suffix(".text"), rows)
    write_parquet(text, path.with_suffix(".parquet"), {"patient_id": "string", "limb_pain": "int8"})
    text.unlink()


@pytest.mark.parametrize("write", [_as_csv, _as_parquet])
@pytest.mark.parametrize("size", [1, 7, 24])
def test_flags_are_the_same_however_it_is_cut(
    whole: Path, expected: bytes, tmp_path: Path, size: int, write: Callable[..., None]
) -> None:
    parts = _cut(whole, tmp_path, size, write)
    assert len(parts) == -(-24 // size)
    replay_parts(parts, tmp_path / "flags.csv", _one_after_another)
    assert (tmp_path / "flags.csv").read_bytes() == expected
    assert not list(tmp_path.glob(".flags*"))


def _one_after_another(
    work: Callable[[Partition], int], parts: Sequence[Partition]
) -> Iterator[int]:
    return map(work, parts)


def test_a_stopped_run_goes_on(whole: Path, expected: bytes, tmp_path: Path) -> None:
    parts = _cut(whole, tmp_path, 6, _as_parquet)
    out = tmp_path / "flags.csv"
    asked: list[int] = []

    def stopped(work: Work, todo: Sequence[Partition]) -> Iterator[int]:
        asked.append(len(todo))
        yield work(todo[0])
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            replay_parts(parts, out, stopped)
    assert not out.exists()

    def counted(work: Work, todo: Sequence[Partition]) -> Iterator[int]:
        asked.append(len(todo))
        return map(work, todo)

    replay_parts(parts, out, counted)
    assert (asked, out.read_bytes()) == ([4, 3, 2], expected)
    # Another file under the same name is another registry.
    shutil.copy(parts[0].diary, tmp_path / "again")
    shutil.move(tmp_path / "again", parts[0].diary)
    replay_parts(parts, out, counted)
    assert asked[-1] == 4


def test_many_files_are_merged_in_rounds(
    whole: Path, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recovery_tracker.exchange.registry._AT_ONCE", 3)
    parts = _cut(whole, tmp_path, 2, _as_csv)
    replay_parts(parts, tmp_path / "flags.csv", _one_after_another)
    assert (tmp_path / "flags.csv").read_bytes() == expected


def test_nobody_is_in_two_files(whole: Path, tmp_path: Path) -> None:
    parts = _cut(whole, tmp_path, 12, _as_csv)
    for part in parts[:1]:
        shutil.copy(part.patients, part.patients.with_stem("zzz"))
        shutil.copy(part.diary, part.diary.with_stem("zzz"))
    parts = parts_of(tmp_path / "patients", tmp_path / "diary")
    with pytest.raises(RecoveryError, match="is in two files"):
        replay_parts(parts, tmp_path / "flags.csv", _one_after_another)


def test_halves_belong_together(whole: Path, tmp_path: Path) -> None:
    parts = _cut(whole, tmp_path, 12, _as_csv)
    parts[1].patients.unlink()
    with pytest.raises(RecoveryError, match=r"012\.csv: .*patients has no file of this name"):
        parts_of(tmp_path / "patients", tmp_path / "diary")
    with pytest.raises(RecoveryError, match="holds no file"):
        parts_of(tmp_path, tmp_path)


def test_a_plain_file_and_a_quoted_one_mean_the_same(
    whole: Path, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _read(whole / "diary.csv")
    quoted = _write(tmp_path / "quoted.csv", rows, quoting=csv.QUOTE_ALL)
    assert _flags(whole / "patients.csv", quoted, tmp_path / "a.csv") == expected
    # What the reader of plain files takes is not read a second time.
    monkeypatch.setattr(cohort_csv.Reading, "read_rows", None)
    assert _flags(whole / "patients.csv", whole / "diary.csv", tmp_path / "b.csv") == expected
    # Nor where another program wrote a whole number with a point, or a word for "not recorded".
    first, second = next(
        (row, other)
        for row, other in pairwise(rows)
        if row["axial_pain"] and not other["temperature_c"]
    )
    first["axial_pain"] += ".0"
    second["temperature_c"] = "NA"
    pointed = _write(tmp_path / "pointed.csv", rows)
    assert _flags(whole / "patients.csv", pointed, tmp_path / "c.csv") == expected


@pytest.mark.parametrize(("column", "cell"), [("axial_pain", 11), ("patient_id", "X")])
def test_a_refusal_names_the_row_of_a_parquet_file(
    whole: Path, tmp_path: Path, column: str, cell: object
) -> None:
    rows = _read(whole / "diary.csv")
    rows[200][column] = str(cell)
    _as_parquet(tmp_path / "diary", rows)
    with pytest.raises(RecoveryError, match=rf"^diary\.parquet, row 201, column {column}: "):
        read_cohort(tmp_path / "diary.parquet", read_patients(whole / "patients.csv"))


def _typed(whole: Path, target: Path, types: dict[str, str], **cells: dict[int, str]) -> Path:
    """The diary as Parquet with these types, and with other cells in some rows."""
    rows = _read(whole / "diary.csv")
    for column, changed in cells.items():
        for row, cell in changed.items():
            rows[row - 1][column] = cell
    file = target.with_suffix(".parquet")
    write_parquet(_write(target.with_suffix(".csv"), rows), file, types)
    return file


def test_numbers_that_name_patients_are_names(tmp_path: Path) -> None:
    """As places they would be others' days: who is at place 1 is not the one who is named 1."""
    operated = {"surgery_date": "2026-01-05", "region": "lumbar", "levels": "1"}
    operated |= dict.fromkeys(("preop_axial_pain", "preop_limb_pain", "observed_until"), "")
    rows = [{"patient_id": name, **operated} for name in ("0", "7", "2")]
    patients = read_patients(_write(tmp_path / "patients.csv", rows))
    days = [{"patient_id": name, "date": "2026-01-09", "axial_pain": "3"} for name in "012"]
    text = _write(tmp_path / "diary.csv", days)
    write_parquet(text, tmp_path / "diary.parquet", {"patient_id": "int64"})
    for file in (text, tmp_path / "diary.parquet"):
        with pytest.raises(RecoveryError, match="column patient_id: This is not in the patients"):
            read_cohort(file, patients)


#: What other programs make of columns with empty cells.
DOUBLES = {"patient_id": "string"} | dict.fromkeys(
    ("axial_pain", "limb_pain", "sleep", "steps", "temperature_c"), "double"
)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("axial_pain", "3.5"), ("axial_pain", "nan"), ("temperature_c", "38.65"), ("steps", "")],
)
def test_a_number_with_a_point_means_what_its_text_means(
    whole: Path, tmp_path: Path, column: str, cell: str
) -> None:
    file = _typed(whole, tmp_path / "diary", DOUBLES, **{column: {201: cell}})
    patients = read_patients(whole / "patients.csv")
    read, text = read_cohort(file, patients), read_cohort(file.with_suffix(".csv"), patients)
    assert read.numbers.keys() == text.numbers.keys()
    for key, values in text.numbers.items():
        assert values.dtype == read.numbers[key].dtype
        assert np.array_equal(values, read.numbers[key], equal_nan=True), key


@pytest.mark.parametrize(
    ("column", "cell"), [("axial_pain", "11.0"), ("temperature_c", "56.5"), ("sleep", "-1.0")]
)
def test_a_number_with_a_point_is_refused_as_its_text_is(
    whole: Path, tmp_path: Path, column: str, cell: str
) -> None:
    file = _typed(whole, tmp_path / "diary", DOUBLES, **{column: {201: cell}})
    with pytest.raises(RecoveryError, match=rf"row 201, column {column}: "):
        read_cohort(file, read_patients(whole / "patients.csv"))


def test_arrow_calculates_nothing(whole: Path, tmp_path: Path) -> None:
    """Its functions of calculation take longer to import than a file of ours to be read."""
    _typed(whole, tmp_path / "diary", DOUBLES)
    program = f"""
import sys
from pathlib import Path
from recovery_tracker.exchange.cohort_csv import read_cohort
from recovery_tracker.exchange.patients_csv import read_patients
folder = Path({str(tmp_path)!r})
read_cohort(folder / "diary.parquet", read_patients(Path({str(whole / "patients.csv")!r})))
print("pyarrow.compute" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "diary.parquet"
    file.write_bytes(b"no parquet")
    with pytest.raises(RecoveryError, match="cannot be read as Parquet"):
        ParquetTable(file, known=("date",), required=())
    with pytest.raises(RecoveryError, match="cannot be read as Parquet"):
        ParquetTable(tmp_path / "none.parquet", known=("date",), required=())


def test_a_column_of_lists_is_refused_by_name(tmp_path: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    day = {"patient_id": ["A"], "date": ["2026-02-01"], "signs": [["fever"]]}
    parquet.write_table(pyarrow.table(day), tmp_path / "d.parquet")
    with pytest.raises(RecoveryError, match=r"^d.parquet, column signs: This column is made of l"):
        ParquetTable(tmp_path / "d.parquet", known=day, required=day)


def test_the_last_day_is_that_of_the_table(whole: Path, tmp_path: Path) -> None:
    rows = _read(whole / "diary.csv")
    _as_parquet(tmp_path / "diary", rows)
    last = max(row["date"] for row in rows)
    assert str(last_day_of(whole / "diary.csv")) == last
    assert str(last_day_of(tmp_path / "diary.parquet")) == last


def test_simulate_writes_the_same_people_either_way(tmp_path: Path) -> None:
    write_cohorts(simulate_blocks(1_100, 20, 2), 1_100, tmp_path / "text")
    write_registry(simulate_blocks(1_100, 20, 2), 1_100, tmp_path / "parquet")
    text, parquet = tmp_path / "text", tmp_path / "parquet"
    parts = parts_of(parquet / "patients", parquet / "diary")
    assert len(parts) == len(list((parquet / "truth").iterdir())) == 3
    one = _flags(text / "patients.csv", text / "diary.csv", tmp_path / "one.csv")
    replay_parts(parts, tmp_path / "flags.csv", _one_after_another)
    assert (tmp_path / "flags.csv").read_bytes() == one
    sizes = [sum(f.stat().st_size for f in folder) for folder in _diaries(text, parquet)]
    assert sizes[1] * 5 < sizes[0]
    replay_parts(parts, tmp_path / "flags.parquet", _one_after_another)
    assert ParquetTable(tmp_path / "flags.parquet", known=COLUMNS, required=COLUMNS)


def _diaries(text: Path, parquet: Path) -> tuple[list[Path], list[Path]]:
    return [text / "diary.csv"], list((parquet / "diary").iterdir())


@pytest.mark.slow
def test_dask_loses_a_worker_and_no_flag(whole: Path, expected: bytes, tmp_path: Path) -> None:
    """A real scheduler and three workers, one of them killed in the middle."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-W", "ignore", "-m", "distributed.cli"]
    started = []

    def start(kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [*dask[:-1], f"distributed.cli.dask_{kind}", *arguments]
        started.append(subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL))
        return started[-1]

    try:
        start("scheduler", "--host", address, "--no-dashboard")
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        workers = [start("worker", address, *alone) for _ in range(3)]
        parts = _cut(whole, tmp_path, 1, _as_parquet)
        share = on_dask(address)

        def interrupted(
            work: Callable[[Partition], int], todo: Sequence[Partition]
        ) -> Iterator[int]:
            for number, days in enumerate(share(work, todo)):
                if number == 3:
                    workers[0].send_signal(signal.SIGKILL)
                yield days

        replay_parts(parts, tmp_path / "flags.csv", interrupted)
        assert workers[0].wait(10) == -signal.SIGKILL
        assert (tmp_path / "flags.csv").read_bytes() == expected
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "CONNECT_SECONDS", 1)
    with pytest.raises(RecoveryError, match="no scheduler answers"):
        list(on_dask("tcp://127.0.0.1:1")(replay_part, []))
