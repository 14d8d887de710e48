"""Circumstances that make an answer more urgent: the patient's usual level, and what came before.

Everything here compares a patient with themselves. Missing is never zero and never "as usual": what
has no earlier answer to be compared with counts as new, unless set-up says that it was so before.
Numbers marked "our default" await a clinician's signature.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from sys import maxsize
from types import MappingProxyType

from .both_sides import both_sides_reason, is_newly_both_sides
from .context import EVENT_DAYS, Context, usual_before
from .diary import DiaryEntry, SignChange, told_celsius
from .flags import Reason, Urgency
from .measures import MEASURES
from .sign_catalogue import TWO_WEEKS
from .signs import (
    FEVER_SIGNS,
    HARDWARE_SIGNS,
    NERVE_SIGNS,
    SADDLE_SIGNS,
    SEVERE_PAIN_SIGNS,
    WOUND_SIGNS,
    Circumstance,
    Sign,
    or_bare,
)
from .surgery import Operation

#: Fever in °C. Source: published lists of when to call the surgeon (100.4 °F).
FEVER_C = 38.0
#: A temperature under this with feeling very ill is an emergency, °C. Source: UK Sepsis Trust list.
LOW_C = 36.0
#: A pain score that asks for a call after a fall, whatever is usual. Our default.
BAD_PAIN = 7

#: Numbness that is much, in steps: "severe" (NHS 111 Wales, Sciatica) read as "a lot".
VERY_NUMB = 3

#: A jump of pain after an event, in points over the usual. Source: published lists of when to call
#: the surgeon (call after a fall); the number is ours.
JUMP = 3
#: Days of recorded pain at the jump that bending, lifting or twisting needs, and the days it looks
#: ahead: such days are common, and most flares end within a day (Suri 2011, BMC MSK 12:220). With 2
#: of 4 days a healthy simulated diary was flagged 0.32 times a year, with 3 of 4 it is 0.11.
STRAIN_NEEDS = 3
STRAIN_DAYS = 3
#: Without a usual level, pain has jumped after a strain or before a silence over the last score up
#: to this many days old; only beside so recent an answer is a bad day called usual. Our default.
LAST_SCORE_DAYS = 7

#: A rise of numbness that is new, in steps. Our default.
NUMBNESS_RISE = 2
#: How many answers to look back on for "cannot be felt, for the first time". Our default.
FIRST_ANSWERS = 14

#: A sign reported again after more than this many days is taken as a new one. Our default.
_SAME_SIGN_DAYS = 7
#: Days after which a throat feeling has "lasted". Our default.
LASTED_DAYS = 7

#: Weakness that gets worse within this many days is an emergency. Our default.
WORSE_DAYS = 2

_PAINS = ("axial_pain", "limb_pain")
_FALLS = frozenset({"fall", "shift_unspecified"})
#: Signs that become an emergency with a nerve, saddle or bladder answer on the same day.
_BESIDE_NERVES = or_bare(SEVERE_PAIN_SIGNS | {"genital_change"})
#: Very bad pain, or a bare line that may be it.
_MAY_BE_SEVERE = or_bare(SEVERE_PAIN_SIGNS)
#: Circumstances that are another sign of the same day.
_BESIDE: Mapping[Circumstance, frozenset[str]] = MappingProxyType(
    {
        Circumstance.WOUND_SIGN: WOUND_SIGNS,
        Circumstance.NECK_SWELLING: or_bare(frozenset({"neck_swelling"})),
        Circumstance.VOMITING_OR_SIGHT: or_bare(frozenset({"vomiting", "vision_change"})),
        Circumstance.HEADACHE_OR_WEAKNESS: NERVE_SIGNS | or_bare(frozenset({"upright_headache"})),
        Circumstance.VERY_UNWELL: frozenset({"very_unwell"}),
        Circumstance.WITH_NIGHT_PAIN: or_bare(frozenset({"night_pain"})),
        Circumstance.WITH_WEIGHT_LOSS: or_bare(frozenset({"weight_loss"})),
    }
)
#: Every circumstance that is another sign, which may also be one of the days around.
BESIDE: Mapping[Circumstance, frozenset[str]] = MappingProxyType(
    {
        Circumstance.FEVER: FEVER_SIGNS,
        Circumstance.NERVE_OR_SADDLE_SIGN: NERVE_SIGNS | SADDLE_SIGNS,
        **_BESIDE,
    }
)
#: Circumstances that are a risk known from set-up, with the last postoperative day they apply.
_RISKS = (
    (Circumstance.BLOOD_THINNER, "blood_thinner", maxsize),
    (Circumstance.BLOOD_THINNER_EARLY, "blood_thinner", TWO_WEEKS),
    (Circumstance.LOW_BONE_DENSITY, "osteoporosis", maxsize),
)


def circumstances_of(
    entry: DiaryEntry, context: Context, present: Collection[str], standing: Collection[str] = ()
) -> Mapping[Circumstance, Reason]:
    """The circumstances that apply on the day, each with the evidence for it.

    They are those of the signs that are `present`, and of others that are still `standing`.
    """
    found: dict[Circumstance, Reason] = {}
    _put(found, Circumstance.FEVER, _fever(entry, present))
    if entry.temperature_c is not None and entry.temperature_c < LOW_C:
        found[Circumstance.LOW_TEMPERATURE] = Reason(
            "temperature", {"temperature_c": told_celsius(entry.temperature_c), "day": entry.day}
        )
    for circumstance, ids in _BESIDE.items():
        _put(found, circumstance, _first(ids, present, "with_sign"))
    if not HARDWARE_SIGNS.isdisjoint(present) or not _FALLS.isdisjoint(present):
        # An event reported late may be followed by pain on days that are already recorded.
        days = ((entry, present), *((each, each.signs or ()) for each in context.later))
        for each, signs in days:
            _put(found, Circumstance.PAIN_UP_3, pain_after(each, context, context.day))
            _put(found, Circumstance.PAIN_7, _bad_pain(each))
            _put(found, Circumstance.NEW_NERVE_SIGN, new_nerve_sign(each, context, signs))
    if not _BESIDE_NERVES.isdisjoint((*present, *standing)):
        reason = _first(NERVE_SIGNS | SADDLE_SIGNS, present, "severe_pain_with")
        _put(found, Circumstance.NERVE_OR_SADDLE_SIGN, reason or _nerve_answer(entry, context))
    if "throat_lump" in present:
        since = lasted("throat_lump", entry, context) or _since_unknown("throat_lump", context)
        _put(found, Circumstance.LASTED_OVER_7_DAYS, since)
    if not NERVE_SIGNS.isdisjoint(entry.sign_changes):
        _put(found, Circumstance.WORSE_WITHIN_2_DAYS, _worse_soon(entry, context))
    _put(found, Circumstance.WORSE_EARLY, _worse_early(entry, context))
    for circumstance, risk in _risks_of(context.operation, context.pod):
        found[circumstance] = Reason("risk", {"risk": risk})
    return found


def _risks_of(operation: Operation, pod: int) -> Iterator[tuple[Circumstance, str]]:
    for circumstance, risk, days_long in _RISKS:
        if risk in operation.risk_factors and 0 <= pod <= days_long:
            yield circumstance, risk


def urgency_alone(
    sign: Sign, pod: int, operation: Operation, earlier: Iterable[Operation] = ()
) -> Urgency | None:
    """The urgency of a sign on its own for a person with the risks that set-up recorded."""
    urgency = sign.urgency_on(pod, operation, earlier)
    if urgency is None:
        return None
    for circumstance, _risk in _risks_of(operation, pod):
        urgency = max(urgency, sign.raised_by.get(circumstance, urgency))
    return urgency


def _put(found: dict[Circumstance, Reason], key: Circumstance, reason: Reason | None) -> None:
    if reason is not None:
        found.setdefault(key, reason)


def _first(ids: frozenset[str], present: Collection[str], code: str) -> Reason | None:
    if ids.isdisjoint(present):
        return None
    return Reason(code, {"sign": next(sign for sign in present if sign in ids)})


def _fever(entry: DiaryEntry, present: Collection[str]) -> Reason | None:
    if entry.temperature_c is not None and entry.temperature_c >= FEVER_C:
        return Reason(
            "temperature", {"temperature_c": told_celsius(entry.temperature_c), "day": entry.day}
        )
    return _first(FEVER_SIGNS, present, "with_fever")


def _bad_pain(entry: DiaryEntry) -> Reason | None:
    for measure in _PAINS:
        score = getattr(entry, measure)
        if score is not None and score >= BAD_PAIN:
            return Reason("bad_pain", {"measure": measure, "now": score})
    return None


def _worse_early(entry: DiaryEntry, context: Context) -> Reason | None:
    """Very bad pain in the first two weeks that the form asked about again, and that is worse."""
    if not 0 <= context.pod <= TWO_WEEKS:
        return None
    for sign in sorted(_MAY_BE_SEVERE.intersection(entry.sign_changes)):
        if entry.sign_changes[sign] is SignChange.WORSE:
            return Reason("worse_early", {"sign": sign})
    return None


def pain_jump(entry: DiaryEntry, context: Context, event_day: date) -> Reason | None:
    """A pain score at least `JUMP` above the usual level before an event, and which score.

    With too few days for a usual level, the last score of the week before it is used instead.
    """
    return _jump(entry, context, event_day, known_of_week)


def _jump(
    entry: DiaryEntry,
    context: Context,
    event_day: date,
    known: Callable[[Context, str, date], float | None],
) -> Reason | None:
    for measure in _PAINS:
        now = getattr(entry, measure)
        if now is None or now < JUMP:
            continue  # No score is below zero, so this one cannot have jumped.
        before = known(context, measure, event_day)
        if before is not None and now - before >= JUMP:
            return Reason("pain_jump", {"measure": measure, "before": before, "now": now})
    return None


def last_known(context: Context, measure: str, day: date) -> float | None:
    """The usual level before a day; with too few days for one, the last answer since the operation:
    who writes every other week is compared with that, and only without any is nothing known.
    """
    return _known_since(context, measure, day, context.operation.day)


def known_of_week(context: Context, measure: str, day: date) -> float | None:
    """The same, where the last answer counts only if it is at most a week old."""
    oldest = max(day - timedelta(days=LAST_SCORE_DAYS), context.operation.day)
    return _known_since(context, measure, day, oldest)


def _known_since(context: Context, measure: str, day: date, oldest: date) -> float | None:
    usual = usual_before(context.earlier, measure, day, context.operation)
    if usual is not None:
        return usual
    for earlier in reversed(context.earlier):
        if earlier.day < oldest:
            return None
        if earlier.day < day and (score := getattr(earlier, measure)) is not None:
            return float(score)
    return None


def pain_after(entry: DiaryEntry, context: Context, event_day: date) -> Reason | None:
    """A jump of pain after a fall or a shift, or pain as high as one with no score before it."""
    jump = _jump(entry, context, event_day, last_known)
    if jump is not None:
        return jump
    for measure in _PAINS:
        now = getattr(entry, measure)
        if now is not None and now >= JUMP and last_known(context, measure, event_day) is None:
            return Reason("pain_unknown", {"measure": measure, "now": now})
    return None


def is_bad_with_nothing_before(entry: DiaryEntry, context: Context) -> bool:
    """Whether pain or numbness is much and no answer of late says how it was: nothing to be calm
    about.
    """
    much = {**dict.fromkeys(_PAINS, BAD_PAIN), "numbness": VERY_NUMB}
    return any(
        (getattr(entry, measure) or 0) >= limit
        and known_of_week(context, measure, context.day) is None
        for measure, limit in much.items()
    )


def strain_reason(entry: DiaryEntry, context: Context) -> Reason | None:
    """Pain that jumped after bending, lifting or twisting and stayed up; None otherwise."""
    days = (*context.recent(STRAIN_DAYS), entry)
    for strained in days:
        kinds = sorted((strained.strain or frozenset()) - {"fall"})
        if not kinds:
            continue
        jump = pain_jump(entry, context, strained.day)
        if jump is None:
            continue
        after = [day for day in days if day.day >= strained.day]
        up = sum(pain_jump(day, context, strained.day) is not None for day in after)
        if up >= STRAIN_NEEDS:
            values = {"strain": kinds[0], "event_day": strained.day, **jump.values}
            return Reason("strain_then_pain", values)
    return None


def events_before(context: Context) -> Iterator[tuple[str, date]]:
    """Falls and shifts of the last `EVENT_DAYS` days, as (sign, day), the latest first."""
    for earlier in reversed(context.recent(EVENT_DAYS)):
        if earlier.had_fall:
            yield "fall", earlier.day
        for sign in sorted(shift_signs(earlier)):
            yield sign, earlier.day


def shift_signs(entry: DiaryEntry) -> frozenset[str]:
    """What the day says of a shift; the bare line may be a fall, and counts like one."""
    return (HARDWARE_SIGNS | (_FALLS - {"fall"})) & (entry.signs or frozenset())


def new_nerve_sign(entry: DiaryEntry, context: Context, present: Collection[str]) -> Reason | None:
    """A new nerve sign: weakness, more numbness, a new zone, or newly both sides."""
    if reason := _first(NERVE_SIGNS, present, "nerve_sign"):
        return reason
    if reason := _nerve_answer(entry, context):
        return reason
    if entry.numbness is None:
        return None
    before = last_known(context, "numbness", context.day)
    if entry.numbness - (before or 0) >= NUMBNESS_RISE:
        if before is None:
            return Reason("numbness_unknown", {"now": entry.numbness})
        return Reason("more_numbness", {"before": before, "now": entry.numbness})
    if zone := _new_zone(entry, context):
        if before is None:
            return Reason("numbness_unknown", {"now": entry.numbness})
        return Reason("new_zone", {"zone": zone})
    return None


def _new_zone(entry: DiaryEntry, context: Context) -> str | None:
    if not entry.numbness_zones:
        return None
    known: set[str] = set()
    for earlier in context.earlier:
        known |= earlier.numbness_zones or frozenset()
    return next((zone for zone in sorted(entry.numbness_zones) if zone not in known), None)


def _nerve_answer(entry: DiaryEntry, context: Context) -> Reason | None:
    for measure in ("limb_pain_side", "numbness_zones"):
        if is_newly_both_sides(entry, context, measure):
            return both_sides_reason(entry, context, measure)
    if is_numb_for_the_first_time(entry, context):
        return Reason("numb_completely", {"day": entry.day})
    return None


def is_numb_for_the_first_time(entry: DiaryEntry, context: Context) -> bool:
    """Whether something cannot be felt at all, for the first time in `FIRST_ANSWERS` answers."""
    complete = MEASURES["numbness"].high
    if entry.numbness != complete:
        return False
    told = (each.numbness for each in reversed(context.earlier) if each.numbness is not None)
    return all(answer != complete for answer in islice(told, FIRST_ANSWERS))


def lasted(sign: str, entry: DiaryEntry, context: Context) -> Reason | None:
    """How long a sign that is present today has lasted, if at least `LASTED_DAYS`.

    "The same" answers a question about an earlier report, however long nobody answered it.
    """
    first, was_asked_after = context.day, sign in entry.sign_changes
    for earlier in reversed(context.earlier):
        if not was_asked_after and (first - earlier.day).days > _SAME_SIGN_DAYS:
            break
        change = earlier.sign_changes.get(sign)
        told = sign in (earlier.signs or ())
        if change is SignChange.GONE and not told:
            break
        if told or change is not None:
            first, was_asked_after = earlier.day, change is not None
    days = (context.day - first).days
    return Reason("lasted", {"sign": sign, "days": days}) if days >= LASTED_DAYS else None


def _since_unknown(sign: str, context: Context) -> Reason | None:
    """That a sign may have lasted, because no entry of the last days says that it was not there."""
    if context.pod < LASTED_DAYS:
        return None
    told = any(sign in (one.signs or ()) for one in context.earlier)
    asked = any(one.tells_signs for one in context.recent(LASTED_DAYS))
    return None if told or asked else Reason("since_unknown", {"sign": sign})


def _worse_soon(entry: DiaryEntry, context: Context) -> Reason | None:
    """A weakness that is worse than when last reported, if that was within days."""
    for earlier in reversed(context.recent(WORSE_DAYS)):
        for sign in NERVE_SIGNS.intersection(entry.sign_changes):
            told = sign in (earlier.signs or ()) or sign in earlier.sign_changes
            if told and entry.sign_changes[sign] is SignChange.WORSE:
                return Reason("worse_soon", {"sign": sign})
    return None
