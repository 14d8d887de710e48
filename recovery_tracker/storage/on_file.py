"""Every patient as the office sees them."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from . import people, ways
from .search import searched
from .tables.people import AccountRow, PatientRow
from .tables.teams import TeamPatientRow, TeamRow


@dataclass(frozen=True, slots=True)
class OnFile:
    """A patient as the office sees them: no answer, no sign, no flag."""

    patient: people.Patient
    team: str
    surgeon: str
    has_account: bool
    #: Whether somebody who can sign in sees the diary.
    is_read: bool


def on_file(
    session: Session, *, at: datetime, search: str = "", page: int = 1, page_size: int
) -> tuple[tuple[OnFile, ...], int, int, int]:
    """One page of all patients by name: the rows, how many there are, the page, and the pages."""
    count = session.scalar(searched(select(func.count(PatientRow.id)), search)) or 0
    pages = max(1, ceil(count / page_size))
    page = min(max(1, page), pages)
    place, team, surgeon = TeamPatientRow, TeamRow, AccountRow
    own = select(AccountRow.id).where(AccountRow.patient_id == PatientRow.id).correlate(PatientRow)
    read = PatientRow.id.in_(ways.read_by_somebody(at))
    query = (
        select(PatientRow, team.name, surgeon.name, own.exists(), read)
        .outerjoin(place, place.patient_id == PatientRow.id)
        .outerjoin(team, team.id == place.team_id)
        .outerjoin(surgeon, surgeon.id == place.surgeon_id)
        .order_by(PatientRow.name, PatientRow.id)
    )
    found = searched(query, search).limit(page_size).offset((page - 1) * page_size)
    rows = tuple(
        OnFile(people.to_patient(row), name or "", who or "", bool(has), bool(is_read))
        for row, name, who, has, is_read in session.execute(found)
    )
    return rows, count, page, pages
