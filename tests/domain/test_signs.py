"""The catalogue of warning signs: every id is asked, leads to something, and is documented."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from recovery_tracker.domain.advice import ADVICE
from recovery_tracker.domain.answer_rules import ANSWERS
from recovery_tracker.domain.flags import TREND_PATTERNS, Pattern, Urgency
from recovery_tracker.domain.follow_ups import SCORE_FOLLOW_UPS
from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.sign_form import YES_ALONE
from recovery_tracker.domain.sign_table import as_markdown
from recovery_tracker.domain.signs import (
    DERIVED_SIGNS,
    FEVER_SIGNS,
    HARDWARE_SIGNS,
    LEFT_OPEN,
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
from recovery_tracker.domain.surgery import Approach, Operation, Region
from tests.stories import Story

#: Three regions; from the front, the back, the side, both, and not known.
OPERATIONS = [
    Operation(date(2026, 1, 5), region, approach=approach)
    for region in Region
    for approach in (*Approach, None)
]
PAGE = (Path(__file__).parents[2] / "docs" / "warning-signs.md").read_text("utf-8")

TABLES, RULES = PAGE.split("\n# Every rule\n")

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
    body = TABLES.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [line for line in body.splitlines() if line.startswith("| ")][1:]


def test_every_sign_leads_to_something_a_person_sees():
    """Advice and an urgency, or evidence for a trend flag; never nothing. And a source."""
    for sign in SIGNS.values():
        assert sign.source
        assert sign.checked_by
        assert sign.review_on
        if sign.highest_urgency is None:
            assert sign.feeds in TREND_PATTERNS
            assert sign.advice == "none"
            continue
        urgencies = {w.urgency for w in sign.windows} | set(sign.raised_by.values())
        for urgency, operation, pod in product(urgencies, OPERATIONS, (0, 10, 100)):
            advice = ADVICE[sign.advice_for(urgency, pod, operation)]
            assert advice.title
            assert advice.do
        feeds_emergency = sign.feeds is Pattern.EMERGENCY_SIGN
        assert not feeds_emergency or sign.highest_urgency is Urgency.EMERGENCY


def test_the_windows_of_a_sign_leave_no_day_out():
    """From before the operation to years later one window speaks, or none at all."""
    for sign, operation in product(SIGNS.values(), OPERATIONS):
        told = [sign.urgency_on(pod, operation) for pod in range(-5, 800)]
        assert all(urgency is None for urgency in told) or None not in told


def test_every_sign_can_be_given_on_a_form():
    """Under a line, as a follow-up, in the weekly list, or for what was left open."""
    asked = {
        sign
        for line in LINES
        for sign in (*line.signs, *line.follow_ups, line.if_nothing_chosen, line.if_left_open)
    }
    asked |= {YES_ALONE, *WEEKLY_SIGNS, *SCORE_FOLLOW_UPS, *LEFT_OPEN.values(), *DERIVED_SIGNS}
    assert asked - {""} == SIGNS.keys()


def test_nothing_a_person_reads_about_a_sign_says_my_or_your():
    """The same words stand on a form, in advice, on a card and in what to say on the phone."""
    texts = [sign.patient for sign in SIGNS.values()] + [rule.patient for rule in ANSWERS.values()]
    texts += [line.text for line in LINES if line.key != "other"]
    texts.remove(SIGNS["unspecified"].patient)
    for text in texts:
        assert not re.search(r"\b(my|your|I|me|you|myself|yourself)\b", text), text


def test_every_advice_is_used_and_the_reverse():
    """No text that nobody reads, no key without a text."""
    used = {WAS_THERE, "both_sides_hospital", *(rule.advice for rule in ANSWERS.values())}
    for sign in SIGNS.values():
        used |= {sign.advice, *sign.advice_at.values(), *sign.advice_in.values()}
        used |= {window.advice for window in sign.windows if window.advice}
    assert used == ADVICE.keys()


def test_the_named_groups_hold_known_signs():
    """A misspelt id in a group would switch a rule off without a word."""
    groups = (FEVER_SIGNS, HARDWARE_SIGNS, LOADING_SIGNS, NERVE_SIGNS, SADDLE_SIGNS, WOUND_SIGNS)
    assert set().union(*groups, WEEKLY_SIGNS) <= SIGNS.keys()


def test_the_wound_line_and_the_wound_signs_are_the_same():
    """Every wound answer but a bleed takes part in the infection rule."""
    (line,) = [line for line in LINES if line.key == "wound"]
    assert {*line.signs, line.if_nothing_chosen} == WOUND_SIGNS
    others = WOUND_SIGNS - {"wound_bleeding"}
    assert {SIGNS[sign].feeds for sign in others} == {Pattern.INFECTION}


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
        ("cervical approach=posterior", True),
        ("cervical approach=lateral", True),
        ("lumbar approach=anterior", False),
        ("thoracic", False),
    ],
)
def test_the_throat_line_is_asked_after_operations_that_reach_the_throat(head, asked):
    """For two weeks after any operation on the neck, and longer where its front was opened."""
    story = Story(f"{head}\nday 1 axial=2")
    assert ("throat" in [line.key for line in lines_for(story.operation, 1)]) is asked
    assert story.operation.approach in {None, *Approach}
    later = Story("lumbar\nday 1 axial=2").operation
    shown = [line.key for line in lines_for(later, 1, [story.operation])]
    assert ("throat" in shown) is asked, "an operation on the lower back since changes nothing"
    for pod in (14, 15):
        shown = [line.key for line in lines_for(story.operation, pod)]
        is_open = asked and story.operation.reaches_throat
        assert ("throat" in shown) is (is_open or (asked and pod == 14))


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
        row for title in re.findall(r"^## (.+)$", TABLES, re.MULTILINE) for row in _section(title)
    ]
    assert len(rows) > 50
    for row in rows:
        names = re.findall(r"`(\w+)`", row.split("|")[2])
        assert names, row
        assert set(names) <= known, row


def test_the_table_names_every_sign():
    """A sign added to the catalogue must be added to the page."""
    missing = SIGNS.keys() - set(re.findall(r"`(\w+)`", TABLES))
    assert not missing, "give each a row in docs/warning-signs.md"


def test_the_rules_on_the_page_are_those_of_the_catalogue():
    """Made from it: urgency, what raises it, advice, source, who checked it, when to look again."""
    assert RULES.split("<!-- rules -->\n")[1] == as_markdown(), "run `make rules`"
