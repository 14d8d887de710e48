"""A link for one appointment: made and taken back by the patient, opened by the person who holds
it."""

from datetime import date, datetime

from ..domain.people import Actor, Role
from ..storage import visit_links
from ..storage.database import Database
from ..storage.visit_links import VisitLink
from .change import change, patient_change

BY_VISIT_LINK = Actor(None, "link for an appointment", Role.SYSTEM)
"""The person who holds such a link; nobody knows who they are."""


def make(
    database: Database,
    patient_id: int,
    *,
    digest: str,
    day: date,
    expires_at: datetime,
    by: Actor,
    at: datetime,
) -> VisitLink:
    """A link to chart and report that works until `expires_at`; `digest` is that of its token."""
    with patient_change(database, patient_id, by=by, at=at) as session:
        return visit_links.make_link(
            session, patient_id, digest=digest, day=day, expires_at=expires_at, by=by, at=at
        )


def end(database: Database, patient_id: int, number: int, *, by: Actor, at: datetime) -> bool:
    """The link no longer works; False if it was not this patient's or had been withdrawn before."""
    with patient_change(database, patient_id, by=by, at=at) as session:
        return visit_links.end_link(session, patient_id, number, by=by, at=at)


def use(database: Database, digest: str, *, at: datetime) -> VisitLink | None:
    """The link, with one use more in the patient's record; None where it is no good."""
    with change(database) as session:
        return visit_links.count_use(session, digest, by=BY_VISIT_LINK, at=at)
