"""Every threshold of the trend module, with unit, default and source, as one versioned rule set.

Change a default and `rule_set` must change with it: a stored flag names the rules that raised it.
`docs/trends.md` holds the same table, made from here.
"""

from dataclasses import dataclass, field, fields
from typing import Any

from ..domain.context import SAME_MATTER_DAYS


def _set(default: float, unit: str, meaning: str, source: str) -> Any:
    return field(default=default, metadata={"unit": unit, "meaning": meaning, "source": source})


_TUNED = "our default, tuned on simulated diaries (docs/trends.md, Results)"


@dataclass(frozen=True)
class Parameters:
    """One rule set."""

    rule_set: str = field(
        default="2026-11-21.7",
        metadata={
            "unit": "name",
            "meaning": "Name of this rule set, written on every flag.",
            "source": "our default",
        },
    )

    # When the statistics may speak.
    first_day: int = _set(
        60,
        "days after the operation",
        "First day on which a patient is compared with the own lagged baseline.",
        "our default; no own baseline exists before about week 8",
    )
    early_first_day: int = _set(
        14,
        "days after the operation",
        "First day on which pain is compared with this patient's own falling course.",
        "Sato 2024: good and poor outcomes look alike in the first two weeks",
    )

    # The own lagged baseline.
    baseline_lag: int = _set(
        28, "days", "The baseline ends this many days before the day it judges.", _TUNED
    )
    baseline_length: int = _set(71, "days", "Length of the lagged baseline.", _TUNED)
    baseline_first_day: int = _set(
        28,
        "days after the operation",
        "Earlier days never enter a baseline: they are the fall from the operation.",
        "expected course: two thirds of the fall are over by week 4",
    )
    baseline_entries: int = _set(
        10, "entries", "Fewest entries that make a baseline.", "evidence of simulated diaries"
    )

    # Evidence against the baseline.
    prior_days: float = _set(
        15, "days", "Weight of the usual day-to-day spread beside the patient's own.", _TUNED
    )
    least_spread: float = _set(
        0.5, "share of the usual", "A patient's own spread is never taken as smaller.", _TUNED
    )
    axial_clip: float = _set(
        2.0, "points", "One day of axial pain counts at most this far from the usual.", _TUNED
    )
    signal_clip: float = _set(
        2.0, "own SDs (points of limb pain)", "The same for the other answers.", _TUNED
    )
    limb_clip: float = _set(3.0, "points", "The same for limb pain above the baseline.", _TUNED)
    lasting_length: int = _set(
        182, "days", "The last months: so many days that ended where the baseline does.", _TUNED
    )
    lasting_clip: float = _set(1.5, "points", "One day counts at most this far from them.", _TUNED)
    lasting_fading: float = _set(
        0.1, "a recorded day", "Weight of the newest day in what has lasted.", _TUNED
    )
    today_clip: float = _set(
        3.0, "points", "The last two days count at most this far above the baseline.", _TUNED
    )
    far_lag: int = _set(
        42, "days", "A baseline further back, which a slow rise has not reached, ends here.", _TUNED
    )
    far_length: int = _set(85, "days", "Length of the baseline further back.", _TUNED)
    far_share: float = _set(
        0.75, "share", "Weight of the baseline further back in the usual axial pain.", _TUNED
    )
    pain_allowance: float = _set(
        0.75, "points", "So far above the usual pain adds nothing to the sum.", _TUNED
    )
    sum_most: float = _set(
        60.0, "points x days", "A sum grows no further, so that it empties in weeks.", _TUNED
    )
    rhythm_days: int = _set(21, "days", "The own logging rhythm is read from so many days.", _TUNED)
    rhythm_gap: float = _set(
        7.0, "days", "A longer gap between two entries counts as this.", "our default"
    )
    rhythm_times: float = _set(
        1.07, "times", "An entry of a rare diary stands for its usual gap this often.", _TUNED
    )
    rhythm_slack: float = _set(
        0.5,
        "days",
        "Less so much, so that a daily diary with gaps stays daily.",
        _TUNED,
    )
    rhythm_most: float = _set(5.5, "days", "An entry never stands for more days than this.", _TUNED)
    alone_rhythm_most: float = _set(
        3.3, "days", "The same where no second signal is given regularly.", _TUNED
    )
    limb_fading: float = _set(
        0.14, "a recorded day", "Weight of the newest day in faded limb pain.", _TUNED
    )
    numbness_fading: float = _set(0.15, "a recorded day", "The same for numbness.", _TUNED)
    weight_mobility: float = _set(0.35, "points per SD", "Weight of trouble moving.", _TUNED)
    weight_walking: float = _set(0.3, "points per SD", "Weight of less walking.", _TUNED)
    weight_sleep: float = _set(0.2, "points per SD", "Weight of trouble sleeping.", _TUNED)
    weight_mechanical: float = _set(
        1.9, "points per answer", "Weight of the loading and hardware answers.", _TUNED
    )
    loading_fading: float = _set(
        0.05, "a day", "Weight of the newest day in the rise of loading answers.", _TUNED
    )
    second_signal_cost: float = _set(
        0.12, "SD", "What a second signal that is given regularly must move to support.", _TUNED
    )
    loading_cost: float = _set(
        0.12, "share of answers", "The same for the loading and hardware answers.", _TUNED
    )
    given_recently: int = _set(
        2, "entries in 28 days", "From here on a signal counts as given regularly.", "our default"
    )
    baseline_asked: int = _set(
        5, "entries", "Fewest answers that make a baseline where it is asked weekly.", "our default"
    )
    recent_entries: int = _set(
        3, "entries in 14 days", "Fewest entries that make a present level.", "our default"
    )
    sudden_block: int = _set(3, "days", "Length of a block of days in a sudden rise.", _TUNED)
    sudden_clip: float = _set(
        3.5, "points", "One day counts at most this far above the baseline in it.", _TUNED
    )
    sudden_blocks: int = _set(
        3, "blocks", "All of these last blocks must be high where pain speaks by itself.", _TUNED
    )
    joint_blocks: int = _set(2, "blocks", "The same where other answers speak too.", _TUNED)
    sudden_alarm: float = _set(
        3.4, "points", "Alarm of a sudden rise by itself, where others are given.", _TUNED
    )
    alone_sudden_alarm: float = _set(
        2.4, "points", "The same where no second signal is given regularly.", _TUNED
    )
    sudden_joint_alarm: float = _set(
        4.9, "points", "Alarm of a sudden rise with the other answers.", _TUNED
    )
    weight_lasting: float = _set(
        0.183, "evidence per square point", "Weight of what has lasted.", _TUNED
    )
    weight_today: float = _set(0.0905, "evidence per point", "Weight of the last two days.", _TUNED)
    weight_loading: float = _set(
        0.338,
        "evidence",
        "Weight of loading and hardware answers that were not there before.",
        _TUNED,
    )
    weight_sum: float = _set(
        0.0183, "evidence per point x day", "Weight of the sum of pain and other answers.", _TUNED
    )
    axial_alarm: float = _set(1.0, "evidence", "Alarm of axial pain.", "by definition")
    alone_axial_alarm: float = _set(
        0.775, "evidence", "The same where no second signal is given regularly.", _TUNED
    )
    limb_alarm: float = _set(1.8, "points", "Alarm of faded limb pain.", _TUNED)
    numbness_alarm: float = _set(0.8, "levels", "The same for numbness.", _TUNED)

    # Opioid doses.
    taper_points: float = _set(
        0.5,
        "points",
        "Pain that a complete stop of opioids explains.",
        "our default: half of a rise of one point",
    )
    taper_least_doses: float = _set(
        0.75, "doses a day", "A baseline below this cannot taper.", "our default"
    )
    doses_alarm: float = _set(
        1.5, "doses a day", "Rise of doses at flat pain that raises a flag.", "our default"
    )
    doses_share: float = _set(
        0.5, "share of the baseline", "The rise must also be this large.", "our default"
    )
    doses_flat: float = _set(
        0.75, "points", "Pain that fell by more than this is not flat.", "our default"
    )

    # Days 14 to 59.
    early_last_day: int = _set(
        73,
        "days after the operation",
        "Last day of the early comparison; what began by day 59 has two weeks to show.",
        _TUNED,
    )
    early_ignored: int = _set(
        2, "days after the operation", "These first days are not compared with.", "our default"
    )
    early_block: int = _set(5, "days", "Length of one block of the early comparison.", _TUNED)
    early_blocks: int = _set(
        2, "blocks", "All of these last blocks must stand above what was before.", _TUNED
    )
    early_block_entries: int = _set(2, "entries", "Fewest entries in a block.", _TUNED)
    early_length: int = _set(21, "days", "Length of the time before the blocks.", _TUNED)
    early_entries: int = _set(6, "entries", "Fewest entries in it.", _TUNED)
    early_weight_mobility: float = _set(
        0.3, "points per SD", "Weight of trouble moving, early.", _TUNED
    )
    early_weight_walking: float = _set(
        0.2, "points per SD", "Weight of less walking, early.", _TUNED
    )
    early_weight_sleep: float = _set(
        0.15, "points per SD", "Weight of trouble sleeping, early.", _TUNED
    )
    early_stricter: float = _set(
        1.5,
        "times",
        "From the first day of the own baseline on the early alarms are higher.",
        _TUNED,
    )
    early_axial_alarm: float = _set(1.43, "points", "Score that raises a flag early.", _TUNED)
    early_limb_alarm: float = _set(1.45, "points", "The same for limb pain.", _TUNED)

    # When a flag ends, and what is new under an open one.
    clear_points: float = _set(
        0.75, "points", "A flag ends when the mean of 14 days is within this of before.", _TUNED
    )
    clear_share: float = _set(
        0.4, "share of the rise", "Or within this share of the rise, if that is more.", _TUNED
    )
    clear_levels: float = _set(
        0.4, "levels", "The same for numbness and for tablets, in levels or doses.", "our default"
    )
    clear_score: float = _set(0.7, "share of an alarm", "And when the score is below this.", _TUNED)
    further_points: float = _set(
        1.5, "points", "A further rise this large is news under an open flag.", "our default"
    )

    # Levels at months 3, 6 and 12.
    slow_first_day: int = _set(
        84, "days after the operation", "Week 12: first look at slow recovery.", "our default"
    )
    slow_second_day: int = _set(
        182, "days after the operation", "Week 26: second look at slow recovery.", "our default"
    )
    slow_window: int = _set(
        21, "days", "The look waits this long for enough entries.", "our default"
    )
    failed_first_day: int = _set(
        182,
        "days after the operation",
        "From month 6 a level that never improved may be named.",
        "ISSLS textbook: may be suggested as early as 6 months",
    )
    failed_again_days: int = _set(
        28,
        "days",
        "It must hold at two looks this far apart.",
        "our default: reviews four weeks apart",
    )
    failed_strong_day: int = _set(
        365,
        "days after the operation",
        "From month 12 it is stated strongly.",
        "ISSLS textbook: usually judged at 12 months",
    )
    failed_level: float = _set(
        4.0, "points", "Mean of 28 days that still counts as bad.", "our default"
    )
    least_gain: float = _set(
        0.30,
        "share of the pain before the operation",
        "Less gain than this is no improvement.",
        "Asher 2020, Spine J, n=23,280",
    )
    course_margin: float = _set(
        0.5,
        "spreads",
        "Within this of the personal expected course it counts as met.",
        "our default",
    )
    level_entries: int = _set(
        6,
        "entries in 28 days",
        "Fewest entries that make a level.",
        "our default: two a week with two missed",
    )

    failed_slack: float = _set(
        0.5, "points", "It ends this far below the level that raised it.", "our default"
    )
    slow_level: float = _set(
        3.0, "points", "Less pain than this is never called slow.", "Mannion 2020: NRS 3 or less"
    )
    best_first_day: int = _set(
        42,
        "days after the operation",
        "Own best periods count from here on.",
        "our default",
    )

    # Explanations and numb zones.
    tablets_share: float = _set(
        0.5, "share of the usual doses", "Doses at or below this have stopped.", "our default"
    )
    walking_levels: float = _set(
        0.3, "levels", "Walking more by this explains a rise of pain.", _TUNED
    )
    walking_errors: float = _set(
        1.2, "standard errors", "The rise in levels must also be this sure.", _TUNED
    )
    walking_full: float = _set(
        3.4, "levels", "From here on the highest answer is near and half the rise counts.", _TUNED
    )
    walking_times: float = _set(
        1.5, "times the usual", "The same for minutes and steps.", "our default"
    )
    steps_least: float = _set(
        100, "steps", "A day with fewer is a phone that was not carried.", "our default"
    )
    zone_days: int = _set(10, "days", "A new numb zone must last this long.", "our default")
    zone_lag: int = _set(14, "days", "Before that it must never have been marked.", "our default")
    zone_history: int = _set(
        20, "entries", "Fewest earlier entries that can show a zone to be new.", "our default"
    )
    zone_share: float = _set(
        0.7, "share of entries", "It must be marked on this share of them.", "our default"
    )

    # Own best period.
    best_length: int = _set(28, "days", "Length of the own best period.", "our default")

    # Late entries.
    late_after: int = _set(
        2,
        "days",
        "An entry recorded this late never adds to the evidence of a worsening.",
        "our default: filled in more than 48 hours later",
    )
    late_never: int = _set(
        14,
        "days",
        "An entry recorded later than this is not used for a baseline either.",
        "the paper sheet reaches fourteen days back",
    )

    # Warning answers, silence and status.
    answer_joins_days: int = _set(
        SAME_MATTER_DAYS,
        "days",
        "Ticks of one kind at most this far apart are one episode.",
        "our default",
    )
    answer_clean_entries: int = _set(
        3,
        "entries",
        "Explicit answers without it that end a sign nobody can ask after (imported diaries).",
        "our default",
    )
    quiet_scheduled_days: int = _set(
        7, "scheduled days", "Scheduled entries missed in a row before it is quiet.", "our default"
    )
    quiet_after_sign_days: int = _set(
        7,
        "days",
        "Silence that starts this soon after a sign asks for a review.",
        "Sewell 2025: people who stopped reporting were readmitted more; the number is our default",
    )
    enough_share: float = _set(
        0.5,
        "share of scheduled days",
        "Share of the last fourteen days that must be logged to look for a pattern.",
        "patient wording: 7 days in 2 weeks; our default",
    )
    too_early_before: int = _set(
        70,
        "days after the operation",
        "Before this day the status says that it is too early where nothing could be compared.",
        "simulated diaries: an own best period exists from about week 10",
    )

    def second_signals(self) -> tuple[tuple[str, float], ...]:
        """Signals that support axial pain, with their weights."""
        return (
            ("mobility", self.weight_mobility),
            ("walking", self.weight_walking),
            ("sleep", self.weight_sleep),
            ("mechanical", self.weight_mechanical),
        )

    def early_supports(self) -> tuple[tuple[str, float], ...]:
        """Signals that support pain in the first weeks, with their weights."""
        return (
            ("mobility", self.early_weight_mobility),
            ("walking", self.early_weight_walking),
            ("sleep", self.early_weight_sleep),
        )

    @property
    def early_lag(self) -> int:
        """Days that the blocks of the early comparison span."""
        return self.early_block * self.early_blocks


STANDARD = Parameters()


def documented(parameters: Parameters = STANDARD) -> tuple[tuple[str, str, str, str, str], ...]:
    """Name, value, unit, meaning and source of every threshold, in order."""
    return tuple(
        (
            each.name,
            f"{getattr(parameters, each.name)}",
            each.metadata["unit"],
            each.metadata["meaning"],
            each.metadata["source"],
        )
        for each in fields(parameters)
    )
