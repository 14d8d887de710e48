"""Which warning pattern a worsening fits, named only after the alarm.

Each piece of evidence adds to or takes from the log-odds of a pattern; the sum becomes a share of
likelihood. The weights are our default: they order what a surgeon would look at first, they are not
probabilities from patients.
"""

from collections.abc import Mapping

import numpy as np

from ..domain.flags import TREND_PATTERNS, Pattern
from .alarm_facts import AlarmFacts
from .episodes import Rise
from .parameters import Parameters

#: Order of patterns that are equally likely: rise and explanation before a guess at the metal.
_ORDER = (Pattern.NERVE, Pattern.WORSENING, Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION)
assert set(_ORDER) == set(TREND_PATTERNS)


def likelihoods(rise: Rise, facts: AlarmFacts, p: Parameters) -> tuple[tuple[Pattern, float], ...]:
    """Every trend pattern with its share, largest first."""
    odds = _log_odds(rise, facts, p)
    values = np.array([odds[pattern] for pattern in _ORDER])
    shares = np.exp(values - values.max())
    shares = shares / shares.sum()
    pairs = [
        (pattern, round(float(share), 3)) for pattern, share in zip(_ORDER, shares, strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def is_settled(rise: Rise, facts: AlarmFacts, p: Parameters) -> bool:
    """Whether axial pain had clearly improved before it came back."""
    move = facts.moves.get("axial_pain")
    before = rise.before if rise.leading == "axial_pain" or move is None else move.before
    return before <= (1.0 - p.least_gain) * facts.preop


def is_late_return(rise: Rise, facts: AlarmFacts, p: Parameters) -> bool:
    """Whether back pain that had settled came back from month 6 on."""
    change = facts.change
    late = change is not None and change.onset >= p.failed_first_day
    return late and rise.leading == "axial_pain" and is_settled(rise, facts, p)


def has_mechanical_evidence(facts: AlarmFacts, p: Parameters) -> bool:
    """Whether loading, hardware answers or a fall speak for a mechanical cause."""
    return (
        facts.strength("mechanical") >= p.moved_errors
        or bool(facts.hardware)
        or facts.fall is not None
    )


def _log_odds(rise: Rise, facts: AlarmFacts, p: Parameters) -> Mapping[Pattern, float]:
    mechanical = has_mechanical_evidence(facts, p)
    # What a device counted may be mentioned beside a flag; it never changes its name.
    walked = facts.walking_more is not None and facts.walking_more[0] == "walking"
    explained = (facts.tablets_stopped is not None) + walked
    worsening = p.name_worsening + (0.0 if mechanical else p.name_explained * explained)
    if rise.channel == "doses":
        worsening += p.name_doses
    if rise.is_function:
        worsening += p.name_function
    return {
        Pattern.NERVE: _nerve(rise, facts, p),
        Pattern.LOOSE_HARDWARE: _loose(rise, facts, p),
        Pattern.FAILED_FUSION: _failed(rise, facts, p),
        Pattern.WORSENING: worsening,
    }


def _under_load(rise: Rise, facts: AlarmFacts, p: Parameters) -> float:
    """Back pain leads, loading brings it, and walking and moving suffer: loose metal as well as a
    bone that has not grown together.
    """
    odds = p.name_axial_leads if rise.leading == "axial_pain" else p.name_axial_follows
    odds += p.name_loading * _has_moved("mechanical", facts, p)
    return odds + p.name_moving * sum(_has_moved(key, facts, p) for key in ("walking", "mobility"))


def _has_moved(key: str, facts: AlarmFacts, p: Parameters) -> bool:
    return facts.strength(key) >= p.moved_errors


def _loose(rise: Rise, facts: AlarmFacts, p: Parameters) -> float:
    """Pain that had settled is back; a pop, a bump or a fall belongs to metal, settled or not."""
    odds = _under_load(rise, facts, p) + p.name_hardware * bool(facts.hardware)
    fell = facts.fall is not None
    if is_settled(rise, facts, p):
        return odds + p.name_settled + p.name_settled_fall * fell
    return odds + (p.name_unsettled_fall if fell else p.name_unsettled)


def _failed(rise: Rise, facts: AlarmFacts, p: Parameters) -> float:
    """From month 6: pain that had never settled, or a late return.

    A late return is nearly as often a failed fusion as loose metal, and the diary looks the same:
    it is named first only where it has surely been growing for weeks. Screws loosen after 6
    to 7 months on average, few after a year (PMC11219986; Kim 2015, JKNS 58:4); that a late failed
    fusion rises over 8 to 16 weeks, and the weights, are our default.
    """
    if facts.day < p.failed_first_day:
        return p.name_too_early
    odds = _under_load(rise, facts, p)
    change = facts.change
    slow = change is not None and change.slow >= p.mostly_slow
    if not is_settled(rise, facts, p):
        gained = rise.now <= (1.0 - p.least_gain) * facts.preop
        odds += p.name_never_settled + p.name_slow * slow
        odds += p.name_not_gained * (not gained and rise.now >= p.failed_level)
        return odds + p.name_failed_fall * (facts.fall is not None)
    if not is_late_return(rise, facts, p):
        return odds
    surely = change is not None and change.onset_last <= facts.day - p.surely_before
    return odds + (p.name_slow_return if slow and surely else p.name_late_return)


def _nerve(rise: Rise, facts: AlarmFacts, p: Parameters) -> float:
    """Limb pain or numbness leads, and back pain does not rise more."""
    odds = p.name_nerve
    if rise.leading in ("limb_pain", "numbness"):
        odds += p.name_nerve_leads
    limb, axial = facts.rise("limb_pain"), facts.rise("axial_pain")
    if limb > axial + p.name_margin:
        odds += p.name_limb_more
    elif axial > limb + p.name_margin:
        odds += p.name_axial_more
    odds += p.name_numb * _has_moved("numbness", facts, p)
    return odds + p.name_new_zone * bool(facts.new_zones)
