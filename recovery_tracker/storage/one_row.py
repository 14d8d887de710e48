"""One row by the value of a column, for what every page asks for.

The statements are written once: SQLAlchemy would take longer to write one again for each page than
to find the row, and longer still to keep watch over an object that nobody changes.
"""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def row_by(session: Session, column: InstrumentedAttribute[Any], value: object) -> Any:
    """The row of the table in which this column has this value; None where there is none.

    To be read: in a session that may write it is as that session has changed it.
    """
    statement = _statement(column, as_object=session.autoflush)
    if session.autoflush:
        return session.scalar(statement, {"value": value})
    return session.connection().execute(statement, {"value": value}).one_or_none()


@cache
def _statement(column: InstrumentedAttribute[Any], *, as_object: bool) -> Select[Any]:
    what = column.class_ if as_object else column.class_.__table__
    return select(what).where(column == bindparam("value"))
