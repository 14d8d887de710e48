"""Axial pain: what adds to its evidence, and its alarms."""

from dataclasses import dataclass

from .described import TUNED, threshold


@dataclass(frozen=True)
class AxialRules:
    """Axial pain: what adds to its evidence, and its alarms."""

    axial_clip: float = threshold(
        2.0, "points", "One day of axial pain counts at most this far from the usual.", TUNED
    )
    signal_clip: float = threshold(
        2.0, "own SDs (points of limb pain)", "The same for the other answers.", TUNED
    )
    lasting_length: int = threshold(
        182, "days", "The last months: so many days that ended where the baseline does.", TUNED
    )
    lasting_clip: float = threshold(
        1.5, "points", "One day counts at most this far from them.", TUNED
    )
    lasting_fading: float = threshold(
        0.1, "a recorded day", "Weight of the newest day in what has lasted.", TUNED
    )
    today_clip: float = threshold(
        3.0, "points", "The last two days count at most this far above the baseline.", TUNED
    )
    far_lag: int = threshold(
        42, "days", "A baseline further back, which a slow rise has not reached, ends here.", TUNED
    )
    far_length: int = threshold(85, "days", "Length of the baseline further back.", TUNED)
    far_share: float = threshold(
        0.75, "share", "Weight of the baseline further back in the usual axial pain.", TUNED
    )
    pain_allowance: float = threshold(
        0.75, "points", "So far above the usual pain adds nothing to the sum.", TUNED
    )
    sum_most: float = threshold(
        60.0, "points x days", "A sum grows no further, so that it empties in weeks.", TUNED
    )
    alone_rhythm_most: float = threshold(
        3.3, "days", "The same where no second signal is given regularly.", TUNED
    )
    weight_mobility: float = threshold(0.35, "points per SD", "Weight of trouble moving.", TUNED)
    weight_walking: float = threshold(0.3, "points per SD", "Weight of less walking.", TUNED)
    weight_sleep: float = threshold(0.2, "points per SD", "Weight of trouble sleeping.", TUNED)
    weight_mechanical: float = threshold(
        1.9, "points per answer", "Weight of the loading and hardware answers.", TUNED
    )
    loading_fading: float = threshold(
        0.05, "a day", "Weight of the newest day in the rise of loading answers.", TUNED
    )
    second_signal_cost: float = threshold(
        0.12, "SD", "What a second signal that is given regularly must move to support.", TUNED
    )
    loading_cost: float = threshold(
        0.12, "share of answers", "The same for the loading and hardware answers.", TUNED
    )
    sudden_block: int = threshold(3, "days", "Length of a block of days in a sudden rise.", TUNED)
    sudden_clip: float = threshold(
        3.5, "points", "One day counts at most this far above the baseline in it.", TUNED
    )
    sudden_blocks: int = threshold(
        3, "blocks", "All of these last blocks must be high where pain speaks by itself.", TUNED
    )
    joint_blocks: int = threshold(2, "blocks", "The same where other answers speak too.", TUNED)
    sudden_alarm: float = threshold(
        3.4, "points", "Alarm of a sudden rise by itself, where others are given.", TUNED
    )
    alone_weight_sudden: float = threshold(
        0.293,
        "evidence per point",
        "Weight of a sudden rise where no second signal is given regularly.",
        TUNED,
    )
    alone_sudden_lasting: float = threshold(
        0.132, "evidence per square point", "Weight of what has lasted beside it.", TUNED
    )
    sudden_joint_alarm: float = threshold(
        4.9, "points", "Alarm of a sudden rise with the other answers.", TUNED
    )
    weight_lasting: float = threshold(
        0.188, "evidence per square point", "Weight of what has lasted.", TUNED
    )
    alone_weight_lasting: float = threshold(
        0.227,
        "evidence per square point",
        "The same where no second signal is given regularly.",
        TUNED,
    )
    weight_today: float = threshold(
        0.0607, "evidence per point", "Weight of the last two days.", TUNED
    )
    weight_loading: float = threshold(
        0.227,
        "evidence",
        "Weight of loading and hardware answers that were not there before.",
        TUNED,
    )
    weight_sum: float = threshold(
        0.0123, "evidence per point x day", "Weight of the sum of pain and other answers.", TUNED
    )
    own_clip: float = threshold(
        2.5, "own SDs", "One day of axial pain counts at most this far from its usual.", TUNED
    )
    own_allowance: float = threshold(
        0.3, "own SDs", "So far above the usual a day adds nothing to the sum in own swings.", TUNED
    )
    own_most: float = threshold(
        40.0, "own SDs x days", "That sum grows no further, so that it empties.", TUNED
    )
    weight_own_sum: float = threshold(
        0.0067, "evidence per own SD x day", "Weight of that sum.", TUNED
    )
    alone_weight_beyond: float = threshold(
        0.22,
        "evidence per evidence",
        "Weight of evidence above its highest in the days of the baseline, where no second signal "
        "is given regularly.",
        TUNED,
    )
    beyond_least: float = threshold(0.2, "evidence", "That highest counts as at least this.", TUNED)
    beyond_most: float = threshold(
        0.37, "evidence", "Being above it counts at most as this.", TUNED
    )
    axial_alarm: float = threshold(1.0, "evidence", "Alarm of axial pain.", "by definition")
    alone_axial_alarm: float = threshold(
        0.9, "evidence", "The same where no second signal is given regularly.", TUNED
    )
