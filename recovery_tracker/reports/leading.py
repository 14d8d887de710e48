"""What a report says first: what an open flag is about, else a weekly answer of "worse"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..domain.felt_worse import FeltWorse, felt_worse
from ..domain.flags import TREND_PATTERNS, Episode, Pattern, Urgency
from ..domain.history import History
from ..domain.language import N_
from ..domain.measures import MEASURES
from ..domain.nerve_answers import beside_answers
from ..domain.wording import Translate, near_day_words, number
from ..trends.levels import Levels
from .headline import above_best, headline


def leading_words(
    known: History, levels: Levels, standing: Sequence[Episode], today: date, translate: Translate
) -> tuple[str, ...]:
    """What the page says first: what an open flag is about, else a weekly answer of "worse"."""
    felt = felt_worse(known.entries, known.index.day, today)
    first = headline(
        levels,
        known.region,
        translate,
        worse_only=bool(felt) or any(map(_takes_nothing_back, standing)),
        about=_led_by(standing, levels),
        pains_worse_only=any(map(_is_of_a_rise, standing)),
    )
    if any(map(_is_of_a_rise, standing)):  # Weekly pain says once more what such a flag does.
        felt = replace(felt, peg_on=None)
    weekly = _felt_worse_words(felt, today, translate)
    return (*first, *weekly) if standing else (*weekly, *first)


def _led_by(standing: Sequence[Episode], levels: Levels) -> str:
    """The measure that the most urgent open flag is about, the newest of several; "" for none.

    Of an answer about nerves limb pain or numbness, whichever is further above its best.
    """
    beside = {key for episode in standing for key in beside_answers(episode.signs)}
    rises = {key: above_best(levels.measures[key]) for key in beside}
    if any(rises.values()):
        return max(sorted(rises), key=lambda key: rises[key])
    found = [episode for episode in standing if episode.signals and not episode.signs]
    leading = max(found, key=lambda one: (one.worst_urgency, one.raised_on), default=None)
    return "" if leading is None else leading.signals[0].measure


def _takes_nothing_back(episode: Episode) -> bool:
    """Whether a mean that went down would seem to take back what the flag is about."""
    urgency = episode.worst_urgency
    return urgency >= Urgency.SAME_DAY or (urgency is Urgency.REVIEW and bool(episode.signs))


def _is_of_a_rise(episode: Episode) -> bool:
    """Whether statistics found that something got worse; a failed fusion may never have changed."""
    is_review = episode.worst_urgency >= Urgency.REVIEW
    return is_review and episode.pattern in TREND_PATTERNS - {Pattern.FAILED_FUSION}


def _felt_worse_words(felt: FeltWorse, today: date, translate: Translate) -> tuple[str, ...]:
    """What the weekly answers said to be worse, which no rule reads."""
    said = []
    if felt.overall_on is not None:
        answer = translate(MEASURES["overall_change"].options[felt.overall + 3])
        day = near_day_words(felt.overall_on, today, translate)
        overall = N_("Overall since the operation, as answered on {day}: {answer}.")
        said.append(translate(overall).format(day=day, answer=answer))
    if felt.peg_on is not None:
        peg = N_("Weekly pain questions (mean of three): {before} before, {now} on {day}.")
        said.append(
            translate(peg).format(
                before=number(felt.peg_before),
                now=number(felt.peg),
                day=near_day_words(felt.peg_on, today, translate),
            )
        )
    return tuple(said)
