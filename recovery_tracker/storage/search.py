"""Patients by what somebody typed: parts of a name or a hospital number, or a birth date."""

import re
from typing import Any

from sqlalchemy import and_, false, or_

from ..domain.birth_dates import birth_dates
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
    born = birth_dates(search)
    return query.where(or_(found, PatientRow.birth_date.in_(born)) if born else found)
