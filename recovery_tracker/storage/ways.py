"""Whose diaries a clinician may open, and by which way.

There are three ways: care that was given for this patient, membership of the patient's team, and
cover for a colleague who has either. An end that the patient or the office set beats all three.
"""

from collections.abc import Container
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    delete,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from .database import Database, WriteSession
from .tables.people import AccountRow, CareRow
from .tables.teams import CareEndedRow, CoverRow, TeamMemberRow, TeamPatientRow


class Way(StrEnum):
    """By which way a diary is open to a clinician."""

    CARE = "care"
    TEAM = "team"
    COVER = "cover"


@lru_cache(maxsize=64)
def open_to(
    account_id: int | BindParameter[int], at: datetime | BindParameter[datetime]
) -> CompoundSelect[int]:
    """The numbers of the patients whose diaries this clinician may open at an instant, one of them
    once for each way.

    The account is asked for in each part, so that each is a search by an index; asked for around
    the union, it would be a scan of everybody's care. A page asks several times at one instant.
    """
    return union_all(*(_of_account(part, account_id) for part in _ways(at)))


def is_open_to(
    patient_id: Any,
    account_id: int | BindParameter[int],
    at: datetime | BindParameter[datetime],
) -> ColumnElement[bool]:
    """Whether one diary is open to a clinician; `patient_id` is a number or the column of a query
    around it.

    Where few are asked about, this is quicker than `open_to`, which finds everybody's first.
    """
    return or_(
        *(
            _of_account(part, account_id).where(part.patient == patient_id).exists()
            for part in _ways(at)
        )
    )


def _of_account(part: "_Part", account_id: int | BindParameter[int]) -> Select[int]:
    query = part.query.with_only_columns(part.patient, maintain_column_froms=True)
    return query.where(part.account == account_id)


def patients_open_to(session: Session, account_id: int, at: datetime) -> frozenset[int]:
    """The numbers of all those patients."""
    return frozenset(session.scalars(open_to(account_id, at)))


@cache
def _one_open() -> Select[bool]:
    return select(is_open_to(*(bindparam(name) for name in ("patient_id", "account_id", "at"))))


class OpenDiaries(Container[int]):
    """The same patients, each asked about once and not before: a page is about one of thousands.

    What was answered once is not asked again.
    """

    def __init__(self, database: Database, account_id: int, at: datetime) -> None:
        self._database, self._account_id, self._at = database, account_id, at
        self._known: dict[object, bool] = {}

    def __contains__(self, patient_id: object) -> bool:
        if patient_id not in self._known:
            asked = {"patient_id": patient_id, "account_id": self._account_id, "at": self._at}
            with self._database.read() as session:
                self._known[patient_id] = bool(session.scalar(_one_open(), asked))
        return self._known[patient_id]

    def __bool__(self) -> bool:
        with self._database.read() as session:
            return session.scalar(open_to(self._account_id, self._at).limit(1)) is not None


def readers_at(session: Session, patient_id: int, at: datetime) -> dict[int, Way]:
    """Everybody to whom the diary is open at an instant, each by the most direct way."""
    query = union(*(part.query.where(part.patient == patient_id) for part in _ways(at)))
    ways = [(account_id, Way(way)) for account_id, _, way in session.execute(query)]
    found: dict[int, Way] = {}
    for account_id, way in sorted(ways, key=lambda one: list(Way).index(one[1])):
        found.setdefault(account_id, way)
    return found


def read_by_somebody(at: datetime) -> Select[int]:
    """The numbers of the patients whose diaries are open to somebody who can sign in."""
    ways = union(*(part.query for part in _ways(at))).subquery()
    return select(ways.c.patient_id).join(
        AccountRow, (AccountRow.id == ways.c.account_id) & AccountRow.active
    )


def is_read(session: Session, patient_id: int, at: datetime) -> bool:
    """Whether a diary is open to somebody who can sign in."""
    ways = union(*(part.query.where(part.patient == patient_id) for part in _ways(at))).subquery()
    query = select(AccountRow.id).join(ways, ways.c.account_id == AccountRow.id)
    return session.scalar(query.where(AccountRow.active).limit(1)) is not None


class _Part(NamedTuple):
    """Every (account, patient, way) of one kind, and the columns to narrow it by."""

    query: Select[int, int, str]
    account: Any
    patient: Any


def _ways(at: datetime | BindParameter[datetime]) -> tuple[_Part, ...]:
    """Every way at an instant, without those that were ended."""
    return (*_own_ways(), *(_covered(own, at) for own in _own_ways()))


@cache
def _own_ways() -> tuple[_Part, _Part]:
    """Care that was given, and membership of the patient's team."""
    care = select(CareRow.account_id, CareRow.patient_id, _way(Way.CARE))
    team = (
        select(TeamMemberRow.account_id, TeamPatientRow.patient_id, _way(Way.TEAM))
        .join(TeamPatientRow, TeamPatientRow.team_id == TeamMemberRow.team_id)
        .where(TeamMemberRow.joined_at.is_not(None))
        .where(~_ended(TeamMemberRow.account_id, TeamPatientRow.patient_id))
    )
    return (
        _Part(care, CareRow.account_id, CareRow.patient_id),
        _Part(team, TeamMemberRow.account_id, TeamPatientRow.patient_id),
    )


def _covered(own: _Part, at: datetime | BindParameter[datetime]) -> _Part:
    """What the colleague who is stood in for opens by care or by team."""
    query = (
        own.query.with_only_columns(
            CoverRow.account_id, own.patient, _way(Way.COVER), maintain_column_froms=True
        )
        .join(CoverRow, CoverRow.for_account_id == own.account)
        .where(CoverRow.from_at <= at, CoverRow.until_at > at)
        .where(~_ended(CoverRow.account_id, own.patient))
    )
    return _Part(query, CoverRow.account_id, own.patient)


def _way(way: Way) -> ColumnElement[str]:
    return literal(way.value).label("way")


def _ended(account: Any, patient: Any) -> ColumnElement[bool]:
    return (
        select(CareEndedRow.account_id)
        .where(CareEndedRow.account_id == account, CareEndedRow.patient_id == patient)
        .correlate_except(CareEndedRow)
        .exists()
    )


def end_way(session: WriteSession, patient_id: int, account_id: int) -> None:
    """No team and no cover opens this diary to the account, until care is given again."""
    if session.get(CareEndedRow, (account_id, patient_id)) is None:
        session.add(CareEndedRow(account_id=account_id, patient_id=patient_id))
        session.flush()


def open_way(session: WriteSession, patient_id: int, account_id: int) -> None:
    """What `end_way` closed is open again."""
    session.execute(
        delete(CareEndedRow).where(
            CareEndedRow.account_id == account_id, CareEndedRow.patient_id == patient_id
        )
    )


def own_patients(session: Session, account_id: int) -> tuple[int, ...]:
    """The patients whose diaries are open to an account by its own care and teams."""
    own = union(*(part.query.where(part.account == account_id) for part in _own_ways())).subquery()
    return tuple(session.scalars(select(own.c.patient_id).distinct()).all())
