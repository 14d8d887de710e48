"""One row by the value of a column, for what every page asks for.

The statement is written once: SQLAlchemy would take longer to write it again for each page than to
find the row.
"""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def row_by(session: Session, column: InstrumentedAttribute[Any], value: object) -> Any:
    """The row of the table in which this column has this value; None where there is none."""
    return session.scalar(_by(column), {"value": value})


@cache
def _by(column: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(column.class_).where(column == bindparam("value"))
