"""What was done to a record, by whom and when: append-only, one chain for each patient.

A link holds the digests of the previous link and of its own payload. The payload is stored beside
it, so that an erasure can remove the content and the chain still verifies. Sign-ins and settings
belong to the installation's chain, number 0.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Any, cast

from sqlalchemy import (
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from ..domain.people import Actor
from .audit_chain import FIRST, link_digest, payload_digest
from .audit_key import seal_of
from .columns import Instant, canonical
from .database import WriteSession, lock_chain, lock_chains
from .many import among, for_each, kept_as, numbers
from .tables.record import AuditEventRow, AuditHeadRow, AuditPayloadRow

# As plain tables: a file of ten thousand patients writes as many events.
_HEADS, _EVENTS, _PAYLOADS = (
    cast(Table, row.__table__) for row in (AuditHeadRow, AuditEventRow, AuditPayloadRow)
)

#: The chain for everything that concerns no single patient.
INSTALLATION = 0

_ENDS = select(_HEADS.c.chain, _HEADS.c.sequence, _HEADS.c.digest).where(
    among(_HEADS.c.chain, "chains")
)

_NEW_EVENTS, _NEW_HEADS = insert(_EVENTS), insert(_HEADS)

#: What an event says, as the text that was digested, beside the event of this chain and number.
_NEW_PAYLOADS = insert(_PAYLOADS).from_select(
    ["event_id", "salt", "body"],
    select(_EVENTS.c.id, bindparam("salt", type_=Text()), bindparam("text", type_=Text())).where(
        _EVENTS.c.chain == bindparam("of"), _EVENTS.c.sequence == bindparam("number")
    ),
)

_MOVED_HEADS = (
    update(_HEADS)
    .where(_HEADS.c.chain == bindparam("of"))
    .values({name: bindparam(name) for name in ("sequence", "digest", "seal")})
)

#: One person's views of one record within this time count as one reading. Our default.
ONE_READING = timedelta(minutes=1)


class AuditAction(StrEnum):
    """Every kind of event."""

    SET_UP = "set_up"
    SETTINGS_CHANGED = "settings_changed"
    PATIENT_CREATED = "patient_created"
    PATIENT_CHANGED = "patient_changed"
    PATIENT_ERASED = "patient_erased"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    CREDENTIALS_CHANGED = "credentials_changed"
    ACCOUNT_ENABLED = "account_enabled"
    ACCOUNT_DISABLED = "account_disabled"
    CARE_GRANTED = "care_granted"
    CARE_REVOKED = "care_revoked"
    CARE_ASKED = "care_asked"
    CARE_DECLINED = "care_declined"
    COVER_GIVEN = "cover_given"
    COVER_ENDED = "cover_ended"
    TEAM_CHANGED = "team_changed"
    PATIENT_PLACED = "patient_placed"
    INVITED = "invited"
    INVITATION_USED = "invitation_used"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    HANDOVER_CODE_MADE = "handover_code_made"
    VISIT_LINK_MADE = "visit_link_made"
    VISIT_LINK_USED = "visit_link_used"
    VISIT_LINK_ENDED = "visit_link_ended"
    EMERGENCY_ACCESS = "emergency_access"
    LIST_READ = "list_read"
    SIGNED_IN = "signed_in"
    NEW_DEVICE = "new_device"
    SIGNED_OUT = "signed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    ACCESS_REFUSED = "access_refused"
    CHART_READ = "chart_read"
    REPORT_MADE = "report_made"
    EXPORTED = "exported"
    ENTRY_SAVED = "entry_saved"
    ENTRY_CORRECTED = "entry_corrected"
    OPERATION_SAVED = "operation_saved"
    OPERATION_REMOVED = "operation_removed"
    EVENT_SAVED = "event_saved"
    EVENT_REMOVED = "event_removed"
    IMAGING_SAVED = "imaging_saved"
    IMAGING_REMOVED = "imaging_removed"
    APPOINTMENT_SAVED = "appointment_saved"
    APPOINTMENT_REMOVED = "appointment_removed"
    INSTRUCTION_SAVED = "instruction_saved"
    INSTRUCTION_REMOVED = "instruction_removed"
    SCORE_SAVED = "score_saved"
    SCORE_REMOVED = "score_removed"
    MEDICINE_SAVED = "medicine_saved"
    MEDICINE_REMOVED = "medicine_removed"
    SENSITIVITY_CHANGED = "sensitivity_changed"
    FLAG_RAISED = "flag_raised"
    FLAG_CHANGED = "flag_changed"
    FLAG_SEEN = "flag_seen"
    FLAG_TAKEN = "flag_taken"
    FLAG_DECIDED = "flag_decided"
    FLAG_ACKNOWLEDGED = "flag_acknowledged"
    IMPORTED = "imported"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    UPGRADED = "upgraded"


def record(
    session: WriteSession,
    action: AuditAction,
    *,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The event is the last link of its chain, in the transaction of the caller.

    `details` holds plain JSON values: what changed, old and new.
    """
    record_all(session, action, [details or {}], by=by, at=at, patient_id=patient_id)


def record_all(
    session: WriteSession,
    action: AuditAction,
    details: Iterable[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    patient_id: int | None = None,
) -> None:
    """An event for each of the details (at least one), in that order, written together."""
    chain = INSTALLATION if patient_id is None else patient_id
    lock_chain(session, chain)
    said = [(chain, _body(by, chain, one)) for one in details]
    _append(session, action, said, by=by, at=at)


def record_each(
    session: WriteSession,
    action: AuditAction,
    patient_ids: Collection[int],
    *,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """The same event in each patient's chain, in as many statements as for one patient.

    Keep to a few hundred patients per transaction: PostgreSQL holds a lock for each until the
    transaction ends, and its lock table is limited.
    """
    chains = sorted(set(patient_ids))
    lock_chains(session, chains)
    said = _body(by, None, details or {})
    _append(session, action, [(chain, said) for chain in chains], by=by, at=at)


def _append(
    session: WriteSession,
    action: AuditAction,
    said: Sequence[tuple[int, str]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """New last links: the chain of each, which the caller has locked, and its content as text."""
    chains = sorted({chain for chain, _text in said})
    found = session.execute(_ENDS, {"chains": numbers(chains)})
    heads = {chain: (number, digest) for chain, number, digest in found}
    there = frozenset(heads)
    events: list[dict[str, Any]] = []
    payloads: list[dict[str, Any]] = []
    stored_at = kept_as(Instant(), at, session)
    for chain, body in said:
        number, previous = heads.get(chain, (0, FIRST))
        salt = token_hex(16)
        link: dict[str, Any] = {
            "chain": chain,
            "sequence": number + 1,
            "at": at,
            "action": str(action),
            "account_id": by.account_id,
            "payload_digest": payload_digest(salt, body),
            "previous": previous,
        }
        link["digest"] = link_digest(link)
        heads[chain] = link["sequence"], link["digest"]
        events.append(link | {"at": stored_at})
        payloads.append({"salt": salt, "text": body, "of": chain, "number": number + 1})
    for_each(session, _NEW_EVENTS, events)
    for_each(session, _NEW_PAYLOADS, payloads)
    _move_heads(session, heads, there)


def _move_heads(
    session: WriteSession, heads: Mapping[int, tuple[int, str]], there: frozenset[int]
) -> None:
    """Each chain ends with this number and digest; `there` are the chains that had an end."""
    new: list[dict[str, Any]] = []
    former: list[dict[str, Any]] = []
    for chain, (number, digest) in heads.items():
        end = {"sequence": number, "digest": digest, "seal": seal_of(chain, number, digest)}
        if chain in there:
            former.append({**end, "of": chain})
        else:
            new.append({**end, "chain": chain})
    for_each(session, _MOVED_HEADS, former)
    for_each(session, _NEW_HEADS, new)


def _body(by: Actor, chain: int | None, details: Mapping[str, Any]) -> str:
    """What an event of a chain says, as it is stored; None: of any patient's."""
    # The installation's chain is never erased, so it must not name anybody who may have to be: an
    # account holder is found by number for as long as the account exists.
    name = by.name if chain != INSTALLATION or by.account_id is None else ""
    return canonical({"by": name, "role": str(by.role), "details": dict(details)})


def record_look(
    session: WriteSession,
    action: AuditAction,
    patient_id: int | None,
    *,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> bool:
    """The view is in the patient's chain (None: the installation's); False if it counts as part of
    an earlier one.
    """
    if is_noted(session, action, patient_id, by=by, at=at, details=details):
        return False
    record(session, action, by=by, at=at, patient_id=patient_id, details=details)
    return True


def is_noted(
    session: Session,
    action: AuditAction,
    patient_id: int | None,
    *,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> bool:
    """Whether the chain already holds this person's view of the same thing."""
    latest = session.execute(
        select(AuditEventRow, AuditPayloadRow.body)
        .outerjoin(AuditPayloadRow, AuditPayloadRow.event_id == AuditEventRow.id)
        .where(AuditEventRow.chain == (INSTALLATION if patient_id is None else patient_id))
        .order_by(AuditEventRow.sequence.desc())
        .limit(20)
    )
    return any(
        event.action == action
        and event.account_id == by.account_id
        and timedelta(0) <= at - event.at < ONE_READING
        and (body or {}).get("details") == dict(details or {})
        for event, body in latest
    )
