"""What was found, told twice: what happened in plain words, and the rule for the clinician."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..domain import answer_rules
from ..domain.flags import URGENCY_NAMES, Condition, Episode, Pattern, Reason, Urgency
from ..domain.language import N_
from ..domain.measures import MEASURES, Better, Kind
from ..domain.phrases import CONSIDER, pattern_name, say, summary, told_beside
from ..domain.signs import SIGNS
from ..domain.surgery import Operation, Region
from ..domain.ticked import SignDay, Ticked, ticked_since
from ..domain.ticked_words import ticked_in_brief, ticked_words
from ..domain.wording import (
    Pieces,
    Translate,
    day_words,
    days_words,
    difference,
    mark,
    near_day_words,
    number,
    show_in,
)
from .sufficiency import is_before_diary

#: Reasons that say how it was counted or what else was reported: no evidence themselves.
METHOD = frozenset({"usual_from", "days_behind", "preop_unknown"})

#: What was reported too and no rule weighs: it has a line of its own.
BESIDE = "told_beside"

#: Reasons that count answers: they belong to the clinician's rows.
COUNTS = METHOD | {"loading_more"}

#: Reasons that stand among those against and are none: how far the comparison carries.
NOT_AGAINST = frozenset({"late_return", "preop_unknown"})

#: Reasons that the line of the ticked signs says already.
SAID_BY_TICKS = frozenset({"sign_given", "temperature", "still_there"})


def said_elsewhere(ticked: Ticked | None) -> frozenset[str]:
    """Reasons for a flag that are not told among its evidence; `ticked` is its line of signs."""
    ticks = frozenset[str]() if ticked is None else SAID_BY_TICKS
    return METHOD | {BESIDE} | ticks


#: Flags that one answer raises.
ANSWERS = frozenset({Pattern.EMERGENCY_SIGN, Pattern.URGENT_SIGN})

#: Room for what happened, in characters: about two lines of the page. Our default.
ROOM = 170

#: Room for it in a row of a list. Our default.
ROOM_IN_BRIEF = 70


@dataclass(frozen=True, slots=True)
class Told:
    """What a flag is told from: the reader's today, the days of the diary with their signs, and
    the day on which it was begun.

    The urgency of a sign is counted from `operation`.
    """

    today: date
    operation: Operation
    days: Sequence[SignDay] = ()
    #: `History.begun_on`; None where nobody asks when something began.
    begun: date | None = None

    @property
    def region(self) -> Region:
        return self.operation.region


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag as a page shows it: plain first, then the clinician's rows that name the rule."""

    urgency: str
    level: Urgency
    pattern: Pattern
    name: str
    #: The warning signs of a flag that one answer raised; "" for any other.
    about: str
    is_active: bool
    #: Whether it asks for a person: it holds, or it ended or was corrected with nobody looking.
    waits: bool
    what_happened: str
    #: Onset and the day it was noticed; evidence that `what_happened` does not tell, and what is
    #: against it, in whole sentences; the rule and the days it rests on; what else to think of.
    since: str
    evidence_for: tuple[str, ...]
    #: What became known under it later, each with its day.
    later: tuple[str, ...]
    evidence_against: tuple[str, ...]
    rests_on: tuple[str, ...]
    #: What was reported too and no rule weighs; "" where nothing was.
    beside: str
    consider: str
    decided: tuple[Pieces, ...]
    #: Whether the last decision is one about what it asks now.
    is_answered: bool
    raised_on: date
    cleared_on: date | None
    onset: date | None

    @property
    def is_urgent(self) -> bool:
        """Whether it asks for somebody today."""
        return self.level >= Urgency.SAME_DAY


def finding_of(
    episode: Episode,
    told: Told,
    translate: Translate = str,
    *,
    waits: bool | None = None,
    decided: tuple[Pieces, ...] = (),
    is_answered: bool = False,
    recorded: str = "",
    is_corrected: bool = False,
) -> Finding:
    """A flag as a page shows it; `waits` is by default whether it holds, `recorded` when a warning
    answer reached the clinic, `is_corrected` whether the patient has corrected that answer since.
    """
    happened = what_happened(episode, told, translate)
    is_active = episode.condition is Condition.ACTIVE
    return Finding(
        urgency=translate(URGENCY_NAMES[episode.worst_urgency]),
        level=episode.worst_urgency,
        pattern=episode.pattern,
        name=pattern_name(episode, translate),
        about=about_words(episode, translate) if episode.pattern in ANSWERS else "",
        is_active=is_active,
        waits=is_active if waits is None else waits,
        what_happened=f"{happened} {translate(CORRECTED)}" if is_corrected else happened,
        since=since_words(episode, told, translate, recorded=recorded),
        evidence_for=evidence_words(episode, told, translate),
        later=later_words(episode, told, translate),
        evidence_against=against_words(episode, told, translate),
        rests_on=rests_words(episode, told, translate),
        beside=beside_words(episode, told, translate),
        consider=consider_words(episode, translate),
        decided=decided,
        is_answered=is_answered,
        raised_on=episode.raised_on,
        cleared_on=episode.cleared_on,
        onset=episode.onset,
    )


#: After what happened, where the diary no longer says so.
CORRECTED = N_("The patient has corrected this since.")


def about_words(episode: Episode, translate: Translate = str) -> str:
    """The warning signs of a flag and the answers that count like one; "" if it rests on none.

    Two emergency signs have one name: what tells them apart is which sign it was.
    """
    return mark(", ", translate).join(
        translate(SIGNS[key].clinician if key in SIGNS else answer_rules.ANSWERS[key].patient)
        for key in sorted(episode.signs)
    )


def what_happened(
    episode: Episode, told: Told, translate: Translate = str, *, in_brief: bool = False
) -> str:
    """The evidence of a flag in whole sentences, as many as there is room for, without its name.

    At least one is told; of warning answers the worst and the newest, with what became of them. A
    flag without evidence in words says what kind it is. `in_brief` for a row of a list.
    """
    said, _ = _told_first(episode, told, translate, in_brief=in_brief)
    show = show_in(translate, told.today)
    return said or summary(episode, told.region, translate, show=show)


def _told_first(
    episode: Episode, told: Told, translate: Translate, *, in_brief: bool = False
) -> tuple[str, list[Reason]]:
    """What happened in as many sentences as there is room for, and the reasons left over."""
    show = show_in(translate, told.today)
    ticked = ticked_since(episode, told.days, told.operation, told.today)
    words, room = (ticked_in_brief, ROOM_IN_BRIEF) if in_brief else (ticked_words, ROOM)
    said = "" if ticked is None else words(ticked, told.today, translate)
    elsewhere = said_elsewhere(ticked)
    left = []
    is_full = False
    for reason in episode.evidence_for:
        if reason.code in elsewhere:
            continue
        if is_full or reason.code in COUNTS:
            left.append(reason)
            continue
        sentence = say(reason, translate, region=told.region, show=show, signals=episode.signals)
        if said and len(said) + len(sentence) >= room:
            is_full = True
            left.append(reason)
            continue
        said = f"{said} {sentence}".strip()
    return said, left


#: By how much the leading measure is worse than its usual, by the kind of its answers.
_SIZES = {
    Kind.SCORE: N_("{size} points above usual that week ({low} to {high})"),
    Kind.CHOICE: N_("{size} levels worse than usual that week ({low} to {high})"),
    Kind.COUNT: N_("{size} doses a day above usual that week ({low} to {high})"),
}

#: The same of one.
_SIZES_OF_ONE = {
    Kind.SCORE: N_("{size} point above usual that week ({low} to {high})"),
    Kind.CHOICE: N_("{size} level worse than usual that week ({low} to {high})"),
    Kind.COUNT: N_("{size} dose a day above usual that week ({low} to {high})"),
}


def size_words(episode: Episode, translate: Translate = str) -> str:
    """How much worse the leading signal is with its interval; "" where none was measured.

    It is the difference of the two levels as the evidence writes them, more for worse.
    """
    if episode.size is None or episode.size_low is None or episode.size_high is None:
        return ""
    leading = episode.signals[0].measure if episode.signals else "axial_pain"
    size = episode.size
    if episode.signals:
        before, now = episode.signals[0].before, episode.signals[0].now
        if before is not None and now is not None:
            worse = difference(before, now)
            size = -worse if MEASURES[leading].better is Better.HIGHER else worse
    sign = "+" if size > 0 else ""
    sizes = _SIZES_OF_ONE if number(size) == "1" else _SIZES
    return translate(sizes[MEASURES[leading].kind]).format(
        size=sign + number(size),
        low=number(episode.size_low),
        high=number(episode.size_high),
    )


def days_used_words(episode: Episode, translate: Translate = str) -> list[str]:
    """How many days a trend rests on and how many of them are missing; empty for an answer."""
    if not episode.days_used or episode.signs:
        return []
    return [
        translate(N_("{used} used, {missing} missing.")).format(
            used=days_words(episode.days_used, translate), missing=episode.days_missing
        )
    ]


def onset_words(episode: Episode, told: Told, translate: Translate = str) -> str:
    """The day on which it began. Of a level that counts from the operation nobody knows that where
    the diary was begun late.
    """
    assert episode.onset is not None
    begun = told.begun
    if begun and episode.began is None and is_before_diary(episode.onset, begun):
        day = near_day_words(begun, told.today, translate)
        return translate(N_("before the diary began on {day}")).format(day=day)
    return near_day_words(episode.onset, told.today, translate)


def since_words(
    episode: Episode, told: Told, translate: Translate = str, *, recorded: str = ""
) -> str:
    """The onset with its interval, apart from it the day of the flag, its size, and its end.

    Of a warning answer the day it was raised and, with `recorded`, when it reached the clinic.
    """

    def day(when: date) -> str:
        return near_day_words(when, told.today, translate)

    raised = day_words(episode.raised_on, translate, year=True)
    parts = []
    if episode.onset is not None and not episode.signs:
        sentence = N_("Began about {onset} (between {first} and {last}), noticed {day}.")
        if episode.began is None:
            sentence = N_("{onset}, noticed {day}.")
        parts.append(
            translate(sentence).format(
                onset=onset_words(episode, told, translate),
                first=day(episode.onset_first or episode.onset),
                last=day(episode.onset_last or episode.onset),
                day=raised,
            )
        )
    elif recorded:
        said = N_("Raised {day}, recorded {at}.")
        parts.append(translate(said).format(day=raised, at=recorded))
    else:
        parts.append(translate(N_("Raised {day}.")).format(day=raised))
    if size := size_words(episode, translate):
        parts.append(size + mark(".", translate))
    if episode.cleared_on is not None:
        parts.append(translate(N_("Ended {day}.")).format(day=day(episode.cleared_on)))
    return " ".join(parts)


def evidence_words(episode: Episode, told: Told, translate: Translate = str) -> tuple[str, ...]:
    """The evidence for it that has not been mentioned yet, one sentence each."""
    show = show_in(translate, told.today)
    _, left = _told_first(episode, told, translate)
    return tuple(
        say(reason, translate, region=told.region, show=show, signals=episode.signals)
        for reason in left
    )


def later_words(episode: Episode, told: Told, translate: Translate = str) -> tuple[str, ...]:
    """What became known after it was raised, oldest first, each with its day; of warning answers
    only what the line of the ticked signs does not tell.
    """
    show = show_in(translate, told.today)
    ticked = ticked_since(episode, told.days, told.operation, told.today)
    found = []
    for update in episode.updates:
        if ticked is not None and update.reason.code in SAID_BY_TICKS:
            continue
        said = say(update.reason, translate, region=told.region, show=show)
        if update.day not in update.reason.values.values():
            day = near_day_words(update.day, told.today, translate)
            said = day + mark(": ", translate) + said
        found.append(said)
    return tuple(found)


def against_words(episode: Episode, told: Told, translate: Translate = str) -> tuple[str, ...]:
    """What is against it, and apart from that what may explain it; empty where nothing is."""
    show = show_in(translate, told.today)

    def said(reasons: Iterable[Reason]) -> list[str]:
        return [
            say(reason, translate, region=told.region, show=show, signals=episode.signals)
            for reason in reasons
        ]

    against = said(r for r in episode.evidence_against if r.code not in NOT_AGAINST)
    explained = " ".join(said(episode.explained_by))
    if explained:
        against.append(translate(N_("May be explained by: {reasons}")).format(reasons=explained))
    return tuple(against)


def rests_words(episode: Episode, told: Told, translate: Translate = str) -> tuple[str, ...]:
    """The rule by name, the days it rests on, and how far the comparison carries.

    Of a warning sign that no rule combines, nothing: the answer is all there is.
    """
    if episode.pattern in ANSWERS:
        return ()
    show = show_in(translate, told.today)
    name = pattern_name(episode, translate).lower()
    method = [reason for reason in episode.evidence_for if reason.code in METHOD]
    notes = [reason for reason in episode.evidence_against if reason.code in NOT_AGAINST]
    return (
        translate(N_("Rule: {pattern}.")).format(pattern=name),
        *days_used_words(episode, translate),
        *(say(reason, translate, region=told.region, show=show) for reason in method + notes),
    )


def beside_words(episode: Episode, told: Told, translate: Translate = str) -> str:
    """What was reported too and no rule weighs; "" where nothing was."""
    show = show_in(translate, told.today)
    return told_beside(episode.evidence_for, translate, region=told.region, show=show)


def consider_words(episode: Episode, translate: Translate = str) -> str:
    """What else to think of, in order; "" where nothing is named."""
    return mark("; ", translate).join(translate(CONSIDER[key]) for key in episode.also_consider)
