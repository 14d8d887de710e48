"""Who said that a clinician may open a diary, read back from the record.

Care of one patient can have several words behind it, the patient's and a colleague's; all of them
end with the care. What a team opens stands in the record too, and is no word of this kind.

The audit trail may be read as the truth here. The care and its event are written in one
transaction, by `people.grant_care` and `people.revoke_care` and nothing else; the database refuses
to change or delete an event (`tables/guards.py`), and the trail has a key, which a column beside
the care would not have. Care whose event is not found was given by nobody's word. Erasing a
patient removes the care and its events together.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ..domain.people import Role
from .audit import AuditAction
from .tables.people import CareRow
from .tables.record import AuditEventRow, AuditPayloadRow

_OF_STAFF = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR, Role.SYSTEM})

_GIVEN_OR_ENDED = (AuditAction.CARE_GRANTED, AuditAction.CARE_REVOKED)


class CareWord(NamedTuple):
    """That this clinician may open a diary, and who said so; a command has no account."""

    about: int
    by_account_id: int | None
    role: str

    @property
    def is_of_staff(self) -> bool:
        """Whether it is not the patient's own."""
        return self.role in _OF_STAFF


def words_about(session: Session, patient_id: int) -> frozenset[CareWord]:
    """Whoever gave a clinician the care of this patient that the clinician still has."""
    return _standing(session, CareRow.patient_id == patient_id)


def words_for(session: Session, account_id: int) -> frozenset[CareWord]:
    """Whoever gave this clinician the care of a patient that the clinician still has."""
    return _standing(session, CareRow.account_id == account_id)


def _standing(session: Session, asked: ColumnElement[bool]) -> frozenset[CareWord]:
    """Who gave this care since it last ended; one query, however many patients."""
    cares = session.execute(select(CareRow.account_id, CareRow.patient_id).where(asked))
    held = {(account_id, patient_id) for account_id, patient_id in cares}
    events = session.execute(
        select(AuditEventRow, AuditPayloadRow.body)
        .join(AuditPayloadRow, AuditPayloadRow.event_id == AuditEventRow.id)
        .where(AuditEventRow.chain.in_(select(CareRow.patient_id).where(asked)))
        .where(AuditEventRow.action.in_([str(one) for one in _GIVEN_OR_ENDED]))
        .order_by(AuditEventRow.chain, AuditEventRow.sequence)
    )
    found: dict[tuple[int, int], set[CareWord]] = {}
    for event, body in events:
        details = body.get("details") or {}
        care = (details.get("account_id"), event.chain)
        if care not in held or "team" in details:
            continue
        words = found.setdefault(care, set())
        if event.action == AuditAction.CARE_REVOKED:
            words.clear()
        else:
            words.add(CareWord(care[0], event.account_id, body.get("role", "")))
    return frozenset().union(*found.values())
