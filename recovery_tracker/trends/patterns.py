"""Which warning pattern a worsening fits, named only after the alarm.

Each piece of evidence adds to or takes from the log-odds of a pattern; the sum becomes a share of
likelihood. The weights are our default: they order what a surgeon would look at first, they are not
probabilities from patients.
"""

from collections.abc import Mapping

import numpy as np

from ..domain.flags import TREND_PATTERNS, Pattern
from .episodes import Span
from .parameters import Parameters
from .picture import Picture

#: Order of patterns that are equally likely: rise and explanation before a guess at the metal.
_ORDER = (Pattern.NERVE, Pattern.WORSENING, Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION)
assert set(_ORDER) == set(TREND_PATTERNS)


def likelihoods(span: Span, picture: Picture, p: Parameters) -> tuple[tuple[Pattern, float], ...]:
    """Every trend pattern with its share, largest first."""
    odds = _log_odds(span, picture, p)
    values = np.array([odds[pattern] for pattern in _ORDER])
    shares = np.exp(values - values.max())
    shares = shares / shares.sum()
    pairs = [
        (pattern, round(float(share), 3)) for pattern, share in zip(_ORDER, shares, strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def is_settled(span: Span, picture: Picture, p: Parameters) -> bool:
    """Whether axial pain had clearly improved before it came back."""
    move = picture.moves.get("axial_pain")
    before = span.before if span.leading == "axial_pain" or move is None else move.before
    return before <= (1.0 - p.least_gain) * picture.preop


def is_late_return(span: Span, picture: Picture, p: Parameters) -> bool:
    """Whether back pain that had settled came back from month 6 on."""
    change = picture.change
    late = change is not None and change.onset >= p.failed_first_day
    return late and span.leading == "axial_pain" and is_settled(span, picture, p)


def has_mechanical_evidence(picture: Picture, p: Parameters) -> bool:
    """Whether loading, hardware answers or a fall speak for a mechanical cause."""
    return (
        picture.strength("mechanical") >= p.moved_errors
        or bool(picture.hardware)
        or picture.fall is not None
    )


def _log_odds(span: Span, picture: Picture, p: Parameters) -> Mapping[Pattern, float]:
    mechanical = has_mechanical_evidence(picture, p)
    # What a device counted may be told beside a flag; it never moves the name of one.
    walked = picture.walking_more is not None and picture.walking_more[0] == "walking"
    explained = (picture.tablets_stopped is not None) + walked
    worsening = p.name_worsening + (0.0 if mechanical else p.name_explained * explained)
    if span.channel == "doses":
        worsening += p.name_doses
    return {
        Pattern.NERVE: _nerve(span, picture, p),
        Pattern.LOOSE_HARDWARE: _loose(span, picture, p),
        Pattern.FAILED_FUSION: _failed(span, picture, p),
        Pattern.WORSENING: worsening,
    }


def _under_load(span: Span, picture: Picture, p: Parameters) -> float:
    """Back pain leads, loading brings it, and walking and moving suffer: loose metal as well as a
    bone that has not grown together.
    """
    odds = p.name_axial_leads if span.leading == "axial_pain" else p.name_axial_follows
    odds += p.name_loading * _has_moved("mechanical", picture, p)
    return odds + p.name_moving * sum(
        _has_moved(key, picture, p) for key in ("walking", "mobility")
    )


def _has_moved(key: str, picture: Picture, p: Parameters) -> bool:
    return picture.strength(key) >= p.moved_errors


def _loose(span: Span, picture: Picture, p: Parameters) -> float:
    """Pain that had settled is back; a pop, a bump or a fall belongs to metal, settled or not."""
    odds = _under_load(span, picture, p) + p.name_hardware * bool(picture.hardware)
    fell = picture.fall is not None
    if is_settled(span, picture, p):
        return odds + p.name_settled + p.name_settled_fall * fell
    return odds + (p.name_unsettled_fall if fell else p.name_unsettled)


def _failed(span: Span, picture: Picture, p: Parameters) -> float:
    """From month 6: pain that had never settled, or a late return.

    A late return is nearly as often a failed fusion as loose metal, and the diary looks the same:
    it is named first only where it has surely been growing for weeks. Screws loosen after 6
    to 7 months in the mean, few after a year (PMC11219986; Kim 2015, JKNS 58:4); that a late failed
    fusion rises over 8 to 16 weeks, and the weights, are our default.
    """
    if picture.day < p.failed_first_day:
        return p.name_too_early
    odds = _under_load(span, picture, p)
    change = picture.change
    slow = change is not None and change.slow >= p.mostly_slow
    if not is_settled(span, picture, p):
        gained = span.now <= (1.0 - p.least_gain) * picture.preop
        odds += p.name_never_settled + p.name_slow * slow
        odds += p.name_not_gained * (not gained and span.now >= p.failed_level)
        return odds + p.name_failed_fall * (picture.fall is not None)
    if not is_late_return(span, picture, p):
        return odds
    surely = change is not None and change.onset_last <= picture.day - p.surely_before
    return odds + (p.name_slow_return if slow and surely else p.name_late_return)


def _nerve(span: Span, picture: Picture, p: Parameters) -> float:
    """Limb pain or numbness leads, and back pain does not rise more."""
    odds = p.name_nerve
    if span.leading in ("limb_pain", "numbness"):
        odds += p.name_nerve_leads
    limb, axial = picture.rise("limb_pain"), picture.rise("axial_pain")
    if limb > axial + p.name_margin:
        odds += p.name_limb_more
    elif axial > limb + p.name_margin:
        odds += p.name_axial_more
    odds += p.name_numb * _has_moved("numbness", picture, p)
    return odds + p.name_new_zone * bool(picture.new_zones)
