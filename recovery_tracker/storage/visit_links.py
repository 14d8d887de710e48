"""Links by which chart and report can be read for one appointment, without an account.

The caller passes the digest of a token; the token itself is kept nowhere.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from ..domain.people import Actor
from .audit import AuditAction, record
from .columns import fields_of
from .database import WriteSession
from .tables.access import VisitLinkRow


@dataclass(frozen=True, slots=True)
class VisitLink:
    """One link; `day` is the appointment's. `uses` counts how often it was opened."""

    id: int
    patient_id: int
    day: date
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    uses: int
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


def make_link(
    session: WriteSession,
    patient_id: int,
    *,
    digest: str,
    day: date,
    expires_at: datetime,
    by: Actor,
    at: datetime,
) -> VisitLink:
    """An open link, which stands in the patient's record."""
    row = VisitLinkRow(
        digest=digest,
        patient_id=patient_id,
        day=day,
        created_at=at,
        expires_at=expires_at,
        uses=0,
    )
    session.add(row)
    session.flush()
    _record(session, AuditAction.VISIT_LINK_MADE, row, by, at)
    return fields_to_link(row)


def links_of(session: Session, patient_id: int) -> tuple[VisitLink, ...]:
    """Every link that the patient ever made, the newest first."""
    query = select(VisitLinkRow).where(VisitLinkRow.patient_id == patient_id)
    return tuple(map(fields_to_link, session.scalars(query.order_by(VisitLinkRow.id.desc()))))


def open_link(session: Session, digest: str, *, at: datetime) -> VisitLink | None:
    """The link of a token's digest; None where it never was, was taken back or has run out."""
    row = session.scalar(select(VisitLinkRow).where(VisitLinkRow.digest == digest))
    found = None if row is None else fields_to_link(row)
    return found if found is not None and found.is_open(at) else None


def count_use(session: WriteSession, digest: str, *, by: Actor, at: datetime) -> VisitLink | None:
    """Counts one more opening of the link and returns it; None if it does not work."""
    if open_link(session, digest, at=at) is None:
        return None
    used = update(VisitLinkRow).where(VisitLinkRow.digest == digest)
    session.execute(used.values(uses=VisitLinkRow.uses + 1, used_at=at))
    row = session.scalars(
        select(VisitLinkRow)
        .where(VisitLinkRow.digest == digest)
        .execution_options(populate_existing=True)
    ).one()
    _record(session, AuditAction.VISIT_LINK_USED, row, by, at)
    return fields_to_link(row)


def end_link(
    session: WriteSession, patient_id: int, number: int, *, by: Actor, at: datetime
) -> bool:
    """The link no longer works; False if it was not this patient's or not open."""
    ended = session.execute(
        update(VisitLinkRow)
        .where(
            VisitLinkRow.id == number,
            VisitLinkRow.patient_id == patient_id,
            VisitLinkRow.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
    assert isinstance(ended, CursorResult)
    if ended.rowcount != 1:
        return False
    row = session.get(VisitLinkRow, number, populate_existing=True)
    assert row is not None
    _record(session, AuditAction.VISIT_LINK_ENDED, row, by, at)
    return True


def end_links(session: WriteSession, patient_id: int, *, by: Actor, at: datetime) -> None:
    """No link to this diary works any longer."""
    for one in links_of(session, patient_id):
        if one.is_open(at):
            end_link(session, patient_id, one.id, by=by, at=at)


def _record(
    session: WriteSession, action: AuditAction, row: VisitLinkRow, by: Actor, at: datetime
) -> None:
    details = {"link": row.id, "day": row.day.isoformat()}
    record(session, action, by=by, at=at, patient_id=row.patient_id, details=details)


def fields_to_link(row: VisitLinkRow) -> VisitLink:
    return VisitLink(**fields_of(VisitLink, row))
