"""Whose diaries a clinician may open, and by which way.

There are three ways: care that was given for this patient, membership of the patient's team, and
cover for a colleague who has either. An end that the patient or the office set beats all three.
"""

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
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from .database import WriteSession
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
    """The numbers of the patients whose diaries this clinician may open at an instant.

    The account is asked for in each part, so that each is a search by an index; asked for around
    the union, it would be a scan of everybody's care. A page asks several times at one instant.
    """
    return union(
        *(
            part.query.with_only_columns(part.patient, maintain_column_froms=True).where(
                part.account == account_id
            )
            for part in _ways(at)
        )
    )


@cache
def _open_now() -> CompoundSelect[int]:
    return open_to(bindparam("account_id"), bindparam("at"))


def patients_open_to(session: Session, account_id: int, at: datetime) -> frozenset[int]:
    """Those numbers. Every request of a clinician asks, so the query is put together once."""
    return frozenset(session.scalars(_open_now(), {"account_id": account_id, "at": at}))


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


class _Part(NamedTuple):
    """Every (account, patient, way) of one kind, and the columns to narrow it by."""

    query: Select[int, int, str]
    account: Any
    patient: Any


def _ways(at: datetime | BindParameter[datetime]) -> tuple[_Part, ...]:
    """Every way at an instant, without those that were ended."""
    return (*_own_ways(), *(_covered(own, at) for own in _own_ways()))


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
    ended = aliased(CareEndedRow)
    return (
        select(ended.account_id)
        .where(ended.account_id == account, ended.patient_id == patient)
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
