"""Limb pain, numbness, zones, opioid doses, and the first weeks."""

from dataclasses import dataclass

from .described import OURS, TUNED, threshold


@dataclass(frozen=True)
class OtherRules:
    """Limb pain, numbness, zones, opioid doses, and the first weeks."""

    limb_clip: float = threshold(3.0, "points", "The same for limb pain above the baseline.", TUNED)
    limb_fading: float = threshold(
        0.14, "a recorded day", "Weight of the newest day in faded limb pain.", TUNED
    )
    numbness_fading: float = threshold(0.15, "a recorded day", "The same for numbness.", TUNED)
    limb_alarm: float = threshold(1.8, "points", "Alarm of faded limb pain.", TUNED)
    limb_quick_clip: float = threshold(
        4.0, "points", "The clip of limb pain where it fades quickly.", TUNED
    )
    limb_quick_fading: float = threshold(
        0.25, "a recorded day", "Weight of the newest day where limb pain fades quickly.", TUNED
    )
    limb_quick_alarm: float = threshold(
        2.8, "points", "Alarm of limb pain that fades quickly: a large rise within days.", TUNED
    )
    numbness_alarm: float = threshold(0.8, "levels", "The same for numbness.", TUNED)
    spell_begins: float = threshold(
        0.5, "share of the alarm", "From this score on limb pain or numbness is in a spell.", OURS
    )
    spell_times: int = threshold(
        3, "spells", "So many spells as long and as high make another one expected.", TUNED
    )
    spell_most_days: int = threshold(21, "days", "No longer spell is ever expected.", OURS)
    spell_score: float = threshold(
        0.8, "share of the alarm", "An expected spell counts at most as this.", OURS
    )
    zone_days: int = threshold(10, "days", "A new numb zone must last this long.", OURS)
    zone_lag: int = threshold(14, "days", "Before that it must never have been marked.", OURS)
    zone_history: int = threshold(
        20, "entries", "Fewest earlier entries that can show a zone to be new.", OURS
    )
    zone_share: float = threshold(
        0.7, "share of entries", "It must be marked on this share of them.", OURS
    )
    function_weeks: int = threshold(
        4,
        "weeks",
        "Moving and walking must be worse than usual in each of the last so many.",
        "our default: an illness of two or three weeks stays quiet",
    )
    function_alarm: float = threshold(
        0.8,
        "levels",
        "Mean of moving and walking below the usual that raises a flag without pain.",
        TUNED,
    )
    function_clip: float = threshold(
        1.6, "times the alarm", "No single day counts for more than this.", OURS
    )
    function_least: float = threshold(
        0.5, "levels", "Each of the two must then be this much worse.", TUNED
    )
    moving_alarm: float = threshold(1.5, "levels", "The same for moving by itself.", TUNED)
    walking_alarm: float = threshold(
        2.0, "levels", "The same for walking by itself, which is often a choice.", TUNED
    )
    taper_points: float = threshold(
        0.5,
        "points",
        "Pain that a complete stop of opioids explains.",
        "our default: half of a rise of one point",
    )
    taper_least_doses: float = threshold(
        0.75, "doses a day", "A baseline below this cannot taper.", OURS
    )
    doses_alarm: float = threshold(
        1.5, "doses a day", "Rise of doses at flat pain that raises a flag.", OURS
    )
    doses_share: float = threshold(
        0.5, "share of the baseline", "The rise must also be this large.", OURS
    )
    doses_flat: float = threshold(
        0.75, "points", "Pain that fell by more than this is not flat.", OURS
    )
    early_last_day: int = threshold(
        73,
        "days after the operation",
        "Last day of the early comparison; what began by day 59 has two weeks to show.",
        TUNED,
    )
    early_ignored: int = threshold(
        2, "days after the operation", "These first days are not compared with.", OURS
    )
    early_block: int = threshold(5, "days", "Length of one block of the early comparison.", TUNED)
    early_blocks: int = threshold(
        2, "blocks", "All of these last blocks must stand above what was before.", TUNED
    )
    early_block_entries: int = threshold(2, "entries", "Fewest entries in a block.", TUNED)
    early_length: int = threshold(21, "days", "Length of the time before the blocks.", TUNED)
    early_entries: int = threshold(6, "entries", "Fewest entries in it.", TUNED)
    early_weight_mobility: float = threshold(
        0.3, "points per SD", "Weight of trouble moving, early.", TUNED
    )
    early_weight_walking: float = threshold(
        0.2, "points per SD", "Weight of less walking, early.", TUNED
    )
    early_weight_sleep: float = threshold(
        0.15, "points per SD", "Weight of trouble sleeping, early.", TUNED
    )
    early_most_taken_off: float = threshold(
        0.4,
        "points",
        "Most that better answers take off a rise of pain, early; what gets worse is not limited.",
        TUNED,
    )
    early_stricter: float = threshold(
        1.5,
        "times",
        "From the first day of the person's own baseline on the early alarms are higher.",
        TUNED,
    )
    early_axial_alarm: float = threshold(1.43, "points", "Score that raises a flag early.", TUNED)
    early_limb_alarm: float = threshold(1.45, "points", "The same for limb pain.", TUNED)
