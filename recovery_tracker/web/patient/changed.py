"""A warning answer or a fall that the patient took back: what was reported, when, what open now.

Nothing is hidden by it. The advice stays one press away, the versions of the day stay, and in a
clinic the flag stays until a person there has closed it.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from flask import g
from flask_babel import gettext as _

from ...domain.history import EventKind
from ...domain.people import Role
from ...domain.triage import advice_of
from ...storage import audit_trail, diary
from ...storage.audit import AuditAction
from ...storage.audit_trail import AuditEvent
from ...storage.flags import StoredFlag
from ..shared import clock
from ..shared.access import database, installation
from ..shared.language import instant_text
from .guidance import Guidance, guidance_of_flag, sign_words
from .reading import Begun
from .words import signs_answer


@dataclass(frozen=True, slots=True)
class Changed:
    """One flag whose answer or fall was taken back, in words."""

    #: The day that was reported.
    day: date
    told: tuple[str, ...]
    told_at: str
    changed_at: str
    #: What the day answers now; "" for a fall: nothing stands in its place.
    stands: str
    #: The advice the answer had asked for.
    card: Guidance


def changed_answer(flag: StoredFlag, recovery: Begun) -> Changed | None:
    """What became of the answer or the fall behind a flag; None if it is unchanged."""
    if not flag.corrected_by_patient:
        return None
    days = days_told(flag)
    signs = tuple(
        dict.fromkeys(sign for sign, _advice in advice_of(flag.episode, recovery.history.index))
    )
    fall = _fall_taken_back(days, recovery) if "fall" in signs else None
    found = [one for one in (_new_answer(days, recovery), fall) if one]
    if not found:
        return None
    changed_at, day, stands = max(found)
    zone = recovery.patient.zone
    return Changed(
        day=day,
        told=tuple(dict.fromkeys(sign_words(sign) for sign in signs)),
        told_at=instant_text(flag.stored_at, zone),
        changed_at=instant_text(changed_at, zone),
        stands=stands,
        card=guidance_of_flag(flag, recovery.history.index, clock.today(zone), installation()),
    )


def days_told(flag: StoredFlag) -> frozenset[date]:
    """The days whose answers a flag is about."""
    reasons = [*flag.episode.evidence_for, *(update.reason for update in flag.episode.updates)]
    days = (reason.values.get("day") for reason in reasons)
    return frozenset(day for day in days if isinstance(day, date))


def changed_on(day: date, recovery: Begun) -> Sequence[Changed]:
    """The answers of one day that were taken back, for the pages of that day."""
    found = [changed_answer(flag, recovery) for flag in recovery.open_flags]
    return [one for one in found if one is not None and one.day == day and one.stands]


def _new_answer(days: AbstractSet[date], recovery: Begun) -> tuple[datetime, date, str] | None:
    """When the newest of these days was changed, which it is, and what it answers now."""
    stands = {stored.day: stored for stored in recovery.entries if stored.day in days}
    with database().read() as session:
        for day in days - stands.keys():
            stands |= {s.day: s for s in diary.versions_of(session, recovery.patient.id, day)[-1:]}
    at = [(stored.corrected_at, stored) for stored in stands.values() if stored.corrected_at]
    if not at:
        return None
    changed_at, last = max(at, key=lambda one: one[0])
    said = _("the entry was removed") if last.is_taken_back else signs_answer(last.entry)
    return changed_at, last.day, said


def _fall_taken_back(days: AbstractSet[date], recovery: Begun) -> tuple[datetime, date, str] | None:
    """When the patient took back a fall on one of these days; only the audit trail still has it."""
    for one in _events_removed(recovery):
        if one.role != Role.PATIENT:
            continue
        fall = (one.details or {}).get("old", {})
        if fall.get("kind") == EventKind.FALL and date.fromisoformat(fall["day"]) in days:
            return one.at, date.fromisoformat(fall["day"]), ""
    return None


def _events_removed(recovery: Begun) -> tuple[AuditEvent, ...]:
    """Removed events, from the audit trail; read once per page, however many flags need them."""
    if "events_removed" not in g:
        with database().read() as session:
            g.events_removed = audit_trail.events_about(
                session, recovery.patient.id, action=AuditAction.EVENT_REMOVED
            )
    found: tuple[AuditEvent, ...] = g.events_removed
    return found
