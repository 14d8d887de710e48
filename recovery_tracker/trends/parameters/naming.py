"""Which pattern a change fits: what adds to and takes from each."""

from dataclasses import dataclass

from .described import OURS, threshold

_ORDER = "our default: orders what a surgeon looks at first; no probability from patients"


@dataclass(frozen=True)
class NamingRules:
    """Which pattern a change fits: what adds to and takes from each."""

    moved_errors: float = threshold(
        2.0, "standard errors", "From here on another answer has moved.", OURS
    )
    mean_free_day: float = threshold(
        1.5, "days", "Recorded days that say as much as one independent day, for a mean.", OURS
    )
    name_worsening: float = threshold(1.0, "log-odds", "Worsening: to begin with.", _ORDER)
    name_explained: float = threshold(
        1.5,
        "log-odds",
        "Worsening: fewer tablets or more walking explain it, nothing mechanical speaks.",
        _ORDER,
    )
    name_doses: float = threshold(
        4.0, "log-odds", "Worsening: more tablets at the same pain raised it.", _ORDER
    )
    name_function: float = threshold(
        4.0, "log-odds", "Worsening: moving or walking raised it, and no pain.", _ORDER
    )
    name_axial_leads: float = threshold(
        1.0, "log-odds", "Loose or not fused: back or neck pain leads.", _ORDER
    )
    name_axial_follows: float = threshold(
        -2.0, "log-odds", "Loose or not fused: another answer leads.", _ORDER
    )
    name_loading: float = threshold(
        1.5, "log-odds", "Loose or not fused: loading answers moved.", _ORDER
    )
    name_moving: float = threshold(
        0.5, "log-odds", "Loose or not fused: walking or moving suffers, each.", _ORDER
    )
    name_hardware: float = threshold(
        1.0, "log-odds", "Loose: a pop, a bump or a shift was ticked.", _ORDER
    )
    name_settled: float = threshold(
        1.5, "log-odds", "Loose: pain had settled before it came back.", _ORDER
    )
    name_settled_fall: float = threshold(1.0, "log-odds", "Loose: and a fall came before.", _ORDER)
    name_unsettled: float = threshold(
        -1.5, "log-odds", "Loose: pain had never settled, and no fall.", _ORDER
    )
    name_unsettled_fall: float = threshold(
        1.0, "log-odds", "Loose: pain had never settled, after a fall.", _ORDER
    )
    name_too_early: float = threshold(-4.0, "log-odds", "Not fused: before month 6.", _ORDER)
    name_never_settled: float = threshold(
        1.0, "log-odds", "Not fused: pain had never settled.", _ORDER
    )
    name_slow: float = threshold(0.5, "log-odds", "Not fused: and it rose slowly.", _ORDER)
    name_not_gained: float = threshold(
        1.0,
        "log-odds",
        "Not fused: and too little was gained since before the operation.",
        _ORDER,
    )
    name_failed_fall: float = threshold(
        -1.5, "log-odds", "Not fused: pain had never settled, and a fall came before.", _ORDER
    )
    name_late_return: float = threshold(
        1.0, "log-odds", "Not fused: a return from month 6 on.", _ORDER
    )
    name_slow_return: float = threshold(
        2.0, "log-odds", "Not fused: a return that has surely grown for weeks.", _ORDER
    )
    name_nerve: float = threshold(-1.0, "log-odds", "Nerve: to begin with.", _ORDER)
    name_nerve_leads: float = threshold(
        3.5, "log-odds", "Nerve: limb pain or numbness leads.", _ORDER
    )
    name_limb_more: float = threshold(
        1.5, "log-odds", "Nerve: limb pain rose clearly more than axial pain.", _ORDER
    )
    name_axial_more: float = threshold(
        -1.5, "log-odds", "Nerve: axial pain rose clearly more than limb pain.", _ORDER
    )
    name_numb: float = threshold(1.0, "log-odds", "Nerve: numbness moved.", _ORDER)
    name_new_zone: float = threshold(1.5, "log-odds", "Nerve: a new numb zone.", _ORDER)
    name_margin: float = threshold(
        0.5, "points", "One pain rose clearly more than the other from here on.", OURS
    )
    mostly_slow: float = threshold(
        0.6, "share of the weight", "From here on a change counts as a slow one.", OURS
    )
    surely_before: int = threshold(
        28,
        "days",
        "It has surely grown for weeks where the interval of its onset ends this long ago.",
        OURS,
    )
