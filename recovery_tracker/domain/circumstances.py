"""What stands beside an answer and makes it more urgent: the own usual, and what came before.

Everything here compares a patient with themselves. Where too few days are known the comparison is
not made: missing is never zero. Numbers marked "our default" await a clinician's signature.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, takewhile
from statistics import fmean, median

from .diary import DiaryEntry, SignChange
from .flags import Reason, Value
from .history import EventKind, History
from .measures import MEASURES
from .signs import (
    FEVER_SIGNS,
    HARDWARE_SIGNS,
    NERVE_SIGNS,
    SADDLE_SIGNS,
    WOUND_SIGNS,
    Circumstance,
)
from .surgery import Operation, postoperative_day

#: Fever in °C. Source: published lists of when to call the surgeon (100.4 °F).
FEVER_C = 38.0
#: A fever that asks for a call on any day, °C. Source: Mayo 2018, Neurospine (POD 1-3 fevers).
HIGH_FEVER_C = 38.6
#: Last day of the window in which a fever alone is a same-day matter. Our default.
FEVER_WINDOW_END = 90

#: Days of the own usual, and how many of them must be recorded. The 4 is the number of daily scores
#: from which a week's mean is used (Einstein Aging Study, J Pain 2021: 5-6 for a reliability of
#: 0.8); both are our default.
USUAL_DAYS = 14
USUAL_NEEDS = 4
#: Entries this many days before the operation still count as known before. Our default.
BEFORE_DAYS = 28

#: A jump of pain after an event, in points over the usual, and how many days the event looks ahead.
#: Source: published lists of when to call the surgeon (call after a fall); the numbers are ours.
JUMP = 3
EVENT_DAYS = 2
#: Days of recorded pain at the jump that bending, lifting or twisting needs, and the days it looks
#: ahead: such days are common, and most flares end within a day (Suri 2011, BMC MSK 12:220). With 2
#: of 4 days a healthy simulated diary was flagged 0.32 times a year, with 3 of 4 it is 0.11.
STRAIN_NEEDS = 3
STRAIN_DAYS = 3
#: Without a usual, the last score up to this many days old stands in for it. Our default.
LAST_SCORE_DAYS = 7

#: A rise of numbness that is new, in steps. Our default.
NUMBNESS_RISE = 2
#: Answers looked back on for "newly both sides". Our default.
SIDE_ANSWERS = 14

#: Rising pain: the mean of one of these numbers of days (at least `_NOW_NEEDS` recorded) stands
#: this many points above the own best stretch. Source of the points: cut-offs of 1.3 to 1.8
#: (Suzuki 2020); a good week in bad ones hides nothing. The days are our default.
_NOW_DAYS, _NOW_NEEDS = (3, 7, 14), 3
_RISE = 1.5
#: With fewer, the last `_NOW_NEEDS` of this many days speak. Our default.
_NOW_LONGEST = 28
#: The best stretch: lowest mean of 28 days (at least 8 recorded, two a week) after day 42, ending
#: at least 14 days ago. Our default.
_BEST_DAYS, _BEST_NEEDS, _BEST_FIRST_POD, _BEST_ENDED = 28, 8, 42, 14

#: A sign told again after more days than this is taken as a new one. Our default.
_SAME_SIGN_DAYS = 7
#: Days after which a throat feeling has "lasted". Our default.
LASTED_DAYS = 7

#: Weakness that gets worse within so many days is an emergency: design, warning signs.
WORSE_DAYS = 2

#: Ticks of one kind at most this many days apart are one matter; in an imported diary, which
#: nobody can ask, an older sign is not asked after. Our default.
SAME_MATTER_DAYS = 14

_PAINS = ("axial_pain", "limb_pain")


@dataclass(frozen=True, slots=True)
class Context:
    """What triage must know beside the entry.

    `earlier` holds the entries before the day, oldest first, from `BEFORE_DAYS` before the
    operation on; `later` those of the `EVENT_DAYS` after it, where the day was added afterwards.
    `fell` is set where a fall of the day was recorded beside its entry, as an event.
    """

    operation: Operation
    day: date
    earlier: tuple[DiaryEntry, ...]
    later: tuple[DiaryEntry, ...] = ()
    fell: bool = False

    @property
    def pod(self) -> int:
        """Postoperative day."""
        return postoperative_day(self.day, self.operation)

    def usual(self, measure: str) -> float | None:
        """The own usual of a measure: its median over the `USUAL_DAYS` days before the day, None
        where fewer than `USUAL_NEEDS` of them are recorded.
        """
        return usual_before(self.earlier, measure, self.day, self.operation)

    def recent(self, days: int) -> tuple[DiaryEntry, ...]:
        """Earlier entries of the last `days` days, oldest first."""
        return since(self.earlier, self.day - timedelta(days=days))


def context_of(history: History, day: date) -> Context:
    """The context of a day, from everything in the history that lies around it."""
    operation = history.counted_on(day).index
    context = context_from(operation, day, since(history.days_told, first_known(operation, day)))
    fell = any(event.day == day and event.kind is EventKind.FALL for event in history.events)
    return replace(context, fell=fell)


def first_known(operation: Operation, day: date) -> date:
    """The oldest day that counts as known before: a wait for an operation may be long."""
    is_waiting = day < operation.day
    return date.min if is_waiting else operation.day - timedelta(days=BEFORE_DAYS)


def context_from(operation: Operation, day: date, entries: Sequence[DiaryEntry]) -> Context:
    """The context of a day, from entries ordered by day; the day's own is left out."""
    place = bisect_left(entries, day, key=_day_of)
    last = day + timedelta(days=EVENT_DAYS)
    later = takewhile(lambda entry: entry.day <= last, islice(entries, place, None))
    return Context(
        operation, day, tuple(entries[:place]), tuple(one for one in later if one.day != day)
    )


def _day_of(entry: DiaryEntry) -> date:
    return entry.day


def since(entries: Sequence[DiaryEntry], first: date) -> tuple[DiaryEntry, ...]:
    """The entries from `first` on; `entries` are ordered by day."""
    return tuple(entries[bisect_left(entries, first, key=_day_of) :])


def usual_before(
    entries: Sequence[DiaryEntry], measure: str, day: date, operation: Operation
) -> float | None:
    """Median of a measure over the `USUAL_DAYS` days before `day`, None with too few.

    Days before the operation do not count: they belong to another usual.
    """
    first = max(day - timedelta(days=USUAL_DAYS), operation.day)
    scores = [
        score
        for entry in since(entries, first)
        if entry.day < day and (score := getattr(entry, measure)) is not None
    ]
    return median(scores) if len(scores) >= USUAL_NEEDS else None


def circumstances_of(
    entry: DiaryEntry, context: Context, present: Collection[str]
) -> Mapping[Circumstance, Reason]:
    """The circumstances that hold on the day, each with the evidence for it."""
    found: dict[Circumstance, Reason] = {}
    fever = _fever(entry, present)
    if fever is not None:
        found[Circumstance.FEVER] = fever
        if entry.temperature_c is not None and entry.temperature_c >= HIGH_FEVER_C:
            found[Circumstance.HIGH_FEVER] = fever
        # In the first days a fever is common, up to day 90 it is urgent anyway: only later does it
        # need something beside it.
        if context.pod > FEVER_WINDOW_END:
            _put(found, Circumstance.WOUND_SIGN, _first(WOUND_SIGNS, present, "fever_wound"))
            _put(found, Circumstance.RISING_PAIN, rising_pain(entry, context))
    if not HARDWARE_SIGNS.isdisjoint(present) or "fall" in present:
        # An event that is told late may have its pain in the days after, which are there already.
        days = ((entry, present), *((each, each.signs or ()) for each in context.later))
        for each, signs in days:
            _put(found, Circumstance.PAIN_UP_3, pain_jump(each, context, context.day))
            _put(found, Circumstance.NEW_NERVE_SIGN, new_nerve_sign(each, context, signs))
    if "severe_pain" in present:
        reason = _first(NERVE_SIGNS | SADDLE_SIGNS, present, "severe_pain_with")
        _put(found, Circumstance.NERVE_OR_SADDLE_SIGN, reason or _nerve_answer(entry, context))
    if "throat_lump" in present:
        _put(found, Circumstance.LASTED_OVER_7_DAYS, lasted("throat_lump", entry, context))
    if not NERVE_SIGNS.isdisjoint(entry.sign_changes):
        _put(found, Circumstance.WORSE_WITHIN_2_DAYS, _worse_soon(entry, context))
    return found


def _put(found: dict[Circumstance, Reason], key: Circumstance, reason: Reason | None) -> None:
    if reason is not None:
        found.setdefault(key, reason)


def _first(ids: Collection[str], present: Collection[str], code: str) -> Reason | None:
    sign = next((sign for sign in present if sign in ids), None)
    return None if sign is None else Reason(code, {"sign": sign})


def _fever(entry: DiaryEntry, present: Collection[str]) -> Reason | None:
    if entry.temperature_c is not None and entry.temperature_c >= FEVER_C:
        return Reason("temperature", {"temperature_c": entry.temperature_c, "day": entry.day})
    return _first(FEVER_SIGNS, present, "with_fever")


def pain_jump(entry: DiaryEntry, context: Context, event_day: date) -> Reason | None:
    """A pain score `JUMP` or more above what was usual before an event, and which.

    Where too few days make a usual, the last score before the event stands in for it.
    """
    for measure in _PAINS:
        now = getattr(entry, measure)
        if now is None or now < JUMP:
            continue  # No score is below zero, so this one cannot have jumped.
        before = _before(context, measure, event_day)
        if before is not None and now - before >= JUMP:
            return Reason("pain_jump", {"measure": measure, "before": before, "now": now})
    return None


def _before(context: Context, measure: str, day: date) -> float | None:
    usual = usual_before(context.earlier, measure, day, context.operation)
    if usual is not None:
        return usual
    oldest = max(day - timedelta(days=LAST_SCORE_DAYS), context.operation.day)
    for earlier in reversed(context.earlier):
        if earlier.day < oldest:
            return None
        if earlier.day < day and (score := getattr(earlier, measure)) is not None:
            return float(score)
    return None


def strain_reason(entry: DiaryEntry, context: Context) -> Reason | None:
    """Pain that jumped after bending, lifting or twisting and stayed up; None otherwise."""
    days = (*context.recent(STRAIN_DAYS), entry)
    for strained in days:
        kinds = sorted((strained.strain or frozenset()) - {"fall"})
        if not kinds:
            continue
        jump = pain_jump(entry, context, strained.day)
        after = [day for day in days if day.day >= strained.day]
        up = sum(pain_jump(day, context, strained.day) is not None for day in after)
        if jump is not None and up >= STRAIN_NEEDS:
            values = {"strain": kinds[0], "event_day": strained.day, **jump.values}
            return Reason("strain_then_pain", values)
    return None


def events_before(context: Context) -> Iterator[tuple[str, date]]:
    """Falls and shifts of the last `EVENT_DAYS` days, as (sign, day), the latest first."""
    for earlier in reversed(context.recent(EVENT_DAYS)):
        if earlier.had_fall:
            yield "fall", earlier.day
        for sign in sorted(HARDWARE_SIGNS & (earlier.signs or frozenset())):
            yield sign, earlier.day


def new_nerve_sign(entry: DiaryEntry, context: Context, present: Collection[str]) -> Reason | None:
    """A nerve sign that is new: weakness, more numbness, a new zone, newly both sides."""
    if reason := _first(NERVE_SIGNS, present, "nerve_sign"):
        return reason
    if reason := _nerve_answer(entry, context):
        return reason
    usual = usual_before(context.earlier, "numbness", context.day, context.operation)
    if usual is not None and entry.numbness is not None:
        if entry.numbness - usual >= NUMBNESS_RISE:
            return Reason("more_numbness", {"before": usual, "now": entry.numbness})
        if zone := _new_zone(entry, context):
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
            return Reason("newly_both_sides", {"measure": measure, "day": entry.day})
    if is_numb_for_the_first_time(entry, context):
        return Reason("numb_completely", {"day": entry.day})
    return None


def is_newly_both_sides(entry: DiaryEntry, context: Context, measure: str) -> bool:
    """Whether pain (`limb_pain_side`) or numbness (`numbness_zones`) is on both sides for the
    first time in the last `SIDE_ANSWERS` answers. Without an earlier answer nothing is "newly".
    """
    return marks_both_sides(entry, measure) is True and both_sides_would_be_new(context, measure)


def both_sides_would_be_new(context: Context, measure: str) -> bool:
    """Whether both sides today would be new: answered before, and not both sides."""
    answers = 0
    for earlier in reversed(context.earlier):
        both = marks_both_sides(earlier, measure)
        if both:
            return False
        answers += both is not None
        if answers >= SIDE_ANSWERS:
            break
    return answers > 0


def marks_both_sides(entry: DiaryEntry, measure: str) -> bool | None:
    """Whether both sides were marked; None where the answer does not say."""
    if measure == "limb_pain_side":
        if entry.limb_pain == 0:
            return False
        return None if entry.limb_pain_side is None else entry.limb_pain_side == "both"
    if entry.numbness == 0:
        return False
    if entry.numbness_zones is None:
        return None
    sides = {zone.partition("_")[0] for zone in entry.numbness_zones}
    return {"left", "right"} <= sides


def is_numb_for_the_first_time(entry: DiaryEntry, context: Context) -> bool:
    """Whether something cannot be felt at all for the first time in this diary."""
    complete = MEASURES["numbness"].high
    if entry.numbness != complete:
        return False
    return all(earlier.numbness != complete for earlier in reversed(context.earlier))


def lasted(sign: str, entry: DiaryEntry, context: Context) -> Reason | None:
    """How long a sign that is present today has lasted, if `LASTED_DAYS` or more have passed.

    "The same" answers a question about what was told before, however long nobody answered it.
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


def _worse_soon(entry: DiaryEntry, context: Context) -> Reason | None:
    """A weakness that is worse than when it was last told, if that is a matter of days."""
    for earlier in reversed(context.recent(WORSE_DAYS)):
        for sign in NERVE_SIGNS.intersection(entry.sign_changes):
            told = sign in (earlier.signs or ()) or sign in earlier.sign_changes
            if told and entry.sign_changes[sign] is SignChange.WORSE:
                return Reason("worse_soon", {"sign": sign})
    return None


def rising_pain(entry: DiaryEntry, context: Context) -> Reason | None:
    """Back or neck pain above the own best stretch, or jumping above the own usual."""
    best, now = _best_stretch(context), _pain_now(entry, context)
    if best is not None and now is not None and now - best >= _RISE:
        values: dict[str, Value] = {
            "measure": "axial_pain",
            "before": round(best, 1),
            "now": round(now, 1),
        }
        return Reason("rising_pain", values)
    return pain_jump(entry, context, context.day)


def _pain_now(entry: DiaryEntry, context: Context) -> float | None:
    """Mean of the last three days, week or two weeks, the highest; None with too few answers."""

    def within(days: int) -> list[int]:
        first = context.day - timedelta(days=days - 1)
        entries = since((*context.earlier, entry), first)
        return [each.axial_pain for each in entries if each.axial_pain is not None]

    means = [fmean(scores) for scores in map(within, _NOW_DAYS) if len(scores) >= _NOW_NEEDS]
    if not means:
        # Whoever writes seldom, or feels too ill to write, is judged by the last answers.
        last = within(_NOW_LONGEST)[-_NOW_NEEDS:]
        means = [fmean(last)] if len(last) >= _NOW_NEEDS else []
    return max(means, default=None)


def _best_stretch(context: Context) -> float | None:
    first = context.operation.day + timedelta(days=_BEST_FIRST_POD)
    last = context.day - timedelta(days=_BEST_ENDED)
    scores = [
        (entry.day.toordinal(), entry.axial_pain)
        for entry in since(context.earlier, first)
        if entry.day <= last and entry.axial_pain is not None
    ]
    best: float | None = None
    start = total = 0
    for end, (day, score) in enumerate(scores):
        total += score
        while day - scores[start][0] >= _BEST_DAYS:
            total -= scores[start][1]
            start += 1
        count = end - start + 1
        if count >= _BEST_NEEDS and (best is None or total / count < best):
            best = total / count
    return best
