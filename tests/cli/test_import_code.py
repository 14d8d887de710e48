"""What a reader finds in the code on a report can be imported like a diary file."""

from datetime import timedelta

import pytest

from recovery_tracker.cli.patients import import_file
from recovery_tracker.domain.compact import code_of
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.surgery import Region
from recovery_tracker.storage import diary
from tests.databases import (  # noqa: F401  (fixtures)
    OPERATED,
    TODAY,
    database,
    file,
    new_patient,
)


def test_the_scores_come_back(database, tmp_path):  # noqa: F811
    patient = new_patient(database)
    written = [DiaryEntry(OPERATED + timedelta(days=n), axial_pain=7 - n // 5) for n in range(20)]
    paper = tmp_path / "code.txt"
    paper.write_text(code_of(written, Region.LUMBAR, TODAY) + "\n", encoding="utf-8")
    assert import_file(database, paper, patient.public_id, dry_run=False).startswith(
        "Imported 20 days"
    )
    with database.read() as session:
        stored = diary.entries_of(session, patient.id)
    assert [one.entry.axial_pain for one in stored] == [day.axial_pain for day in written]
    assert {one.entry.region for one in stored} == {Region.LUMBAR}


def test_a_damaged_code_is_one_clear_line_and_nothing_is_written(database, tmp_path):  # noqa: F811
    patient = new_patient(database)
    paper = tmp_path / "code.txt"
    paper.write_text("RT1.L.20260105.20.000000", encoding="utf-8")
    with pytest.raises(RecoveryError, match=r"code\.txt: The code was cut short"):
        import_file(database, paper, patient.public_id, dry_run=False)
    with database.read() as session:
        assert diary.entries_of(session, patient.id) == ()


def test_a_code_of_another_part_of_the_spine_is_refused(database, tmp_path):  # noqa: F811
    """Neck pain must not become back pain on the way."""
    patient = new_patient(database)
    written = [DiaryEntry(OPERATED + timedelta(days=n), axial_pain=5) for n in range(3)]
    paper = tmp_path / "code.txt"
    paper.write_text(code_of(written, Region.CERVICAL, TODAY), encoding="utf-8")
    with pytest.raises(RecoveryError, match="an operation on another part of the spine"):
        import_file(database, paper, patient.public_id, dry_run=False)
