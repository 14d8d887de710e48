"""The scorecard of axial pain: what its statistics look back on, and what it weighs."""

from dataclasses import dataclass

from .described import TUNED, threshold


@dataclass(frozen=True)
class ScorecardRules:
    """The scorecard of axial pain: what its statistics look back on, and what it weighs."""

    card_lag: int = threshold(
        21, "days", "The usual of the answers together ended so many days ago.", TUNED
    )
    card_length: int = threshold(71, "days", "Length of that usual.", TUNED)
    card_first_day: int = threshold(
        21, "postoperative day", "No day before it belongs to that usual.", TUNED
    )
    card_entries: int = threshold(8, "answers", "Fewest answers in it.", TUNED)
    card_asked: int = threshold(
        4, "answers", "The same of the loading answers, which are asked weekly.", TUNED
    )
    card_prior_days: float = threshold(
        12.0, "days", "Weight of the usual spread beside the person's own.", TUNED
    )
    card_least: float = threshold(
        0.3, "share", "The own variance counts at least as this share of the usual one.", TUNED
    )
    card_weight_axial_pain: float = threshold(
        1.0, "weight", "Axial pain among the answers together.", TUNED
    )
    card_weight_mobility: float = threshold(0.45, "weight", "The same of trouble moving.", TUNED)
    card_weight_walking: float = threshold(0.4, "weight", "The same of less walking.", TUNED)
    card_weight_sleep: float = threshold(0.25, "weight", "The same of trouble sleeping.", TUNED)
    card_weight_mechanical: float = threshold(
        0.6, "weight", "The same of the loading and hardware answers.", TUNED
    )
    card_clip: float = threshold(
        3.0, "own SDs", "One answer of pain or loading counts at most this far.", TUNED
    )
    card_clip_others: float = threshold(2.5, "own SDs", "The same of the others.", TUNED)
    card_stands: int = threshold(
        7, "days", "A weekly answer stands for the days with pain after it, at most these.", TUNED
    )
    card_half: float = threshold(7.0, "days", "Half-life of the answers together.", TUNED)
    card_slow_half: float = threshold(
        21.0, "days", "Half-life of the answers together, slowly.", TUNED
    )
    card_prior_share: float = threshold(
        0.15, "entries per day of half-life", "Entries at the usual beside the recorded.", TUNED
    )
    card_prior_least: float = threshold(0.5, "entries", "The same at the least.", TUNED)
    card_cost: float = threshold(
        1.0, "own SDs", "So far above the usual the answers together add nothing.", TUNED
    )
    card_most: float = threshold(60.0, "own SDs x days", "Their sum grows no further.", TUNED)
    card_lowest: float = threshold(
        -3.0, "points", "A rise counts at least this, also where there is none.", TUNED
    )
    card_blocks: int = threshold(
        4, "blocks", "All of these last blocks must be above the far baseline.", TUNED
    )
    card_block_days: int = threshold(7, "days", "Length of one of them.", TUNED)
    card_far_clip: float = threshold(3.0, "points", "A day counts at most this far in it.", TUNED)
    weight_rules: float = threshold(
        0.51, "alarms", "What the evidence or a sudden rise adds to the score.", TUNED
    )
    alone_weight_rules: float = threshold(
        0.51, "alarms", "The same where no second signal is given regularly.", TUNED
    )
    weight_card: float = threshold(
        0.083, "alarms per point", "What a point of the scorecard adds to the score.", TUNED
    )
    alone_weight_card: float = threshold(
        0.091, "alarms per point", "The same where no second signal is given regularly.", TUNED
    )
