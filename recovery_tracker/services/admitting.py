"""Many patients together, from a clinic's list: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..domain.people import Actor
from ..domain.surgery import Operation
from ..storage import people, record_rows, teams
from ..storage.database import Database
from .change import change, once


@dataclass(frozen=True, slots=True)
class Admission:
    """A patient who is new here, and what the list says about them."""

    name: str
    birth_date: date | None
    hospital_number: str
    phone: str
    operation: Operation | None
    team_id: int | None
    surgeon_id: int | None


def admit_all(
    database: Database,
    admissions: Sequence[Admission],
    *,
    zone: str,
    country: str,
    key: str,
    by: Actor,
    at: datetime,
) -> bool:
    """Whether they were admitted now; False where the form of this key did it before.

    Each has an empty diary; who has an operation is assessed when first looked at.

    Raises:
        NotSaved: the database could not take it; nobody was admitted.
    """
    with change(database) as session:

        def deed() -> None:
            for one in admissions:
                patient = people.create_patient(
                    session,
                    name=one.name,
                    birth_date=one.birth_date,
                    hospital_number=one.hospital_number or None,
                    phone=one.phone,
                    zone=zone,
                    country=country,
                    by=by,
                    at=at,
                )
                if one.operation is not None:
                    record_rows.add(session, patient.id, one.operation, by=by, at=at)
                if one.team_id is not None or one.surgeon_id is not None:
                    teams.place(
                        session,
                        patient.id,
                        team_id=one.team_id,
                        surgeon_id=one.surgeon_id,
                        by=by,
                        at=at,
                    )

        content = [[one.name, one.hospital_number] for one in admissions]
        return once(session, key, content, deed, at=at)
