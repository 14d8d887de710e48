"""When the statistics count, and the usual that a day is compared with."""

from dataclasses import dataclass

from .described import OURS, TUNED, threshold


@dataclass(frozen=True)
class BaselineRules:
    """When the statistics may speak, and the person's own usual that a day is compared with."""

    first_day: int = threshold(
        60,
        "days after the operation",
        "First day on which a patient is compared with the person's own lagged baseline.",
        "our default; no own baseline exists before about week 8",
    )
    early_first_day: int = threshold(
        14,
        "days after the operation",
        "First day on which pain is compared with this patient's own falling course.",
        "our default; Sato 2024 (n=255, not only fusions) found the slope of days 1 to 7 to matter",
    )
    short_window: int = threshold(
        7, "days", "The last week: a present level, and what is asked weekly.", OURS
    )
    recent_window: int = threshold(
        14, "days", "The last fortnight: the level that a flag is judged by.", OURS
    )
    long_window: int = threshold(
        28, "days", "The last four weeks: what is asked weekly, and how regularly.", OURS
    )
    rare_window: int = threshold(
        56,
        "days",
        "Where the last fortnight and four weeks hold too few entries, a level is that of these.",
        "our default: three of four fortnightly entries",
    )
    baseline_lag: int = threshold(
        28, "days", "The baseline ends this many days before the day it judges.", TUNED
    )
    baseline_length: int = threshold(71, "days", "Length of the lagged baseline.", TUNED)
    baseline_first_day: int = threshold(
        28,
        "days after the operation",
        "Earlier days never enter a baseline: they are the fall from the operation.",
        "expected course: two thirds of the fall are over by week 4",
    )
    baseline_entries: int = threshold(
        10, "entries", "Fewest entries that make a baseline.", "evidence of simulated diaries"
    )
    settled_lag: int = threshold(
        14, "days", "The weeks that show whether an answer has settled lower end here.", TUNED
    )
    settled_length: int = threshold(28, "days", "Length of these weeks.", TUNED)
    settled_points: float = threshold(
        1.0,
        "points",
        "A usual pain that is so much above them gives way to them.",
        TUNED,
    )
    settled_levels: float = threshold(0.5, "levels", "The same for numbness.", TUNED)
    baseline_asked: int = threshold(
        5, "entries", "Fewest answers that make a baseline where it is asked weekly.", OURS
    )
    given_recently: int = threshold(
        2, "entries in 28 days", "From here on a signal counts as given regularly.", OURS
    )
    recent_entries: int = threshold(
        3, "entries in 14 days", "Fewest entries that make a present level.", OURS
    )
    prior_days: float = threshold(
        15, "days", "Weight of the usual day-to-day spread beside the patient's own.", TUNED
    )
    least_spread: float = threshold(
        0.5, "share of the usual", "A patient's own spread is never taken as smaller.", TUNED
    )
    spread_axial_pain: float = threshold(
        1.0,
        "points",
        "Usual day-to-day spread of axial pain, weighed beside the person's own.",
        "day-to-day SD of real diaries: MyAIGuide 0.7-0.9, Page 2022 1.2",
    )
    spread_limb_pain: float = threshold(
        1.0,
        "points",
        "The same for limb pain.",
        "day-to-day SD of real diaries: MyAIGuide 0.7-0.9, Page 2022 1.2",
    )
    spread_mobility: float = threshold(0.65, "levels", "The same for mobility.", OURS)
    spread_walking: float = threshold(0.7, "levels", "The same for walking.", OURS)
    spread_sleep: float = threshold(0.85, "levels", "The same for sleep.", OURS)
    spread_numbness: float = threshold(0.5, "levels", "The same for numbness.", OURS)
    spread_mechanical: float = threshold(
        0.3, "share of answers", "The same for the loading and hardware answers.", OURS
    )
    spread_opioid_doses: float = threshold(0.7, "doses a day", "The same for opioid doses.", OURS)
    often_asked: int = threshold(
        4,
        "days of a week",
        "Asked on this many is asked most days; a tick then stands for its week.",
        OURS,
    )
    rhythm_days: int = threshold(
        21, "days", "The own logging rhythm is read from so many days.", TUNED
    )
    rhythm_gap: float = threshold(
        7.0, "days", "A longer gap between two entries counts as this.", OURS
    )
    rhythm_times: float = threshold(
        1.07, "times", "An entry of a rare diary stands for its usual gap this often.", TUNED
    )
    rhythm_slack: float = threshold(
        0.5,
        "days",
        "Less so much, so that a daily diary with gaps stays daily.",
        TUNED,
    )
    rhythm_most: float = threshold(
        5.5, "days", "An entry never stands for more days than this.", TUNED
    )
    late_after: int = threshold(
        2,
        "days",
        "An entry recorded this late never adds to the evidence of a worsening.",
        "our default: filled in more than 48 hours later",
    )
    late_never: int = threshold(
        14,
        "days",
        "An entry recorded later than this is not used for a baseline either.",
        "the paper sheet reaches fourteen days back",
    )
