"""One statement for many rows, without what the mapper does for each of them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Dialect, Executable, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement


def for_each(session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """The statement was executed once for each of the rows, which name its parameters.

    Values are given to the driver as they are, in the form in which the database keeps them. A file
    of ten thousand patients writes an event for each of them.
    """
    if not rows:
        return
    connection = session.connection()
    said, order = _compiled(statement, tuple(rows[0]), connection.dialect)
    given: Any = list(map(itemgetter(*order), rows)) if len(order) > 1 else list(rows)
    connection.exec_driver_sql(said, given)


def kept_as(kind: TypeDecorator[Any], value: Any, session: Session) -> Any:
    """The value in the form in which a column of this kind keeps it."""
    return kind.process_bind_param(value, session.connection().dialect)


@lru_cache(maxsize=32)
def _compiled(
    statement: Any, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[str, ...]]:
    """The text of a statement, and the order of its parameters where they are not named in it."""
    compiled = statement.compile(dialect=dialect, column_keys=names)
    return str(compiled), tuple(compiled.positiontup or ())


class _NumbersIn(FunctionElement[int]):
    """The numbers of a JSON list: one parameter, however long it is."""

    inherit_cache = True


@compiles(_NumbersIn)
def _in_sqlite(numbers: _NumbersIn, compiler: Any, **how: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(numbers.clauses, **how)}))"


@compiles(_NumbersIn, "postgresql")
def _in_postgresql(numbers: _NumbersIn, compiler: Any, **how: Any) -> str:
    text = compiler.process(numbers.clauses, **how)
    return f"(SELECT CAST(value AS INTEGER) FROM json_array_elements_text(CAST({text} AS JSON)))"


def among(column: Any, name: str = "ids") -> ColumnElement[bool]:
    """Whether a column holds one of the numbers of the parameter `name`, which `numbers` writes.

    As `in_`, which spends more on writing out five hundred parameters than the database on finding
    their rows; and a query that names them once can be kept.
    """
    return cast(
        ColumnElement[bool], column.bool_op("IN")(_NumbersIn(bindparam(name, type_=Text())))
    )


def numbers(some: Iterable[int]) -> str:
    """The value of such a parameter."""
    return f"[{','.join(map(str, some))}]"
