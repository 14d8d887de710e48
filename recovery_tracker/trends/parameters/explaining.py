"""Since when, why, and what is told of it."""

from dataclasses import dataclass

from .described import OURS, TUNED, threshold

_NINE_OF_TEN = (
    "set on diaries of both generators (seeds below 100): the interval holds the day in nine of ten"
)


@dataclass(frozen=True)
class ExplainingRules:
    """Since when, why, and what is told of it."""

    onset_speeds: tuple[float, ...] = threshold(
        (2.0, 14.0, 56.0, 112.0), "days", "Times that a change may take to grow.", OURS
    )
    onset_slow: float = threshold(
        56.0,
        "days",
        "From here on such a change is slow.",
        "our default: a late failed fusion rises over 8 to 16 weeks in the reference cohort",
    )
    onset_reach: int = threshold(110, "days", "The onset is looked for so many days back.", OURS)
    onset_level: int = threshold(
        42, "days", "And before that as many days of level are used.", OURS
    )
    onset_first: int = threshold(3, "days", "The first days looked at hold no onset.", OURS)
    onset_worth: float = threshold(
        0.25,
        "days",
        "What one recorded day is worth: neighbours say partly the same.",
        _NINE_OF_TEN,
    )
    onset_before: float = threshold(
        0.02,
        "share of the weight",
        "Weight that lies before the interval.",
        _NINE_OF_TEN,
    )
    onset_up_to: float = threshold(
        0.95,
        "share of the weight",
        "Weight up to its end.",
        _NINE_OF_TEN,
    )
    onset_sizes: float = threshold(2.0, "points", "Spread of plausible sizes of a change.", OURS)
    onset_least_spread: float = threshold(0.4, "points", "Least day-to-day spread taken.", OURS)
    onset_answers: int = threshold(6, "answers", "Fewest that show an onset.", OURS)
    onset_spread_answers: int = threshold(
        5, "answers", "Fewest that show the person's own spread for it.", OURS
    )
    onset_spread: float = threshold(1.0, "points", "The spread with fewer.", OURS)
    onset_again: int = threshold(
        14,
        "days",
        "After a flag that ended, so long before its end the next onset is looked for.",
        OURS,
    )
    cause_before: int = threshold(
        21, "days", "A cause is looked for this long before the onset.", OURS
    )
    cause_slack: int = threshold(7, "days", "And this far outside the interval of the onset.", OURS)
    ticks_before: int = threshold(
        28, "days", "Hardware, fever and wound answers of so many days are told.", OURS
    )
    tablets_share: float = threshold(
        0.5, "share of the usual doses", "Doses at or below this have stopped.", OURS
    )
    tablets_entries: int = threshold(
        2, "entries in 7 days", "Fewest that show that the tablets stopped.", OURS
    )
    walking_levels: float = threshold(
        0.3, "levels", "Walking more by this explains a rise of pain.", TUNED
    )
    walking_errors: float = threshold(
        1.2, "standard errors", "The rise in levels must also be this sure.", TUNED
    )
    walking_full: float = threshold(
        3.4, "levels", "From here on the highest answer is near and half the rise counts.", TUNED
    )
    walking_room: float = threshold(
        0.5, "share", "Share of a rise that counts near the highest answer.", OURS
    )
    walking_spread: float = threshold(0.25, "levels", "Least spread of the walking answers.", OURS)
    walking_free_day: float = threshold(
        1.2, "days", "Recorded days that say as much as one independent day, for walking.", TUNED
    )
    walking_times: float = threshold(
        1.5, "times the usual", "The same for minutes and steps.", OURS
    )
    steps_least: float = threshold(
        100, "steps", "A day with fewer is a phone that was not carried.", OURS
    )
    worth_saying: float = threshold(
        0.4, "points or levels", "What another answer must have moved to be told.", OURS
    )
    hardly_errors: float = threshold(
        1.0, "standard errors", "An answer below this did not move, and speaks against.", OURS
    )
    nothing: float = threshold(
        0.05,
        "points or levels",
        "A rise up to this is none once it is rounded.",
        "rounding to one decimal",
    )
    eased_share: float = threshold(
        0.5, "share", "The last week below this share of the rise: it has eased.", OURS
    )
    consider_bleeding: int = threshold(
        14,
        "days after the operation",
        "Up to here bleeding around the nerves is named among what to consider.",
        "Anno 2019, Spine: onset on days 0 to 7; twice that, our default",
    )
    consider_next_level: int = threshold(
        90,
        "days after the operation",
        "From here on the level above or below is named.",
        OURS,
    )
    consider_loosening: int = threshold(
        42,
        "days after the operation",
        "From here on loosening is named beside an infection.",
        OURS,
    )
