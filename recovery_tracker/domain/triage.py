"""The safety layer: what one day's answers ask for, without delay.

Pure and free of statistics, so the form can call it before anything is stored. `trends.answers`
calls the same function, so a flag and the advice on the form can never disagree.

Convention: a *concern* is keyed by a sign id, or by the key of the measure whose answer raised it
(`ANSWERS`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .advice import ADVICE, Who
from .answer_rules import ANSWERS
from .both_sides import both_sides_reason, is_newly_both_sides, marks_both_sides, was_on_both_sides
from .circumstances import (
    BESIDE,
    FEVER_C,
    LOW_C,
    VERY_NUMB,
    circumstances_of,
    events_before,
    is_numb_for_the_first_time,
    last_known,
    new_nerve_sign,
    pain_after,
    strain_reason,
)
from .context import Context, context_from
from .diary import DiaryEntry, SignChange, told_celsius, with_fall
from .flags import Episode, Pattern, Reason, Urgency, Value
from .follow_ups import SIDES, needed_follow_ups
from .reasons import pattern_for, reason_for, reason_raised, reason_standing, sign_beside
from .sign_catalogue import FEVER_FROM
from .signs import LEFT_OPEN, NERVE_SIGNS, SIGNS, WAS_THERE, Circumstance
from .standing import beside, standing_signs
from .surgery import Operation, Region, postoperative_day

#: Doses of strong painkillers on one day that ask for a call, and from which twice the patient's
#: usual does. Our proposal; no source gives a number of doses.
MANY_DOSES, DOSES_TWICE_FROM = 12, 8
#: Leg or rib pain, and numbness, from which newly both sides is seen at a hospital on the same day.
#: Our default.
BOTH_SIDES_PAIN, BOTH_SIDES_NUMB = 4, 2

#: Within an urgency the ambulance comes before the hospital, and both before a call.
_FIRST_CALLED = {who: place for place, who in enumerate(Who)}
_ORDER = {key: place for place, key in enumerate((*SIGNS, *ANSWERS))}


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that a day's answers ask for. `sign` is a sign id or the key of a measure."""

    sign: str
    urgency: Urgency
    pattern: Pattern
    #: Key of `advice.ADVICE`.
    advice: str
    reason: Reason

    @property
    def beside(self) -> str:
        """The sign of another day that made it more urgent; "" without one."""
        return sign_beside(self.reason)


@dataclass(frozen=True, slots=True)
class Triage:
    """Everything a day's answers ask for, most urgent first."""

    concerns: tuple[Concern, ...]

    @property
    def urgency(self) -> Urgency | None:
        """The highest urgency; None where nothing was found, which never means that all is well."""
        return self.concerns[0].urgency if self.concerns else None


_NOTHING = Triage(())
#: Reasons of an emergency that is over: on a past day added late, or gone with nobody asked.
_OVER = frozenset({"was_there", "gone_unasked"})


def triage(entry: DiaryEntry, context: Context) -> Triage:
    """What the answers of one day ask for. The same entry and context always give the same
    result."""
    if context.fell:
        entry = with_fall(entry)
    present = present_signs(entry, context)
    concerns = list(_from_answers(entry, context, present))
    concerns += _after_an_event(entry, context, present)
    concerns += _from_signs(entry, context, present)
    concerns += _gone_unasked(entry, context)
    if not concerns:
        return _NOTHING
    concerns.sort(key=_place)
    return Triage(tuple(concerns))


def _place(concern: Concern) -> tuple[int, bool, int, int]:
    """The most urgent first, then who is called first, then the order of the form.

    What has passed comes last: the sentence for the phone call is about what is still there.
    """
    who = _FIRST_CALLED[ADVICE[concern.advice].who]
    return -concern.urgency, concern.advice == WAS_THERE, who, _ORDER[concern.sign]


def present_signs(entry: DiaryEntry, context: Context) -> tuple[str, ...]:
    """The signs that apply on the day, in the order of the catalogue.

    Ticked ones, open ones that are still there, a measured fever, a fall recorded as strain, and a
    follow-up that was shown with the whole question left open.
    """
    present = set(entry.signs or ())
    if entry.sign_changes:
        present |= {s for s, change in entry.sign_changes.items() if change is not SignChange.GONE}
    if entry.temperature_c is not None and entry.temperature_c >= FEVER_C:
        present.add("fever")
    if entry.had_fall:
        present.add("fall")
    if entry.signs is None and entry.signs_asked:
        present |= {LEFT_OPEN[s] for s in needed_follow_ups(entry, context) & entry.signs_asked}
    return tuple(sign for sign in SIGNS if sign in present) if present else ()


def _from_signs(entry: DiaryEntry, context: Context, present: Collection[str]) -> Iterator[Concern]:
    """Concerns of the signs that apply on the day, and of others that it makes more urgent."""
    for sign, (urgency, raised) in _judged(entry, context, present).items():
        if sign in present:
            concern = _from_sign(sign, entry, context, urgency, raised)
            if concern is not None:
                yield concern
        elif urgency is not None and raised is not None:
            yield _of_sign(sign, urgency, context, raised)


def _judged(
    entry: DiaryEntry, context: Context, present: Collection[str]
) -> Mapping[str, tuple[Urgency | None, Reason | None]]:
    """The urgency of each sign of the day, and what raised it above that of the sign alone; and of
    the signs of the days around it that something told on it raises.
    """
    if not present:
        return {}
    standing = standing_signs(entry, context, present)
    found = circumstances_of(entry, context, present, standing)
    around = {**beside(standing), **found} if standing else found
    judged = {sign: _urgency_of(sign, context, around) for sign in present}
    told = {circumstance: found[circumstance] for circumstance in BESIDE if circumstance in found}
    for sign, day in standing.items():
        urgency, raised = _urgency_of(sign, context, told)
        if raised is not None:
            judged[sign] = urgency, reason_standing(sign, day, entry, raised)
    return judged


def _from_sign(
    sign_id: str,
    entry: DiaryEntry,
    context: Context,
    urgency: Urgency | None,
    raised: Reason | None,
) -> Concern | None:
    """The concern that one sign of this urgency raises on the day; None if it raises none."""
    if urgency is None:
        return None
    reason = reason_for(sign_id, entry) if raised is None else reason_raised(sign_id, entry, raised)
    change = entry.sign_changes.get(sign_id)
    if sign_id in (entry.signs or ()):
        if urgency is Urgency.EMERGENCY and change is SignChange.GONE and entry.days_late:
            # A past day added late: it happened and is over, so the ambulance is not called.
            return _was_there(sign_id, "was_there", entry)
    elif reason.code == "still_there" and entry.spoke_to_someone and change is not SignChange.WORSE:
        # Known and discussed: sending them again every day would only wear people out.
        return None
    elif reason.code == "still_there":
        # Waiting makes nothing less urgent: the end of a window applies to what starts after it. An
        # emergency that stays may be a call the same day then; one that gets worse stays one.
        most = Urgency.EMERGENCY if change is SignChange.WORSE else Urgency.SAME_DAY
        urgency = max(urgency, min(most, _unasked_urgency(sign_id, context)))
    return _of_sign(sign_id, urgency, context, reason)


def _of_sign(sign_id: str, urgency: Urgency, context: Context, reason: Reason) -> Concern:
    sign = SIGNS[sign_id]
    advice = sign.advice_for(urgency, context.pod, context.operation, context.operations_before)
    return Concern(sign_id, urgency, pattern_for(sign.feeds, urgency), advice, reason)


def _urgency_of(
    sign_id: str, context: Context, found: Mapping[Circumstance, Reason]
) -> tuple[Urgency | None, Reason | None]:
    """The urgency of a sign on the day, and what raised it above that of the sign alone."""
    sign = SIGNS[sign_id]
    urgency = sign.urgency_on(context.pod, context.operation, context.operations_before)
    why = None
    for circumstance, raised in sign.raised_by.items():
        if urgency is not None and circumstance in found and raised > urgency:
            urgency, why = raised, found[circumstance]
    return urgency, why


def _was_there(sign_id: str, code: str, entry: DiaryEntry) -> Concern:
    """An emergency that has passed, and still calls for a phone call the same day."""
    reason = Reason(code, {"sign": sign_id, "day": entry.day})
    return Concern(sign_id, Urgency.SAME_DAY, Pattern.URGENT_SIGN, WAS_THERE, reason)


def _gone_unasked(entry: DiaryEntry, context: Context) -> Iterator[Concern]:
    """Emergencies that have gone today, and about which nobody is known to have been spoken to."""
    if entry.spoke_to_someone:
        return
    for sign, change in entry.sign_changes.items():
        is_gone = change is SignChange.GONE and sign not in (entry.signs or ())
        if is_gone and _unasked_urgency(sign, context) is Urgency.EMERGENCY:
            yield _was_there(sign, "gone_unasked", entry)


def _unasked_urgency(sign: str, context: Context) -> Urgency:
    """The highest urgency the sign had while it lasted undiscussed; a note if it did not."""
    worst = Urgency.NOTE
    for earlier in reversed(context.earlier):
        change = earlier.sign_changes.get(sign)
        present = present_signs(earlier, context)
        if change is not None and (earlier.spoke_to_someone or sign not in present):
            break
        if present:
            before = context_from(
                context.operation, earlier.day, context.earlier, context.operations_before
            )
            worst = max(
                worst, _judged(earlier, before, present).get(sign, (None, None))[0] or worst
            )
    return worst


def advice_of(episode: Episode, operation: Operation) -> tuple[tuple[str, str], ...]:
    """What made a flag as urgent as it is, as (sign or measure, key of `advice.ADVICE`), the most
    urgent call first.

    Empty if statistics found it: `advice.PATTERN_ADVICE` covers those.
    """
    urgency = episode.worst_urgency
    told = list(episode.signs) if episode.urgency is urgency else []
    news = (u.reason for u in episode.updates if u.urgency is urgency > Urgency.REVIEW)
    told += [key for reason in news if (key := _answer_behind(reason)) is not None]
    keys = dict.fromkeys(key for key in told if key in _ORDER)
    if episode.evidence_for and all(reason.code in _OVER for reason in episode.evidence_for):
        return tuple((key, WAS_THERE) for key in keys)
    pod = postoperative_day(episode.onset or episode.raised_on, operation)
    found = [(key, _advice_for(key, urgency, pod, operation)) for key in keys]
    return tuple(sorted(found, key=lambda pair: _FIRST_CALLED[ADVICE[pair[1]].who]))


def named_signs(episode: Episode) -> frozenset[str]:
    """Every sign or measure that an episode names, whatever its urgency: also what joined it."""
    joined = (_answer_behind(update.reason) for update in episode.updates)
    return frozenset((*episode.signs, *(key for key in joined if key is not None)))


def _advice_for(key: str, urgency: Urgency, pod: int, operation: Operation) -> str:
    if key not in SIGNS:
        return ANSWERS[key].advice
    return SIGNS[key].advice_for(urgency, pod, operation)


def _answer_behind(reason: Reason) -> str | None:
    """The sign or measure that a reason of this module is about."""
    if reason.code == "numb_completely":
        return "numbness"
    key = reason.values.get("sign", reason.values.get("measure"))
    return key if isinstance(key, str) else None


def _from_answers(
    entry: DiaryEntry, context: Context, present: Collection[str]
) -> Iterator[Concern]:
    """Concerns of answers that count like a sign."""
    for measure in SIDES:
        if is_newly_both_sides(entry, context, measure):
            yield _both_sides(measure, entry, context, present)
    if is_numb_for_the_first_time(entry, context):
        usual = context.usual("numbness")
        before: dict[str, Value] = {} if usual is None else {"before": usual}
        reason = Reason("numb_completely", {"day": entry.day, **before})
        yield _answer("numbness", Urgency.SAME_DAY, Pattern.NERVE, reason)
    if _is_many_doses(entry.opioid_doses, context):
        reason = Reason("many_doses", {"doses": entry.opioid_doses or 0, "day": entry.day})
        yield _answer("opioid_doses", Urgency.SAME_DAY, Pattern.URGENT_SIGN, reason)
    if entry.temperature_c is not None and entry.temperature_c < LOW_C:
        low = Reason(
            "temperature", {"temperature_c": told_celsius(entry.temperature_c), "day": entry.day}
        )
        yield _answer("temperature_c", Urgency.NOTE, Pattern.URGENT_SIGN, low)


def _is_many_doses(doses: int | None, context: Context) -> bool:
    """Whether strong painkillers are many, or many for this patient.

    With no earlier answer nobody knows that they are usual, unless set-up says so; in the first
    days, mostly in hospital, eight are (our default).
    """
    if doses is None or doses < DOSES_TWICE_FROM:
        return False
    before = last_known(context, "opioid_doses", context.day)
    if before is None:
        is_usual = 0 <= context.pod < FEVER_FROM or "opioids" in context.operation.risk_factors
        return doses > MANY_DOSES or not is_usual
    return doses > MANY_DOSES or doses >= 2 * before


def _answer(
    key: str, urgency: Urgency, pattern: Pattern, reason: Reason, advice: str = ""
) -> Concern:
    return Concern(key, urgency, pattern, advice or ANSWERS[key].advice, reason)


def _both_sides(
    measure: str, entry: DiaryEntry, context: Context, present: Collection[str]
) -> Concern:
    """Newly both sides: an emergency with numbness or weakness, else a matter of the same day.

    After a neck operation both arms alone are a call, and with unsteady walking an emergency.
    """
    reason = both_sides_reason(entry, context, measure)
    is_neck = context.operation.region is Region.CERVICAL
    with_deficit = (
        "unsteady_walking" in present if is_neck else _is_deficit(measure, entry, context, present)
    )
    if with_deficit:
        sign = SIGNS["both_sides_deficit"]
        return Concern(sign.id, Urgency.EMERGENCY, Pattern.EMERGENCY_SIGN, sign.advice, reason)
    is_bad = (entry.limb_pain or 0) >= BOTH_SIDES_PAIN
    if was_on_both_sides(context, measure, entry.numbness) is None:
        is_bad |= bool(entry.numbness)
    if measure == "numbness_zones":
        is_bad = (entry.numbness or 0) >= BOTH_SIDES_NUMB
    advice = "both_sides_hospital" if is_bad and not is_neck else "both_sides"
    return _answer(measure, Urgency.SAME_DAY, Pattern.NERVE, reason, advice)


def _is_deficit(
    measure: str, entry: DiaryEntry, context: Context, present: Collection[str]
) -> bool:
    """Whether weakness, or numbness that is new, more than usual or on both sides, stands beside.

    Numbness that has long been there on one side is no new deficit (our default). Where nothing at
    all says what was there before, a little numbness is seen at a hospital on the same day.
    """
    if not NERVE_SIGNS.isdisjoint(present):
        return True
    numbness = entry.numbness or 0
    if numbness >= VERY_NUMB:
        return True
    if was_on_both_sides(context, measure, entry.numbness) is None:
        return False
    if measure == "numbness_zones":
        return is_newly_both_sides(entry, context, "limb_pain_side")
    if numbness == 0:
        return False
    usual = context.usual("numbness")
    return usual is None or numbness > usual or marks_both_sides(entry, "numbness_zones") is True


def _after_an_event(
    entry: DiaryEntry, context: Context, present: Collection[str]
) -> Iterator[Concern]:
    """Pain or a nerve sign after a fall, a shift or a strain in the last days."""
    for sign, day in events_before(context):
        if sign in present:
            continue  # Given again today: the sign itself covers everything.
        after = pain_after(entry, context, day) or new_nerve_sign(entry, context, present)
        if after is not None:
            raised = reason_raised(sign, entry, after)
            reason = Reason(raised.code, {**raised.values, "event_day": day})
            yield Concern(sign, Urgency.SAME_DAY, Pattern.EVENT, SIGNS[sign].advice, reason)
            return
    strained = None if "fall" in present else strain_reason(entry, context)
    if strained is not None:
        # No warning answer was given, so nobody is asked to phone today.
        yield _answer("strain", Urgency.REVIEW, Pattern.EVENT, strained)
