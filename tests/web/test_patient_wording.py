"""What patients read is plain: short sentences, easy words, no verdict, no guilt.

The grade is Flesch and Kincaid's (1975) with syllables counted by rule: no formula proves that
people understand, and people still have to read it aloud.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from recovery_tracker.domain.advice import (
    ADVICE,
    KNOWN_BEFORE,
    NOTHING_FOUND,
    PATTERN_ADVICE,
    YOU_MUST_CALL,
)
from recovery_tracker.domain.instructions import TOPICS
from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.signs import LINES, SIGNS, lines_for
from recovery_tracker.domain.surgery import Approach, Operation, Region

PAGES = Path(__file__).parents[2] / "templates" / "patient"
VIEWS = Path(__file__).parents[2] / "recovery_tracker" / "web" / "patient"

#: US school grade: 6 is a reading age of 11 to 12.
HIGHEST_GRADE = 6.0
#: A line to tick has no verb to shorten, and parts of the body have the names they have.
HIGHEST_GRADE_OF_A_LINE = 8.0
#: Of the whole warning list: grades 4 to 6 are read at 9 to 11 years.
GRADE_OF_THE_WARNING_LIST = 5.0
#: Below this many words a formula says nothing.
FEWEST_WORDS = 12

#: Words of a verdict, of the trade, of guilt or of praise.
NEVER = (
    "failure",
    "abnormal",
    "alert",
    "red flag",
    "hardware",
    "pseudarthrosis",
    "loosening",
    "streak",
    "well done",
    "great job",
    "keep it up",
    "at a glance",
    "you missed",
    "compliance",
)

_TEXTS = re.compile(r"""_\(\s*((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\s)+)""")
_PIECES = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")


def in_pages() -> set[str]:
    """Every sentence of the patient's templates and views."""
    texts = set()
    for file in (*PAGES.glob("*.html"), *VIEWS.glob("*.py")):
        for found in _TEXTS.finditer(file.read_text(encoding="utf-8")):
            pieces = ("".join(piece) for piece in _PIECES.findall(found[1]))
            texts.add("".join(pieces))
    return texts


def in_catalogues() -> set[str]:
    """Every sentence of the domain that a patient may be shown."""
    texts = {YOU_MUST_CALL, NOTHING_FOUND, *KNOWN_BEFORE.values()}
    for advice in (*ADVICE.values(), *PATTERN_ADVICE.values()):
        texts |= {advice.title, advice.why, *advice.do, advice.say, advice.if_nobody_answers}
    for measure in MEASURES.values():
        texts |= {*measure.question.values(), *measure.hint.values(), *measure.options}
        texts |= set(measure.words.values())
    texts |= {topic.patient for topics in TOPICS.values() for topic in topics.values()}
    return texts | {line.text for line in LINES} | {sign.patient for sign in SIGNS.values()}


EVERYTHING = sorted((in_pages() | in_catalogues()) - {""})


def syllables(word: str) -> int:
    """Groups of vowels, with a silent ending taken off; at least one."""
    word = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", lambda end: end[0][0], word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text."""
    plain = re.sub(r"%\(\w+\)s|\{\w+\}", "four", re.sub(r"<[^>]+>", "", text))
    sentences = [s for s in re.split(r"[.:?!](?:\s|$)|[”“]", plain) if re.search(r"\w", s)]
    words = re.findall(r"[A-Za-z’']+", plain)
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


@pytest.mark.parametrize(
    ("word", "count"),
    [("pain", 1), ("operation", 4), ("called", 1), ("needed", 2), ("little", 2), ("bones", 1)],
)
def test_syllables(word, count):
    assert syllables(word) == count


def test_something_was_found():
    assert len(EVERYTHING) > 300


@pytest.mark.parametrize(
    "text", [one for one in EVERYTHING if len(one.split()) >= FEWEST_WORDS], ids=lambda t: t[:40]
)
def test_every_long_text_is_easy_to_read(text):
    is_line = not re.search(r"[.?!”]$", text)
    assert grade(text) <= (HIGHEST_GRADE_OF_A_LINE if is_line else HIGHEST_GRADE)


def test_the_warning_list_is_read_at_nine_to_eleven_on_any_day():
    """The whole list as it stands on the form, each line read as a sentence."""
    for region in Region:
        for approach in (*Approach, None):
            operation = Operation(date(2026, 1, 5), region, approach=approach)
            for pod in (-1, 0, 7, 14, 15, 60, 61, 84, 85, 365):
                lines = [line.text for line in lines_for(operation, pod)]
                assert len(lines) <= 14
                assert grade(". ".join(lines) + ".") <= GRADE_OF_THE_WARNING_LIST


@pytest.mark.parametrize("word", NEVER)
def test_no_verdict_no_jargon_no_guilt(word):
    assert [text for text in EVERYTHING if word in text.lower()] == []
