"""Shares and times to an event agree with published worked examples."""

import random
import warnings

import pytest

from recovery_tracker.domain.survival import End, at_risk_on, last_step, steps_of, wilson

#: Weeks of remission on 6-mercaptopurine, with a plus where the patient was seen only to then:
#: Freireich 1963, as in Cox 1972 and Kalbfleisch and Prentice 1980.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def times(text):
    """`6 7+ 8*`: an event, seen to, and another end."""
    kinds = {"+": End.SEEN_TO, "*": End.OTHER}
    return [(int(one.strip("+*")), kinds.get(one[-1], End.EVENT)) for one in text.split()]


def test_kaplan_meier_of_the_remissions():
    """The published curve: at risk before each week, free after it."""
    steps = steps_of(times(REMISSION))
    assert [(s.day, s.at_risk, s.events, round(s.free, 3)) for s in steps] == [
        (6, 21, 3, 0.857),
        (7, 17, 1, 0.807),
        (10, 15, 1, 0.753),
        (13, 12, 1, 0.690),
        (16, 11, 1, 0.627),
        (22, 7, 1, 0.538),
        (23, 6, 1, 0.448),
    ]
    # The log-log intervals that R's survfit and SAS give for the same data.
    assert [(round(s.low, 3), round(s.high, 3)) for s in steps[:2]] == [
        (0.620, 0.952),
        (0.563, 0.923),
    ]
    assert (round(steps[-1].low, 3), round(steps[-1].high, 3)) == (0.188, 0.680)
    assert at_risk_on(times(REMISSION), 10) == 15
    assert last_step(steps, 12).day == 10
    assert last_step(steps, 5) is None


def test_aalen_johansen_by_hand():
    """Five people: at 1 an event of 5, at 2 another end of 4, at 3 an event of 3, at 4 seen to."""
    steps = steps_of(times("1 2* 3 4+ 5"))
    assert [round(s.incidence, 6) for s in steps] == [
        round(1 / 5, 6),
        round(1 / 5, 6),
        round(1 / 5 + (4 / 5) * (3 / 4) / 3, 6),
        round(1 / 5 + (4 / 5) * (3 / 4) / 3 + (4 / 5) * (3 / 4) * (2 / 3) * 1, 6),
    ]
    # Read as lost from sight, the other end makes the event look more frequent.
    assert 1 - steps[2].free > steps[2].incidence


def test_aalen_johansen_as_two_libraries_have_it():
    """scikit-survival 0.28.0 and statsmodels 0.15.0 give these for the same people, ties included.

    lifelines 0.30.3 moves tied days apart at random and ends at 0.5259 instead of 0.5287.
    """
    people = times(
        "1 1* 2 2+ 2 3* 3 3+ 4 4* 4* 5 6+ 6 7* 8 8+ 8* 9 10 10* 11+ 12 12* 13+",
    )
    assert [(step.day, round(step.incidence, 6)) for step in steps_of(people)] == [
        (1, 0.04),
        (2, 0.12),
        (3, 0.162),
        (4, 0.206471),
        (5, 0.250941),
        (6, 0.295412),
        (7, 0.295412),
        (8, 0.343925),
        (9, 0.399369),
        (10, 0.454813),
        (12, 0.528738),
    ]


def test_the_incidences_of_both_ends_and_nothing_are_all_there_is():
    draw = random.Random(11)
    for _ in range(60):
        people = [(draw.randint(1, 12), draw.choice(list(End))) for _ in range(draw.randint(1, 40))]
        swap = {End.EVENT: End.OTHER, End.OTHER: End.EVENT, End.SEEN_TO: End.SEEN_TO}
        one = steps_of(people)
        other = steps_of([(day, swap[end]) for day, end in people])
        still = 1.0
        for step, mirrored in zip(one, other, strict=True):
            still *= 1 - (step.events + step.others) / step.at_risk
            assert step.incidence + mirrored.incidence + still == pytest.approx(1)
            assert step.incidence <= 1 - step.free + 1e-12
        alone = steps_of([(day, end) for day, end in people if end is not End.OTHER])
        assert all(s.incidence == pytest.approx(1 - s.free) for s in alone)


def test_the_interval_of_a_share():
    """Newcombe 1998, table II: 81 of 263 and 0 of 20, Wilson without continuity correction."""
    assert [round(edge, 4) for edge in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(edge, 4) for edge in wilson(0, 20)] == [0.0, 0.1611]
    assert [round(edge, 4) for edge in wilson(15, 148)] == [0.0624, 0.1605]
    with pytest.raises(ValueError, match="somebody"):
        wilson(0, 0)


def test_a_second_library_agrees():
    """SciPy on random data with ties: the curve, those at risk before the day, both intervals."""
    stats = pytest.importorskip("scipy.stats")
    draw = random.Random(7)
    for _ in range(60):
        people = [
            (draw.randint(1, 9), draw.choice((End.EVENT, End.SEEN_TO)))
            for _ in range(draw.randint(2, 40))
        ]
        by_end = {end: [day for day, one in people if one is end] for end in End}
        if not by_end[End.EVENT]:
            continue
        data = stats.CensoredData(uncensored=by_end[End.EVENT], right=by_end[End.SEEN_TO])
        curve = stats.ecdf(data).sf
        with warnings.catch_warnings():
            # SciPy warns where the curve is 0 or 1, for which we give no interval.
            warnings.simplefilter("ignore", RuntimeWarning)
            low, high = curve.confidence_interval(method="log-log")
        for step in steps_of(people):
            at = list(curve.quantiles).index(step.day)
            assert step.free == pytest.approx(curve.probabilities[at], abs=1e-12)
            assert step.at_risk == curve._n[at]
            if step.low is not None:
                assert step.low == pytest.approx(low.probabilities[at], abs=1e-12)
                assert step.high == pytest.approx(high.probabilities[at], abs=1e-12)
        count, of = len(by_end[End.EVENT]), len(people)
        share = stats.binomtest(count, of).proportion_ci(method="wilson")
        assert wilson(count, of) == pytest.approx((share.low, share.high), abs=1e-9)
