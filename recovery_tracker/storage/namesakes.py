"""Whether somebody is there already: by hospital number, or by name and date of birth."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from .people import Patient, all_patients
from .tables.people import PatientRow


def plain_name(name: str) -> str:
    """A name as names are compared: whatever the case and the blanks."""
    return " ".join(name.casefold().split())


def same_as(
    session: Session, name: str, birth_date: date | None, hospital_number: str
) -> tuple[Patient, ...]:
    """Patients who may be this one: the same hospital number, or the same name and date of birth.

    With no date of birth on either side the same name is enough: somebody is asked, nothing is
    refused.
    """
    plain = plain_name(name)
    return tuple(
        one
        for one in all_patients(session)
        if (hospital_number and one.hospital_number == hospital_number)
        or (plain_name(one.name) == plain and one.birth_date == birth_date)
    )


def found_exactly(
    session: Session, hospital_number: str, name: str, birth_date: date | None
) -> tuple[int, ...]:
    """Numbers of the patients with this hospital number, and of no other name or date of birth than
    was typed beside it; without one, with this whole name, whatever the case, and date of birth.

    Nothing of a patient is shown who was not named in full: this is no list to look around in. A
    number that belongs to somebody else than was typed is a slip, and finds nobody; a date of birth
    that the record does not hold is nobody else's.
    """
    query = select(PatientRow.id).order_by(PatientRow.id)
    plain = plain_name(name)
    if hospital_number:
        numbered = query.add_columns(PatientRow.name, PatientRow.birth_date).where(
            PatientRow.hospital_number == hospital_number
        )
        return tuple(
            number
            for number, one, born in session.execute(numbered)
            if plain in ("", plain_name(one)) and (born is None or birth_date in (None, born))
        )
    born = PatientRow.birth_date == birth_date
    if birth_date is None:
        born = PatientRow.birth_date.is_(None)
    rows = session.execute(query.add_columns(PatientRow.name).where(born))
    return tuple(number for number, one in rows if plain_name(one) == plain)


class Known:
    """Everybody who has a record, to find whom a line of a list may mean; read once for all."""

    def __init__(self, session: Session) -> None:
        self._numbers: dict[str, str] = {}
        self._born: dict[tuple[str, date], str] = {}
        for one in all_patients(session):
            self.add(one.name, one.birth_date, one.hospital_number or "")

    def add(self, name: str, birth_date: date | None, hospital_number: str) -> None:
        """From now on this person is known too."""
        if hospital_number:
            self._numbers.setdefault(hospital_number, name)
        if birth_date is not None:
            self._born.setdefault((plain_name(name), birth_date), name)

    def like(self, name: str, birth_date: date | None, hospital_number: str) -> str | None:
        """The name of somebody with this number, or this name and birth date; None for nobody.

        A name without a birth date is never enough: the line would be left out unasked.
        """
        if hospital_number in self._numbers:
            return self._numbers[hospital_number]
        if birth_date is None:
            return None
        return self._born.get((plain_name(name), birth_date))
