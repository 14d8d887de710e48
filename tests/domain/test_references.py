"""Every source that code or docs name was looked up, and stands in one table with the outcome."""

import re
from pathlib import Path

from recovery_tracker.domain.answer_rules import ANSWERS
from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.references import REFERENCES, Found, as_markdown
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Approach, Region
from recovery_tracker.laboratory import assumptions
from recovery_tracker.trends.course import course_of
from recovery_tracker.trends.parameters import documented

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text("utf-8")

#: A paper as it is usually named: PMC number, doi, or names and a year that is no date.
NAMED = re.compile(
    r"PMC\d+|\b10\.\d{4,}/[^\s)\]`,;\"']+"
    r"|\b(?!(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Rules|Since|In) )"
    r"[A-Z][a-zé]+(?: and [A-Z][A-Za-z]+)? (?:19|20)\d\d\b(?!-\d)"
)
#: Names of journals before a year; the paper itself is named beside them.
JOURNALS = ("Pain 2021",)
OWN = re.compile(r"\bour (own )?(default|proposal)")
#: What is said about a number that no paper is claimed for.
ABOUT = re.compile(
    r"simulated diaries|diaries of both generators|no own baseline|by definition|rounding"
    r"|normal distribution|no probability|expected course:|paper sheet|patient wording"
    r"|borrowed: |no weekly course|stored by versions|has its own \(`peg`\)"
)


def _cited() -> list[str]:
    return [name.strip("'") for each in REFERENCES for name in each.cited]


def _is_known(text: str) -> bool:
    return any(name in text for name in _cited())


def _structured() -> dict[str, str]:
    """Every source that stands beside a rule or a number, by where it stands."""
    found = {f"sign {sign.id}": sign.source for sign in SIGNS.values()}
    found |= {f"rule {rule.key}": rule.source for rule in ANSWERS.values()}
    found |= {f"measure {m.key}": m.mcid_source for m in MEASURES.values() if m.mcid is not None}
    for region in Region:
        for approach in (*Approach, None):
            for measure in ("axial_pain", "limb_pain"):
                course = course_of(region, approach, measure)
                found[f"course {region} {approach} {measure}"] = course.source
    found |= {f"threshold {name}": source for name, *_rest, source in documented()}
    found |= {f"assumption {name}": source for name, _value, source in assumptions.sources()}
    return found


def test_every_source_beside_a_rule_stands_in_the_table():
    """Each part of it: a source that is known, our own, or what is said about one of them."""
    missing = []
    for where, source in _structured().items():
        assert source, where
        for part in source.split("; "):
            if not (_is_known(part) or OWN.search(part) or ABOUT.search(part)):
                missing.append(f"{where}: {part}")
    assert not missing


def test_every_paper_named_in_code_or_docs_stands_in_the_table():
    table = as_markdown()
    missing = []
    files = [*(ROOT / "recovery_tracker").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    for path in [*files, ROOT / "README.md"]:
        if path.name in ("references.py", "sources.md"):
            continue
        for name in NAMED.findall(path.read_text("utf-8")):
            if name not in JOURNALS and name not in table and not _is_known(name):
                missing.append(f"{path.relative_to(ROOT)}: {name}")
    assert not missing


def test_no_row_of_the_table_is_left_over():
    """A source that nothing names any more is no source."""
    texts = [
        path.read_text("utf-8")
        for path in [*(ROOT / "recovery_tracker").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
        if path.name not in ("references.py", "sources.md")
    ]
    everything = re.sub(r'"\s*"', "", re.sub(r"\s+", " ", " ".join(texts)))
    for each in REFERENCES:
        assert any(name.strip("'") in everything for name in each.cited), each.cited


def test_what_was_not_found_is_called_our_default():
    """Wherever such a name stands alone beside a rule, the rule says whose number it is."""
    for each in REFERENCES:
        if each.found is not Found.NOT_FOUND:
            continue
        for where, source in _structured().items():
            if any(name in source for name in each.cited):
                assert OWN.search(source), f"{where}: {source}"


def test_the_page_is_the_table():
    assert as_markdown() in PAGE
