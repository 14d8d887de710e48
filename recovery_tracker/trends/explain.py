"""The evidence of a trend flag: what happened, since when, how much, and what speaks against it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..domain.flags import Episode, MeasureChange, Pattern, Reason, Update, Urgency, Value
from ..domain.measures import MEASURES
from .alarm_facts import AlarmFacts
from .considering import considered
from .episodes import LEADING, Rise
from .parameters import Parameters
from .patterns import is_late_return, is_settled, likelihoods
from .signals import SIGNALS
from .stalls import Stall

#: Turns a postoperative day into a date.
DayOf = Callable[[int], date]


def trend_episode(rise: Rise, facts: AlarmFacts, first: date, p: Parameters) -> Episode:
    """The episode of a change, with dates counted from the operation on `first`."""

    def on(day: int) -> date:
        return first + timedelta(days=day)

    shares = likelihoods(rise, facts, p)
    pattern = shares[0][0]
    change = facts.change
    lead = facts.moves.get(rise.leading)
    size = None if rise.channel == "zone" else rise.now - rise.before
    return Episode(
        pattern=pattern,
        urgency=Urgency.REVIEW,
        raised_on=on(rise.known),
        cleared_on=None if rise.cleared_known is None else on(rise.cleared_known),
        onset=None if change is None else on(change.onset),
        onset_first=None if change is None else on(change.onset_first),
        onset_last=None if change is None else on(change.onset_last),
        size=None if size is None else round(size, 2),
        size_low=None if size is None else round(size - rise.error, 2),
        size_high=None if size is None else round(size + rise.error, 2),
        days_used=change.days_used if change else (lead.used if lead else 0),
        days_missing=change.days_missing if change else (lead.missing if lead else 0),
        signals=tuple(_signals(rise, facts)),
        evidence_for=tuple(_for(rise, facts, on, p)),
        evidence_against=tuple(_against(rise, facts, p)),
        explained_by=tuple(_explained(facts, on)),
        also_consider=considered(pattern, rise.known, p, is_function=rise.is_function),
        likelihoods=shares,
        would_clear=_would_clear(rise, p),
        updates=tuple(_updates(rise, facts, on)),
        rule_set=p.rule_set,
    )


def _would_clear(rise: Rise, p: Parameters) -> Reason:
    """What ends it; the rule itself is in `endings`."""
    if not rise.ends:
        return Reason("ends_when_unmarked", {"days": rise.ends_over})
    first = rise.ends[0]
    if first.signal == "mechanical":
        level = round(100 * max(first.at_most, 0.0))
        return Reason("ends_when_load_eased", {"level": level, "days": p.long_window})
    worse = SIGNALS[first.signal].worse
    is_all = len(rise.ends) == 1 and not rise.zones
    return Reason(
        "ends_when_eased" if is_all else "ends_when_all_eased",
        {
            "measure": first.signal,
            "level": round(first.at_most * worse, 1),
            "week": p.short_window,
            "days": rise.ends_over,
        },
    )


def _signals(rise: Rise, facts: AlarmFacts) -> Iterator[MeasureChange]:
    keys = [rise.leading, *(key for key in SIGNALS if key != rise.leading)]
    for key in keys:
        move = facts.moves.get(key)
        if key not in MEASURES or move is None or not move.used:
            continue
        # The leading signal as its sentence and its size say it: one rise, one pair of numbers.
        worse = SIGNALS[key].worse
        pair = (move.before, move.now)
        if key == rise.leading:
            pair = (rise.before * worse, rise.now * worse)
        known = move.before == move.before
        yield MeasureChange(
            measure=key,
            before=round(pair[0], 2) if known else None,
            now=round(pair[1], 2) if known else None,
            days_used=move.used,
            days_missing=move.missing,
            mostly_before=move.mostly_before,
            mostly_now=move.mostly_now,
        )


def _moved(key: str, facts: AlarmFacts, code: str) -> Reason:
    move = facts.moves[key]
    return Reason(
        code, {"measure": key, "before": round(move.before, 1), "now": round(move.now, 1)}
    )


def _for(rise: Rise, facts: AlarmFacts, on: DayOf, p: Parameters) -> Iterator[Reason]:
    kind = SIGNALS[rise.leading]
    values: dict[str, Value] = {
        "measure": rise.leading,
        "before": round(rise.before * kind.worse, 1),
        "now": round(rise.now * kind.worse, 1),
    }
    if rise.channel == "doses":
        yield Reason("more_tablets", values)
    elif rise.channel != "zone":
        high = round(facts.moves[rise.leading].now, 1)
        code = _rise(rise, facts, p)
        yield Reason(code, {**values, "high": high} if code == "rose_and_eased" else values)
    yield from _spoke_too(rise, on)
    if facts.strength("mechanical") >= p.moved_errors:
        loading = facts.moves["mechanical"]
        yield Reason(
            "loading_more",
            {"before": round(100 * loading.before), "now": round(100 * loading.now)},
        )
    for sign, day in facts.hardware:
        yield Reason("sign_given", {"sign": sign, "day": on(day)})
    if facts.fall is not None:
        yield Reason("fall_before", {"day": on(facts.fall)})
    for key in ("axial_pain", "limb_pain", "mobility", "walking", "sleep", "numbness"):
        is_sure = facts.strength(key) >= p.moved_errors and facts.rise(key) >= p.worth_saying
        if key != rise.leading and is_sure:
            yield _moved(key, facts, "moved_too")
    if facts.fever_or_wound is not None:
        sign, day = facts.fever_or_wound
        yield Reason("sign_given", {"sign": sign, "day": on(day)})
    if rise.channel != "zone":
        usual = {"first": on(facts.usual[0]), "last": on(facts.usual[1])}
        yield Reason("usual_from", usual)
    move = facts.moves.get(rise.leading)
    if move is not None:
        yield Reason("days_behind", {"used": move.used, "of": move.used + move.missing})
    for sign, day in facts.told:
        yield Reason("told_beside", {"sign": sign, "day": on(day)})


def _spoke_too(rise: Rise, on: DayOf) -> Iterator[Reason]:
    """The new numb places that raised it, and what else would have raised a flag on the day."""
    for zone in rise.zones:
        yield Reason("new_zone_stays", {"zone": zone, "day": on(rise.day)})
    measures = (LEADING[channel] for channel in rise.spoke if channel != "zone")
    for measure in dict.fromkeys(measures):
        if measure != rise.leading:
            yield Reason("also_rising", {"measure": measure, "day": on(rise.day)})


def _rise(rise: Rise, facts: AlarmFacts, p: Parameters) -> str:
    """What the leading signal did by the week of the alarm: other answers may have carried it, and
    what rose two weeks ago may be back.
    """
    week, fortnight = rise.now - rise.before, facts.rise(rise.leading)
    if max(week, fortnight) < p.worth_saying:
        return "hardly_rose"
    if week < p.eased_share * fortnight:
        return "rose_and_eased"
    early = rise.channel.startswith("early")
    settled = rise.leading == "axial_pain" and not early and is_settled(rise, facts, p)
    return "came_back" if settled else "rose_and_stayed"


def _against(rise: Rise, facts: AlarmFacts, p: Parameters) -> Iterator[Reason]:
    for key in ("mobility", "walking", "sleep"):
        move = facts.moves.get(key)
        if (
            move is not None
            and move.used >= p.recent_entries
            and facts.strength(key) < p.hardly_errors
        ):
            hardly = facts.rise(key) > p.nothing
            yield _moved(key, facts, "hardly_moved" if hardly else "did_not_move")
    mechanical = facts.moves.get("mechanical")
    if mechanical is not None and mechanical.used and mechanical.now == 0:
        yield Reason("no_loading", {"days": mechanical.used})
    if is_late_return(rise, facts, p):
        yield Reason("late_return")
    if rise.leading == "axial_pain" and facts.is_own_preop and not is_settled(rise, facts, p):
        yield Reason(
            "had_not_settled",
            {"before": round(rise.before, 1), "preop": round(facts.preop, 1)},
        )
    if rise.leading == "axial_pain" and not facts.is_own_preop:
        yield Reason("preop_unknown", {"preop": round(facts.preop, 1)})


def _explained(facts: AlarmFacts, on: DayOf) -> Iterator[Reason]:
    if facts.tablets_stopped is not None:
        yield Reason("tablets_fewer", {"day": on(facts.tablets_stopped)})
    if facts.walking_more is not None:
        key, before, now = facts.walking_more
        yield Reason(
            "walking_more", {"measure": key, "before": round(before, 1), "now": round(now, 1)}
        )
    if facts.strain is not None and facts.strain[0] != "fall":
        yield Reason("strain_before", {"strain": facts.strain[0], "day": on(facts.strain[1])})


def _updates(rise: Rise, facts: AlarmFacts, on: DayOf) -> Iterator[Update]:
    for news in rise.news:
        known, day = on(news.known), on(news.day)
        if news.what == "zone":
            for zone in facts.later_zones[news.day]:
                reason = Reason("new_zone_stays", {"zone": zone, "day": day})
                yield Update(known, Urgency.REVIEW, reason)
            continue
        yield Update(
            known, Urgency.REVIEW, Reason(news.what, {"measure": news.measure, "day": day})
        )


def stall_episode(stall: Stall, first: date, p: Parameters) -> Episode:
    """The episode of a level that never improved enough."""

    def on(day: int) -> date:
        return first + timedelta(days=day)

    slow = stall.kind == "slow"
    missing = p.best_length - stall.days_used
    ends: dict[str, Value] = {"measure": stall.measure, "level": round(stall.ends_at, 1)}
    before = stall.preop if stall.is_own_preop else None
    signal = MeasureChange(stall.measure, before, round(stall.level, 2), stall.days_used, missing)
    return Episode(
        pattern=Pattern.SLOW_RECOVERY if slow else Pattern.FAILED_FUSION,
        urgency=Urgency.NOTE if slow else Urgency.REVIEW,
        raised_on=on(stall.known),
        cleared_on=None if stall.cleared_known is None else on(stall.cleared_known),
        onset=first,
        onset_first=first,
        onset_last=first,
        days_used=stall.days_used,
        days_missing=missing,
        signals=(signal,),
        evidence_for=tuple(_stall_for(stall, slow)),
        evidence_against=tuple(_stall_against(stall)),
        also_consider=() if slow else considered(Pattern.FAILED_FUSION, stall.known, p),
        likelihoods=() if slow else ((Pattern.FAILED_FUSION, 1.0),),
        would_clear=Reason("ends_when_back", {**ends, "days": p.best_length}),
        updates=tuple(_stall_updates(stall, on)),
        rule_set=p.rule_set,
    )


def _stall_for(stall: Stall, slow: bool) -> Iterator[Reason]:
    values: dict[str, Value] = {
        "measure": stall.measure,
        "level": round(stall.level, 1),
        "preop": round(stall.preop, 1),
        "expected": round(stall.expected, 1),
    }
    code = "behind_course" if slow else "never_improved"
    if stall.is_borrowed:
        del values["preop"]
        yield Reason("never_improved_borrowed", values)
    else:
        yield Reason(code if stall.is_own_preop else f"{code}_mean", values)
    if not slow:
        yield Reason("best_so_far", {"measure": stall.measure, "best": round(stall.best, 1)})


def _stall_against(stall: Stall) -> Iterator[Reason]:
    if stall.kind == "failed":
        yield Reason("many_without_gain")
    if not stall.is_own_preop and not stall.is_borrowed:
        yield Reason("preop_unknown", {"preop": round(stall.preop, 1)})


def _stall_updates(stall: Stall, on: DayOf) -> Iterator[Update]:
    if stall.strong is not None and stall.strong_known is not None:
        values: dict[str, Value] = {"measure": stall.measure, "day": on(stall.strong)}
        yield Update(on(stall.strong_known), Urgency.REVIEW, Reason("still_after_a_year", values))
