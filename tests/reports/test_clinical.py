"""The document of all clinical content that a clinician signs."""

from recovery_tracker.domain.advice import ADVICE
from recovery_tracker.domain.measures import MEASURES
from recovery_tracker.domain.peg import ITEMS
from recovery_tracker.domain.references import REFERENCES
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Region
from recovery_tracker.fonts import printable
from recovery_tracker.reports.clinical import content, write_clinical_content


def test_every_sign_and_every_sentence_stands_in_it():
    """Nothing that decides is left out of what is signed."""
    told = {cell for part in content()["parts"] for row in part["rows"] for cell in row}
    assert set(SIGNS) <= told
    assert {printable(sign.left_open or sign.patient) for sign in SIGNS.values()} <= told
    assert {printable(advice.why) for advice in ADVICE.values()} <= told
    assert {printable(" ".join(advice.do)) for advice in ADVICE.values()} <= told
    assert {printable(each.what) for each in REFERENCES} <= told
    assert {printable(m.mcid_source) for m in MEASURES.values() if m.mcid is not None} <= told
    assert {printable(m.question[Region.LUMBAR]) for m in MEASURES.values()} <= told


def test_the_three_questions_of_the_week_are_called_adapted():
    """Their words are ours, so they are never called the PEG."""
    rows = [row for part in content()["parts"] for row in part["rows"]]
    for key in ITEMS:
        (row,) = [row for row in rows if MEASURES[key].question[Region.LUMBAR] in row]
        assert row[-1].startswith("adapted from the PEG scale")


def test_the_same_rules_give_the_same_document():
    """A signature is to bytes that can be made again."""
    first, again = write_clinical_content(), write_clinical_content()
    assert first.startswith(b"%PDF")
    assert first == again
