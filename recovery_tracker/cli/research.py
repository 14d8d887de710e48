"""A whole cohort for research, without names."""

from functools import partial
from pathlib import Path

from .. import services
from ..domain.surgery import Operation
from ..exchange.research import SMALL, Participant, write_cohort
from ..exchange.whole_file import whole_folder
from ..storage import audit, diary, flags, imports, people, record_rows
from ..storage.database import Database
from ..web.config import utc_now
from .options import BY_COMMAND
from .wording import counted


def export_cohort(database: Database, out: Path) -> str:
    """`out` is a folder of Parquet files about everybody; says what is in it, and which groups are
    so small that somebody could be told by them.

    Raises:
        RecoveryError: Parquet cannot be written here, or the folder cannot.
    """
    with database.read() as session:
        everybody = people.all_patients(session)
    services.note_files(
        database,
        [patient.id for patient in everybody],
        audit.AuditAction.EXPORTED,
        {"file": "research"},
        by=BY_COMMAND,
        at=utc_now(),
    )
    # Each person is read by themselves: one long look would hold up saves without a newer SQLite.
    with whole_folder(out) as folder:
        made = write_cohort(everybody, partial(_participant, database), folder)
    told = [
        f"{counted(made.people, 'person')} and {counted(made.days, 'day')} are in "
        f"{out}: no names, no notes, dates moved. It is de-identified and not anonymous."
    ]
    if made.warnings:
        told.append(f"Groups of fewer than {SMALL} people, who could be told apart:")
        told += [f"  {line}" for line in made.warnings]
    return "\n".join(told)


def _participant(database: Database, patient: people.Patient) -> Participant:
    with database.read() as session:
        return Participant(
            patient.birth_date,
            record_rows.values_of(session, patient.id, Operation),
            tuple(one.entry for one in diary.entries_of(session, patient.id)),
            imports.values_of(session, patient.id),
            tuple(flag.episode for flag in flags.flags_of(session, patient.id)),
        )
