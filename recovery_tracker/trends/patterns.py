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

#: Order of patterns that are equally likely.
_ORDER = (Pattern.NERVE, Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION, Pattern.WORSENING)
assert set(_ORDER) == set(TREND_PATTERNS)

#: From here on a signal has moved, in standard errors.
MOVED = 2.0


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


def has_mechanical_evidence(picture: Picture) -> bool:
    """Whether loading, hardware answers or a fall speak for a mechanical cause."""
    return (
        picture.strength("mechanical") >= MOVED
        or bool(picture.hardware)
        or picture.fall is not None
    )


def _log_odds(span: Span, picture: Picture, p: Parameters) -> Mapping[Pattern, float]:
    nerve = _nerve(span, picture)
    axial_leads = span.leading == "axial_pain"
    settled = is_settled(span, picture, p)
    mechanical = has_mechanical_evidence(picture)
    explained = (picture.tablets_stopped is not None) + (picture.walking_more is not None)
    loose = 1.0 if axial_leads else -2.0
    loose += 1.5 if settled else -1.5
    loose += 1.5 * (picture.strength("mechanical") >= MOVED)
    loose += 1.0 * bool(picture.hardware) + 1.0 * (picture.fall is not None)
    loose += 0.5 * (picture.strength("walking") >= MOVED)
    loose += 0.5 * (picture.strength("mobility") >= MOVED)
    failed = -4.0
    if picture.day >= p.failed_first_day:
        slow = picture.change is not None and picture.change.speed >= 42
        gained = span.now <= (1.0 - p.least_gain) * picture.preop
        failed = 0.5 + 0.5 * slow + 1.0 * (not gained and span.now >= p.failed_level)
        failed += 1.0 if axial_leads else -2.0
        failed += 0.5 * (not settled) + 0.5 * (picture.strength("mechanical") >= MOVED)
    worsening = 1.0 + (0.0 if mechanical else 1.5 * explained)
    if span.channel == "doses":
        worsening += 4.0
    return {
        Pattern.NERVE: nerve,
        Pattern.LOOSE_HARDWARE: loose,
        Pattern.FAILED_FUSION: failed,
        Pattern.WORSENING: worsening,
    }


def _nerve(span: Span, picture: Picture) -> float:
    """Limb pain or numbness leads, and back pain does not rise more."""
    odds = -1.0
    if span.leading in ("limb_pain", "numbness"):
        odds += 3.5
    limb, axial = picture.rise("limb_pain"), picture.rise("axial_pain")
    if limb > axial + 0.5:
        odds += 1.5
    elif axial > limb + 0.5:
        odds -= 1.5
    odds += 1.0 * (picture.strength("numbness") >= MOVED) + 1.5 * bool(picture.new_zones)
    return odds
