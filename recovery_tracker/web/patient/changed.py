"""A warning answer or a fall that the patient took back: what was reported, when, what open now.

Nothing is hidden by it. The advice stays one press away, the versions of the day stay, and in a
clinic the flag stays until a person there has closed it.
"""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from flask import g
from flask_babel import gettext as _

from ...domain.both_sides import marks_both_sides
from ...domain.circumstances import VERY_NUMB
from ...domain.context import Context, context_of
from ...domain.diary import DiaryEntry
from ...domain.follow_ups import SIDES, follow_ups
from ...domain.history import EventKind
from ...domain.measures import MEASURES
from ...domain.people import Role
from ...domain.signs import SIGNS
from ...domain.surgery import postoperative_day
from ...domain.triage import advice_of
from ...storage import audit_trail
from ...storage.audit import AuditAction
from ...storage.audit_trail import AuditEvent
from ...storage.entry_rows import StoredEntry
from ...storage.flags import StoredFlag
from ..shared import clock
from ..shared.access import database, installation
from ..shared.language import instant_text, mark
from .days import reads_fahrenheit, without_day
from .guidance import Guidance, guidance_of_flag
from .reading import Begun, scores_are_hidden
from .words import answer_words, signs_answer

_PAINS = ("axial_pain", "limb_pain")
_SIDES = ("limb_pain_side", "numbness", "numbness_zones")
#: The measures whose answers may have made a warning, beside a tick; those of a measure's own
#: warning only where it takes more than itself.
_BEHIND = {
    "fever": ("temperature_c",),
    "severe_pain": _PAINS,
    "severe_pain_left_open": _PAINS,
    "both_sides_deficit": _SIDES,
    "cauda_equina_recheck": _SIDES,
    "numbness": ("numbness", "numbness_zones"),
    "numbness_zones": ("numbness", "numbness_zones"),
    "limb_pain_side": ("limb_pain", "limb_pain_side"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One flag whose answer or fall was taken back, in words."""

    #: The day that was reported.
    day: date
    told_at: str
    changed_at: str
    #: What the day answers now; "" for a fall: nothing stands in its place.
    stands: str
    #: The advice the answer had asked for, with what was told and what was left open.
    card: Guidance


def changed_answer(flag: StoredFlag, recovery: Begun) -> Changed | None:
    """What became of the answer or the fall behind a flag; None if it is unchanged."""
    if not flag.corrected_by_patient:
        return None
    days = flag.episode.days
    signs = tuple(
        dict.fromkeys(sign for sign, _advice in advice_of(flag.episode, recovery.history.index))
    )
    fall = _fall_taken_back(days, recovery) if "fall" in signs else None
    found = [one for one in (_new_answer(days, signs, recovery), fall) if one]
    if not found:
        return None
    changed_at, day, stands = max(found)
    zone = recovery.patient.zone
    return Changed(
        day=day,
        told_at=instant_text(flag.stored_at, zone),
        changed_at=instant_text(changed_at, zone),
        stands=stands,
        card=guidance_of_flag(flag, recovery.history.index, clock.today(zone), installation()),
    )


def changed_on(day: date, recovery: Begun) -> Sequence[Changed]:
    """The answers of one day that were taken back, for the pages of that day."""
    found = [changed_answer(flag, recovery) for flag in recovery.open_flags]
    return [one for one in found if one is not None and one.day == day and one.stands]


def _new_answer(
    days: AbstractSet[date], keys: Collection[str], recovery: Begun
) -> tuple[datetime, date, str] | None:
    """When the newest of these days was changed, which it is, and what it answers now to what the
    warnings `keys` came from.
    """
    stands = {stored.day: stored for stored in recovery.entries if stored.day in days}
    for day in days - stands.keys():
        stands |= {stored.day: stored for stored in recovery.versions_of(day)[-1:]}
    at = [(stored.corrected_at, stored) for stored in stands.values() if stored.corrected_at]
    if not at:
        return None
    changed_at, last = max(at, key=lambda one: one[0])
    if last.is_taken_back:
        return changed_at, last.day, _("the entry was removed")
    return changed_at, last.day, _stands(last, keys, recovery)


def _stands(stored: StoredEntry, keys: Collection[str], recovery: Begun) -> str:
    """What a day answers to the questions that the warnings `keys` came from; a question other than
    that about warning signs is named. Of pain scores that are hidden only that they changed.
    """
    entry, patient = stored.entry, recovery.patient
    versions = recovery.versions_of(stored.day)
    before = [one.entry for one in versions if one.version < stored.version]
    context = context_of(without_day(recovery.history, stored.day), stored.day)
    behind = _behind(keys, before, context)
    if not behind:
        return signs_answer(entry)
    region, fahrenheit = recovery.history.region_of(entry), reads_fahrenheit(patient)
    words = {key: answer_words(key, entry, fahrenheit=fahrenheit) for key in behind}
    today = clock.today(patient.zone)
    if scores_are_hidden(recovery, postoperative_day(today, recovery.history.index)):
        words |= {key: _hidden(key, entry, before, context) for key in _PAINS if words.get(key)}
    if SIGNS.keys().isdisjoint(keys) and not any(words.values()):
        words = dict.fromkeys(keys, _("Not answered"))
    parts = [
        _(measure.name_for(region)) + mark(": ") + words[key]
        for key, measure in MEASURES.items()
        if words.get(key)
    ]
    if not SIGNS.keys().isdisjoint(keys):
        parts.append(_("New or worse") + mark(": ") + signs_answer(entry))
    return mark("; ").join(parts)


def _hidden(pain: str, entry: DiaryEntry, before: Sequence[DiaryEntry], context: Context) -> str:
    """That a pain score is another than the one behind the warning; "" where it is the same."""
    made = [one for one in before if _made(pain, one, context)] or before
    was = {getattr(one, pain) for one in made}
    return "" if getattr(entry, pain) in was else _("changed")


def _behind(keys: Collection[str], before: Sequence[DiaryEntry], context: Context) -> set[str]:
    """The measures whose answers made the warnings `keys` in the versions `before`: where several
    may have made one, those that did, or all of them where no version says which.
    """
    found: set[str] = set()
    for key in keys:
        may = [measure for measure in _BEHIND.get(key, (key,)) if measure in MEASURES]
        did = [measure for measure in may if any(_made(measure, one, context) for one in before)]
        found.update(did if did and key in SIGNS else may)
    return found


def _made(measure: str, entry: DiaryEntry, context: Context) -> bool:
    """Whether an answer was such as a warning is made of: severe, on both sides, or more numb."""
    value = getattr(entry, measure)
    if measure in _PAINS:
        return value is not None and value >= follow_ups(context).severe_from[measure]
    if measure in SIDES:
        return marks_both_sides(entry, measure) is True
    if measure == "numbness":
        least = min(VERY_NUMB, (context.usual(measure) or 0) + 1)
        return value is not None and value >= least
    return True


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
