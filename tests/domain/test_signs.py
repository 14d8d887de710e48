"""The catalogue of warning signs: every id is asked, leads to something, and is documented."""

import re
from pathlib import Path

import pytest

from recovery_tracker.domain.advice import ADVICE
from recovery_tracker.domain.flags import TREND_PATTERNS, Pattern, Urgency
from recovery_tracker.domain.follow_ups import SCORE_FOLLOW_UPS
from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.signs import (
    FEVER_SIGNS,
    HARDWARE_SIGNS,
    LINES,
    LOADING_SIGNS,
    NERVE_SIGNS,
    SADDLE_SIGNS,
    SIGNS,
    WAS_THERE,
    WEEKLY_SIGNS,
    WOUND_SIGNS,
    lines_for,
)
from recovery_tracker.domain.surgery import Approach
from tests.stories import Story

PAGE = (Path(__file__).parents[2] / "docs" / "warning-signs.md").read_text("utf-8")

#: The five documents, each with words of every sign it names.
DOCUMENTS = {
    "What Happens When Spinal Fusion Screws Loosen?": (
        "moves less, spasms, awake, numbness or tingling, weakness, pain that stays,"
        " place of the operation, severe, painful bump, out of place, unstable, posture, red,"
        " swollen, draining, fever, breathe, weight, tired, vision, rash, cough, vomiting, bending"
    ),
    "Concerns About Spinal Screw Loosening After Minimally Invasive Surgery": (
        "seen loose, bent down, half a year, foreign, throat, unstable, worries"
    ),
    "What is a failed fusion?": (
        "nothing relieves, normal activity, back or neck, in the legs, dull, never left,"
        " comes back, grows, loose screws, bending"
    ),
    "What is spine Refusion?": "numbness, weakness, paralysis, too much movement, bending",
    "Failed Spinal Fusions": "relief, posture, quality of life, gives way",
}


def _section(title: str) -> list[str]:
    """The table rows under a heading of the page."""
    body = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [line for line in body.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("sign", SIGNS.values(), ids=lambda sign: sign.id)
def test_every_sign_leads_to_something_a_person_sees(sign):
    """Advice and an urgency, or evidence for a trend flag; never nothing."""
    assert sign.source
    if sign.highest_urgency is None:
        assert sign.feeds in TREND_PATTERNS
        assert sign.advice == "none"
        return
    urgencies = {w.urgency for w in sign.windows} | set(sign.raised_by.values())
    for urgency in urgencies:
        advice = ADVICE[sign.advice_for(urgency)]
        assert advice.title
        assert advice.do
    assert Pattern.EMERGENCY_SIGN is not sign.feeds or sign.highest_urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("sign", SIGNS.values(), ids=lambda sign: sign.id)
def test_the_windows_of_a_sign_leave_no_day_out(sign):
    """From before the operation to years later exactly one window speaks, or none at all."""
    told = [sign.urgency_on(pod) for pod in range(-5, 800)]
    assert all(urgency is None for urgency in told) or None not in told


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_every_sign_can_be_given_on_a_form(sign):
    """Under a line, as a follow-up, in the weekly list, or for a line with nothing chosen."""
    asked = {s for line in LINES for s in (*line.signs, *line.follow_ups, line.if_nothing_chosen)}
    assert sign in asked | set(WEEKLY_SIGNS) | SCORE_FOLLOW_UPS


def test_every_advice_is_used_and_the_reverse():
    """No text that nobody reads, no key without a text."""
    from recovery_tracker.domain.triage import ANSWER_ADVICE

    used = {key for s in SIGNS.values() for key in (s.advice, *s.advice_at.values())}
    assert used | set(ANSWER_ADVICE.values()) | {WAS_THERE} == ADVICE.keys()


def test_the_named_groups_hold_known_signs():
    """A misspelt id in a group would switch a rule off without a word."""
    groups = (FEVER_SIGNS, HARDWARE_SIGNS, LOADING_SIGNS, NERVE_SIGNS, SADDLE_SIGNS, WOUND_SIGNS)
    assert set().union(*groups, WEEKLY_SIGNS) <= SIGNS.keys()


def test_the_wound_line_and_the_wound_signs_are_the_same():
    """Every wound answer takes part in the infection rule."""
    (line,) = [line for line in LINES if line.key == "wound"]
    assert set(line.signs) == WOUND_SIGNS
    assert {SIGNS[sign].feeds for sign in WOUND_SIGNS} == {Pattern.INFECTION}


@pytest.mark.parametrize(("pod", "asked"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_headache_line_is_asked_to_day_60(pod, asked):
    """A leak of fluid shows in the first weeks."""
    operation = Story("day 1 axial=2").operation
    assert ("headache" in [line.key for line in lines_for(operation, pod)]) is asked


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("cervical", True),
        ("cervical approach=anterior", True),
        ("cervical approach=combined", True),
        ("cervical approach=posterior", False),
        ("lumbar approach=anterior", False),
        ("thoracic", False),
    ],
)
def test_the_throat_line_is_asked_after_operations_that_reach_the_throat(head, asked):
    """From the front of the neck, or where that is not known."""
    story = Story(f"{head}\nday 1 axial=2")
    assert ("throat" in [line.key for line in lines_for(story.operation, 1)]) is asked
    assert story.operation.approach in {None, *Approach}
    later = Story("lumbar\nday 1 axial=2").operation
    shown = [line.key for line in lines_for(later, 1, [story.operation])]
    assert ("throat" in shown) is asked, "an operation on the lower back since changes nothing"


def test_emergencies_come_first_on_the_form():
    """Nobody scrolls past the wound to find the saddle line."""
    assert [line.key for line in LINES[:2]] == ["saddle", "bladder"]


@pytest.mark.parametrize("title", DOCUMENTS)
def test_every_sign_of_a_document_is_in_its_table(title):
    """The table has a row for each."""
    rows = " ".join(row.split("|")[1] for row in _section(title)).lower()
    for words in DOCUMENTS[title].split(","):
        assert words.strip() in rows


def test_the_table_names_only_what_exists():
    """And every row names something that catches its sign."""
    known = SIGNS.keys() | MEASURES.keys() | set(Pattern)
    rows = [
        row for title in re.findall(r"^## (.+)$", PAGE, re.MULTILINE) for row in _section(title)
    ]
    assert len(rows) > 50
    for row in rows:
        names = re.findall(r"`(\w+)`", row.split("|")[2])
        assert names, row
        assert set(names) <= known, row


def test_the_table_names_every_sign():
    """A sign added to the catalogue must be added to the page."""
    assert set(re.findall(r"`(\w+)`", PAGE)) >= SIGNS.keys()
