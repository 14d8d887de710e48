"""What the patient is told: complete, plain, and without a number of any country."""

import re

import pytest

from recovery_tracker.domain.advice import (
    ADVICE,
    KNOWN_BEFORE,
    NOTHING_FOUND,
    PATTERN_ADVICE,
    YOU_MUST_CALL,
    Who,
    filled,
    what_to_say,
)
from recovery_tracker.domain.flags import Pattern
from recovery_tracker.domain.places import CHECKED_ON, COUNTRIES, ELSEWHERE, place_of
from recovery_tracker.domain.surgery import KNOWN_DEFICITS

EVERY = [*ADVICE.items(), *((p.value, a) for p, a in PATTERN_ADVICE.items())]


def sentences(advice):
    """Everything an advice may show."""
    return (advice.title, advice.why, *advice.do, advice.say, advice.if_nobody_answers)


@pytest.mark.parametrize(("key", "advice"), EVERY, ids=[key for key, _ in EVERY])
def test_advice_is_complete_and_plain(key, advice):
    """No diagnosis words, no number of a country, only the known placeholders."""
    text = " ".join(sentences(advice))
    assert advice.title
    assert advice.why
    assert set(re.findall(r"\{(\w+)\}", text)) <= {"emergency", "team", "weeks", "sign"}
    assert not re.search(r"\d{3}", text), "a phone number belongs to the installation"
    for word in ("hardware", "diagnos", "fusion failed", "loosen", "all is well", "pseud", "alert"):
        assert word not in text.lower()


def test_filling_leaves_an_unknown_placeholder_visible():
    """A blank where a phone number should be would be a wrong statement."""
    advice = ADVICE["chest"]
    assert filled(advice.title, {"emergency": "112"}) == "Call 112 now"
    assert "{emergency}" in filled(advice.title, {"weeks": "3"})


def test_every_pattern_has_a_sentence_for_the_patient():
    """Also those that a clinic may choose not to show."""
    assert PATTERN_ADVICE.keys() == set(Pattern)


def test_every_known_deficit_is_named():
    """An old weakness is not mistaken for a new one, and a new one is not waved away."""
    assert KNOWN_BEFORE.keys() == KNOWN_DEFICITS.keys()


def test_the_diary_says_that_it_calls_nobody_and_never_that_all_is_well():
    """Both stand on the saved page."""
    assert "You need to make the call" in YOU_MUST_CALL
    assert "does not mean that all is well" in NOTHING_FOUND


@pytest.mark.parametrize("place", COUNTRIES.values(), ids=COUNTRIES)
def test_a_country_can_be_dialled(place):
    """Numbers as they are dialled; paper and temperature of a known kind."""
    assert place.emergency
    assert all(re.fullmatch(r"\d{2,5}", number) for number in place.emergency)
    assert re.fullmatch(r"[#\d][\d ]*|", place.advice_line)
    assert re.fullmatch(r"[\d ]*", place.crisis_line)
    assert place.paper in {"a4", "letter"}
    assert place.temperature in {"C", "F"}
    assert place_of(place.code.lower()) is place
    assert place.checked_on == CHECKED_ON, "each number carries the day on which it was checked"


def test_an_unknown_country_has_no_number():
    """None is guessed."""
    assert place_of("XX") is ELSEWHERE
    assert ELSEWHERE.emergency == ()


def test_what_statistics_found_has_words_for_the_phone_without_a_sign():
    """No answer is named there, so words with a place for one would be empty; in the first two
    weeks and before the operation "0 weeks ago" would be said."""
    for pattern, advice in PATTERN_ADVICE.items():
        if not advice.say:
            continue
        assert "{sign}" not in f"{advice.say}{advice.say_early}{advice.say_before}", pattern
        for pod in (-3, 0, 3, 13):
            said = what_to_say(advice, is_named=True, pod=pod)
            assert "{day}" in said, pattern
            assert "{weeks}" not in said, pattern


def test_to_an_ambulance_nobody_says_today():
    """It is called by somebody who needs help now; "today" would make it less than it is."""
    for key, advice in EVERY:
        for pod in (-3, 3, 30):
            said = what_to_say(advice, is_named=False, pod=pod)
            is_now = advice.who in (Who.AMBULANCE, Who.EMERGENCY_DEPARTMENT)
            if advice.say:
                assert ("help now" in said, "help today" in said) == (is_now, not is_now), key
            else:
                assert said == "", key
