"""What was found, told twice: what happened in plain words, and the rule for the clinician."""

from dataclasses import dataclass
from datetime import date

from ..domain.flags import URGENCY_NAMES, Condition, Episode, Pattern, Urgency
from ..domain.language import N_
from ..domain.measures import MEASURES, Kind
from ..domain.phrases import CONSIDER, NOT_A_DIAGNOSIS, pattern_name, say, summary
from ..domain.surgery import Region
from ..domain.wording import Translate, day_words, days_words, number, show_in

#: Reasons that count days or answers: they belong to the clinician's line.
COUNTS = frozenset({"usual_from", "days_behind", "loading_more", "preop_unknown"})

#: Room for what happened, in characters: about two lines of the page. Our default.
ROOM = 170


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag as a page shows it: plain first, then the clinician's line that names the rule."""

    urgency: str
    pattern: Pattern
    is_active: bool
    #: Whether it asks for somebody today.
    is_urgent: bool
    what_happened: str
    clinician: str
    raised_on: date
    onset: date | None


def finding_of(episode: Episode, region: Region, translate: Translate = str) -> Finding:
    """A flag as a page shows it."""
    return Finding(
        urgency=translate(URGENCY_NAMES[episode.worst_urgency]),
        pattern=episode.pattern,
        is_active=episode.condition is Condition.ACTIVE,
        is_urgent=episode.worst_urgency >= Urgency.SAME_DAY,
        what_happened=what_happened(episode, region, translate),
        clinician=clinician_line(episode, region, translate),
        raised_on=episode.raised_on,
        onset=episode.onset,
    )


def what_happened(
    episode: Episode, region: Region, translate: Translate = str, *, room: int = ROOM
) -> str:
    """The evidence of a flag in whole sentences, as many as there is room for, without its name.

    At least one is told. A flag without evidence in words says what kind it is.
    """
    told = ""
    for reason in episode.evidence_for:
        if reason.code in COUNTS:
            continue
        sentence = say(reason, translate, region=region, show=show_in(translate))
        if told and len(told) + len(sentence) >= room:
            break
        told = f"{told} {sentence}".strip()
    return told or summary(episode, region, translate, show=show_in(translate))


#: By how much the leading measure stands above its usual, by the kind of its answers.
_SIZES = {
    Kind.SCORE: N_("{size} points above usual that week ({low} to {high})"),
    Kind.CHOICE: N_("{size} steps worse than usual that week ({low} to {high})"),
    Kind.COUNT: N_("{size} doses a day above usual that week ({low} to {high})"),
}


def size_words(episode: Episode, translate: Translate = str) -> str:
    """The change of the leading signal with its interval; "" where none was measured."""
    if episode.size is None or episode.size_low is None or episode.size_high is None:
        return ""
    leading = episode.signals[0].measure if episode.signals else "axial_pain"
    sign = "+" if episode.size > 0 else ""
    return translate(_SIZES[MEASURES[leading].kind]).format(
        size=sign + number(episode.size),
        low=number(episode.size_low),
        high=number(episode.size_high),
    )


def days_used_words(episode: Episode, translate: Translate = str) -> list[str]:
    """How many days a flag rests on and how many of them are missing; empty where none is."""
    if not episode.days_used:
        return []
    return [
        translate(N_("{used} used, {missing} missing.")).format(
            used=days_words(episode.days_used, translate), missing=episode.days_missing
        )
    ]


def _onset_sentence(episode: Episode, onset: date, translate: Translate) -> str:
    sentence = N_("Began about {onset} (between {first} and {last}).")
    if episode.began is None:
        sentence = N_("Since {onset}.")
    return translate(sentence).format(
        onset=day_words(onset, translate),
        first=day_words(episode.onset_first or onset, translate),
        last=day_words(episode.onset_last or onset, translate),
    )


def clinician_line(episode: Episode, region: Region, translate: Translate = str) -> str:
    """The rule by name, both dates, the data behind it, and what else to think of."""
    raised = day_words(episode.raised_on, translate, year=True)
    size = size_words(episode, translate)
    rule = N_("Rule: {pattern}, raised {day}.")
    if size:
        rule = N_("Rule: {pattern}, raised {day}: {size}.")
    name = pattern_name(episode, translate).lower()
    parts = [translate(rule).format(pattern=name, day=raised, size=size)]
    if episode.onset is not None and not episode.signs:
        parts.append(_onset_sentence(episode, episode.onset, translate))
    if episode.cleared_on is not None:
        cleared = day_words(episode.cleared_on, translate, year=True)
        parts.append(translate(N_("Ended {day}.")).format(day=cleared))
    parts += [
        say(reason, translate, region=region, show=show_in(translate))
        for reason in episode.evidence_for
        if reason.code in COUNTS
    ]
    parts += days_used_words(episode, translate)
    parts.append(translate(NOT_A_DIAGNOSIS))
    if episode.also_consider:
        others = "; ".join(translate(CONSIDER[key]) for key in episode.also_consider)
        parts.append(translate(N_("Also consider: {others}.")).format(others=others))
    return " ".join(parts)
