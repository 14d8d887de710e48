"""Patients by what somebody typed: parts of a name or a hospital number, or a birth date."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import and_, false, or_

from .tables.people import PatientRow


def searched(query: Any, search: str) -> Any:
    """The query, narrowed to patients whose name, number or birth date matches."""
    words = re.findall(r"\w+", search)
    if not words:
        # A character that occurs in no name finds nobody; only an empty search finds everybody.
        return query.where(false()) if search.strip() else query
    found = and_(
        *(
            or_(
                PatientRow.name.icontains(word, autoescape=True),
                PatientRow.hospital_number.icontains(word, autoescape=True),
            )
            for word in words
        )
    )
    born = _birth_dates(search)
    return query.where(or_(found, PatientRow.birth_date.in_(born)) if born else found)


def _birth_dates(search: str) -> list[date]:
    """The days that a search may mean: year first, or day and month in either order."""
    numbers = [int(part) for part in re.findall(r"\d+", search)]
    if len(numbers) != 3 or re.search(r"[^\W\d_]", search):
        return []
    one, two, three = numbers
    days = []
    for year, month, day in ((one, two, three), (three, two, one), (three, one, two)):
        with suppress(ValueError):
            days.append(date(year, month, day))
    return [day for day in days if day.year >= 1900]
