"""Evidence in words: one sentence for every reason, one summary for every flag.

An episode holds typed values, which become a sentence only here, in the reader's language.
`translate` turns a marked English sentence into that language, and `show` writes a number or a date
the way people there write it. Nothing here decides anything.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import ceil, floor
from types import MappingProxyType

from .diary import SIGN_CHANGE_NAMES, SignChange
from .flags import PATTERN_NAMES, Episode, MeasureChange, Pattern, Reason, Value
from .language import N_
from .measures import MEASURES, Better, Kind
from .signs import SIGNS
from .surgery import RISK_FACTORS, Region
from .wording import SHORT_OPTIONS, capitalize_first, joined_as, uncapitalize

Translate = Callable[[str], str]
#: Writes one value, given its name in the template and the value itself.
Show = Callable[[str, Value], str]

_GIVEN: Mapping[str, str] = MappingProxyType(
    {
        "sign_given": N_("Reported for {day}: {sign}."),
        "temperature": N_("Temperature of {temperature_c}\N{NO-BREAK SPACE}°C on {day}."),
        "still_there": N_("Still there on {day} ({change}): {sign}."),
        "left_open": N_("Asked on {day} and not answered: {sign}."),
        "was_there": N_("Added later for {day}, gone since: {sign}."),
        "gone_unasked": N_("Gone on {day}, with no word that anyone was asked: {sign}."),
        "newly_both_sides": N_("Both sides for the first time in weeks on {day}: {measure}."),
        "both_sides_unknown": N_("Both sides on {day}, with no earlier answer: {measure}."),
        "numb_completely": N_("Cannot feel it at all on {day}, for the first time in weeks."),
        "strain_then_pain": N_(
            "{strain} on {event_day}, then {measure} up from {before} to {now} and staying up."
        ),
        # A sign that something else made more urgent.
        "raised_with_fever": N_("On {day}, together with a fever: {sign}."),
        "raised_temperature": N_(
            "On {day}, with a temperature of {temperature_c}\N{NO-BREAK SPACE}°C: {sign}."
        ),
        "raised_fever_wound": N_("On {day}, together with {other}: {sign}."),
        "raised_rising_pain": N_(
            "On {day}: {sign}, while {measure} rose from {before} at its best to {now}."
        ),
        "raised_pain_jump": N_("{sign}, then {measure} up from {before} to {now} on {day}."),
        "raised_nerve_sign": N_("{sign}, and on {day} {other}."),
        "raised_both_sides_unknown": N_(
            "{sign}, and on {day} both sides, with no earlier answer: {measure}."
        ),
        "raised_numbness_unknown": N_(
            "{sign}, and on {day} numbness, with no earlier answer to compare it with."
        ),
        "raised_pain_unknown": N_(
            "{sign}, with {measure} at {now} on {day} and no earlier score to compare it with."
        ),
        "raised_since_unknown": N_("{sign} on {day}, and no earlier answer says since when."),
        "raised_newly_both_sides": N_("{sign}, and on {day} both sides newly: {measure}."),
        "raised_numb_completely": N_("{sign}, and on {day} a part that cannot be felt."),
        "raised_more_numbness": N_("{sign}, and on {day} numbness up from {before} to {now}."),
        "raised_new_zone": N_("{sign}, and on {day} numbness in a new place: {zone}."),
        "raised_severe_pain_with": N_("On {day}, together with {other}: {sign}."),
        "many_doses": N_("{doses} doses of strong painkillers on {day}."),
        "raised_standing": N_("{sign} on {day}, and {other} on {other_day}."),
        "raised_with_sign": N_("On {day}, together with {other}: {sign}."),
        "raised_bad_pain": N_("{sign}, with {measure} at {now} on {day}."),
        "raised_risk": N_("On {day}, with a known risk ({risk}): {sign}."),
        "raised_worse_early": N_("Worse on {day}, in the first two weeks: {sign}."),
        "raised_worse_soon": N_("Worse on {day} than at most two days before: {sign}."),
        "raised_lasted": N_("Reported again on {day}, for {days} days now: {sign}."),
    }
)

_SILENCE: Mapping[str, str] = MappingProxyType(
    {
        "quiet_since": N_(
            "Last entry for {last_entry}, then at least {missed} scheduled days missed."
        ),
        "quiet_after_flag": N_("It went quiet soon after {day}: {pattern}."),
        "quiet_after_jump": N_(
            "It went quiet after a bad day: {measure} up from {before} to {now}."
        ),
    }
)

_ENDS: Mapping[str, str] = MappingProxyType(
    {
        "ends_when_gone": N_("Ends when the patient says that it is gone."),
        "ends_without_tick": N_("Ends after {days} days of answers without it."),
        "ends_with_next_entry": N_("Ends with the next entry."),
    }
)

_TREND: Mapping[str, str] = MappingProxyType(
    {
        "came_back": N_(
            "{measure} came back after settling: usually {before}, {now} when noticed."
        ),
        "rose_and_stayed": N_(
            "{measure} rose and stayed up: usually {before}, {now} when noticed."
        ),
        "hardly_rose": N_(
            "{measure} is near its usual ({before}, {now} when noticed): the answers below "
            "raised this flag."
        ),
        "rose_and_eased": N_(
            "{measure} rose and has eased again: usually {before}, {high} over two weeks, {now} in "
            "the week it was noticed."
        ),
        "more_tablets": N_(
            "More strong painkiller doses at the same pain: usually {before} a day, {now} when "
            "noticed."
        ),
        "usual_from": N_("Usual: the mean from {first} to {last}."),
        "late_return": N_(
            "Back after month 6: late loose hardware and a late failed fusion look alike in a "
            "diary."
        ),
        "new_zone_stays": N_("Numb in a new place, marked on most days up to {day}: {zone}."),
        # Several are told together: `told_beside`.
        "told_beside": N_("{sign}, last on {day}"),
        "days_behind": N_("Entries on {used} of the {of} days up to the flag."),
        "moved_too": N_("{measure} got worse too: {before} to {now}."),
        "loading_more": N_(
            "Loading and hardware answers: {before} % of the times asked before, {now} % in the "
            "four weeks up to the flag."
        ),
        "fall_before": N_("A fall on {day}."),
        "did_not_move": N_("{measure} did not get worse: {before} to {now}."),
        "hardly_moved": N_("{measure} hardly got worse: {before} to {now}."),
        "no_loading": N_("Loading and hardware answers: none ticked (times asked: {days})."),
        "had_not_settled": N_(
            "Had not clearly settled: usually {before}, and {preop} before the operation."
        ),
        "preop_unknown": N_(
            "Pain before the operation is not known; the published mean {preop} is used instead."
        ),
        "tablets_fewer": N_("Pain tablets stopped or fell around {day}."),
        "walking_more": N_("{measure} clearly increased: {before} to {now}."),
        "steps_fell": N_(
            "Steps that a device counted fell too: usually {before} a day, {now} in the two weeks "
            "up to the flag ({percent}\N{NO-BREAK SPACE}%)."
        ),
        "steps_held": N_(
            "Steps that a device counted did not fall: usually {before} a day, {now} in the two "
            "weeks up to the flag ({percent}\N{NO-BREAK SPACE}%)."
        ),
        "steps_halved": N_(
            "Steps fell to about half the patient’s usual and stayed there for {weeks} weeks: "
            "usually {before} a day, {now} in the week it was noticed "
            "({percent}\N{NO-BREAK SPACE}%)."
        ),
        "steps_left_at_home": N_(
            "A phone that is carried less counts fewer steps; only the answers say how the patient "
            "is."
        ),
        "ends_when_steps_back": N_("A week at {level} steps a day or more ends it."),
        "strain_before": N_("{strain} on {day}."),
        "rose_further": N_("{measure} rose clearly further by {day}."),
        "rose_again": N_("{measure} rose again: on {day} it would have raised a new flag."),
        "also_rising": N_("{measure} alone would have raised a flag on {day}."),
        "behind_course": N_(
            "{measure} {level} over four weeks. From {preop} before the operation about {expected} "
            "is expected by now."
        ),
        "never_improved": N_(
            "{measure} has not improved enough: {level} over four weeks. From {preop} before the "
            "operation about {expected} is expected by now."
        ),
        "behind_course_mean": N_(
            "{measure} {level} over four weeks; published groups had {preop} before the operation "
            "and about {expected} at this time."
        ),
        "never_improved_mean": N_(
            "{measure} has not improved enough: {level} over four weeks; published groups had "
            "{preop} before the operation and about {expected} at this time."
        ),
        "never_improved_borrowed": N_(
            "{measure} has not improved enough: {level} over four weeks. No course is published "
            "for this operation; borrowed from another fusion, about {expected} is expected by now."
        ),
        "many_without_gain": N_(
            "A failed fusion is not the only cause: 10 to 40 of 100 people still have pain after "
            "lumbar surgery (Sebaaly 2018)."
        ),
        "best_so_far": N_("Best four weeks when noticed: {best}."),
        "still_after_a_year": N_("{measure} still as high on {day}, a year after the operation."),
        "ends_when_back": N_("{measure} at {level} or better over {days} days ends it."),
        "ends_when_eased": N_(
            "{measure} at {level} or better over the last {week} and the last {days} days ends "
            "it, once the other answers no longer point to a worsening."
        ),
        "ends_when_all_eased": N_(
            "Ends when all that raised it is better: {measure} at {level} or better over the last "
            "{week} and the last {days} days, and the rest in the same way."
        ),
        "ends_when_unmarked": N_(
            "Ends after {days} days of answers in which none of these places was marked as numb."
        ),
        "ends_when_load_eased": N_(
            "Loading and hardware answers in at most {level}\N{NO-BREAK SPACE}% of the times asked "
            "over {days} days end it."
        ),
        # Written on flags before 2026-12-01.3.
        "ends_when_faded": N_(
            "{measure} at {level} or better over {days} days ends it, once the other answers no "
            "longer point to a worsening."
        ),
    }
)

#: The same reasons where the measure is an ordered choice: its words, the numbers behind them.
_IN_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "rose_and_stayed": N_("{measure} changed and has stayed that way: {course}."),
        "moved_too": N_("{measure} got worse too: {course}."),
        "did_not_move": N_("{measure} did not get worse: {course}."),
        "hardly_moved": N_("{measure} hardly got worse: {course}."),
        "walking_more": N_("{measure} clearly increased: {course}."),
        "raised_more_numbness": N_("{sign}, and on {day} more numbness: {course}."),
    }
)
#: What says at which level a flag ends: the word must be of an answer that ends it.
_ENDED_BY = frozenset(
    {"ends_when_back", "ends_when_eased", "ends_when_all_eased", "ends_when_faded"}
)
#: The measure of a reason that does not name it.
_IMPLIED: Mapping[str, str] = MappingProxyType({"raised_more_numbness": "numbness"})

_FAR = N_("from mostly “{first}” to mostly “{last}” ({before} to {now} of {most})")
_NEAR = N_("from mostly “{first}” towards “{last}” ({before} to {now} of {most})")
_SAME = N_("mostly “{first}” before and now ({before} to {now} of {most})")
_STILL = N_("still mostly “{first}” ({before} to {now} of {most})")
_ONE_STEP = N_("“{word}” ({level} of {most})")
#: Names under which a reason carries a level of its measure.
_LEVELS = frozenset({"before", "now", "high", "level", "best", "preop", "expected"})

#: The sentence of every reason code.
TEMPLATES: Mapping[str, str] = MappingProxyType({**_GIVEN, **_SILENCE, **_ENDS, **_TREND})

_NOT_WEIGHED = N_("Reported too, and not weighed: {signs}.")

#: What a surgeon may consider besides the named pattern; keys of `Episode.also_consider`.
CONSIDER: Mapping[str, str] = MappingProxyType(
    {
        "infection": N_("infection, also a late one with few signs"),
        "fracture": N_("fracture next to the fusion or of the sacrum"),
        "adjacent_level": N_("the level above or below"),
        "loosening": N_("loosening; a normal X-ray does not exclude it"),
        "cord": N_("pressure on the spinal cord (myelopathy), which need not hurt"),
        "nerves": N_("weakness from a nerve"),
        "illness": N_("a general illness, low mood or a new medicine"),
        "haematoma": N_("bleeding around the nerves in the first days"),
    }
)

#: What a score of axial pain is made of; keys of `Episode.points`.
POINTS: Mapping[str, str] = MappingProxyType(
    {
        "lasting": N_("Pain above its last months, over some ten days"),
        "today": N_("Pain of the last two days"),
        "under_load": N_("Pain under load and hardware answers"),
        "total": N_("What has added up over the days"),
        "own_total": N_("What has added up, in this person’s own day-to-day swings"),
        "beyond": N_("More than in the months before"),
        "sudden": N_("A sudden rise that stays"),
        "sudden_joint": N_("A sudden rise that stays, with the other answers"),
    }
)

#: The end of every clinician's summary.
NOT_A_DIAGNOSIS = N_("A diary pattern, not a diagnosis; never tested in patients.")

_LEAD: Mapping[Pattern, str] = MappingProxyType(
    {
        Pattern.EMERGENCY_SIGN: N_("Emergency answer."),
        Pattern.URGENT_SIGN: N_("Warning answer."),
        Pattern.INFECTION: N_("Answers fit an infection."),
        Pattern.EVENT: N_("A fall, a shift or a strain."),
        Pattern.NERVE: N_("Fits a nerve pattern."),
        Pattern.LOOSE_HARDWARE: N_("Fits the loose-hardware pattern."),
        Pattern.FAILED_FUSION: N_("Fits the failed-fusion pattern."),
        Pattern.WORSENING: N_("A worsening that fits no pattern well."),
        Pattern.SLOW_RECOVERY: N_("Behind the expected course."),
        Pattern.GONE_QUIET: N_("The diary has gone quiet."),
        Pattern.LESS_WALKING: N_("A device counted far fewer steps than usual."),
    }
)

#: Loose hardware and failed fusion, almost equally likely: naming only one would mislead.
_EITHER: Mapping[Pattern, str] = MappingProxyType(
    {
        Pattern.LOOSE_HARDWARE: N_("Loose-hardware or failed-fusion pattern"),
        Pattern.FAILED_FUSION: N_("Failed-fusion or loose-hardware pattern"),
    }
)
_LEAD_EITHER = N_("Fits loose hardware and a failed fusion nearly as well.")
#: The runner-up is named too if its share is at least this part of the first one's. Our default.
_RUNNER_UP = 0.5


def is_either(episode: Episode) -> bool:
    """Whether one of loose hardware and failed fusion is named and the other is almost as
    likely."""
    shares = dict(episode.likelihoods)
    if episode.pattern not in _EITHER or not shares.keys() >= _EITHER.keys():
        return False
    return min(shares[key] for key in _EITHER) >= _RUNNER_UP * shares[episode.pattern]


def pattern_name(episode: Episode, translate: Translate = str) -> str:
    """The pattern that a flag names, with the runner-up if the two are close."""
    names = _EITHER if is_either(episode) else PATTERN_NAMES
    return translate(names[episode.pattern])


def show_plainly(name: str, value: Value) -> str:
    """Numbers with at most one decimal, dates in ISO form: for tests and files."""
    del name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)


def say(
    reason: Reason,
    translate: Translate = str,
    *,
    region: Region = Region.LUMBAR,
    show: Show = show_plainly,
    signals: Iterable[MeasureChange] = (),
) -> str:
    """The sentence of one reason. A code without a sentence is a bug and raises KeyError.

    `signals` are those of its episode: they know which answer of a choice was usual.
    """
    measure = str(reason.values.get("measure", _IMPLIED.get(reason.code, "")))
    in_steps = measure in MEASURES and MEASURES[measure].kind is Kind.CHOICE
    given = _given_most(reason, measure, signals)
    if reason.code in _ENDED_BY:
        given = {"level": _last_that_is_back(measure, reason.values["level"])}
    words = {
        name: _step(measure, value, translate, show, given.get(name))
        if in_steps and name in _LEVELS and isinstance(value, (int, float))
        else _word(name, value, translate, region, show)
        for name, value in reason.values.items()
    }
    template = TEMPLATES[reason.code]
    if in_steps and reason.code in _IN_STEPS:
        template = _IN_STEPS[reason.code]
        words["course"] = _course(
            measure, reason.values, translate, show, given, moved=reason.code != "did_not_move"
        )
    return capitalize_first(translate(template).format(**words))


def told_beside(
    reasons: Iterable[Reason],
    translate: Translate = str,
    *,
    region: Region = Region.LUMBAR,
    show: Show = show_plainly,
) -> str:
    """What was reported too and no rule weighs, each with its last day; "" where nothing was."""
    said = [
        uncapitalize(say(one, translate, region=region, show=show))
        for one in reasons
        if one.code == "told_beside"
    ]
    return capitalize_first(joined_as(N_("{some}; {one}"), said, translate)) if said else ""


def _course(
    measure: str,
    values: Mapping[str, Value],
    translate: Translate,
    show: Show,
    given: Mapping[str, int | None],
    *,
    moved: bool,
) -> str:
    """From which words of an ordered choice to which, with the means behind them.

    `moved` where the change counts although its words may be the same.
    """
    before, now = float(values["before"]), float(values["now"])  # type: ignore[arg-type]
    first = _nearest(measure, before, given.get("before"))
    last = _nearest(measure, now, given.get("lately"))
    is_far = abs(now - before) >= 1 or given.get("lately") is not None
    template = _FAR if is_far else _NEAR
    if first == last:
        template = _STILL if moved else _SAME
    return translate(template).format(
        first=translate(first),
        last=translate(last),
        before=show("before", values["before"]),
        now=show("now", values["now"]),
        most=_most(measure, show),
    )


def _given_most(
    reason: Reason, measure: str, signals: Iterable[MeasureChange]
) -> Mapping[str, int | None]:
    """The answers that were given most often before and lately, where the reason compares means."""
    if reason.code not in _TREND:
        return {}
    found = next((one for one in signals if one.measure == measure), None)
    return {} if found is None else {"before": found.mostly_before, "lately": found.mostly_now}


def _last_that_is_back(measure: str, level: Value) -> int | None:
    """The worst answer that ends a flag if it is given each day; None for a score."""
    if measure not in MEASURES or MEASURES[measure].kind is not Kind.CHOICE:
        return None
    better_high = MEASURES[measure].better is Better.HIGHER
    back = (ceil if better_high else floor)(float(level))  # type: ignore[arg-type]
    return min(max(back, 0), len(MEASURES[measure].options) - 1)


def _step(
    measure: str, value: float, translate: Translate, show: Show, given: int | None = None
) -> str:
    """One level of an ordered choice: the word of the answer given, else the nearest, and the
    number.
    """
    word = translate(_nearest(measure, value, given))
    level = show("level", value)
    return translate(_ONE_STEP).format(word=word, level=level, most=_most(measure, show))


def _nearest(measure: str, value: float, given: int | None = None) -> str:
    words = SHORT_OPTIONS.get(measure, MEASURES[measure].options)
    return words[round(value) if given is None else given]


def _most(measure: str, show: Show) -> str:
    return show("most", len(MEASURES[measure].options) - 1)


def _word(name: str, value: Value, translate: Translate, region: Region, show: Show) -> str:
    """A value in words: catalogue keys by their names, everything else as `show` writes it."""
    if not isinstance(value, str):
        return show(name, value)
    if name in ("sign", "other") and value in SIGNS:
        return translate(SIGNS[value].clinician)
    if name in ("measure", "sign", "other") and value in MEASURES:
        return uncapitalize(translate(MEASURES[value].name_for(region)))
    if name == "risk":
        return translate(RISK_FACTORS[value])
    if name == "strain":
        return translate(MEASURES["strain"].words[value])
    if name == "zone":
        return translate(MEASURES["numbness_zones"].words[value])
    if name == "change":
        return translate(SIGN_CHANGE_NAMES[SignChange(value)])
    if name == "pattern":
        return translate(PATTERN_NAMES[Pattern(value)])
    return show(name, value)


def summary(
    episode: Episode,
    region: Region = Region.LUMBAR,
    translate: Translate = str,
    *,
    show: Show = show_plainly,
) -> str:
    """What a clinician reads first: what happened, then the evidence, then the latest news."""
    lead = _LEAD_EITHER if is_either(episode) else _LEAD[episode.pattern]
    sentences = [translate(lead)]
    sentences += [
        say(reason, translate, region=region, show=show, signals=episode.signals)
        for reason in episode.evidence_for
        if reason.code != "told_beside"
    ]
    if beside := told_beside(episode.evidence_for, translate, region=region, show=show):
        sentences.append(translate(_NOT_WEIGHED).format(signs=uncapitalize(beside)))
    if episode.updates:
        sentences.append(say(episode.updates[-1].reason, translate, region=region, show=show))
    return " ".join(sentences)
