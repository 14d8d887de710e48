"""Templates as people read them: every one can be read, and no line hides what it does."""

import re
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST = 140
"""Characters of a line. Our default."""

#: A comma, colon or full stop between two pieces of text: other languages have their own.
RAW_MARK = re.compile(r"\}\}(?:[,;:.] |\.$|\.<)|\}[,:;] \{\{|%\}[,;:.] ")


def test_every_template_can_be_read():
    """The extractor of sentences passes over one that cannot, without a word."""
    environment = Environment()
    for file in TEMPLATES:
        environment.parse(file.read_text("utf-8"), filename=str(file))
    assert len(TEMPLATES) > 70


def test_no_line_of_a_template_is_too_long():
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in TEMPLATES
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert found == []


def test_marks_between_two_texts_of_a_patient_are_those_of_the_language():
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for folder in ("patient", "account", "visit", "components", "security")
        for file in sorted((ROOT / "templates" / folder).glob("*.html"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if RAW_MARK.search(line)
    ]
    assert found == []


def test_an_emergency_comes_before_the_problems_of_a_form():
    """For the eye, the ear and the focus: what is wrong with the form can wait."""
    texts = {file.name: file.read_text("utf-8") for file in TEMPLATES}
    pages = {name: text for name, text in texts.items() if "{% if call_now %}" in text}
    late = [
        name
        for name, text in pages.items()
        if text.index("data-focus") > text.index("page.error_summary(")
    ]
    assert late == []
    assert {"entry.html", "conflict.html"} <= pages.keys()
