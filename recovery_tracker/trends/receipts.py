"""The receipt of a trend flag: what happened, since when, how much, and what speaks against it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..domain.flags import Episode, Pattern, Reason, Signal, Update, Urgency, Value
from ..domain.measures import MEASURES
from .episodes import LEADING, Span, ends_within
from .milestones import Level
from .parameters import Parameters
from .patterns import is_late_return, is_settled, likelihoods
from .picture import Picture
from .signals import SIGNALS

#: Thought of beside each pattern, in order: infection first; keys of `phrases.CONSIDER`.
_CONSIDER: dict[Pattern, tuple[str, ...]] = {
    Pattern.LOOSE_HARDWARE: ("infection", "fracture", "adjacent_level", "loosening"),
    Pattern.FAILED_FUSION: ("infection", "adjacent_level", "loosening"),
    Pattern.NERVE: ("adjacent_level", "loosening"),
    Pattern.WORSENING: ("infection", "fracture", "adjacent_level", "loosening"),
}
#: Turns a postoperative day into a date.
DayOf = Callable[[int], date]


def trend_receipt(span: Span, picture: Picture, first: date, p: Parameters) -> Episode:
    """The episode of a change, with dates counted from the operation on `first`."""

    def on(day: int) -> date:
        return first + timedelta(days=day)

    shares = likelihoods(span, picture, p)
    pattern = shares[0][0]
    change = picture.change
    lead = picture.moves.get(span.leading)
    kind = SIGNALS[span.leading]
    size = span.now - span.before
    within = ends_within(span.leading, max(size, 0.0), p)
    return Episode(
        pattern=pattern,
        urgency=Urgency.REVIEW,
        raised_on=on(span.known),
        cleared_on=None if span.cleared_known is None else on(span.cleared_known),
        onset=None if change is None else on(change.onset),
        onset_first=None if change is None else on(change.onset_first),
        onset_last=None if change is None else on(change.onset_last),
        size=round(size, 2),
        size_low=round(size - span.error, 2),
        size_high=round(size + span.error, 2),
        days_used=change.days_used if change else (lead.used if lead else 0),
        days_missing=change.days_missing if change else (lead.missing if lead else 0),
        signals=tuple(_signals(span, picture)),
        evidence_for=tuple(_for(span, picture, on, p)),
        evidence_against=tuple(_against(span, picture, p)),
        explained_by=tuple(_explained(picture, on)),
        also_consider=_CONSIDER[pattern],
        likelihoods=shares,
        would_clear=Reason(
            "ends_when_faded",
            {
                "measure": span.leading,
                "level": round((span.before + within) * kind.worse, 1),
                "days": p.recent_window,
            },
        ),
        updates=tuple(_updates(span, on)),
        rule_set=p.rule_set,
    )


def _signals(span: Span, picture: Picture) -> Iterator[Signal]:
    keys = [span.leading, *(key for key in SIGNALS if key != span.leading)]
    for key in keys:
        move = picture.moves.get(key)
        if key not in MEASURES or move is None or not move.used:
            continue
        # The leading signal as its sentence and its size say it: one rise, one pair of numbers.
        worse = SIGNALS[key].worse
        pair = (move.before, move.now)
        if key == span.leading:
            pair = (span.before * worse, span.now * worse)
        known = move.before == move.before
        yield Signal(
            measure=key,
            before=round(pair[0], 2) if known else None,
            now=round(pair[1], 2) if known else None,
            days_used=move.used,
            days_missing=move.missing,
        )


def _moved(key: str, picture: Picture, code: str) -> Reason:
    move = picture.moves[key]
    return Reason(
        code, {"measure": key, "before": round(move.before, 1), "now": round(move.now, 1)}
    )


def _for(span: Span, picture: Picture, on: DayOf, p: Parameters) -> Iterator[Reason]:
    kind = SIGNALS[span.leading]
    values: dict[str, Value] = {
        "measure": span.leading,
        "before": round(span.before * kind.worse, 1),
        "now": round(span.now * kind.worse, 1),
    }
    if span.channel == "zone":
        for zone in picture.new_zones:
            yield Reason("new_zone_stays", {"zone": zone, "day": on(span.day)})
    elif span.channel == "doses":
        yield Reason("more_tablets", values)
    else:
        high = round(picture.moves[span.leading].now, 1)
        code = _rise(span, picture, p)
        yield Reason(code, {**values, "high": high} if code == "rose_and_eased" else values)
    if picture.strength("mechanical") >= p.moved_errors:
        loading = picture.moves["mechanical"]
        yield Reason(
            "loading_more",
            {"before": round(100 * loading.before), "now": round(100 * loading.now)},
        )
    for sign, day in picture.hardware:
        yield Reason("sign_given", {"sign": sign, "day": on(day)})
    if picture.fall is not None:
        yield Reason("fall_before", {"day": on(picture.fall)})
    for key in ("axial_pain", "limb_pain", "mobility", "walking", "sleep", "numbness"):
        is_sure = picture.strength(key) >= p.moved_errors and picture.rise(key) >= p.worth_saying
        if key != span.leading and is_sure:
            yield _moved(key, picture, "moved_too")
    if picture.fever_or_wound is not None:
        sign, day = picture.fever_or_wound
        yield Reason("sign_given", {"sign": sign, "day": on(day)})
    if span.channel != "zone":
        usual = {"first": on(picture.usual[0]), "last": on(picture.usual[1])}
        yield Reason("usual_from", usual)
    move = picture.moves.get(span.leading)
    if move is not None:
        yield Reason("days_behind", {"used": move.used, "of": move.used + move.missing})


def _rise(span: Span, picture: Picture, p: Parameters) -> str:
    """What the leading signal did by the week of the alarm: other answers may have carried it, and
    what rose two weeks ago may be back.
    """
    week, fortnight = span.now - span.before, picture.rise(span.leading)
    if max(week, fortnight) < p.worth_saying:
        return "hardly_rose"
    if week < p.eased_share * fortnight:
        return "rose_and_eased"
    early = span.channel.startswith("early")
    settled = span.leading == "axial_pain" and not early and is_settled(span, picture, p)
    return "came_back" if settled else "rose_and_stayed"


def _against(span: Span, picture: Picture, p: Parameters) -> Iterator[Reason]:
    for key in ("mobility", "walking", "sleep"):
        move = picture.moves.get(key)
        if (
            move is not None
            and move.used >= p.recent_entries
            and picture.strength(key) < p.hardly_errors
        ):
            hardly = picture.rise(key) > p.nothing
            yield _moved(key, picture, "hardly_moved" if hardly else "did_not_move")
    mechanical = picture.moves.get("mechanical")
    if mechanical is not None and mechanical.used and mechanical.now == 0:
        yield Reason("no_loading", {"days": mechanical.used})
    if is_late_return(span, picture, p):
        yield Reason("late_return")
    if span.leading == "axial_pain" and picture.is_own_preop and not is_settled(span, picture, p):
        yield Reason(
            "had_not_settled",
            {"before": round(span.before, 1), "preop": round(picture.preop, 1)},
        )
    if span.leading == "axial_pain" and not picture.is_own_preop:
        yield Reason("preop_unknown", {"preop": round(picture.preop, 1)})


def _explained(picture: Picture, on: DayOf) -> Iterator[Reason]:
    if picture.tablets_stopped is not None:
        yield Reason("tablets_fewer", {"day": on(picture.tablets_stopped)})
    if picture.walking_more is not None:
        key, before, now = picture.walking_more
        yield Reason(
            "walking_more", {"measure": key, "before": round(before, 1), "now": round(now, 1)}
        )
    if picture.strain is not None and picture.strain[0] != "fall":
        yield Reason("strain_before", {"strain": picture.strain[0], "day": on(picture.strain[1])})


def _updates(span: Span, on: DayOf) -> Iterator[Update]:
    for day, what in span.also:
        reason = (
            Reason("rose_further", {"measure": span.leading, "day": on(day)})
            if what == "further"
            else Reason("also_rising", {"measure": LEADING[what], "day": on(day)})
        )
        yield Update(on(day), Urgency.REVIEW, reason)


def level_receipt(level: Level, first: date, p: Parameters) -> Episode:
    """The episode of a level that never improved enough."""

    def on(day: int) -> date:
        return first + timedelta(days=day)

    slow = level.kind == "slow"
    missing = p.best_length - level.days_used
    gained = max((1 - p.least_gain) * level.preop, p.slow_level)
    goal = gained if slow else p.failed_level - p.failed_slack
    ends: dict[str, Value] = {"measure": level.measure, "level": round(goal, 1)}
    before = level.preop if level.is_own_preop else None
    signal = Signal(level.measure, before, round(level.level, 2), level.days_used, missing)
    return Episode(
        pattern=Pattern.SLOW_RECOVERY if slow else Pattern.FAILED_FUSION,
        urgency=Urgency.NOTE if slow else Urgency.REVIEW,
        raised_on=on(level.known),
        cleared_on=None if level.cleared_known is None else on(level.cleared_known),
        onset=first,
        onset_first=first,
        onset_last=first,
        days_used=level.days_used,
        days_missing=missing,
        signals=(signal,),
        evidence_for=tuple(_level_for(level, slow)),
        evidence_against=tuple(_level_against(level)),
        also_consider=() if slow else _CONSIDER[Pattern.FAILED_FUSION],
        likelihoods=() if slow else ((Pattern.FAILED_FUSION, 1.0),),
        would_clear=Reason("ends_when_back", {**ends, "days": p.best_length}),
        updates=tuple(_level_updates(level, on)),
        rule_set=p.rule_set,
    )


def _level_for(level: Level, slow: bool) -> Iterator[Reason]:
    values: dict[str, Value] = {
        "measure": level.measure,
        "level": round(level.level, 1),
        "preop": round(level.preop, 1),
        "expected": round(level.expected, 1),
    }
    code = "behind_course" if slow else "never_improved"
    if level.is_borrowed:
        del values["preop"]
        yield Reason("never_improved_borrowed", values)
    else:
        yield Reason(code if level.is_own_preop else f"{code}_mean", values)
    if not slow:
        yield Reason("best_so_far", {"measure": level.measure, "best": round(level.best, 1)})


def _level_against(level: Level) -> Iterator[Reason]:
    if level.kind == "failed":
        yield Reason("many_without_gain")
    if not level.is_own_preop and not level.is_borrowed:
        yield Reason("preop_unknown", {"preop": round(level.preop, 1)})


def _level_updates(level: Level, on: DayOf) -> Iterator[Update]:
    if level.strong is not None:
        day = on(level.strong)
        reason = Reason("still_after_a_year", {"measure": level.measure, "day": day})
        yield Update(day, Urgency.REVIEW, reason)
