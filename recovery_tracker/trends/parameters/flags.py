"""When a flag ends, how large the change is, levels at months 3, 6 and 12, the settings."""

from dataclasses import dataclass

from .described import OURS, TUNED, threshold

_SETTING = "our default, chosen on tuning seeds: about half and twice the false flags of standard"


@dataclass(frozen=True)
class FlagRules:
    """When a flag ends, how large the change is, levels at months 3, 6 and 12, the settings."""

    clear_points: float = threshold(
        0.75,
        "points",
        "A flag ends when the mean of 14 days is this close to what it was before.",
        TUNED,
    )
    clear_share: float = threshold(
        0.4, "share of the rise", "Or within this share of the rise, if that is more.", TUNED
    )
    clear_most: float = threshold(
        0.7,
        "share of the rise",
        "Never further above what it was before than this share of the rise.",
        OURS,
    )
    clear_levels: float = threshold(
        0.4, "levels", "The same for numbness and for tablets, in levels or doses.", OURS
    )
    clear_score: float = threshold(
        0.7, "share of an alarm", "And when the score is below this.", TUNED
    )
    carried_load: float = threshold(
        0.2,
        "share of the times asked",
        "Where pain rose little, loading answers this much above their usual carried the flag.",
        OURS,
    )
    further_points: float = threshold(
        1.5, "points", "A further rise this large is news under an open flag.", OURS
    )
    size_free_day: float = threshold(
        4.4,
        "days",
        "Recorded days that say as much as one independent day, for the interval of a size.",
        "set on diaries of both generators (seeds below 100): it holds the change in nine of ten",
    )
    size_errors: float = threshold(
        1.645, "standard errors", "Half of an interval that holds 90 %.", "normal distribution"
    )
    size_few: int = threshold(
        4, "answers", "Up to this many, the typical spread stands in for the person's own.", OURS
    )
    slow_first_day: int = threshold(
        84, "days after the operation", "Week 12: first look at slow recovery.", OURS
    )
    slow_second_day: int = threshold(
        182, "days after the operation", "Week 26: second look at slow recovery.", OURS
    )
    slow_window: int = threshold(21, "days", "The look waits this long for enough entries.", OURS)
    failed_first_day: int = threshold(
        182,
        "days after the operation",
        "From month 6 a level that never improved may be named.",
        "our default; named at 6 months in Spine Secrets, the textbook itself was not seen",
    )
    failed_again_days: int = threshold(
        28,
        "days",
        "It must hold at two looks this far apart.",
        "our default: reviews four weeks apart",
    )
    failed_strong_day: int = threshold(
        365,
        "days after the operation",
        "From month 12 it is stated strongly.",
        "no union within 12 months (wheelessonline); said strongly from then on is our default",
    )
    failed_level: float = threshold(
        4.0, "points", "Mean of 28 days that still counts as bad.", OURS
    )
    failed_slack: float = threshold(
        0.5, "points", "It ends this far below the level that raised it.", OURS
    )
    slow_level: float = threshold(
        3.0,
        "points",
        "Less pain than this is never called slow.",
        "our default; Mannion 2020 is of adult deformity, partly without operation",
    )
    least_gain: float = threshold(
        0.30,
        "share of the pain before the operation",
        "Less gain than this is no improvement.",
        "our default; of Asher 2020 (10.1016/j.spinee.2020.01.010) the title alone was seen",
    )
    course_margin: float = threshold(
        0.5,
        "spreads",
        "Within this of the personal expected course it counts as met.",
        OURS,
    )
    level_entries: int = threshold(
        3,
        "entries in 28 days",
        "Fewest entries that make a level.",
        "our default: one a week with one missed",
    )
    best_first_day: int = threshold(
        42,
        "days after the operation",
        "Own best periods count from here on.",
        OURS,
    )
    best_length: int = threshold(28, "days", "Length of the person's own best period.", OURS)
    factor_quiet: float = threshold(
        1.18,
        "times",
        "Every alarm of a worsening, where the setting is quiet.",
        _SETTING,
    )
    factor_sensitive: float = threshold(
        0.84,
        "times",
        "The same where it is sensitive.",
        _SETTING,
    )
